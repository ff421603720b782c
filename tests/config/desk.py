"""Somebody at the admin's first page, and what they see there."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from config.dashboard.block import Block
from news.models import User
from tests import make

NOW = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # Wednesday, noon in New York.


def enter(role: str = "", **fields: Any) -> tuple[Client, User]:
    """Somebody of that role; without one, who may do everything."""
    user = make.user(f"{role or 'chief'}@example.com".lower().replace(" ", "."), is_superuser=not role, **fields)
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client, user


def blocks_of(client: Client) -> dict[str, Block]:
    context = client.get("/admin/").context
    trouble = [context["trouble"]] if context["trouble"].rows else []
    return {block.name: block for block in [*trouble, *context["main"], *context["side"]]}


def rows_of(client: Client, name: str) -> list[tuple[str, str, str]]:
    found = blocks_of(client).get(name)
    return [(row.words, row.about, row.when) for row in found.rows] if found else []


def a_mover(ticker: str, price: str, name: str) -> Any:
    """A share that stood at 100 yesterday; the result is its company."""
    listed = make.symbol(ticker, company=make.company(name))
    make.quote(listed, price=price, previous_close="100", as_of=NOW, refreshed_at=NOW)
    return listed.company

"""An editor at the article's form, without a browser: what it sends and what it says."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from news.models import Article, User
from news.roles import EDITOR
from tests import make
from tickers.models import DailyClose

ADD = "/admin/news/article/add/"
ZONE = ZoneInfo("America/New_York")
OVERTAKEN = "It was not saved, for somebody else has saved this article meanwhile. Compare, then save again."


def an_editor(email: str = "nora@example.com", **fields: Any) -> tuple[Client, User]:
    return at_the_desk(EDITOR, email, **fields)


def at_the_desk(role: str, email: str = "nora@example.com", **fields: Any) -> tuple[Client, User]:
    user = make.user(email, **fields)
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client, user


def at(name: str, article: Article, *more: Any) -> str:
    return reverse(f"admin:news_article_{name}", args=[article.pk, *more])


def typed(article: Article, **fields: Any) -> dict[str, Any]:
    """What the form of this article sends, as it was when it was opened, with the fields that the test is about."""
    zone_time = article.published_at and article.published_at.astimezone(ZONE)
    return {
        "headline": article.headline,
        "dek": article.dek,
        "body": article.body,
        "section": article.section_id,
        "kind": article.kind,
        "slug": article.slug,
        "topics": [topic.pk for topic in article.topics.all()],
        "companies": [company.pk for company in article.companies.all()],
        "authors_in_order": [author.pk for author in article.byline_authors()],
        "lead_picture": article.lead_picture_id or "",
        "published_at_0": zone_time.strftime("%Y-%m-%d") if zone_time else "",
        "published_at_1": zone_time.strftime("%H:%M:%S") if zone_time else "",
        "version": article.version,
        **fields,
    }


def save(client: Client, article: Article, **fields: Any) -> Any:
    return client.post(at("change", article), typed(Article.objects.get(pk=article.pk), **fields), follow=True)


def summaries(article: Article) -> list[tuple[str, str]]:
    return [(str(row.made_by or ""), row.summary) for row in article.revisions.order_by("pk")]


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def tesla_closed(day: str) -> None:
    DailyClose.objects.create(symbol=make.symbol(company=make.company("Tesla")), day=day, close="300")


def begun(**fields: Any) -> dict[str, Any]:
    return {
        "headline": "Lots fill up",
        "body": "<p>Dealers carry more cars.</p>",
        "section": make.section().pk,
        "authors_in_order": [make.author().pk],
        "kind": "story",
        **fields,
    }

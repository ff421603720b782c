"""The desk's first page and the way in, in a real browser: what a row leads to, and whom the page shuts out."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.tasks import send_reset
from news.models import Article, BreakingNews, Revision, User
from news.roles import ADMINISTRATOR
from tests import make
from tests.browser.axe import OPTIONS
from tests.newsletter.conftest import Mailbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]


def a_day_at_the_desk() -> User:
    """A little of all that the page shows; the result is an administrator."""
    now = timezone.now()
    make.publication()
    make.newsletter()
    kim = make.user("kim@example.com", first_name="Kim", last_name="Roe")
    waiting = make.article("Ohio group sells two stores", status="in_review")
    Revision.objects.record(waiting, kim, "Handed in.")
    make.article("Why the bench is thin", published_at=now + timedelta(hours=2))
    old = make.article("An unfinished look", status="draft")
    Article.objects.filter(pk=old.pk).update(saved_at=now - timedelta(days=9))
    make.partner_story(published_at=now)
    moving = make.symbol("GM", company=make.company("General Motors"))
    make.quote(moving, price="110", previous_close="100", as_of=now, refreshed_at=now)
    BreakingNews.objects.create(headline="Plant shut", begins_at=now, ends_at=now + timedelta(hours=2))
    user = make.user("ada@example.com")
    user.groups.set(Group.objects.filter(name=ADMINISTRATOR))
    return user


@pytest.fixture
def desk(open_page: Any, site: str) -> Any:
    """Open the first page as an administrator."""
    user = a_day_at_the_desk()
    return lambda **options: open_page("/admin/", user=user, **options)


def test_a_mover_becomes_a_story_and_is_no_longer_missing_one(desk: Any) -> None:
    page: Page = desk()
    page.get_by_role("link", name=re.compile("Start a story .*GM")).click()
    expect(page.get_by_role("listitem", name="General Motors")).to_be_visible()
    page.locator("#id_headline").fill("Why GM jumped")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    assert [company.name for company in Article.objects.get(headline="Why GM jumped").companies.all()] == [
        "General Motors"
    ]
    page.goto(page.url.split("/admin/")[0] + "/admin/")
    expect(page.get_by_role("heading", name="Moving, and no story yet")).to_have_count(0)


def test_what_waits_is_opened_from_its_row(desk: Any) -> None:
    page: Page = desk()
    row = page.locator(".desk-row", has_text="Ohio group sells two stores")
    expect(row).to_contain_text("Kim Roe")
    row.get_by_role("link").click()
    expect(page.locator("#id_headline")).to_have_value("Ohio group sells two stores")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_shuts_nobody_out(desk: Any, width: int, scheme: str) -> None:
    page: Page = desk(width=width, color_scheme=scheme)
    expect(page.get_by_role("heading", name="In review")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, context=".desk", options=OPTIONS)  # The theme around it has faults of its own.
    assert (found.violations_count, found.generate_report()) == (0, found.generate_report())


def test_a_forgotten_password_is_set_anew(open_page: Any, mailbox: Mailbox) -> None:
    user = a_day_at_the_desk()
    page: Page = open_page("/admin/login/")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("Email address").fill("ada@example.com")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("Check your mail")).to_be_visible()
    send_reset(user.pk)  # As the worker would.
    (link,) = re.findall(r"http\S+/password_reset/\S+/\S+/", mailbox.mails[0].get_content())
    page.goto(link)
    page.get_by_label("New password", exact=False).first.fill("petrol and vermilion")
    page.get_by_label("New password confirmation").fill("petrol and vermilion")
    page.get_by_role("button", name="Set it and log in").click()
    expect(page.get_by_text("Your password is set.")).to_be_visible()
    expect(page.get_by_role("heading", name="In review")).to_be_visible()

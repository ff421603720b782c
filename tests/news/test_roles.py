"""Who may do what: each role × each action and address of the admin × one's own articles and others'."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from news.models import Article, Revision, User
from news.roles import ADMINISTRATOR, EDITOR, NEWSLETTER_EDITOR, REPORTER, RIGHTS, make_roles
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ADD = reverse("admin:news_article_add")
STATES = ("draft", "in_review", "published", "withdrawn")
OWN, OTHERS = [{f"{whose} {state}" for state in STATES} for whose in ("own", "other")]
ALL: set[str] = OWN | OTHERS
OWN_DRAFT, OWN_IN_REVIEW = {"own draft"}, {"own in_review"}
ANY = {"any"}  # For what is about no article in particular.
NEVER: set[str] = set()
UNPUBLISHED = {case for case in ALL if not case.endswith("published")}


def at(name: str, article: Article, *more: Any) -> str:
    return reverse(f"admin:news_article_{name}", args=[article.pk, *more])


def typed(article: Article, **pressed: str) -> dict[str, Any]:
    return {
        "headline": "Changed",
        "dek": "Dek.",
        "body": "<p>Body.</p>",
        "section": article.section_id,
        "kind": "story",
        "authors_in_order": [make.author().pk],
        "published_at_0": "2026-01-02",
        "published_at_1": "10:00",
        "version": article.version,
        **pressed,
    }


def new(**pressed: str) -> dict[str, Any]:
    return typed(Article(section=make.section()), slug="new", **pressed)


def bulk_delete(client: Client, article: Article) -> Any:
    fields = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
    return client.post(reverse("admin:news_article_changelist"), fields)


def correction_of(article: Article, verb: str) -> str:
    return reverse(f"admin:news_correction_{verb}", args=[article.corrections.create(text="It was 21.").pk])


def revision_of(article: Article) -> int:
    return Revision.objects.filter(article=article).values_list("pk", flat=True)[0]


CONFIRMED = {"_form_submitted": "on"}
CORRECTION = {**CONFIRMED, "text": "It was 12."}
CORRECTED = {"text": "It was 12.", "made_at_0": "2026-01-02", "made_at_1": "10:00"}
Action = Callable[[Client, Article], Any]
ON_AN_ARTICLE: dict[str, Action] = {
    "open": lambda client, article: client.get(at("change", article)),
    "history": lambda client, article: client.get(at("history", article)),
    "compare": lambda client, article: client.get(at("revision", article, revision_of(article))),
    "save": lambda client, article: client.post(at("change", article), typed(article)),
    "hand in": lambda client, article: client.post(at("change", article), typed(article, _hand_in="")),
    "publish": lambda client, article: client.post(at("change", article), typed(article, _publish="")),
    "autosave": lambda client, article: client.post(at("autosave", article), {"headline": "Typed"}),
    "forget autosave": lambda client, article: client.post(at("autosave", article), {"discard": ""}),
    "restore": lambda client, article: client.post(at("restore", article, revision_of(article))),
    "ask to discard": lambda client, article: client.get(at("discard_changes", article)),
    "discard": lambda client, article: client.post(at("discard_changes", article), CONFIRMED),
    "preview": lambda client, article: client.post(at("preview", article), typed(article)),
    "review link": lambda client, article: client.get(at("review_link", article)),
    "make a review link": lambda client, article: client.post(at("review_link", article), CONFIRMED),
    "ask to correct": lambda client, article: client.get(at("correct", article)),
    "correct": lambda client, article: client.post(at("correct", article), CORRECTION),
    "change a correction": lambda client, article: client.post(correction_of(article, "change"), CORRECTED),
    "delete a correction": lambda client, article: client.post(correction_of(article, "delete"), {"post": "yes"}),
    "ask to withdraw": lambda client, article: client.get(at("withdraw", article)),
    "withdraw": lambda client, article: client.post(at("withdraw", article), CONFIRMED),
    "break": lambda client, article: client.get(at("break_story", article)),
    "ask for the draft": lambda client, article: client.get(at("back_to_draft", article)),
    "back to draft": lambda client, article: client.post(at("back_to_draft", article), CONFIRMED),
    "ask to delete": lambda client, article: client.get(at("delete", article)),
    "delete": lambda client, article: client.post(at("delete", article), {"post": "yes"}),
    "delete in bulk": bulk_delete,
}
ON_NONE: dict[str, Action] = {
    "list": lambda client, article: client.get(reverse("admin:news_article_changelist")),
    "write": lambda client, article: client.get(ADD),
    "save a new one": lambda client, article: client.post(ADD, new()),
    "hand in a new one": lambda client, article: client.post(ADD, new(_hand_in="")),
    "publish a new one": lambda client, article: client.post(ADD, new(_publish="")),
    "preview a new one": lambda client, article: client.post(reverse("admin:news_article_preview_new"), new()),
    "autosave a new one": lambda client, article: client.post(reverse("admin:news_article_autosave_new"), {"a": "b"}),
    "find a story": lambda client, article: client.get(reverse("admin:news_article_find"), {"q": "lots"}),
    "find a company": lambda client, article: client.get(reverse("admin:news_article_find_company"), {"q": "t"}),
    "ask about an embed": lambda client, article: client.get(reverse("admin:news_article_embed"), {"address": "x"}),
    "search": lambda client, article: client.get(
        "/admin/autocomplete/", {"app_label": "news", "model_name": "article", "field_name": "topics", "term": "a"}
    ),
}

LOOK = {
    "open": ALL,
    "history": ALL,
    "compare": ALL,
    **dict.fromkeys(("list", "find a story", "ask about an embed"), ANY),
}
WRITE = (
    *("save", "hand in", "autosave", "forget autosave", "restore", "ask to discard", "discard"),
    *("preview", "review link", "make a review link"),
)
CORRECT = ("ask to correct", "correct", "change a correction", "delete a correction")
BEGIN = dict.fromkeys(("write", "save a new one", "hand in a new one", "autosave a new one", "preview a new one"), ANY)
BEGIN["find a company"] = ANY
WITHDRAW, DELETE = ("ask to withdraw", "withdraw"), ("delete", "delete in bulk")
TAKE_BACK = ("ask for the draft", "back to draft")
PUBLISHES = {**dict.fromkeys(("publish", *WRITE, *CORRECT, *WITHDRAW, *TAKE_BACK), ALL), "publish a new one": ANY}
DESK = {**LOOK, **BEGIN, **PUBLISHES, "ask to delete": ALL, **dict.fromkeys(DELETE, UNPUBLISHED), "search": ANY}
DESK["break"] = ALL

# What each may do; anything that is not here is refused.
MATRIX: dict[str, dict[str, set[str]]] = {
    REPORTER: {
        **LOOK,
        **BEGIN,
        "search": ANY,
        **dict.fromkeys((*WRITE, "ask to delete", *DELETE), OWN_DRAFT),
        **dict.fromkeys(TAKE_BACK, OWN_IN_REVIEW),
    },
    "reporter who publishes": {
        **LOOK,
        **BEGIN,
        "search": ANY,
        **dict.fromkeys((*WRITE, "publish", *CORRECT, *WITHDRAW, *TAKE_BACK, "ask to delete"), OWN),
        **dict.fromkeys(DELETE, OWN & UNPUBLISHED),
        "publish a new one": ANY,
    },
    EDITOR: DESK,
    ADMINISTRATOR: DESK,
    NEWSLETTER_EDITOR: {**LOOK, "search": ANY},
    "staff without a role": {},
    "editor who has left": {},
    "nobody": {},
}


@pytest.fixture
def reader_of(client: Client) -> Callable[[str], tuple[Client, User | None]]:
    def somebody(who: str) -> tuple[Client, User | None]:
        make.publication(reporters_publish=who == "reporter who publishes")
        if who == "nobody":
            return client, None
        user = make.user(is_staff=who != "editor who has left")
        role = {"reporter who publishes": REPORTER, "editor who has left": EDITOR}.get(who, who)
        user.groups.set(Group.objects.filter(name=role))
        client.force_login(user)
        return client, user

    return somebody


def an_article(case: str, user: User | None) -> Article:
    whose, state = case.split()
    owner = user if whose == "own" else make.user("other@example.com")
    article = make.article("Lots fill up", status=state, created_by=owner)
    Revision.objects.record(article, None, "As it was.")
    return article


def is_allowed(action: str, answer: Any, article: Article | None = None) -> bool:
    if answer.status_code == 302 and answer.headers["Location"].startswith("/admin/login/"):
        return False
    if action in {"delete", "delete in bulk"} and answer.status_code != 403:  # Some are refused in words.
        assert article is not None
        return not Article.objects.filter(pk=article.pk).exists()
    assert answer.status_code in {200, 204, 302, 403}, answer.status_code
    return bool(answer.status_code != 403)


def stored() -> list[Any]:
    rows = Article.objects.order_by("pk").values_list("pk", "headline", "status", "version", "published_at")
    return [*rows, Revision.objects.count()]


# Whose article it is makes no difference to those who have no business with any, nor to the administrator, whose table
# is the editor's.
OUTSIDERS = [ADMINISTRATOR, NEWSLETTER_EDITOR, "staff without a role", "editor who has left", "nobody"]


@pytest.mark.parametrize(
    ("who", "case"),
    [(who, case) for who in MATRIX for case in (["own draft", "other published"] if who in OUTSIDERS else sorted(ALL))],
)
def test_each_role_does_with_an_article_what_the_table_says_and_no_more(reader_of: Any, who: str, case: str) -> None:
    client, user = reader_of(who)
    article = an_article(case if user else case.replace("own", "other"), user)
    before = stored()
    found = {}
    for action, do in ON_AN_ARTICLE.items():
        with transaction.atomic():
            found[action] = is_allowed(action, do(client, article), article)
            assert found[action] or stored() == before, action
            transaction.set_rollback(True)
    assert found == {action: case in MATRIX[who].get(action, NEVER) for action in ON_AN_ARTICLE}


@pytest.mark.parametrize("who", MATRIX)
def test_each_role_begins_what_the_table_says_and_no_more(reader_of: Any, who: str) -> None:
    client, _ = reader_of(who)
    found = {}
    for action, do in ON_NONE.items():
        with transaction.atomic():
            found[action] = is_allowed(action, do(client, Article()))
            assert found[action] or not Article.objects.exists(), action
            transaction.set_rollback(True)
    assert found == {action: MATRIX[who].get(action, NEVER) == ANY for action in ON_NONE}


def test_the_matrix_has_every_address_of_the_articles_admin(reader_of: Any) -> None:
    """An address that somebody adds has to be put into the table."""
    client, user = reader_of(EDITOR)
    used = set()
    for do in (*ON_AN_ARTICLE.values(), *ON_NONE.values()):
        answer = do(client, an_article("own draft", user))
        used.add(answer.resolver_match.url_name)
        Article.objects.all().delete()
    there = {url.name for url in admin.site._registry[Article].get_urls() if url.name}
    assert there - used == NEVER


def test_a_reporter_has_a_draft_whose_byline_names_them(reader_of: Any) -> None:
    client, user = reader_of(REPORTER)
    make.author("Nora Ellis", user=user)
    article = make.article(status="draft", by=("Dana Whitfield", "Nora Ellis"))
    assert client.post(at("change", article), typed(article)).status_code == 302


def test_a_button_that_a_reporter_does_not_see_does_nothing_either(reader_of: Any) -> None:
    client, user = reader_of(REPORTER)
    article = an_article("own draft", user)
    page = client.get(at("change", article)).content.decode()
    assert ('name="_hand_in"' in page, 'name="_publish"' in page) == (True, False)
    assert client.post(at("change", article), typed(article, _publish="")).status_code == 403
    article.refresh_from_db()
    assert (article.status, article.headline) == ("draft", "Lots fill up")


@pytest.mark.parametrize("role", RIGHTS)
def test_each_role_has_its_rights_to_every_other_model(reader_of: Any, role: str) -> None:
    _, user = reader_of(role)
    chief = make.user("chief@example.com", is_superuser=True)
    for model, model_admin in admin.site._registry.items():
        if model is Article:
            continue
        name = f"{model._meta.app_label}.{model._meta.model_name}"
        mine = RIGHTS[role].get(name, RIGHTS[role].get(f"{model._meta.app_label}.*", ()))
        for verb in ("add", "change", "delete", "view"):
            may = getattr(model_admin, f"has_{verb}_permission")
            # What nobody may, such as adding a subscriber by hand, no role may either.
            assert may(request_of(user)) == (verb in mine and may(request_of(chief))), (name, verb)


def request_of(user: User) -> HttpRequest:
    request = HttpRequest()
    request.user = user
    return request


@pytest.mark.parametrize("role", RIGHTS)
def test_the_addresses_of_the_other_models_refuse_whom_the_rights_refuse(reader_of: Any, role: str) -> None:
    client, user = reader_of(role)
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if not model_admin.has_add_permission(request_of(user)):
            assert client.post(reverse(f"admin:{name}_add"), {"name": "x"}).status_code == 403, name
        row = model._default_manager.first()
        if row is None or model is Article:
            continue
        if not model_admin.has_change_permission(request_of(user), row):
            assert client.post(reverse(f"admin:{name}_change", args=[row.pk]), {"name": "x"}).status_code == 403, name
        if not model_admin.has_delete_permission(request_of(user), row):
            assert client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403, name


def test_an_administrator_makes_logins_and_gives_roles_but_makes_no_superuser(reader_of: Any) -> None:
    client, _ = reader_of(ADMINISTRATOR)
    other = make.user("lee@example.com", is_staff=False)
    role = Group.objects.get(name=REPORTER).pk
    fields = {"email": "lee@example.com", "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": [role]}
    assert client.post(reverse("admin:news_user_change", args=[other.pk]), fields).status_code == 302
    other.refresh_from_db()
    assert (other.is_staff, other.is_superuser, other.groups.get().name) == (True, False, REPORTER)


def test_the_roles_are_there_after_the_migrations() -> None:
    """`make_roles` is not called here: the migration has made them, although the rights were not stored before it."""
    assert set(RIGHTS) <= set(Group.objects.values_list("name", flat=True))
    editor = make.user("ed@example.com")
    editor.groups.set(Group.objects.filter(name=EDITOR))
    assert editor.has_perm("news.publish_article")
    assert not editor.has_perm("news.change_user")


def test_making_the_roles_again_keeps_what_a_publication_has_added() -> None:
    reporters = Group.objects.get(name=REPORTER)
    extra = Permission.objects.get(codename="add_topic")
    reporters.permissions.add(extra)
    make_roles(Group.objects, Permission.objects)
    assert extra in reporters.permissions.all()

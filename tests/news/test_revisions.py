from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from news.admin.comparison import compare
from news.models import Article, Revision
from news.models.revision import payload_of
from tests import make
from tests.news.desk import ADD, ZONE, an_editor, at, begun, fresh, said, save, summaries, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor(first_name="Nora", last_name="Ellis")[0]


# One for each save


def test_each_save_that_changes_something_is_a_revision_with_who_and_what(desk: Client) -> None:
    desk.post(ADD, begun())
    article = Article.objects.get()
    save(desk, article, dek="Recon bays are the reason.", topics=[make.topic().pk])
    save(desk, article)
    save(desk, article, _publish="")
    who = "Nora Ellis"
    assert summaries(article) == [(who, "Begun."), (who, "Changed: Dek, Topics."), (who, "Published.")]
    assert list(article.revisions.order_by("pk").values_list("version", flat=True)) == [1, 2, 5]


def test_what_an_article_said_before_its_first_save_here_is_kept(desk: Client) -> None:
    article = make.article("Imported", status="draft")
    save(desk, article, headline="Rewritten")
    assert summaries(article) == [("", "As it was before."), ("Nora Ellis", "Changed: Headline.")]
    assert article.revisions.last().payload["headline"] == "Imported"


def test_a_revision_has_every_field_and_the_order_of_the_byline(desk: Client) -> None:
    tesla, topic, picture = make.company("Tesla"), make.topic(), make.picture()
    article = make.article(
        by=("Lee Marsh", "Dana Whitfield"), companies=[tesla], topics=[topic], lead_picture=picture, sponsor="Acme"
    )
    payload = payload_of(article)
    assert payload["authors"] == [make.author("Lee Marsh").pk, make.author("Dana Whitfield").pk]
    assert (payload["companies"], payload["topics"], payload["lead_picture"]) == ([tesla.pk], [topic.pk], picture.pk)
    assert (payload["sponsor"], payload["published_at"]) == ("Acme", "2026-11-18T17:00:00+00:00")
    assert not {"status", "version", "id", "saved_at", "created_by"} & set(payload)


# Compare and restore


def test_a_body_is_compared_word_by_word() -> None:
    before = {"body": "<p>Dealers carry more cars.</p><p>They wait.</p>"}
    after = {"body": "<p>Dealers carry <strong>fewer</strong> used cars.</p><p>They wait.</p>"}
    (change,) = compare(before, after)
    assert change.runs == [
        ("same", "Dealers carry "),
        ("old", "more "),
        ("new", "fewer used "),
        ("same", "cars."),
        ("same", "\n"),
        ("same", "They wait."),
        ("same", "\n"),
    ]


def test_a_change_of_a_link_only_is_said() -> None:
    before = {"body": '<p><a href="https://a.example/">Here</a></p>'}
    (change,) = compare(before, {"body": '<p><a href="https://b.example/">Here</a></p>'})
    assert change.runs == [("same", "The words are the same; links, emphasis or pictures differ.")]


def test_fields_are_compared_in_the_words_of_the_desk() -> None:
    make.publication()
    retail, gone = make.section("Retail"), 999
    old = {"section": retail.pk, "topics": [gone], "published_at": None, "kind": "story"}
    new = {"section": None, "topics": [make.topic("Auctions").pk], "published_at": "2026-11-18T17:00:00+00:00"}
    with timezone.override(ZONE):
        found = {change.label: (change.old, change.new) for change in compare(old, {**new, "kind": "brief"})}
    assert found == {
        "Section": ("Retail", ""),
        "Topics": ("(deleted)", "Auctions"),
        "Publish time": ("", "Wed, Nov 18, 2026, noon EST"),
        "Kind": ("Story", "Brief"),
    }


def test_a_long_body_is_compared_in_time() -> None:
    """Two versions of 20,000 words with a change in each paragraph."""
    old = "".join(f"<p>{' '.join(f'word{n % 50}' for n in range(k, k + 100))}</p>" for k in range(200))
    started = datetime.now(UTC)
    compare({"body": old}, {"body": old.replace("word7 ", "other ")})
    assert datetime.now(UTC) - started < timedelta(seconds=10)


def test_the_history_shows_who_saved_what_and_the_page_of_each_its_changes(desk: Client) -> None:
    article = make.article("Before", status="draft")
    save(desk, article, headline="After")
    page = text_of(desk.get(at("history", article)))
    assert "Nora Ellis" in page
    assert "Changed: Headline." in page
    newest = article.revisions.first()
    assert "<del>Before</del><ins>After</ins>" in text_of(desk.get(at("revision", article, newest.pk)))
    save(desk, article, headline="Later")
    page = text_of(desk.get(at("revision", article, newest.pk), {"with": "now"}))
    assert "<del>After</del><ins>Later</ins>" in page


def test_a_restored_revision_is_a_new_one_and_nothing_is_lost(desk: Client) -> None:
    article = make.article("Before", status="draft", by=("Lee Marsh", "Dana Whitfield"), topics=[make.topic()])
    save(desk, article, headline="After", authors_in_order=[], topics=[], slug="moved")
    first = article.revisions.last()
    answer = desk.post(at("restore", article, first.pk), follow=True)
    restored = fresh(article)
    assert restored.headline == "Before"
    assert [author.name for author in restored.byline_authors()] == ["Lee Marsh", "Dana Whitfield"]
    assert [topic.name for topic in restored.topics.all()] == ["Auctions"]
    assert restored.slug == "moved"  # An address stays where it is.
    assert said(answer)[0].startswith("Restored what it said on ")
    assert said(answer)[0].endswith("m.")
    assert not said(answer)[0].endswith("..")
    assert article.revisions.count() == 3


def test_a_restored_revision_leaves_out_what_has_been_deleted(desk: Client) -> None:
    picture, topic = make.picture(), make.topic()
    article = make.article(status="draft", lead_picture=picture, topics=[topic])
    save(desk, article, lead_picture="", topics=[], headline="After")
    picture.delete()
    topic.delete()
    desk.post(at("restore", article, article.revisions.last().pk))
    restored = fresh(article)
    assert (restored.headline, restored.lead_picture) == ("Used-car supply climbs", None)


def test_a_live_article_is_not_restored_to_less_than_it_needs(desk: Client) -> None:
    article = make.article(status="draft", dek="")
    save(desk, article, dek="Now there is one.", _publish="")
    answer = desk.post(at("restore", article, article.revisions.last().pk), follow=True)
    assert said(answer) == ["A published article needs a dek. Withdraw it first."]
    assert fresh(article).dek == "Now there is one."


# A draft over a live article


def test_an_edit_of_a_live_article_is_kept_as_a_draft_until_it_is_published(desk: Client) -> None:
    article = make.article("Old words")
    answer = save(desk, article, headline="New words", topics=[make.topic().pk], authors_in_order=[make.author("Z").pk])
    assert said(answer) == ["Kept as a draft over the article. Readers see the old one until you publish the changes."]
    assert (fresh(article).headline, article.topics.count()) == ("Old words", 0)
    assert "Old words" in text_of(desk.get(article.get_absolute_url()))
    form = answer.context["adminform"].form
    assert form.initial["headline"] == "New words"
    assert "This is the draft over the live article" in text_of(answer)

    save(desk, article, headline="Newer words", topics=[make.topic().pk], _publish="")
    assert (fresh(article).headline, article.topics.count()) == ("Newer words", 1)
    assert not article.revisions.filter(is_pending=True).exists()
    assert summaries(article)[-1] == ("Nora Ellis", "Published the draft over the article: Headline, Authors.")
    assert said(desk.get(at("change", article))) == []


def test_a_draft_over_a_live_article_is_discarded_and_stays_in_the_history(desk: Client) -> None:
    article = make.article("Old words")
    save(desk, article, headline="New words")
    desk.post(at("discard_changes", article), {"_form_submitted": "on"})
    form = desk.get(at("change", article)).context["adminform"].form
    assert (form.initial["headline"], form.pending) == ("Old words", None)
    assert [summary for _, summary in summaries(article)] == [
        "As it was before.",
        "Kept as a draft over the article: Headline.",
        "The changes are discarded.",
    ]
    answer = desk.post(at("discard_changes", article), {"_form_submitted": "on"})
    assert answer.status_code == 200
    assert said(desk.get(at("change", article)))[-1] == "There are no such changes any more. Look at the article again."


def test_saving_a_live_article_unchanged_keeps_no_draft(desk: Client) -> None:
    article = make.article()
    save(desk, article)
    assert not Revision.objects.exists()


def test_a_withdrawn_article_takes_its_draft_with_the_next_save(desk: Client) -> None:
    article = make.article("Old words")
    save(desk, article, headline="New words")
    fresh(article).withdraw()
    save(desk, article, headline="New words")
    assert (fresh(article).headline, article.revisions.filter(is_pending=True).count()) == ("New words", 0)


def test_there_is_one_draft_over_an_article_at_most(desk: Client) -> None:
    article = make.article("Old words")
    for headline in ("New words", "Newer words"):
        save(desk, article, headline=headline)
    assert article.revisions.filter(is_pending=True).get().payload["headline"] == "Newer words"

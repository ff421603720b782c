"""The front page: what the newest stories make of it by themselves."""

from dataclasses import dataclass

from news.models import Article, Author, Section

SECONDARIES, BRIEFS, IN_SECTION = 4, 6, 4


@dataclass(frozen=True)
class FrontPage:
    """`sections` pairs each section that has something more to show with its stories, newest first."""

    lead: Article | None
    lead_authors: list[Author]
    secondaries: list[Article]
    briefs: list[Article]
    sections: list[tuple[Section, list[Article]]]


def front_page() -> FrontPage:
    """Fill the front page: nothing stands on it twice, and only a story with a picture can lead."""
    published = Article.objects.published().for_cards()
    top = list(published.filter(kind=Article.Kind.STORY).newest_first()[: SECONDARIES + 8])
    lead = next((story for story in top if story.lead_picture), top[0] if top else None)
    secondaries = [story for story in top if story is not lead][:SECONDARIES]
    briefs = list(published.filter(kind=Article.Kind.BRIEF).newest_first()[:BRIEFS])
    shown = {article.pk for article in [lead, *secondaries, *briefs] if article}
    return FrontPage(lead, lead.byline_authors() if lead else [], secondaries, briefs, _sections(shown))


def _sections(shown: set[int]) -> list[tuple[Section, list[Article]]]:
    rest_of_the_news = Article.objects.published().exclude(pk__in=shown)
    sections = list(Section.objects.all())
    if not sections:
        return []
    # One query for all sections: the newest few of each, by the index on section and time.
    first, *rest = (
        rest_of_the_news.filter(section=section).newest_first().values("pk")[:IN_SECTION] for section in sections
    )
    found = Article.objects.filter(pk__in=first.union(*rest, all=True) if rest else first).for_cards().newest_first()
    by_section: dict[int, list[Article]] = {}
    # The newest with a picture opens its section; the sort keeps the others in their order.
    for article in sorted(found, key=lambda article: article.lead_picture is None):
        by_section.setdefault(article.section.pk, []).append(article)
    return [(section, by_section[section.pk]) for section in sections if section.pk in by_section]

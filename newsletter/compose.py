"""What goes into an edition: the choice of its stories, and all that stands in it, read from the rows.

Nothing here writes. Every question is asked as of `at`, the moment at which the edition was composed, so that editions
follow each other without a gap and without a story in two of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Window
from django.db.models.functions import RowNumber

from news.models import Article, Correction, PartnerStory
from news.models.article import ArticleQuerySet
from news.models.partner import MIXED
from newsletter import corrections
from newsletter.closes import Closes, closes
from newsletter.models import Edition, EditionItem, Newsletter

FEWEST, MOST = 3, 20  # Stories in an edition.
TOP = 3  # Stories with picture and dek, behind the lead.
PARTNERS = 4
FIRST_REACH = timedelta(days=2)  # How old the stories of a newsletter's first edition may be,
LONGEST_REACH = timedelta(days=7)  # those of one after a long pause,
BACKDATED = timedelta(days=1)  # and by how much a publish time may lie before the moment it was typed.
LEAD_WIDTH, THUMBNAIL = 552, 96  # Of pictures, as they are shown.


@dataclass(frozen=True)
class Image:
    url: str
    width: int
    height: int
    alt: str
    credit: str


@dataclass(frozen=True)
class Story:
    headline: str
    dek: str
    url: str
    section: str
    sponsor: str
    image: Image | None


@dataclass(frozen=True)
class Content:
    """All that stands in an edition beside its own fields. `sections` are (name, stories) in the site's order."""

    lead: Story
    top: Sequence[Story]
    sections: Sequence[tuple[str, Sequence[Story]]]
    partner_stories: Sequence[PartnerStory]
    closes: Closes | None
    corrections: Sequence[Correction]


def candidates(newsletter: Newsletter, at: datetime) -> list[Article]:
    """The stories since the last edition, in the order that an edition has them: best for the lead first.

    A story of an edition that began to go out is in none after it, also if the desk left it out there.
    """
    sent = Edition.objects.filter(newsletter=newsletter, started_at__isnull=False)
    earlier = EditionItem.objects.filter(edition__in=sent).values("article")
    found: ArticleQuerySet = Article.objects.published(at).exclude(pk__in=earlier)
    since = reach(newsletter, at) - BACKDATED
    return sorted(found.filter(published_at__gt=since).for_cards().newest_first(), key=unfitness)


def reach(newsletter: Newsletter, at: datetime) -> datetime:
    """When the last edition was composed, or how far back the first one reaches."""
    last = last_composed_at(newsletter, at)
    return max(last, at - LONGEST_REACH) if last else at - FIRST_REACH


def last_composed_at(newsletter: Newsletter, at: datetime) -> datetime | None:
    sent = Edition.objects.filter(newsletter=newsletter, started_at__isnull=False, composed_at__lt=at)
    return sent.order_by("-composed_at").values_list("composed_at", flat=True).first()


def unfitness(article: Article) -> tuple[bool, bool, bool]:
    """Low is fit for the top: stories before briefs, with a picture before without, sponsored ones last."""
    return article.is_sponsored, article.is_brief, article.lead_picture is None


def items_of(edition: Edition) -> list[EditionItem]:
    """The edition's stories that readers may see now, in order."""
    items = edition.items.filter(is_dropped=False, article__in=Article.objects.published())
    with_rows = items.select_related("article__section", "article__lead_picture").defer("article__body")
    return list(with_rows.order_by("position", "pk"))


def content(edition: Edition, items: Sequence[EditionItem], at: datetime) -> Content:
    """What the edition of these stories (at least one) says, as of `at`. One made by hand is its stories alone."""
    lead, top, rest = items[0], items[1 : 1 + TOP], items[1 + TOP :]
    newsletter = edition.newsletter
    return Content(
        lead=story_of(lead, lead_image(lead.article)),
        top=[story_of(item, thumbnail(item.article)) for item in top],
        sections=by_section(rest),
        partner_stories=[] if newsletter.is_by_hand else partner_stories(newsletter, at),
        closes=None if newsletter.is_by_hand else closes(at),
        corrections=corrections.to_print(newsletter, last_composed_at(newsletter, at), at),
    )


def by_section(items: Sequence[EditionItem]) -> list[tuple[str, list[Story]]]:
    sections = {item.article.section.pk: item.article.section for item in items}
    ordered = sorted(sections.values(), key=lambda section: (section.position, section.name))
    return [
        (section.name, [story_of(item, None) for item in items if item.article.section_id == section.pk])
        for section in ordered
    ]


def partner_stories(newsletter: Newsletter, at: datetime) -> list[PartnerStory]:
    """Headlines that partners published and we first saw since the last edition, few of each partner."""
    since = reach(newsletter, at)
    seen = PartnerStory.objects.newest().filter(seen_at__gt=since, seen_at__lte=at)
    fresh = seen.filter(published_at__gt=since - BACKDATED, published_at__lte=at)
    place = Window(RowNumber(), partition_by="partner", order_by=["-published_at", "-pk"])
    return list(fresh.annotate(place=place).filter(place__lte=MIXED)[:PARTNERS])


def headline_of(item: EditionItem) -> str:
    return item.headline or item.article.mail_headline or item.article.headline


def story_of(item: EditionItem, image: Image | None) -> Story:
    article = item.article
    return Story(
        headline_of(item),
        article.dek,
        absolute(article.get_absolute_url()),
        article.section.name,
        article.sponsor,
        image,
    )


def lead_image(article: Article) -> Image | None:
    """Over the whole width. Until it is rendered the picture is its master, in the master's own shape."""
    picture = article.lead_picture
    if picture is None:
        return None
    source = picture.sources("wide")
    shape = source if picture.rendered_key else picture
    height = round(LEAD_WIDTH * shape.height / shape.width)
    return Image(absolute(source.src), LEAD_WIDTH, height, picture.alt, picture.credit)


def thumbnail(article: Article) -> Image | None:
    picture = article.lead_picture
    if picture is None or not picture.rendered_key:
        return None
    return Image(absolute(picture.sources("square").src), THUMBNAIL, THUMBNAIL, picture.alt, picture.credit)


def absolute(url: str) -> str:
    return urljoin(f"{settings.SITE_URL}/", url)

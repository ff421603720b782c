"""The demo newsroom: the samples in `news/demo/`, put into the database and taken out again.

Samples are known by their slugs. What is not a sample is never touched, and its presence stops a refill.
"""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from news.body import picture_digests
from news.models import Article, Author, Byline, Partner, PartnerStory, Picture, Publication, Section, Topic
from news.tasks import render_on_commit
from newsletter import editions, schedule
from newsletter.models import Edition, Newsletter
from tickers.models import Company, Symbol

FOLDER = settings.ROOT / "news" / "demo"


class OwnContent(Exception):
    """The database has content which is not a sample; the message names the first piece found."""


def is_empty() -> bool:
    return not (Publication.objects.exists() or Article.objects.exists())


def is_demo() -> bool:
    """True while any of the sample stories is there."""
    return Article.objects.filter(slug__in=[row["slug"] for row in _stories()]).exists()


@transaction.atomic
def fill() -> None:
    """Make the demo newsroom afresh, dated relative to today; raises OwnContent rather than touch anything else."""
    refuse_own_content()
    clear()
    newsroom = _newsroom()
    publication = newsroom["publication"]
    newsletter = {key: publication.pop(f"newsletter_{key}") for key in ("name", "description")}
    Publication.objects.update_or_create(pk=1, defaults=publication)
    Newsletter.objects.update_or_create(slug="daily", defaults=newsletter)
    fill_start()
    for row in newsroom["topics"]:
        Topic.objects.update_or_create(slug=row["slug"], defaults=row)
    _fill_companies([row for row in newsroom["companies"] if "ticker" not in row])
    pictures = _fill_pictures()
    for row in newsroom["authors"]:
        portrait = pictures.get(row.pop("portrait"))
        Author.objects.update_or_create(slug=row["slug"], defaults={**row, "portrait": portrait})
    for row in _stories():
        _fill_article(row, pictures)
    _fill_partners(newsroom["partners"])


def fill_start() -> None:
    """What a site of one's own begins with too: sections, the strip's companies, the newsletter for breaking news."""
    newsroom = _newsroom()
    breaking = {**newsroom["breaking_newsletter"], "days": "", "position": 1}  # The desk makes its editions by hand.
    Newsletter.objects.update_or_create(slug="breaking-news", defaults=breaking)
    for position, row in enumerate(newsroom["sections"]):
        Section.objects.update_or_create(slug=row["slug"], defaults={**row, "position": position})
    _fill_companies([row for row in newsroom["companies"] if "ticker" in row])


def fill_archive() -> None:
    """Make the edition of the last weekday, which had no reader yet, so that the archive and the desk are not empty."""
    newsletter, publication = Newsletter.objects.get(slug="daily"), Publication.load()
    day = timezone.now().astimezone(publication.zone).date() - timedelta(days=1)
    while day.isoweekday() > 5:
        day -= timedelta(days=1)
    slot = schedule.slot(day, newsletter.hour, publication.zone)
    edition, _ = Edition.objects.get_or_create(newsletter=newsletter, date=day)
    editions.compose(edition.pk, slot.compose_at, is_last_chance=True)
    editions.release(edition.pk)
    Edition.objects.complete()


def refuse_own_content() -> None:
    """Raise OwnContent when there is a publication, article, author or partner that is not a sample."""
    newsroom = _newsroom()
    own: list[models.QuerySet[Any]] = [
        Publication.objects.exclude(name=newsroom["publication"]["name"]),
        Article.objects.exclude(slug__in=[row["slug"] for row in _stories()]),
        Author.objects.exclude(slug__in=[row["slug"] for row in newsroom["authors"]]),
        Partner.objects.exclude(slug__in=[row["slug"] for row in newsroom["partners"]]),
    ]
    for rows in own:
        if found := rows.first():
            raise OwnContent(f"{found._meta.verbose_name} “{found}”")


def clear() -> list[Picture]:
    """Delete the samples (stories, authors, partners, pictures) where nothing of anyone else's uses them.

    With the stories go the editions that have one, or that have lost theirs by a refill. The pictures that it returns
    still have their files: a refill shows the same ones.
    """
    newsroom = _newsroom()
    stories = Article.objects.filter(slug__in=[row["slug"] for row in _stories()])
    Edition.objects.filter(models.Q(items__article__in=stories) | models.Q(items=None)).delete()
    stories.delete()
    authors = Author.objects.filter(slug__in=[row["slug"] for row in newsroom["authors"]], bylines__isnull=True)
    portraits = list(authors.values_list("portrait", flat=True))
    authors.delete()
    Partner.objects.filter(slug__in=[row["slug"] for row in newsroom["partners"]]).delete()
    credit = _stories()[0]["credit"]
    unused = models.Q(lead_of__isnull=True) & (models.Q(credit=credit) | models.Q(pk__in=portraits))
    shown = {digest for body in Article.objects.values_list("body", flat=True) for digest in picture_digests(body)}
    pictures = list(Picture.objects.filter(unused).exclude(digest__in=shown))
    Picture.objects.filter(pk__in=[picture.pk for picture in pictures]).delete()
    return pictures


def clear_topics_and_invented_companies() -> None:
    """Delete what only the samples needed; sections and listed companies stay, as a start."""
    newsroom = _newsroom()
    Topic.objects.filter(slug__in=[row["slug"] for row in newsroom["topics"]], articles__isnull=True).delete()
    unlisted = [row["slug"] for row in newsroom["companies"] if "ticker" not in row]
    Company.objects.filter(slug__in=unlisted, articles__isnull=True).delete()


def _newsroom() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "newsroom.toml").read_text())


def _stories() -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text()) for path in sorted((FOLDER / "stories").glob("*.toml"))]


def _fill_companies(rows: list[dict[str, Any]]) -> None:
    for position, row in enumerate(rows):
        ticker, exchange = row.pop("ticker", ""), row.pop("exchange", "")
        company, _ = Company.objects.update_or_create(slug=row["slug"], defaults=row)
        if ticker:
            Symbol.objects.get_or_create(
                ticker=ticker, defaults={"exchange": exchange, "company": company, "position": position}
            )


def _fill_pictures() -> dict[str, Picture]:
    """Store each file of the demo's pictures folder; the result is by file name without its extension."""
    focal = tomllib.loads((FOLDER / "pictures" / "focal.toml").read_text())
    pictures = {}
    for path in sorted((FOLDER / "pictures").glob("*.webp")):
        about = focal.get(path.stem, {})
        picture = Picture(
            alt=about.get("alt", ""),
            is_decorative="alt" not in about,
            focal_x=about.get("x", 0.5),
            focal_y=about.get("y", 0.5),
            credit=_stories()[0]["credit"] if "alt" in about else "",
        )
        _store(picture, path)
        pictures[path.stem] = picture
    return pictures


def _store(picture: Picture, path: Path) -> None:
    with path.open("rb") as file:
        picture.set_master(file)
    picture.save()
    render_on_commit(picture)


def _fill_article(row: dict[str, Any], pictures: dict[str, Picture]) -> None:
    body = row.pop("body")
    for name, picture in pictures.items():
        body = body.replace(f'data-picture="{name}"', f'src="{picture.master.url}"')
    many = {name: row.pop(name) for name in ("topics", "companies", "authors")}
    lead = pictures.get(row.pop("picture", ""))
    if lead:
        lead.caption, lead.credit = row.pop("caption"), row.pop("credit")
        lead.save(update_fields=["caption", "credit"])
    row = {key: value for key, value in row.items() if key not in {"caption", "credit"}}
    published_at = _publish_time(row.pop("days_ago"), row.pop("time"))
    article = Article.objects.create(
        **{**row, "section": Section.objects.get(slug=row["section"])},
        body=body,
        lead_picture=lead,
        status=Article.Status.PUBLISHED,
        published_at=published_at,
    )
    article.topics.set(Topic.objects.filter(slug__in=many["topics"]))
    article.companies.set(Company.objects.filter(slug__in=many["companies"]))
    authors = Author.objects.in_bulk(many["authors"], field_name="slug")
    for position, slug in enumerate(many["authors"]):
        Byline.objects.create(article=article, author=authors[slug], position=position)


def _publish_time(days_ago: int, at: str) -> datetime:
    """The local time so many days ago. What would still be to come today is put into yesterday."""
    now = timezone.now()
    zone = Publication.load().zone
    day = now.astimezone(zone).date() - timedelta(days=days_ago)
    moment = datetime.combine(day, time.fromisoformat(at), tzinfo=zone)
    return moment if moment <= now else moment - timedelta(days=1)


def _fill_partners(rows: list[dict[str, Any]]) -> None:
    now = timezone.now()
    for row in rows:
        stories = row.pop("stories")
        partner = Partner.objects.create(**row)
        for story in stories:
            published_at = now - timedelta(hours=story.pop("hours_ago"))
            PartnerStory.objects.create(partner=partner, published_at=published_at, **story)

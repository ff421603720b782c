"""JSON-LD (schema.org) for search engines: what an article, a list and the site are."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.utils.safestring import SafeString

from news.cards import CARD_SIZE, LOGO_SIZE, card_of, card_of_site
from news.models import Article, Author, Publication

Thing = dict[str, Any]
# In a script element only these could end the data, or be read as markup.
_ESCAPES = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script(*things: Thing) -> SafeString:
    """The script element with the things. It is data, so the site's policy on scripts does not concern it."""
    graph = things[0] if len(things) == 1 else {"@graph": list(things)}
    data = json.dumps({"@context": "https://schema.org", **graph}, ensure_ascii=False, separators=(",", ":"))
    for char, escape in _ESCAPES.items():
        data = data.replace(char, escape)
    return SafeString(f'<script type="application/ld+json">{data}</script>')


def news_article(
    article: Article, authors: Iterable[Author], publication: Publication, corrections: Iterable[Mapping[str, Any]] = ()
) -> Thing:
    """A NewsArticle, or an AdvertiserContentArticle when somebody paid for it. Corrections: `text` and `made_at`."""
    # The database holds that a published article has its time.
    published_at = cast(datetime, article.published_at)
    url = settings.SITE_URL + article.get_absolute_url()
    thing = {
        "@type": "AdvertiserContentArticle" if article.is_sponsored else "NewsArticle",
        "@id": f"{url}#article",
        "headline": article.headline,
        "description": article.dek,
        "url": url,
        "mainEntityOfPage": article.canonical_url or url,
        "image": _pictures(article, publication),
        "datePublished": _zoned(published_at, publication),
        "dateModified": _zoned(article.updated_at or published_at, publication),
        "author": [_person(author) for author in authors],
        "publisher": organization(publication),
        "articleSection": article.section.name,
        "isAccessibleForFree": True,
        "inLanguage": "en-US",
    }
    if article.is_sponsored:
        thing["sponsor"] = {"@type": "Organization", "name": article.sponsor}
    if companies := getattr(article, "company_links", None):
        thing["about"] = [{"@type": "Organization", "name": company["name"]} for company in companies]
    if corrected := [_correction(correction, publication) for correction in corrections]:
        thing["correction"] = corrected
    return thing


def profile_page(author: Author, publication: Publication) -> Thing:
    """The page of an author: who writes here (https://schema.org/ProfilePage)."""
    person = _person(author)
    if author.bio:
        person["description"] = author.bio
    if author.email:
        person["email"] = author.email
    if author.portrait:
        person["image"] = settings.SITE_URL + author.portrait.shared("1x1").url
    employer = {"@type": "Organization", "name": author.employer} if author.employer else organization(publication)
    return {"@type": "ProfilePage", "mainEntity": {**person, "worksFor": employer}}


def breadcrumbs(article: Article) -> Thing:
    steps = (
        ("Home", settings.SITE_URL + "/"),
        (article.section.name, settings.SITE_URL + article.section.get_absolute_url()),
        (article.headline, settings.SITE_URL + article.get_absolute_url()),
    )
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, 1)
        ],
    }


def organization(publication: Publication) -> Thing:
    width, height = LOGO_SIZE
    logo = settings.SITE_URL + card_of_site(publication, "logo").url
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{settings.SITE_URL}/#organization",
        "name": publication.name,
        "url": f"{settings.SITE_URL}/",
        "logo": {"@type": "ImageObject", "url": logo, "width": width, "height": height},
        "sameAs": [url for _, url in publication.social_links],
    }


def website(publication: Publication) -> Thing:
    return {
        "@type": "WebSite",
        "@id": f"{settings.SITE_URL}/#website",
        "name": publication.name,
        "url": f"{settings.SITE_URL}/",
        "description": publication.description or publication.tagline,
        "publisher": {"@id": f"{settings.SITE_URL}/#organization"},
        "inLanguage": "en-US",
    }


def _pictures(article: Article, publication: Publication) -> list[Thing]:
    """The lead picture in the three ratios that search engines ask for, or the card drawn from the headline."""
    if picture := article.lead_picture:
        shared = {picture.shared(ratio) for ratio in ("16x9", "4x3", "1x1")}
        found = sorted((jpeg.url, jpeg.width, jpeg.height) for jpeg in shared)
    else:
        found = [(card_of(article, publication).url, *CARD_SIZE)]
    return [
        {"@type": "ImageObject", "url": settings.SITE_URL + url, "width": width, "height": height}
        for url, width, height in found
    ]


def _person(author: Author) -> Thing:
    person = {"@type": "Person", "name": author.name, "url": settings.SITE_URL + author.get_absolute_url()}
    if author.role:
        person["jobTitle"] = author.role
    return person


def _correction(correction: Mapping[str, Any], publication: Publication) -> Thing:
    made_at = _zoned(correction["made_at"], publication)
    return {"@type": "CorrectionComment", "text": correction["text"], "datePublished": made_at}


def _zoned(moment: datetime, publication: Publication) -> str:
    return moment.astimezone(publication.zone).isoformat(timespec="seconds")

"""Dates as the trade press writes them, and pictures as <picture> elements."""

from datetime import datetime

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from news.models import Article, Picture
from tickers.status import MONTHS

register = template.Library()

# How wide a picture is shown, for the browser's choice among the renditions (`sizes`).
SIZES = {
    "hero": "(min-width:61.25em) 42.5rem, 100vw",
    "lead": "(min-width:80em) 48rem, (min-width:61.25em) 60vw, 100vw",
    "card": "(min-width:61.25em) 17.5rem, (min-width:46.25em) 45vw, 7rem",
    "partner": "(min-width:46.25em) 14rem, 7rem",
    "body": "(min-width:46.25em) 42.5rem, 100vw",
    "portrait": "4rem",
    "byline": "3rem",
    "profile": "8rem",
}
US_ZONES = {"EST": "ET", "EDT": "ET", "CST": "CT", "CDT": "CT", "MST": "MT", "MDT": "MT", "PST": "PT", "PDT": "PT"}


@register.filter
def ap_time(moment: datetime) -> str:
    """Such as “Nov. 21, 2026, 6:10 a.m. ET”, in the publication's zone."""
    local = timezone.localtime(moment)
    zone = local.tzname() or ""
    return f"{format_date(local, 'N j, Y, P')} {US_ZONES.get(zone, zone)}"


@register.filter
def ap_date(moment: datetime) -> str:
    """Such as “Nov. 21, 2026”, in the publication's zone."""
    local = timezone.localtime(moment)
    return f"{MONTHS[local.month - 1]} {local.day}, {local.year}"


@register.filter
def ago(moment: datetime) -> str:
    """Age on a card: minutes and hours within a day, then the date, with the year when it is another one."""
    now = timezone.now()
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "Just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60}h ago"
    local = timezone.localtime(moment)
    return ap_date(moment) if local.year != timezone.localtime(now).year else f"{MONTHS[local.month - 1]} {local.day}"


@register.simple_tag
def time_ago(moment: datetime) -> SafeString:
    """The time of a card, with its age as words."""
    return SafeString(f'<time datetime="{timezone.localtime(moment).isoformat()}">{ago(moment)}</time>')


@register.simple_tag
def now_in_zone() -> str:
    """Today's date at the publication's place, such as “Sunday, Nov. 22, 2026”."""
    return f"{timezone.localtime():%A}, {ap_date(timezone.now())}"


@register.simple_tag(takes_context=True)
def nav_links(context: Context) -> SafeString:
    """The sections and what stands beside them; where the page is, or what its article is in, is marked."""
    section = context.get("section")
    here = section.get_absolute_url() if section else context["request"].path
    current = ' aria-current="true"' if context.get("article") else ' aria-current="page"'
    nav = getattr(context.get("publication"), "nav", ())  # None over an error in the admin.
    links = [(f"/sections/{item['slug']}/", item["name"]) for item in nav]
    links += [("/latest/", "Latest"), ("/markets/", "Markets")]
    rows = ((url, SafeString(current if url == here else ""), name) for url, name in links)
    return format_html_join("", '<li><a href="{}"{}>{}</a></li>', rows)


@register.simple_tag
def kicker(article: Article, *, linked: bool = False) -> SafeString:
    """What stands over a headline: the section, and who paid for it."""
    section: str = article.section.name
    if linked:
        section = format_html('<a href="{}">{}</a>', article.section.get_absolute_url(), section)
    label = format_html(' <span class="sponsored">Sponsored by {}</span>', article.sponsor) if article.sponsor else ""
    return format_html('<p class="kicker">{}{}</p>', section, label)


@register.simple_tag
def picture(
    picture: Picture | None, shape: str, size: str, alt: str = "", *, is_hero: bool = False
) -> SafeString | str:
    """The markup of a picture in one shape; `alt` stays empty where a headline beside it says what it shows.

    The hero is fetched first; every other picture waits until it is near the screen.
    """
    if not picture:
        return ""
    sources = picture.sources(shape)
    image = format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" {}>',
        sources.src,
        sources.width,
        sources.height,
        alt,
        SafeString('fetchpriority="high"' if is_hero else 'loading="lazy" decoding="async"'),
    )
    if not sources.avif:
        return format_html("<picture>{}</picture>", image)
    return format_html(
        '<picture><source type="image/avif" srcset="{avif}" sizes="{sizes}">'
        '<source type="image/webp" srcset="{webp}" sizes="{sizes}">{image}</picture>',
        avif=sources.avif,
        webp=sources.webp,
        sizes=SIZES[size],
        image=image,
    )

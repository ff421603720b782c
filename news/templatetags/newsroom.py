"""Dates as the trade press writes them, and pictures as <picture> elements."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString

from news.models.picture import Picture

register = template.Library()

# How wide a picture is shown, for the browser's choice among the renditions (`sizes`).
SIZES = {
    "hero": "(min-width:61.25em) 42.5rem, 100vw",
    "lead": "(min-width:80em) 48rem, (min-width:61.25em) 60vw, 100vw",
    "card": "(min-width:61.25em) 17.5rem, (min-width:46.25em) 45vw, 7rem",
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
    return format_date(timezone.localtime(moment), "N j, Y")


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
    return format_date(local, "N j" if local.year == timezone.localtime(now).year else "N j, Y")


@register.simple_tag
def now_in_zone() -> str:
    """Today's date at the publication's place, such as “Sunday, Nov. 22, 2026”."""
    return format_date(timezone.localtime(), "l, N j, Y")


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

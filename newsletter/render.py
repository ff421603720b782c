"""An edition as a mail: its HTML, with every style inlined, and its text.

Mail programs know tables, the older half of CSS and little else: what our mail uses is listed, with who knows it, in
`tests/data/mail_features.toml`.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from news.models import Publication
from newsletter import corrections
from newsletter.compose import Content
from newsletter.message import marker
from newsletter.models import Edition
from newsletter.tokens import Purpose

MOST_BYTES = 100_000  # Gmail cuts a mail off behind 102 kB and hides its footer with the link to unsubscribe.
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, minify_css=True)
# What is for the reader of a mail alone stands between these, in the HTML.
FOR_READERS = re.compile(r"<!--reader-->.*?<!--/reader-->", re.DOTALL)
BODY = re.compile(r"<body[^>]*>")
FOOT_LINK = "color:#4d5a63;text-decoration:underline"  # As the stored mail's other links have it (edition.css).
DARK = "@media (prefers-color-scheme:dark)"


def render(edition: Edition, content: Content) -> tuple[str, str]:
    """(HTML, text) of the edition. Where each reader's own link goes, they hold its marker."""
    publication = Publication.load()
    context: dict[str, Any] = {
        "publication": publication,
        "newsletter": edition.newsletter,
        "edition": edition,
        "content": content,
        "site_url": f"{settings.SITE_URL}/",
        "markets_url": settings.SITE_URL + reverse("markets"),
        "edition_url": settings.SITE_URL + edition.get_absolute_url(),
        "privacy_url": settings.SITE_URL + reverse("privacy"),
        "unsubscribe_url": marker(Purpose.UNSUBSCRIBE),
        "preferences_url": marker(Purpose.PREFERENCES),
    }
    with timezone.override(publication.zone):
        html = INLINER.inline(render_to_string("newsletter/edition/mail/edition.html", context))
        text = render_to_string("newsletter/edition/mail/edition.txt", context)
    return squeezed(html), re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def squeezed(html: str) -> str:
    """Without the indents of its template and the attribute that only the inliner reads."""
    return re.sub(r"\n\s*", "\n", html.replace(' data-css-inline="keep"', ""))


def archived(edition: Edition) -> str:
    """The mail as a page of the archive: what is for one reader alone gives way to a word for whoever comes by."""
    words = format_html(
        '<a href="{0}" style="{3}">Get {1} by email</a> · <a href="{2}" style="{3}">Earlier editions</a>',
        reverse("newsletter"),
        edition.newsletter.name,
        reverse("newsletter_archive"),
        FOOT_LINK,
    )
    head = format_html(
        '<link rel="canonical" href="{}"><link rel="icon" href="{}" type="image/svg+xml"></head>',
        settings.SITE_URL + edition.get_absolute_url(),
        static("icon.svg"),
    )
    mail = FOR_READERS.sub("", edition.html).replace("<!--archive-->", words).replace("</head>", head)
    return with_corrections(BODY.sub(in_main, mail).replace("</body>", "</main></body>"), edition)


def in_main(body: re.Match[str]) -> str:
    """What screen readers jump to; a mail has no such place, as its program has one around it."""
    return f"{body[0]}<main>"


def with_corrections(mail: str, edition: Edition) -> str:
    """Above the mail, and clearly no part of it: what was corrected since it went out."""
    found = corrections.to_note(edition)
    if not found:
        return mail
    with timezone.override(Publication.load().zone):
        note = render_to_string("newsletter/edition/mail/corrected.html", {"corrections": found})
    return BODY.sub(lambda body: body[0] + note, mail, count=1)


def in_scheme(html: str, scheme: str) -> str:
    """The mail as it looks in a dark or a light mail program, whatever the browser that shows it prefers."""
    query = "@media all" if scheme == "dark" else "@media not all"
    return html.replace(DARK, query).replace('content="light dark"', f'content="{scheme}"')


@dataclass(frozen=True)
class Check:
    """One thing that the desk should know of a mail before it goes."""

    is_fine: bool
    words: str


class Parts(HTMLParser):
    """The links and pictures of a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        elif tag == "img":
            self.images.append(dict(attrs))


def checks(html: str) -> list[Check]:
    """Size, links and pictures. An alt text may be empty, but it has to be there."""
    parts, size = Parts(html), len(html.encode())
    broken = [link for link in parts.links if not link.startswith(("https://", "http://"))]
    bare = [image for image in parts.images if not is_whole(image)]
    unlink = marker(Purpose.UNSUBSCRIBE) in parts.links
    return [
        Check(size < MOST_BYTES, f"{size / 1000:.0f} kB of HTML, of at most {MOST_BYTES // 1000}"),
        Check(not broken, f"{len(parts.links)} links" + (f", broken: {', '.join(broken)}" if broken else "")),
        Check(
            not bare, f"{len(parts.images)} pictures" + (f", {len(bare)} without alt, size or address" if bare else "")
        ),
        Check(unlink, "A link to unsubscribe" if unlink else "No link to unsubscribe"),
    ]


def is_whole(image: dict[str, str | None]) -> bool:
    has_size = all((image.get(side) or "").isdecimal() for side in ("width", "height"))
    return has_size and "alt" in image and (image.get("src") or "").startswith(("https://", "http://"))

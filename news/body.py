"""The body of an article as HTML: what may be in it, where its blocks end, what it says in plain words."""

import re
from collections.abc import Callable
from html import unescape

import nh3

# The one allow-list for HTML from people and feeds. What is not here is dropped; its text stays.
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "blockquote": {"class"},
    "figure": {"class"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
TAGS = set(ATTRIBUTES) | {
    *("p", "h2", "h3", "br", "hr", "ul", "li", "strong", "em", "s", "sub", "sup", "code", "pre"),
    *("figcaption", "cite", "footer", "table", "caption", "thead", "tbody", "tr"),
}
CLASSES = {"blockquote": {"pull"}, "figure": {"wide"}}
URL_SCHEMES = {"http", "https", "mailto"}
DROPPED_WITH_THEIR_TEXT = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"}

_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED_WITH_THEIR_TEXT,
    attributes={tag: names - {"class"} for tag, names in ATTRIBUTES.items()},
    allowed_classes=CLASSES,
    url_schemes=URL_SCHEMES,
    link_rel=None,
)
# A field's text keeps characters that Postgres cannot store (NUL) or that no page may carry (controls).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>""")
_BLOCKS = frozenset(["p", "h2", "h3", "ul", "ol", "blockquote", "figure", "table", "pre", "hr"])
# A body names a picture of ours by its master, whose file name is the picture's digest.
_IMAGE = re.compile(r"""<img\b(?:"[^"]*"|[^">])*?\bsrc="[^"]*/([0-9a-f]{32})\.jpg"(?:"[^"]*"|[^">])*>""")


def clean_html(html: str) -> str:
    """Return the HTML with only what the allow-list lets through. Cleaning twice equals cleaning once."""
    return _cleaner.clean(_CONTROLS.sub("", html)).strip()


def plain_text(html: str) -> str:
    """The words of cleaned HTML, with one blank between blocks."""
    return unescape(" ".join(_TAG.sub(lambda tag: " " if tag[2] in _BLOCKS | {"br", "li", "td"} else "", html).split()))


def split_blocks(html: str) -> list[str]:
    """Cut cleaned HTML behind each of its top-level blocks (paragraph, list, figure …)."""
    blocks, depth, start = [], 0, 0
    for tag in _TAG.finditer(html):
        closing, name = tag[1], tag[2]
        if name not in _BLOCKS:
            continue
        if name != "hr":
            depth += -1 if closing else 1
        if depth == 0:
            blocks.append(html[start : tag.end()].strip())
            start = tag.end()
    return [*blocks, rest] if (rest := html[start:].strip()) else blocks


def split_for_signup(html: str, after_paragraph: int = 3, least_blocks: int = 6) -> tuple[str, str]:
    """Cut a body in two where the sign-up call goes: behind its third paragraph, never before a heading's text ends.

    A body of fewer than `least_blocks` blocks is too short to be interrupted: its second half is then empty.
    """
    blocks = split_blocks(html)
    if len(blocks) < least_blocks:
        return html, ""
    paragraphs = 0
    for index, block in enumerate(blocks[:-1]):
        paragraphs += block.startswith("<p>")
        if paragraphs >= after_paragraph and block.startswith("<p>"):
            return "\n".join(blocks[: index + 1]), "\n".join(blocks[index + 1 :])
    return html, ""


def picture_digests(html: str) -> list[str]:
    """The digests of our pictures that a body shows, in order."""
    return [image[1] for image in _IMAGE.finditer(html)]


def replace_pictures(html: str, markup: Callable[[str], str]) -> str:
    """Put the markup for each of our pictures, found by its digest, in the place of its <img>."""
    return _IMAGE.sub(lambda image: markup(image[1]) or image[0], html)

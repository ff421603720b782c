"""The body of an article as HTML: what may be in it, where its blocks end, what it says in plain words."""

import re
from collections.abc import Callable
from html import unescape

import nh3

# The one allow-list for HTML from people and feeds. What is not here is dropped; its text stays.
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "class"},
    "blockquote": {"class"},
    "figure": {"class"},
    "hr": {"class"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
TAGS = set(ATTRIBUTES) | {
    *("p", "h2", "h3", "br", "ul", "li", "strong", "em", "s", "sub", "sup", "code", "pre"),
    *("figcaption", "cite", "footer", "table", "caption", "thead", "tbody", "tr"),
}
# What the editor has buttons for: a company's chip, a pull quote, a wide figure, a player, where the sign-up call goes.
CLASSES = {"a": {"company"}, "blockquote": {"pull"}, "figure": {"wide", "embed"}, "hr": {"signup"}}
SIGNUP_MARK = '<hr class="signup">'
URL_SCHEMES = {"http", "https", "mailto"}
DROPPED_WITH_THEIR_TEXT = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"}


def _known_classes(tag: str, name: str, value: str) -> str | None:
    if name != "class":
        return value
    return " ".join(known for known in value.split() if known in CLASSES.get(tag, ())) or None


_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED_WITH_THEIR_TEXT,
    attributes={**ATTRIBUTES, "*": set()},  # Else `title` and `lang` would pass everywhere.
    attribute_filter=_known_classes,
    url_schemes=URL_SCHEMES,
    link_rel=None,
)
# A field's text keeps characters that Postgres cannot store (NUL) or that no page may carry (controls).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>""")
_BLOCKS = frozenset(["p", "h2", "h3", "ul", "ol", "blockquote", "figure", "table", "pre", "hr"])
_SPACED = _BLOCKS | {"br", "li", "td"}
# A body names a picture of ours by its master, whose file name is the picture's digest.
_IMAGE = re.compile(r"""<img\b(?:"[^"]*"|[^">])*?\bsrc="[^"]*/([0-9a-f]{32})\.jpg"(?:"[^"]*"|[^">])*>""")
_ALT = re.compile(r"""\salt="([^"]+)\"""")


def clean_html(html: str) -> str:
    """Return the HTML with only what the allow-list lets through. Cleaning twice equals cleaning once."""
    return _cleaner.clean(_CONTROLS.sub("", html)).strip()


def plain_text(html: str) -> str:
    """The words of cleaned HTML, with one blank between blocks."""
    return unescape(" ".join(_TAG.sub(lambda tag: " " if tag[2] in _SPACED else "", html).split()))


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
    """Cut a body in two where the sign-up call goes: at the editor's first mark, else behind its third paragraph.

    Without a mark a body of fewer than `least_blocks` blocks is too short to be interrupted; then, and with a mark at
    the very end, where the page has a call of its own, the second half is empty.
    """
    blocks = split_blocks(html)
    if SIGNUP_MARK in blocks:
        mark = blocks.index(SIGNUP_MARK)
        return without_signup_marks("\n".join(blocks[:mark])), without_signup_marks("\n".join(blocks[mark + 1 :]))
    html = without_signup_marks(html)
    if len(blocks) < least_blocks:
        return html, ""
    paragraphs = 0
    for index, block in enumerate(blocks[:-1]):
        paragraphs += block.startswith("<p>")
        if paragraphs >= after_paragraph and block.startswith("<p>"):
            return "\n".join(blocks[: index + 1]), "\n".join(blocks[index + 1 :])
    return html, ""


def without_signup_marks(html: str) -> str:
    """For everywhere but the article's page: a mark is no part of the text."""
    return html.replace(SIGNUP_MARK, "").strip()


def picture_digests(html: str) -> list[str]:
    """The digests of our pictures that a body shows, in order."""
    return [image[1] for image in _IMAGE.finditer(html)]


def replace_pictures(html: str, markup: Callable[[str, str], str]) -> str:
    """Put the markup for each of our pictures in the place of its <img>.

    `markup` gets its digest and the alt text that the body has for it; empty: the picture's own will do.
    """

    def replaced(image: re.Match[str]) -> str:
        alt = _ALT.search(image[0])
        return markup(image[1], unescape(alt[1]) if alt else "") or image[0]

    return _IMAGE.sub(replaced, html)

"""XML for feeds and sitemaps: elements that no text can make invalid."""

import re
from xml.etree import ElementTree

# What XML 1.0 cannot carry, not even as a reference; and C1 controls, which nobody means.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Element = ElementTree.Element


def clean(text: str) -> str:
    """The text without the characters that an XML document may not hold."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Cleaned text on one line: what a title is."""
    return re.sub(r"[ \t\r\n]+", " ", clean(text)).strip(" ")


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Append an element. Prefixes of tags are written as given; the root declares them."""
    child = ElementTree.SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    child.text = clean(text) or None
    return child


def to_bytes(root: Element) -> bytes:
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data

"""Two versions of an article side by side: field by field, and word by word where there is text."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.db.models import ForeignKey, ManyToManyField
from django.utils import timezone
from django.utils.formats import date_format

from news.body import SIGNUP_MARK, plain_text, split_blocks
from news.models import Article
from news.models.revision import Payload, changed_fields, label_of

Run = tuple[str, str]  # ("same", "old" or "new", its text)
_IMAGE = re.compile(r"""<img\b(?:"[^"]*"|[^">])*>""")


@dataclass(frozen=True)
class Change:
    """A field that differs. `runs` reads as the text with its changes marked; paragraphs end with a line break."""

    name: str
    label: str
    old: str
    new: str
    runs: list[Run]


def compare(old: Payload, new: Payload) -> list[Change]:
    """What differs between two payloads, in the order of the form; a field that one of them lacks is left out."""
    return [_change(name, old[name], new[name]) for name in changed_fields(old, new) if name in old]


def _change(name: str, old: Any, new: Any) -> Change:
    if name == "body":
        before, after = paragraphs(old), paragraphs(new)
        runs = _in_paragraphs(before, after)
        if before == after:
            runs = [("same", "The words are the same; links, emphasis or pictures differ.")]
        return Change(name, label_of(name), "\n".join(before), "\n".join(after), runs)
    old_text, new_text = _texts(name, old, new)
    return Change(name, label_of(name), old_text, new_text, _in_words(old_text, new_text))


def _texts(name: str, *values: Any) -> list[str]:
    """The values as the desk reads them."""
    field = Article._meta.get_field(name)
    if isinstance(field, ForeignKey | ManyToManyField):
        lists = [value if isinstance(value, list) else [value] for value in values]
        rows = field.remote_field.model._default_manager.in_bulk([key for keys in lists for key in keys if key])
        return [", ".join(str(rows.get(key, "(deleted)")) for key in keys if key) for keys in lists]
    return [_text(field, value) for value in values]


def _text(field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field.get_internal_type() == "DateTimeField":
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "D, M j, Y, P T")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(dict(field.flatchoices).get(value, value))


def paragraphs(body: str) -> list[str]:
    """The plain words of each block of a body; a picture and the sign-up's mark are named in brackets."""
    named = _IMAGE.sub(_picture_words, body).replace(SIGNUP_MARK, "<p>[Newsletter sign-up]</p>")
    return [plain_text(block) for block in split_blocks(named)]


def _picture_words(image: re.Match[str]) -> str:
    alt = re.search(r' alt="([^"]+)"', image[0])
    return f"[Picture: {alt[1]}] " if alt else "[Picture] "


def _in_paragraphs(old: list[str], new: list[str]) -> list[Run]:
    """Paragraphs first, then words within those that changed: that keeps a long body fast and the marks short."""
    runs: list[Run] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = [(old[a:b], new[c:d])]
        if b - a == d - c:
            pairs = [([before], [after]) for before, after in zip(old[a:b], new[c:d], strict=True)]
        for before, after in pairs:
            text = "\n".join(before)
            runs += [("same", text)] if kind == "equal" else _in_words(text, "\n".join(after))
            runs.append(("same", "\n"))
    return runs


def _in_words(old: str, new: str) -> list[Run]:
    before, after = (re.findall(r"\S+[^\S\n]*|\n", text) for text in (old, new))
    runs: list[Run] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("same", "".join(before[a:b])))
            continue
        runs += [run for run in (("old", "".join(before[a:b])), ("new", "".join(after[c:d]))) if run[1]]
    return runs

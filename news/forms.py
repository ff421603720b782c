"""The form field that edits a body. The forms of the newsroom's models are in news/admin/, beside their pages."""

from datetime import datetime
from typing import Any

from django import forms
from django.templatetags.static import static
from django_prose_editor.widgets import ProseEditorWidget
from unfold.widgets import UnfoldAdminTextInputWidget

from news.body import clean_html, plain_text
from news.embeds import EmbedRefused, video_of

# What the editor offers and holds; those that are not the stock editor's are in these files of static/admin-editor/.
EDITOR_FILES = ("body", "figure", "link", "embed", "signup", "paste")
EDITOR_SHEETS = [f"admin-editor/{name}.css" for name in ("body", "inserts", "dialog", "picker")]
EDITOR_EXTENSIONS: dict[str, Any] = {
    "WholeBody": True,
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "HardBreak": True,
    "HorizontalRule": True,
    "BulletList": True,
    "ListItem": True,
    "Blockquote": True,
    "Speaker": True,
    "Figure": True,
    "Image": True,
    "Caption": True,
    "Cite": True,
    "Embed": True,
    "EmbedLink": True,
    "SignupMark": True,
    "CompanyChip": True,
    "CleanPaste": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Code": True,
    "CodeBlock": True,
    "NoSpellCheck": False,
    "Heading": {"levels": [2, 3]},
    "OrderedList": {"enableListAttributes": False},
    # Without autolink: Cars.com is a company before it is an address.
    "Link": {"autolink": False, "enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Menu": {
        "groups": [
            {"group": "blockType -lists", "type": "dropdown", "minItems": 2},
            {"group": "marks"},
            {"group": "link"},
            {"group": "inserts"},
            {"group": "lists"},
            {"group": "nodes -blockType -lists"},
            {"group": "quote"},
            {"group": "figure"},
            {"group": "table"},
            {"group": "history"},
        ]
    },
}


MOST_BODY = 300_000
TOO_LONG = f"This is longer than {MOST_BODY:,} characters with its formatting. Cut it in two or paste it as plain text."


class BodyEditor(ProseEditorWidget):  # type: ignore[misc]
    """django-prose-editor with the elements of a body; the text area below it is what is sent."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, config={"extensions": EDITOR_EXTENSIONS}, preset="configurable")

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "js_modules": [static(f"admin-editor/{name}.js") for name in EDITOR_FILES]}

    @property
    def media(self) -> forms.Media:
        media: forms.Media = super().media + forms.Media(css={"all": EDITOR_SHEETS})
        return media


def in_our_time(moment: datetime) -> None:
    """Some write 9999 for “always”: in UTC that may be 10000, which Postgres takes and Python cannot read back."""
    if not 1900 <= moment.year < 2200:
        raise forms.ValidationError("Write a year from 1900 to 2199.")


class VideoField(forms.CharField):
    """The address of a YouTube video, in whichever of its forms; kept in one."""

    def __init__(self) -> None:
        super().__init__(
            label="Lead video",
            required=False,
            max_length=200,
            widget=UnfoldAdminTextInputWidget,
            help_text="A YouTube address. Readers see the lead picture until they press play.",
        )

    def clean(self, value: Any) -> str:
        address = super().clean(value)
        try:
            return video_of(address).url if address else ""
        except EmbedRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class BodyField(forms.CharField):
    """The form field of a `RichTextField`: what is checked is the clean value, which is empty if it shows nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "widget": BodyEditor})

    def to_python(self, value: Any) -> str:
        if len(value or "") > MOST_BODY:  # Cleaning takes ever longer the deeper elements are nested.
            raise forms.ValidationError(TOO_LONG)
        html = clean_html(super().to_python(value) or "")
        return html if plain_text(html) or "<img" in html else ""

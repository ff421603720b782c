"""The article's form: its words, where it is filed, who signs it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils.text import slugify
from unfold.widgets import UnfoldAdminExpandableTextareaWidget, UnfoldAdminURLInputWidget

from news.models import Article, Author, Byline

NEEDED_WHEN_PUBLISHED = ("dek", "body", "published_at", "authors_in_order")


class AuthorsInOrder(AutocompleteSelectMultiple):
    """Picks authors by name and keeps their order, which is that of the byline (static/admin-editor/article.js)."""

    def __init__(self) -> None:
        field = Article._meta.get_field("authors")
        super().__init__(field, admin.site, attrs={"data-keeps-order": "true"})

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        (group, options, index), *rest = super().optgroups(name, value, attrs)
        return [(group, sorted(options, key=lambda option: value.index(str(option["value"]))), index), *rest]


class AuthorsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Authors as a list in the order in which they were sent."""

    def clean(self, value: Any) -> list[Author]:  # type: ignore[override]
        found = {str(author.pk): author for author in super().clean(value)}
        return [found[key] for key in dict.fromkeys(map(str, value or ()))]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(map(str, initial or ())) != list(map(str, data or ()))


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    authors_in_order = AuthorsField(
        Author.objects.all(),
        label="Authors",
        required=False,
        widget=AuthorsInOrder,
        help_text="In the order of the byline.",
    )
    canonical_url = forms.URLField(
        label="Canonical address",
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="For syndicated copies: the original.",
    )

    class Meta:
        model = Article
        fields = (
            "headline",
            "dek",
            "body",
            "published_at",
            "section",
            "topics",
            "companies",
            "kind",
            "lead_picture",
            "slug",
            "search_headline",
            "social_headline",
            "mail_headline",
            "sponsor",
            "canonical_url",
            "updated_at",
        )
        widgets = {
            "headline": UnfoldAdminExpandableTextareaWidget(),
            "dek": UnfoldAdminExpandableTextareaWidget(),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "slug" not in self.fields:  # Who may only look gets no fields.
            return
        self.fields["slug"].required = False
        self.fields["slug"].help_text = "The end of the address: /news/…/. Made of the headline if left empty."
        if self.instance.pk:
            bylines = Byline.objects.filter(article=self.instance).values_list("author_id", flat=True)
            self.initial["authors_in_order"] = list(bylines)

    def clean_headline(self) -> str:
        return " ".join(self.cleaned_data["headline"].split())

    def clean_dek(self) -> str:
        return " ".join(self.cleaned_data["dek"].split())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = free_slug(cleaned.get("headline", ""), self.instance.pk)
        if cleaned.get("updated_at") and not cleaned.get("published_at"):
            self.add_error("updated_at", "An article without a publish time has not been updated.")
        if self.instance.status == Article.Status.PUBLISHED:
            for name in NEEDED_WHEN_PUBLISHED:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "A published article needs this. Withdraw it first to leave it empty.")
        return cleaned

    def save_byline(self) -> None:
        """Make the byline what the form says; the article has to be saved before."""
        self.instance.bylines.all().delete()
        authors: list[Author] = self.cleaned_data["authors_in_order"]
        Byline.objects.bulk_create(
            Byline(article=self.instance, author=author, position=position) for position, author in enumerate(authors)
        )


def free_slug(headline: str, pk: int | None) -> str:
    """A slug made of the headline that no other article has."""
    base = slug = slugify(headline)[:110].strip("-") or "article"
    taken = set(Article.objects.filter(slug__startswith=base).exclude(pk=pk or 0).values_list("slug", flat=True))
    number = 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug

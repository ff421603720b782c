"""The article's form: its words, where it is filed, who signs it; and what it does when two people write at once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminExpandableTextareaWidget, UnfoldAdminURLInputWidget

from news.admin.addresses import free_slug, why_taken
from news.admin.article_rows import RowsField, know_rows
from news.admin.moments import with_its_seconds
from news.forms import VideoField
from news.models import Article, Author, UnsavedWork
from news.models.revision import Payload, many_fields, payload_of, plain_fields

NEEDED_WHEN_PUBLISHED = ("dek", "body", "section", "published_at", "authors_in_order")
# The constraints that the form holds by itself.
RULES_OF_THE_FORM = {
    "article_status_known",
    "article_kind_known",
    "article_has_headline",
    "article_published_whole",
    "article_embargo_held",
    "article_updated_after_published",
}


class AuthorsInOrder(AutocompleteSelectMultiple):
    """Picks authors by name and keeps their order, which is that of the byline (static/admin-editor/article.js)."""

    def __init__(self) -> None:
        field = Article._meta.get_field("authors")
        super().__init__(field, admin.site, attrs={"data-keeps-order": "true"})

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        (group, options, index), *rest = super().optgroups(name, value, attrs)
        return [(group, sorted(options, key=lambda option: value.index(str(option["value"]))), index), *rest]


class AuthorsField(RowsField):
    """Authors as a list in the order in which they were sent."""

    def clean(self, value: Any) -> list[Author]:  # type: ignore[override]
        found = {str(author.pk): author for author in super().clean(value)}
        return [found[str(key)] for key in dict.fromkeys(self.prepare_value(value))]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(map(str, initial or ())) != list(map(str, data or ()))


class OtherArticles(AutocompleteSelectMultiple):
    """Picks articles by headline; `own` is the key of the one that is not offered (`ListPage.get_search_results`)."""

    own: int | None = None

    def __init__(self) -> None:
        super().__init__(Article._meta.get_field("related_picks"), admin.site)

    def get_url(self) -> str:
        return f"{super().get_url()}?except={self.own or 0}"


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    """The admin makes a subclass for each request, with what is kept over the article.

    `pending` is the draft over a live article, `unsaved` what the user asked to have back; the form shows them.
    `live` is what the row itself says, `shown` what the form showed, `version` of the article that was.
    """

    pending: ClassVar[Payload | None] = None
    unsaved: ClassVar[UnsavedWork | None] = None

    authors_in_order = AuthorsField(
        Author.objects.all(),
        label="Authors",
        required=False,
        widget=AuthorsInOrder,
        help_text="In the order of the byline.",
    )
    related_picks = RowsField(
        Article.objects.only("headline"),
        label="Related articles",
        required=False,
        widget=OtherArticles,
        help_text="Shown first under Related. Companies, topics and section choose the others.",
    )
    lead_video = VideoField()
    canonical_url = forms.URLField(
        label="Canonical address",
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="For syndicated copies: the original.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = (
            "headline",
            "dek",
            "body",
            "published_at",
            "embargo_until",
            "section",
            "topics",
            "companies",
            "kind",
            "lead_picture",
            "lead_video",
            "slug",
            "search_headline",
            "social_headline",
            "mail_headline",
            "related_picks",
            "sponsor",
            "canonical_url",
            "updated_at",
        )
        widgets = {
            "headline": UnfoldAdminExpandableTextareaWidget(),
            "dek": UnfoldAdminExpandableTextareaWidget(),
        }

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        related_keys = getattr(options.get("instance"), "related_keys", {})
        with only_keys(options.get("instance"), related_keys):
            super().__init__(data, *args, **options)
        self.instance.validate_constraints = self._validate_constraints
        self.is_overtaken = self.is_kept = False
        self.live: Payload = {}
        if "slug" not in self.fields:  # Who may only look gets no fields.
            return
        self.fields["slug"].required = False
        self.fields["slug"].help_text = "The end of the address: /news/…/. Made of the headline if left empty."
        related_picks: Any = self.fields["related_picks"]
        related_picks.widget.own = self.instance.pk
        related_picks.queryset = related_picks.queryset.exclude(pk=self.instance.pk)
        self._mark_what_publishing_needs()
        self.was_version = self.instance.version
        self.was_live = bool(self.instance.pk) and self.instance.is_live
        self.initial["version"] = self.was_version
        if self.instance.pk:
            self.live = payload_of(self.instance, related_keys)
            self.initial["authors_in_order"] = self.live["authors"]
            self.initial.update(initial_of(self.pending or {}))
        self.shown: Payload = {**self.live, **(self.pending or {})}
        if self.unsaved:
            self.initial.update(self._typed(self.unsaved.fields))
        if self.is_bound and (theirs := self.data.getlist("keep_theirs")):  # type: ignore[attr-defined]
            self.data = self._with_theirs(theirs)

    def _mark_what_publishing_needs(self) -> None:
        """A draft is saved without these, so they have no star."""
        if self.instance.status == Article.Status.PUBLISHED:
            return
        for name in ("dek", "body", "section", "authors_in_order"):
            field = self.fields[name]
            field.label = format_html('{} <span class="to-publish">needed to publish</span>', field.label)

    def _many(self) -> list[str]:
        return [field.name for field in many_fields() if field.name in self.fields]

    def clean_headline(self) -> str:
        return " ".join(self.cleaned_data["headline"].split())

    def clean_dek(self) -> str:
        return " ".join(self.cleaned_data["dek"].split())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = free_slug(cleaned.get("headline", ""), self.instance.pk)
        self._clean_times(cleaned)
        if self.instance.status == Article.Status.PUBLISHED:
            for name in NEEDED_WHEN_PUBLISHED:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "A published article needs this. Withdraw it first to leave it empty.")
        if self.instance.pk and cleaned.get("version") != self.was_version:
            self._refuse_to_overwrite()
        return cleaned

    def _clean_times(self, cleaned: dict[str, Any]) -> None:
        for name in ("published_at", "embargo_until", "updated_at"):
            if cleaned.get(name):
                cleaned[name] = with_its_seconds(cleaned[name], self.initial.get(name))
        published_at, embargo = cleaned.get("published_at"), cleaned.get("embargo_until")
        if cleaned.get("updated_at") and (not published_at or cleaned["updated_at"] < published_at):
            why = "An article without a publish time has not been updated."
            self.add_error("updated_at", "It cannot be updated before it is published." if published_at else why)
        if published_at and embargo and published_at < embargo:
            self.add_error("published_at", "It is under embargo: it cannot be published for an earlier time.")

    def _refuse_to_overwrite(self) -> None:
        """Somebody has saved since this form was opened: show both, and let the next save be a deliberate one."""
        self.is_overtaken = True
        self.add_error(
            None, "It was not saved, for somebody else has saved this article meanwhile. Compare, then save again."
        )
        data = self.data.copy()  # type: ignore[attr-defined]
        data["seen_version"], data["version"] = data.get("version", ""), str(self.was_version)
        self.data = data

    # Each question to the database is a query, so what the form knows already is not asked again.

    def _clean_fields(self) -> None:
        know_rows(self)
        super()._clean_fields()  # type: ignore[misc]

    def _post_clean(self) -> None:
        """The fields know keys only; whoever wants the rows themselves reads them."""
        super()._post_clean()  # type: ignore[misc]
        for name in ("section", "lead_picture"):
            self.instance._state.fields_cache.pop(name, None)

    def _get_validation_exclusions(self) -> set[str]:
        """The fields of the form have found their rows."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"section", "lead_picture"}

    def validate_unique(self) -> None:
        """Nothing else that is typed has to be unique."""
        slug = self.cleaned_data.get("slug")
        if slug and slug != self.live.get("slug") and (why := why_taken(slug, self.instance.pk)):
            self.add_error("slug", why)

    def _validate_constraints(self, exclude: Any = None) -> None:
        for constraint in Article._meta.constraints:
            if constraint.name not in RULES_OF_THE_FORM:
                constraint.validate(Article, self.instance, exclude=exclude)

    def _typed(self, fields: Mapping[str, list[str]]) -> dict[str, Any]:
        """What was typed, as initial values: what the widgets read from the fields of a sent form."""
        sent = MultiValueDict(fields)
        return {
            name: field.widget.value_from_datadict(sent, MultiValueDict(), self.add_prefix(name))
            for name, field in self.fields.items()
            if not field.widget.value_omitted_from_data(sent, MultiValueDict(), self.add_prefix(name))
        }

    def _with_theirs(self, names: list[str]) -> Any:
        """The sent fields, with the values that the article has by now for those of that name."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for name in names:
            name = "authors_in_order" if name == "authors" else name
            if name not in self.fields:
                continue
            widget: Any = self.fields[name].widget
            value: Any = self.initial.get(name)
            if isinstance(widget, forms.MultiWidget):
                parts: Any = widget.decompress(value)
                for number, part in enumerate(parts):
                    data[f"{name}_{number}"] = "" if part is None else str(part)
            elif isinstance(value, list):
                data.setlist(name, [str(key) for key in keys(value)])
            else:
                data[name] = "" if value is None else str(value)
        return data

    def payload(self) -> Payload:
        """What the form says, once it is checked."""
        many = {name: keys(self.cleaned_data[name]) for name in self._many() if name in self.cleaned_data}
        if "authors_in_order" in self.cleaned_data:
            many["authors"] = keys(self.cleaned_data["authors_in_order"])
        return payload_of(self.instance, many)


@contextmanager
def only_keys(article: Article | None, related: Mapping[str, list[int]]) -> Iterator[None]:
    """ModelForm reads all related rows to fill its fields with their keys; those came with the article already."""
    if article is None or not related:
        yield
        return
    models = {field.name: field.related_model for field in many_fields()}
    article._prefetched_objects_cache = {  # type: ignore[attr-defined]
        name: [model(pk=key) for key in related[name]] for name, model in models.items()
    }
    try:
        yield
    finally:
        article._prefetched_objects_cache = {}  # type: ignore[attr-defined]


def keys(rows: Any) -> list[int]:
    return [getattr(row, "pk", row) for row in rows]


def initial_of(payload: Payload) -> dict[str, Any]:
    """A payload as the initial values of the form."""
    plain = {field.name: field.to_python(payload[field.name]) for field in plain_fields() if field.name in payload}
    many = {field.name: payload[field.name] for field in many_fields() if field.name in payload}
    return {**plain, **many, **({"authors_in_order": payload["authors"]} if "authors" in payload else {})}

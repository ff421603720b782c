"""An edition's stories on the desk's page: chosen with their state, and noted where the mail is without them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet

from news.models import Article
from newsletter.compose import headline_of
from newsletter.editions import until_released
from newsletter.models import Edition, EditionItem

NO_MAIL = "No story here is published yet, so there is no mail."
NO_MAIL_ANY_MORE = "No story here is published, so there is no mail to send. The preview shows the last one."


class StoriesFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        if kept and not any(data.get("article") and not data["is_dropped"] and not data.get("DELETE") for data in kept):
            raise forms.ValidationError("An edition needs at least one story.")
        # Somebody may have added a story since this page was opened. (Django compares the rows of the page alone.)
        added = [data["article"] for data in kept if data.get("article") and not data.get("id")]
        known = self.instance.items.filter(article__in=added).select_related("article").first() if added else None
        if known:
            raise forms.ValidationError(f"“{known.article}” is in this edition by now. Reload the page.")


class StorySelect(AutocompleteSelect):
    def get_url(self) -> str:
        return reverse("admin:newsletter_edition_stories")


class StoriesInline(TabularInline):  # type: ignore[misc]
    """Drag to reorder: the first leads, the next three are top stories, the others stand by section."""

    model = EditionItem
    formset = StoriesFormSet
    fields = ("article", "headline", "is_dropped", "note", "position")
    readonly_fields = ("note",)
    ordering = ("position", "pk")
    ordering_field = "position"
    hide_ordering_field = True
    hide_title = True
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[EditionItem]:
        return with_what_notes_need(super().get_queryset(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "article":
            options |= {
                "widget": StorySelect(db_field, self.admin_site),
                "queryset": Article.objects.only("headline"),
            }
        return super().formfield_for_foreignkey(db_field, request, **options)

    @admin.display(description="Note")
    def note(self, item: EditionItem) -> SafeString:
        return shown(absence(item) if item.pk else "")


class StoriesToRead(TabularInline):  # type: ignore[misc]
    """The stories of an edition that cannot be changed, by the headlines that they have in it."""

    model = EditionItem
    fields = readonly_fields = ("story",)
    ordering = ("position", "pk")
    hide_title = True
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[EditionItem]:
        return with_what_notes_need(super().get_queryset(request))

    @admin.display(description="Headline")
    def story(self, item: EditionItem) -> SafeString:
        address = reverse("admin:news_article_change", args=[item.article_id])
        note = shown("Left out" if item.is_dropped else absence(item))
        return format_html('<a class="edition-story" href="{}">{}</a> {}', address, headline_of(item), note)


class StoryChoices(AutocompleteJsonView):
    """Stories by their words, the newest first, each with its state unless readers see it. None that is withdrawn."""

    def process_request(self, request: HttpRequest) -> tuple[str, Any, Any, str]:
        """It is asked for one field only, whatever the address says."""
        stories = admin.site.get_model_admin(Article)
        return request.GET.get("term", ""), stories, EditionItem._meta.get_field("article"), "pk"

    def get_queryset(self) -> QuerySet[Article]:
        found: QuerySet[Article] = super().get_queryset().exclude(status=Article.Status.WITHDRAWN)
        newest_first = found.order_by(F("published_at").desc(nulls_last=True), "-pk")
        return newest_first.only("headline", "status", "published_at")

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {"id": str(obj.pk), "text": obj.headline if obj.is_live else f"{obj.headline} · {state_of(obj)}"}


def with_what_notes_need(items: QuerySet[EditionItem]) -> QuerySet[EditionItem]:
    unread = ("article__body", "edition__html", "edition__text")
    return items.select_related("article", "edition__newsletter").defer(*unread)


def shown(words: str) -> SafeString:
    """The span is there without words too: the page shows a dash where it finds nothing."""
    return format_html('<span class="edition-note">{}</span>', words)


def absence(item: EditionItem) -> str:
    """Why the mail of an edition that is still to go out is without the story; empty if it has it or leaves it out."""
    story, edition = item.article, item.edition
    if story.is_live or item.is_dropped or edition.status not in Edition.UNSENT:
        return ""
    hour = until_released(edition) if story.state == "Scheduled" else None
    is_in_time = hour is not None and story.published_at is not None and story.published_at <= hour
    return f"{state_of(story)}: {'in time for this mail' if is_in_time else 'not in this mail'}"


def state_of(story: Article) -> str:
    """Such as “Draft” and “Scheduled Mon, Nov 23, 6 a.m.”"""
    if story.state == "Scheduled" and story.published_at:
        return f"Scheduled {date_format(timezone.localtime(story.published_at), 'D, M j, P')}"
    return story.state


def saved_message(edition: Edition, *, has_story: bool) -> tuple[int, str]:
    """What a save has to say, and how loud: of WARNING and SUCCESS of Django's messages."""
    if not has_story:
        return messages.WARNING, f"Saved. {NO_MAIL_ANY_MORE if edition.html else NO_MAIL}"
    items = with_what_notes_need(edition.items.filter(is_dropped=False))
    absent = [item for item in items if absence(item)]
    if not absent:
        return messages.SUCCESS, "The edition is saved."
    return messages.WARNING, f"Saved. Not published yet: {len(absent)} of its {len(items)} stories. See the notes."

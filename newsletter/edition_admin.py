"""The desk's pages of editions: the list with its progress, and the edition with its preview."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from news.admin.publication import ADDRESSES
from newsletter import editions
from newsletter.archive import MAIL_POLICY
from newsletter.edition_steps import EditionSteps
from newsletter.edition_stories import StoriesInline, StoriesToRead, StoryChoices, saved_message
from newsletter.models import Edition
from newsletter.progress import Progress
from newsletter.render import checks, in_scheme

HINTS = {
    "subject": "Empty: the lead’s headline. Phones show about 45 characters.",
    "preheader": "Empty: the next two headlines. Mail programs show 40 to 90 characters beside the subject.",
}
TOO_LATE = "It is too late to change this edition. Nothing of what you typed is kept."
PREVIEW_POLICY = MAIL_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@admin.register(Edition)
class EditionAdmin(EditionSteps):
    formfield_overrides = ADDRESSES
    list_display = ("day", "newsletter", "subject", "state", "under_way")
    list_display_links = ("day", "subject")
    list_filter = ("newsletter", "status")
    list_select_related = ("newsletter",)
    show_full_result_count = False
    readonly_fields = ("state", "progress", "goes_out")
    fieldsets = (
        (None, {"fields": ("state", "goes_out", "progress")}),
        ("Mail", {"fields": ("subject", "preheader", "note")}),
        ("Sponsor", {"fields": ("sponsor", "sponsor_line", "sponsor_url"), "classes": ("collapse",)}),
    )
    warn_unsaved_form = True
    change_form_outer_after_template = "admin/newsletter/edition/preview.html"

    class Media:
        css = {"all": ["admin-editor/edition.css"]}
        js = ["admin-editor/edition.js"]

    # Who may: an edition begins with the clock or by its own button, and is never deleted: its ledger is what was sent.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return bool(super().has_change_permission(request, obj)) and (obj is None or obj.status in Edition.UNSENT)

    # What the pages show

    @admin.display(description="Day", ordering="date")
    def day(self, edition: Edition) -> str:
        return date_format(edition.date, "D, M j, Y")

    @admin.display(description="State", ordering="status")
    def state(self, edition: Edition) -> SafeString:
        return format_html(
            '<span data-edition="{}" data-status="{}">{}</span>',
            edition.pk,
            edition.status,
            edition.get_status_display(),
        )

    @admin.display(description="Progress")
    def progress(self, edition: Edition) -> SafeString:
        words = Progress.of(edition, timezone.now()).words
        return format_html('<span data-edition-progress="{}">{}</span>', edition.pk, words)

    @admin.display(description="Progress")
    def under_way(self, edition: Edition) -> SafeString | str:
        """For the list: the mails of an edition that is over are counted on its own page only."""
        return edition.reason if edition.status in Edition.FINAL else self.progress(edition)

    @admin.display(description="Goes out", empty_value="–")
    def goes_out(self, edition: Edition) -> str | None:
        at = editions.until_released(edition)
        return date_format(timezone.localtime(at), "D, M j, P T") if at else None

    def view_on_site(self, edition: Edition) -> str | None:
        return edition.get_absolute_url() if edition.started_at else None

    def get_inlines(self, request: HttpRequest, obj: Edition | None) -> list[Any]:
        return [StoriesInline if self.has_change_permission(request, obj) else StoriesToRead]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name in HINTS:
            field.help_text = HINTS[db_field.name]
            field.widget.attrs["data-count"] = ""
        return field

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any) -> Any:
        edition = options.get("obj") or context.get("original")
        context["checks"] = checks(edition.html) if edition and edition.html else []
        return super().render_change_form(request, context, *args, **options)

    # The save

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **options: Any) -> Any:
        """Lock the edition before what is sent is checked, until all is saved, unless it goes out at this moment."""
        edition = self.get_object(request, object_id or "")
        if request.method != "POST" or edition is None or not self.has_view_permission(request, edition):
            return super().changeform_view(request, object_id, *args, **options)
        with transaction.atomic():
            if editions.locked(edition.pk, *Edition.UNSENT) is None:
                messages.error(request, TOO_LATE)
                return HttpResponseRedirect(request.path)
            return super().changeform_view(request, object_id, *args, **options)

    def save_model(self, request: HttpRequest, obj: Edition, form: Any, change: bool) -> None:
        """Its words follow with its stories."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        words = {name: getattr(form.instance, name) for name in editions.WORDS}
        has_story = editions.rewrite(form.instance.pk, **words)
        request.outcome = saved_message(form.instance, has_story=has_story)  # type: ignore[attr-defined]

    def message_user(self, request: HttpRequest, message: Any, level: Any = messages.INFO, **options: Any) -> None:
        """What a save has come to takes the place of Django's “was changed successfully”."""
        level, message = getattr(request, "outcome", (level, message))
        super().message_user(request, message, level, **options)

    # The pages beside

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("progress/", view(self.progress_view), name="newsletter_edition_progress"),
            path("stories/", view(StoryChoices.as_view(admin_site=self.admin_site)), name="newsletter_edition_stories"),
            path("<int:pk>/typed/", view(self.typed_view), name="newsletter_edition_typed"),
            path("<int:pk>/preview/<slug:kind>/", view(self.preview_view), name="newsletter_edition_preview"),
            *super().get_urls(),
        ]

    def progress_view(self, request: HttpRequest) -> JsonResponse:
        """{id: status, state, words} of the editions asked for by `ids`, for the pages that update themselves."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = [int(pk) for pk in request.GET.get("ids", "").split(",") if pk.isdecimal() and len(pk) < 19][:100]
        rows = Edition.objects.filter(pk__in=asked).defer("html", "text")
        now = timezone.now()
        found = {row.pk: Progress.of(row, now).as_json() for row in rows}
        return JsonResponse(found, headers={"Cache-Control": "no-store"})

    def typed_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """The mail as it would be with what is typed: that is saved by the form's own ways, and taken back at once."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            is_sound = self.changeform_view(request, str(pk)).status_code == 302
            edition = get_object_or_404(Edition, pk=pk)
            transaction.set_rollback(True)
        list(messages.get_messages(request))  # “Saved”, which it is not: read here, they are shown nowhere.
        schemes = {kind: in_scheme(edition.html, kind) for kind in ("light", "dark")}
        told = [{"is_fine": check.is_fine, "words": check.words} for check in checks(edition.html)]
        return JsonResponse({"is_sound": is_sound, "text": edition.text, "checks": told, **schemes})

    def preview_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """The mail as it is stored: `light`, `dark` or `text`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = get_object_or_404(Edition, pk=pk)
        headers = {"Content-Security-Policy": PREVIEW_POLICY, "X-Frame-Options": "SAMEORIGIN"}
        if kind == "text":
            return HttpResponse(edition.text, content_type="text/plain; charset=utf-8", headers=headers)
        return HttpResponse(in_scheme(edition.html, kind), headers=headers)

"""Corrections: a step of a live article makes one; a small page changes its words or takes it back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanWidget

from news import roles
from news.models import Article, Correction, Revision


class CorrectionForm(BaseDialogForm):  # type: ignore[misc]
    text = forms.CharField(
        label="Correction",
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=Correction._meta.get_field("text").help_text,
    )
    marks_update = forms.BooleanField(
        label="Also mark the article as updated now", required=False, widget=UnfoldBooleanWidget
    )


class CorrectionStep(ModelAdmin):  # type: ignore[misc]
    @action(  # type: ignore[untyped-decorator]
        description="Add correction",
        icon="assignment_late",
        permissions=["correct"],
        dialog={
            "title": "Add a correction",
            "description": "Readers see it under the article at once, with its date. What you have typed in the form "
            "since the last save is not kept.",
            "form_class": CorrectionForm,
            "form_submit_text": "Add correction",
        },
    )
    def correct(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        article, text = self.get_object(request, object_id), form.cleaned_data["text"]
        try:
            with transaction.atomic():
                article.correct(text, request.user, marks_update=form.cleaned_data["marks_update"])
                record(article, request.user, "Correction added", text)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "The correction is added. Readers see it now.")
        return HttpResponse(headers={"HX-Redirect": reverse("admin:news_article_change", args=[article.pk])})


@admin.register(Correction)
class CorrectionAdmin(ModelAdmin):  # type: ignore[misc]
    """The page of one correction, reached from its article."""

    fields = ("article", "text", "made_at")
    readonly_fields = ("article",)
    list_display = ("text", "article", "made_at")
    list_select_related = ("article",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A correction is added at its article."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return self._may("change", request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return self._may("delete", request, obj)

    def _may(self, verb: str, request: HttpRequest, obj: Correction | None) -> bool:
        """Whoever may correct the article; or, as long as it is about none, who has the right."""
        if obj is not None:
            return roles.may_correct(request.user, obj.article)
        return bool(request.user.has_perm(f"news.{verb}_correction"))

    def save_model(self, request: HttpRequest, obj: Correction, form: forms.ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        with transaction.atomic():
            obj.save()
            obj.article.save(update_fields=["saved_at"])
            record(obj.article, request.user, "Correction changed", obj.text)

    def delete_model(self, request: HttpRequest, obj: Correction) -> None:
        request.corrected = obj.article_id  # type: ignore[attr-defined]
        with transaction.atomic():
            obj.delete()
            obj.article.save(update_fields=["saved_at"])
            record(obj.article, request.user, "Correction deleted", obj.text)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for correction in queryset:
            self.delete_model(request, correction)

    def response_post_save_change(self, request: HttpRequest, obj: Correction) -> HttpResponse:
        return self.back_to(obj.article_id)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        messages.success(request, "The correction is deleted.")
        return self.back_to(request.corrected)  # type: ignore[attr-defined]

    def back_to(self, article_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[article_id]))


def record(article: Article, by: Any, what: str, text: str) -> None:
    Revision.objects.record(article, by, f"{what}: “{text}”")

"""The buttons that move an article: what each asks, who may press it, and what it says afterwards."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from unfold.decorators import action

from news import roles
from news.admin.correction import CorrectionStep
from news.admin.preview import ReviewLink
from news.admin.withdrawal import WithdrawForm
from news.models import Article, Revision

TYPED = "What you have typed since the last save is not kept."


class StepButtons(CorrectionStep, ReviewLink):
    """Steps that need no save are dialogs above the form; hand in and publish save first, so they are beside Save."""

    actions_detail = ("correct", "review_link", "break_story", "withdraw", "back_to_draft", "discard_changes")

    @action(  # type: ignore[untyped-decorator]
        description="Withdraw",
        icon="visibility_off",
        permissions=["withdraw"],
        dialog={
            "title": "Withdraw this article?",
            "description": f"Readers no longer find it. {TYPED}",
            "form_class": WithdrawForm,
            "form_submit_text": "Withdraw",
        },
    )
    def withdraw(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        to = form.cleaned_data["withdrawn_to"]
        leads_on = f" Its readers are sent to {to}." if to else ""
        step = partial(Article.withdraw, to=to)
        return self.take_back(request, object_id, step, f"The article is withdrawn.{leads_on}")

    @action(  # type: ignore[untyped-decorator]
        description="Back to draft",
        icon="undo",
        permissions=["back_to_draft"],
        dialog={
            "title": "Make this article a draft again?",
            "description": f"It is not published until you say so. {TYPED}",
            "form_submit_text": "Back to draft",
        },
    )
    def back_to_draft(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take_back(request, object_id, Article.back_to_draft, "The article is a draft again.")

    @action(  # type: ignore[untyped-decorator]
        description="Discard changes",
        icon="delete_sweep",
        permissions=["discard_changes"],
        dialog={
            "title": "Discard the draft over this article?",
            "description": f"The article stays as readers see it; the draft stays in its history. {TYPED}",
            "form_submit_text": "Discard changes",
        },
    )
    def discard_changes(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take_back(request, object_id, Revision.objects.discard_pending, "The changes are discarded.")

    @action(  # type: ignore[untyped-decorator]
        description="Break this story", icon="campaign", permissions=["break_story"]
    )
    def break_story(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('admin:news_breakingnews_add')}?{urlencode({'article': object_id})}")

    def has_break_story_permission(self, request: HttpRequest, object_id: str) -> bool:
        return bool(request.user.has_perm("news.add_breakingnews"))

    def has_withdraw_permission(self, request: HttpRequest, object_id: str) -> bool:
        return self._may(roles.may_publish, request, object_id)

    def has_correct_permission(self, request: HttpRequest, object_id: str) -> bool:
        return self._may(roles.may_correct, request, object_id)

    def has_review_link_permission(self, request: HttpRequest, object_id: str) -> bool:
        return self._may(roles.may_change, request, object_id)

    def has_back_to_draft_permission(self, request: HttpRequest, object_id: str) -> bool:
        return self._may(roles.may_take_back, request, object_id)

    def has_discard_changes_permission(self, request: HttpRequest, object_id: str) -> bool:
        return self._may(roles.may_change, request, object_id)

    def _may(self, rule: Callable[[Any, Article], bool], request: HttpRequest, object_id: str) -> bool:
        article = self.get_object(request, object_id)
        return article is not None and rule(request.user, article)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """The steps that the user may take and the article's state allows."""
        article = self.get_object(request, object_id)
        if article is None:
            return []
        sensible = {*article.possible_steps(), *(["discard_changes"] if article.pending else [])}
        sensible |= {"correct", "break_story"} if article.is_live else set()
        sensible |= {"review_link"} if article.status != Article.Status.WITHDRAWN else set()
        steps = super().get_actions_detail(request, object_id)
        return [step for step in steps if step.method.original_function_name in sensible]

    def take_back(
        self, request: HttpRequest, object_id: str, step: Callable[[Article], None], done: str
    ) -> HttpResponse:
        """Take a step that needs no form. The header sends htmx on; what a redirect leads to it would swap in."""
        article = self.get_object(request, object_id)
        refusals = refusals_of(step, article)
        for words in refusals:
            messages.error(request, words)
        if not refusals:
            Revision.objects.record(article, request.user, done)  # type: ignore[arg-type]
            messages.success(request, done)
        return HttpResponse(headers={"HX-Redirect": reverse("admin:news_article_change", args=[article.pk])})


def refusals_of(step: Callable[[Article], None], article: Article) -> list[str]:
    """Take the step; the result is what stood in its way, if anything."""
    try:
        step(article)
    except ValidationError as refusal:
        return list(refusal.messages)
    return []


def outcome(article: Article) -> str:
    """What a step has made of the article, for its history."""
    match article.state:
        case "Scheduled":
            return f"Scheduled for {in_words(article)}."
        case "In review":
            return "Handed in."
    return "Published."


def saved_message(article: Article) -> str:
    match article.state:
        case "Draft":
            return "The draft is saved."
        case "Published":
            return live_message("Saved. Readers see the change now.", article)
    return f"Saved. The article is {article.state.lower()}."


def step_message(article: Article) -> str:
    match article.state:
        case "Scheduled":
            return f"Scheduled: readers see it from {in_words(article)} on."
        case "In review":
            return "Handed in for review."
    return live_message("Published.", article)


def live_message(words: str, article: Article) -> SafeString:
    return format_html('{} <a href="{}" target="_blank">See it on the site</a>', words, article.get_absolute_url())


def in_words(article: Article) -> str:
    """The publish time in the publication's zone, such as “Wed, Nov 18, 2026, 12:00 p.m. EST”."""
    assert article.published_at  # noqa: S101
    return date_format(timezone.localtime(article.published_at), "D, M j, Y, P T")

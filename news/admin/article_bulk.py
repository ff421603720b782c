"""What the desk does to many articles at once: the verbs of one, article by article, with a line for each refusal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from news import roles
from news.models import Article, Revision, Section, Topic, User

MOST = 100
TOO_MANY = f"Choose up to {MOST} articles at a time."
Step = Callable[[Article, User], None]
Rule = Callable[[Any, Article], bool]


class BulkSteps(ModelAdmin):  # type: ignore[misc]
    """Each asks first, on a page with the articles that were ticked."""

    actions = ("bulk_withdraw", "bulk_back_to_draft", "bulk_section", "bulk_topic")

    @admin.action(description="Withdraw", permissions=["change"])
    def bulk_withdraw(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        return self.ask(
            request,
            articles,
            "Withdraw",
            "Withdrawn",
            roles.may_publish,
            taken(Article.withdraw, "The article is withdrawn."),
        )

    @admin.action(description="Back to draft", permissions=["change"])
    def bulk_back_to_draft(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        step = taken(Article.back_to_draft, "The article is a draft again.")
        return self.ask(request, articles, "Back to draft", "Drafts again", roles.may_take_back, step)

    @admin.action(description="Set section", permissions=["change"])
    def bulk_section(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        form = choice_form(Section.objects.all(), "Section", request)
        step = filed(lambda said: {"section": form.chosen})
        return self.ask(request, articles, "Set section", "Filed", roles.may_change, step, form)

    @admin.action(description="Add topic", permissions=["change"])
    def bulk_topic(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        form = choice_form(Topic.objects.all(), "Topic", request)
        step = filed(lambda said: {"topics": sorted({*said["topics"], form.chosen})})
        return self.ask(request, articles, "Add topic", "Filed", roles.may_change, step, form)

    def ask(
        self,
        request: HttpRequest,
        articles: QuerySet[Article],
        words: str,
        done: str,
        rule: Rule,
        step: Step,
        form: Any = None,
    ) -> HttpResponse | None:
        """The page that asks, then the step for each article, and how that went."""
        chosen = list(articles.order_by("pk")[: MOST + 1])
        if len(chosen) > MOST:
            messages.error(request, TOO_MANY)
            return None
        if "apply" in request.POST and (form is None or form.is_valid()):
            take_all(request, chosen, done, rule, step)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": words,
            "opts": self.opts,
            "articles": chosen,
            "form": form,
            "action": request.POST.get("action", ""),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/news/article/bulk.html", context)


def take_all(request: HttpRequest, articles: list[Article], done: str, rule: Rule, step: Step) -> None:
    """Each article in a transaction of its own, so that one that refuses holds up no other."""
    count = 0
    for article in articles:
        try:
            if not rule(request.user, article):
                raise ValidationError("You may not do this.")
            with transaction.atomic():
                step(article, request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            messages.error(request, f"“{article}”: {' '.join(refusal.messages)}")
        else:
            count += 1
    if count:
        messages.success(request, f"{done}: {count} article{'' if count == 1 else 's'}.")


def taken(verb: Callable[[Article], None], summary: str) -> Step:
    def step(article: Article, user: User) -> None:
        verb(article)
        Revision.objects.record(article, user, summary)

    return step


def filed(fields: Callable[[dict[str, Any]], dict[str, Any]]) -> Step:
    def step(article: Article, user: User) -> None:
        Revision.objects.change(article, user, fields)

    return step


class ChoiceForm(forms.Form):
    chosen_row: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        Section.objects.none(), widget=UnfoldAdminSelectWidget
    )

    @property
    def chosen(self) -> int:
        return int(self.cleaned_data["chosen_row"].pk)


def choice_form(rows: QuerySet[Any], label: str, request: HttpRequest) -> ChoiceForm:
    form = ChoiceForm(request.POST if "apply" in request.POST else None)
    field: Any = form.fields["chosen_row"]
    field.queryset, field.label = rows, label
    return form

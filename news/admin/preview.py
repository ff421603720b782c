"""The preview beside the form, from what is typed; and the link for a reviewer without a login."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from news.admin.addresses import free_slug
from news.admin.article_form import ArticleForm, keys
from news.models import Article
from news.models.revision import many_fields, plain_fields
from news.preview import Keys, preview_of, review_link

CLOSED = '<div id="dialog-form" x-init="openModal = false"></div>'


@require_POST
@xframe_options_sameorigin
def preview(request: HttpRequest, model_admin: Any, pk: int | None = None) -> HttpResponse:
    """The page with what is typed in the form. Nothing is stored, and nothing that was typed is refused."""
    article = model_admin.get_object(request, str(pk)) if pk else None
    if (pk and article is None) or not model_admin.may_write(request, article):
        raise PermissionDenied
    form = model_admin.get_form(request, article, change=pk is not None)(request.POST, instance=article)
    request.is_preview = True  # type: ignore[attr-defined]  # It gets the surroundings and the headers of readers' pages.
    page = render(request, "news/preview.html", preview_of(*as_typed(form)))
    page["X-Robots-Tag"] = "noindex"
    return page


def as_typed(form: ArticleForm) -> tuple[Article, Keys]:
    """The article and the keys of its related rows; what cannot be read, such as half a date, is as it was saved."""
    article, found = form.instance, {}
    for name, field in form.fields.items():
        field.required = False
        try:
            found[name] = field.clean(form[name].data)
        except ValidationError:
            continue
    for plain in plain_fields():
        if plain.name in found:
            setattr(article, plain.name, found[plain.name])
    article.slug = article.slug or free_slug(article.headline, article.pk)
    stored = getattr(article, "related_keys", {})
    chosen = {name: keys(rows) for name, rows in found.items() if name in {field.name for field in many_fields()}}
    authors = keys(found.get("authors_in_order", stored.get("authors", ())))
    empty = {field.name: list[int]() for field in many_fields()}
    return article, {**empty, **stored, **chosen, "authors": authors}


class ReviewLinkForm(BaseDialogForm):  # type: ignore[misc]
    form_after_template = "admin/news/article/_copy.html"

    link = forms.CharField(required=False, widget=UnfoldAdminTextInputWidget(attrs={"readonly": True}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        address, until = review_link(Article(pk=self.object_id))
        self.initial["link"] = address
        self.fields["link"].help_text = f"Works until {date_format(timezone.localtime(until), 'D, M j, Y, P T')}."


class ReviewLink(ModelAdmin):  # type: ignore[misc]
    @action(  # type: ignore[untyped-decorator]
        description="Review link",
        icon="link",
        permissions=["review_link"],
        dialog={
            "title": "Link for a reviewer",
            "description": "Whoever has it can read the article as it is last saved, without a login, embargo or not.",
            "form_class": ReviewLinkForm,
            "form_submit_text": "Done",
        },
    )
    def review_link(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """The dialog itself shows the link; its button closes it, so that nothing that was typed is lost."""
        return HttpResponse(CLOSED)

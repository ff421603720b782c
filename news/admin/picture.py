"""Pictures: upload, alt text, credit, focal point."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminFileFieldWidget

from news.admin.picture_picker import pick, upload
from news.models import Picture
from news.models.picture import PictureQuerySet
from news.pictures import PictureRefused
from news.tasks import render_on_commit

ABOUT = ("alt", "is_decorative", "credit", "caption")
PER_HUNDRED = UnfoldAdminDecimalFieldWidget(attrs={"min": "0", "max": "1", "step": "0.01"})


class PictureForm(forms.ModelForm):  # type: ignore[type-arg]
    upload = forms.FileField(
        label="Picture",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/*"}),
        help_text="JPEG, PNG, WebP, AVIF or GIF, up to 20 MB.",
    )

    class Meta:
        model = Picture
        fields = ("alt", "is_decorative", "caption", "credit", "focal_x", "focal_y")
        widgets = {"focal_x": PER_HUNDRED, "focal_y": PER_HUNDRED}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["upload"].required = False
            self.fields["upload"].label = "Replace the picture"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if upload := cleaned.get("upload"):
            try:
                self.instance.set_master(upload)
            except PictureRefused as refusal:
                self.add_error("upload", str(refusal))
        if not cleaned.get("alt") and not cleaned.get("is_decorative") and "alt" not in self.errors:
            self.add_error("alt", "Write what the picture shows, or mark it as decorative.")
        return cleaned


@admin.register(Picture)
class PictureAdmin(ModelAdmin):  # type: ignore[misc]
    form = PictureForm
    list_display = ("thumbnail", "title", "credit", "size", "state", "created_at")
    list_display_links = ("thumbnail", "title")
    search_fields = ("alt", "caption", "credit")
    search_help_text = "Alt text, caption or credit"
    show_full_result_count = False
    list_per_page = 40
    readonly_fields = ("preview", "state")

    class Media:
        css = {"all": ["admin-editor/picker.css"]}
        js = [Script("admin-editor/picture.js", type="module")]

    def get_queryset(self, request: HttpRequest) -> PictureQuerySet:
        """The newsroom's pictures: this list, and what other forms pick from."""
        pictures: PictureQuerySet = super().get_queryset(request)
        return pictures.of_the_newsroom()

    def get_fieldsets(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        may_upload = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        about = (
            *(("preview",) if obj else ()),
            *(("upload",) if may_upload else ()),
            *ABOUT,
            *(("state",) if obj else ()),
        )
        focal_point = {
            "fields": (("focal_x", "focal_y"),),
            "description": "The point that every crop keeps: press on it in the picture, or write the numbers.",
        }
        return ((None, {"fields": about}), ("Focal point", focal_point))

    def get_urls(self) -> list[Any]:
        """Our own addresses come before Django's, whose last one takes whatever is left."""
        ours = (
            ("<int:pk>/thumbnail/", "news_picture_thumbnail", self.thumbnail_view),
            ("pick/", "news_picture_pick", partial(pick, model_admin=self)),
            ("upload/", "news_picture_upload", partial(upload, model_admin=self)),
        )
        wrap = self.admin_site.admin_view
        return [*(path(route, wrap(view), name=name) for route, name, view in ours), *super().get_urls()]

    def thumbnail_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The picture at the size of a form: what the article's form shows when another one is picked."""
        picture = get_object_or_404(Picture, pk=pk)
        return HttpResponseRedirect(picture.sources("wide").src)

    def save_model(self, request: HttpRequest, obj: Picture, form: PictureForm, change: bool) -> None:
        if obj.render_error or {"focal_x", "focal_y"} & set(form.changed_data):
            obj.rendered_key = obj.render_error = ""
        super().save_model(request, obj, form, change)
        if not obj.rendered_key:
            render_on_commit(obj)

    @admin.display(description="Picture")
    def thumbnail(self, picture: Picture) -> SafeString:
        return format_html(
            '<img class="picture-thumbnail" src="{}" alt="" loading="lazy">', picture.sources("square").src
        )

    @admin.display(description="What it shows", ordering="alt")
    def title(self, picture: Picture) -> str:
        return str(picture)

    @admin.display(description="Size")
    def size(self, picture: Picture) -> str:
        return f"{picture.width} × {picture.height}"

    @display(  # type: ignore[untyped-decorator]
        description="State", label={"Ready": "success", "Waiting": "info", "Failed": "danger"}
    )
    def state(self, picture: Picture) -> Any:
        if picture.render_error:
            return "Failed", f"Failed: {picture.render_error}"
        return "Ready" if picture.rendered_key else "Waiting"

    @admin.display(description="Preview")
    def preview(self, picture: Picture) -> SafeString:
        return format_html('<img class="picture-preview" src="{}" alt="{}">', picture.sources("full").src, picture.alt)

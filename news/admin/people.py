"""Who logs in, and who signs."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from news import roles
from news.models import Author, User

# The tables of Django's own machinery: nobody on a desk is given rights to them.
MACHINERY = ("admin", "contenttypes", "sessions")


@admin.register(Author)
class AuthorAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "role", "employer", "user")
    list_select_related = ("user",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("portrait", "user")
    fields = ("name", "slug", "role", "employer", "bio", "portrait", "email", "user")


class NewUserForm(UserCreationForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = ("email", "first_name", "last_name")


class UserForm(UserChangeForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(StockUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    """Rights come from groups (`news/roles.py`). Who is no administrator can neither make one nor touch one's login.

    Only a superuser makes superusers: they may do what no role may.
    """

    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "first_name", "last_name", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_staff", "is_superuser", "groups")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    autocomplete_fields = ("groups",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password", ("first_name", "last_name"))}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": (("last_login", "date_joined"),)}),
    )
    add_fieldsets = ((None, {"fields": ("email", ("first_name", "last_name"), "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        locked = () if request.user.is_superuser else ("is_superuser",)
        if not roles.is_administrator(request.user):
            locked = (*locked, "is_staff", "groups")
        return (*super().get_readonly_fields(request, obj), *locked)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and outranks(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and outranks(request.user, obj)


def outranks(user: Any, other: Any) -> bool:
    """Whether the user may touch the other's login."""
    if not isinstance(other, User) or user.is_superuser:
        return True
    return not other.is_superuser and (roles.is_administrator(user) or not roles.is_administrator(other))


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(ModelAdmin):  # type: ignore[misc]
    search_fields = ("name",)
    filter_horizontal = ("permissions",)
    compressed_fields = False  # Two lists side by side need the width.

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **options)
        if db_field.name == "permissions":
            field.queryset = field.queryset.exclude(content_type__app_label__in=MACHINERY).select_related(
                "content_type"
            )
        return field

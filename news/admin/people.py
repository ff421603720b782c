"""Who logs in, and who signs."""

from functools import partial
from smtplib import SMTPException
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm

from news import roles
from news.access import access_mail
from news.admin.article_rows import RowField, RowsField
from news.models import Author, User

ROLE = "What they may do, such as Reporter or Editor. Several add up."
INVITES = "Save, and a mail with a link to choose a password goes to that address."
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

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": RowField, **options})


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A login without a password: whoever is invited chooses it."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "groups")
        labels = {"groups": "Role"}
        help_texts = {"groups": ROLE}

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        self.instance.is_staff = True
        return super().save(commit)


class UserForm(UserChangeForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = "__all__"
        labels = {
            "groups": "Role",
            "is_active": "Active",
            "is_staff": "Logs in here",
            "is_superuser": "May do everything",
        }
        help_texts = {
            "groups": ROLE,
            "is_active": "Off: this login no longer works. Their stories stay.",
            "is_staff": "Whoever gets a role does.",
            "is_superuser": "Without a role, and what no role may.",
        }


class RoleFilter(admin.RelatedFieldListFilter):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = "role"


@admin.register(User)
class UserAdmin(StockUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    """Rights come from roles (`news/roles.py`). Who is no administrator can neither make one nor touch one's login.

    Only a superuser sees the switches beside them, and makes superusers: they may do what no role may.
    """

    form = UserForm
    add_form = InvitationForm
    add_form_template = "admin/change_form.html"
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = (("groups", RoleFilter), "is_active")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined", "role")
    autocomplete_fields = ("groups",)
    filter_horizontal = ()
    actions_detail = ("invite_again",)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **{"form_class": RowsField, **options})

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related("groups")

    @admin.display(description="Role")
    def role(self, user: User) -> str:
        return (
            "May do everything" if user.is_superuser else ", ".join(sorted(group.name for group in user.groups.all()))
        )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """The role for administrators; for superusers the switches too that stand beside it."""
        may_give = roles.is_administrator(request.user) and self.has_change_permission(request, obj)
        role = "groups" if may_give else "role"
        if obj is None:
            return [(None, {"fields": ("email", ("first_name", "last_name"), role), "description": INVITES})]
        switches = ("is_staff", "is_superuser") if request.user.is_superuser else ()
        return [
            (None, {"fields": ("email", "password", ("first_name", "last_name"))}),
            ("Rights", {"fields": (role, "is_active", *switches)}),
            ("Dates", {"fields": (("last_login", "date_joined"),)}),
        ]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and outranks(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and outranks(request.user, obj)

    # The invitation

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever is given a role comes in."""
        if "groups" in form.changed_data and form.cleaned_data["groups"]:
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not change:
            transaction.on_commit(partial(self.invite, request, obj))

    @action(  # type: ignore[untyped-decorator]
        description="Invite again",
        icon="forward_to_inbox",
        permissions=["invite"],
        dialog={
            "title": "Mail the invitation once more?",
            "description": "With a new link to choose a password.",
            "form_submit_text": "Invite again",
        },
    )
    def invite_again(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        self.invite(request, get_object_or_404(User, pk=object_id))
        return HttpResponse(headers={"HX-Redirect": reverse("admin:news_user_change", args=[object_id])})

    def has_invite_permission(self, request: HttpRequest, object_id: str) -> bool:
        """Whoever has not come in yet."""
        user = self.get_object(request, object_id)
        if user is None or not user.is_active or not user.is_staff:
            return False
        return not user.has_usable_password() and self.has_change_permission(request, user)

    def invite(self, request: HttpRequest, user: User) -> None:
        """Mail the link, and say at once whether the mail server took it."""
        try:
            access_mail(user, invited_by=request.user).send()  # type: ignore[arg-type]
        except (SMTPException, OSError) as error:
            messages.error(request, f"The invitation could not be mailed: {error}. Invite {user.email} again later.")
        else:
            messages.success(request, f"The invitation is on its way to {user.email}.")


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

"""The way in for people of the newsroom: the login with its limit, and a new password by mail."""

import hashlib
import unicodedata
from typing import Any

from celery.exceptions import OperationalError as QueueAway
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget

from config.tasks import send_reset
from news.models import User
from newsletter import limits

# In ten minutes, from one network: wrong passwords for one address, logins of all kinds, and requests for a new one.
WRONG_PASSWORDS = 10
LOGINS = 200
RESETS = 20
# In ten minutes, from anywhere: mails to one address. Who asks more often gets the same answer and no mail.
MAILS = 3

TOO_MANY_LOGINS = "Too many wrong passwords for this address. Wait ten minutes, or ask for a new one below."
TOO_MANY_RESETS = "Too many requests from your network. Wait ten minutes and try again."
NO_QUEUE = "The mail cannot be sent at this moment. Try again in a few minutes."


class LoginForm(AuthenticationForm):  # type: ignore[misc]
    """Counts each try before it is checked, so that many at once count too; the right password forgets them."""

    def clean(self) -> Any:
        network = limits.network(limits.client_address(self.request))
        tries = f"login:{network}:{digest(self.data.get('username', ''))}"
        if limits.is_over(tries, WRONG_PASSWORDS) or limits.is_over(f"logins:{network}", LOGINS):
            raise forms.ValidationError(TOO_MANY_LOGINS, code="too_many")
        cleaned = super().clean()
        limits.forget(tries)
        return cleaned


class ResetForm(PasswordResetForm):
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        widget=UnfoldAdminEmailInputWidget({"autocomplete": "email", "autofocus": ""}),
    )

    def save(self, *args: Any, **options: Any) -> None:
        """Have the mail sent away from the page: the answer must not take longer for an address that we know."""
        email = self.cleaned_data["email"]
        user = User.objects.filter(email__iexact=email, is_active=True, is_staff=True).only("pk").first()
        may_write = not limits.is_over(f"reset-mail:{digest(email)}", MAILS)
        send_reset.apply_async((user.pk if user and may_write else 0,), expires=3600)


class Page:
    """What the views share: the theme's context, and that no cache keeps them."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        answer: HttpResponse = super().dispatch(request, *args, **options)  # type: ignore[misc]
        return answer

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
        theme = admin.site.each_context(self.request)  # type: ignore[attr-defined]
        return {**theme, **super().get_context_data(**options), "days": days}  # type: ignore[misc]


class Forgotten(Page, views.PasswordResetView):
    form_class = ResetForm
    success_url = reverse_lazy("password_reset_done")

    def form_valid(self, form: Any) -> HttpResponse:
        if limits.is_over(f"reset:{limits.network(limits.client_address(self.request))}", RESETS):
            return self.refuse(form, TOO_MANY_RESETS, 429)
        try:
            return super().form_valid(form)
        except QueueAway:
            return self.refuse(form, NO_QUEUE, 503)

    def refuse(self, form: Any, words: str, status: int) -> HttpResponse:
        form.add_error(None, words)
        return self.render_to_response(self.get_context_data(form=form), status=status)


class Sent(Page, views.PasswordResetDoneView):
    pass


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("new_password1", "new_password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget({"autocomplete": "new-password"})
        self.fields["new_password2"].help_text = ""


class NewPassword(Page, views.PasswordResetConfirmView):
    """The mailed link. Setting the password logs in, and ends the sessions that knew the old one."""

    form_class = NewPasswordForm
    post_reset_login = True
    success_url = reverse_lazy("admin:index")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        messages.success(self.request, "Your password is set.")
        return answer


def digest(address: str) -> str:
    """An address as part of a counter's name, which must not hold whatever somebody types.

    What Django takes for one address when it looks for a user (by NFKC) is one here, too.
    """
    alike = unicodedata.normalize("NFKC", address).strip().casefold()
    return hashlib.sha256(alike.encode()).hexdigest()[:32]

"""The buttons that move an edition: what each asks, who may press it, and what it says afterwards."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from newsletter import editions, trial
from newsletter.message import is_plain
from newsletter.models import Edition, Newsletter
from newsletter.smtp import SmtpSender

View = TypeVar("View", bound=Callable[..., HttpResponse])
Status = Edition.Status
TYPED = "What you have typed since the last save is not kept."
# The states in which each button makes sense.
STATES: dict[str, tuple[str, ...]] = {
    "send_test": (*Edition.UNSENT, Status.SENDING, Status.PAUSED),
    "hold": (Status.READY,),
    "let_go": (Status.HELD,),
    "send_now": Edition.UNSENT,
    "pause": (Status.SENDING,),
    "resume": (Status.PAUSED,),
    "cancel": (*Edition.UNSENT, Status.SENDING, Status.PAUSED),
    "send_uncertain": (Status.COMPLETE,),
}
NEED_CONTENT = {"send_test", "hold", "let_go", "send_now"}


def release(edition: Edition) -> bool:
    return editions.release(edition.pk, by_desk=True)


def send_again(edition: Edition) -> bool:
    return edition.send_uncertain_again() > 0


def step(words: str, icon: str, title: str, description: str, **dialog: Any) -> Callable[[View], View]:
    """A button with a dialog, so that it is pressed by POST and never by accident."""
    about = {"title": title, "description": f"{description} {TYPED}", "form_submit_text": words, **dialog}
    return action(description=words, icon=icon, permissions=["step"], dialog=about)  # type: ignore[no-any-return]


class TestForm(BaseDialogForm):  # type: ignore[misc]
    __test__ = False  # It is no test of pytest's.

    addresses = forms.CharField(
        widget=UnfoldAdminTextInputWidget, help_text=f"Up to {trial.MOST} addresses, with spaces or commas between."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["addresses"].initial = self.request.user.email

    def clean_addresses(self) -> list[str]:
        found = list(dict.fromkeys(str(self.cleaned_data["addresses"]).replace(",", " ").split()))
        for address in found:
            validate_email(address)
            if not is_plain(address):
                raise forms.ValidationError(
                    "The address %(address)s cannot be written to.", params={"address": address}
                )
        if len(found) > trial.MOST:
            raise forms.ValidationError(f"{trial.MOST} addresses at most.")
        return found


class BeginForm(BaseDialogForm):  # type: ignore[misc]
    newsletter = forms.ModelChoiceField(
        Newsletter.objects.filter(days=""), empty_label=None, widget=UnfoldAdminSelectWidget
    )


class EditionSteps(ModelAdmin):  # type: ignore[misc]
    actions_list = ("begin",)
    actions_detail = tuple(STATES)

    @action(
        description="New edition",
        icon="add",
        permissions=["step"],
        dialog={
            "title": "Make an edition of today by hand",
            "description": "For newsletters without days of their own, such as breaking news.",
            "form_class": BeginForm,
            "form_submit_text": "Make it",
        },
    )  # type: ignore[untyped-decorator]
    def begin(self, request: HttpRequest, form: BeginForm) -> HttpResponse:
        edition, is_new = editions.begin(form.cleaned_data["newsletter"])
        if is_new:
            self.log_addition(request, edition, "Begun by hand.")
            messages.success(request, "Add its stories and save. Then it can be looked at and sent.")
        else:
            messages.info(request, "This is the edition of today: a newsletter has one a day.")
        return self.back(edition)

    def get_actions_list(self, request: HttpRequest) -> list[Any]:
        found = super().get_actions_list(request)
        return found if Newsletter.objects.filter(days="").exists() else []

    @step(
        "Send a test",
        "outgoing_mail",
        "Send a test of this edition",
        "The mail as readers would get it, with “Test:” before its subject.",
        form_class=TestForm,
    )
    def send_test(self, request: HttpRequest, form: TestForm, object_id: str) -> HttpResponse:
        edition, addresses = self.edition(request, object_id), form.cleaned_data["addresses"]
        if edition is None:
            raise Http404("There is no such edition.")
        if not self.is_sensible("send_test", edition):
            messages.error(request, "There is nothing to test.")
            return self.back(edition)
        failures = trial.send_trial(edition, addresses, SmtpSender(trial.SECONDS))
        for address, words in failures.items():
            messages.error(request, f"{address}: {words}")
        if sent := [address for address in addresses if address not in failures]:
            messages.success(request, f"The test is sent to {', '.join(sent)}.")
        return self.back(edition)

    @step("Hold", "front_hand", "Hold this edition?", "It does not go out until somebody lets it go.")
    def hold(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take(request, object_id, "hold", Edition.hold, "The edition is held.")

    @step("Let go", "check", "Let this edition go?", "It goes out at its hour, or at once if that is past.")
    def let_go(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take(request, object_id, "let_go", Edition.make_ready, "The edition is ready.")

    @step("Send now", "send", "Send this edition now?", "It goes to all its readers at once, and cannot be taken back.")
    def send_now(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take(request, object_id, "send_now", release, "The edition is being sent.")

    @step("Pause", "pause", "Pause this edition?", "No more mails leave until you resume.")
    def pause(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take(request, object_id, "pause", Edition.pause, "The edition is paused.")

    @step("Resume", "play_arrow", "Resume this edition?", "The mails that wait go out.")
    def resume(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take(request, object_id, "resume", Edition.resume, "The edition is being sent again.")

    @step("Cancel edition", "cancel", "Cancel this edition for good?", "What has not been sent never is.")
    def cancel(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take(request, object_id, "cancel", Edition.cancel, "The edition is cancelled.")

    @step(
        "Send uncertain again",
        "replay",
        "Send the uncertain mails once more?",
        "Nobody knows whether they arrived: some readers may get the edition twice.",
    )
    def send_uncertain(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take(request, object_id, "send_uncertain", send_again, "The uncertain mails go out again.")

    def has_step_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("newsletter.change_edition"))

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """The buttons that the edition's state allows."""
        edition = self.edition(request, object_id)
        steps = super().get_actions_detail(request, object_id)
        return [one for one in steps if self.is_sensible(one.method.original_function_name, edition)]

    def is_sensible(self, name: str, edition: Edition | None) -> bool:
        if edition is None or edition.status not in STATES[name]:
            return False
        if name == "send_uncertain":
            return edition.deliveries.filter(state="uncertain").exists()
        return bool(edition.html) or name not in NEED_CONTENT

    def edition(self, request: HttpRequest, object_id: str) -> Any:
        return self.get_object(request, object_id)

    def take(
        self, request: HttpRequest, object_id: str, name: str, verb: Callable[[Edition], bool], done: str
    ) -> HttpResponse:
        """Take the step, keep who took it and say so. A verb says itself whether it still could be taken."""
        edition = self.edition(request, object_id)
        if edition is None:
            raise Http404("There is no such edition.")
        if self.is_sensible(name, edition) and verb(edition):
            self.log_change(request, edition, done)
            messages.success(request, done)
        else:
            edition.refresh_from_db()
            state = edition.get_status_display().lower()
            messages.error(request, f"That cannot be done: the edition is {state} by now.")
        return self.back(edition)

    def back(self, edition: Edition) -> HttpResponse:
        """The header sends htmx on; what a redirect leads to it would swap in."""
        return HttpResponse(headers={"HX-Redirect": reverse("admin:newsletter_edition_change", args=[edition.pk])})

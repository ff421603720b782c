"""Signing up, confirming and unsubscribing. Only a POST changes anything: scanners of mail follow every link."""

from collections.abc import Callable
from functools import wraps

from django.core.signing import BadSignature, SignatureExpired
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import gate, tasks, tokens
from newsletter.forms import SignupForm
from newsletter.models import Newsletter, Subscriber, Subscription
from newsletter.tokens import Purpose

View = Callable[..., HttpResponse]


def unkept(view: View) -> View:
    """The answer is for this visitor alone: no cache keeps it, no other site learns its address."""

    @wraps(view)
    def unkept_view(request: HttpRequest, **kwargs: str) -> HttpResponse:
        response = view(request, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    return unkept_view


def by_token(view: View) -> View:
    """For a page whose address is a secret: not indexed, and posted to by people and mail programs without a cookie."""

    @wraps(view)
    def token_view(request: HttpRequest, **kwargs: str) -> HttpResponse:
        response = view(request, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    methods = require_http_methods(["GET", "HEAD", "POST"])
    return unkept(csrf_exempt(methods(token_view)))


@unkept
@require_safe
def newsletter(request: HttpRequest) -> HttpResponse:
    return signup_page(request, SignupForm(), 200)


@unkept
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take a sign-up. The answer is the same whether or not we know the address, or may write to it."""
    if request.method != "POST":
        return redirect("newsletter")  # Somebody came back to the address of a form with an error.
    if gate.is_cross_site(request):
        return render(request, "newsletter/refused.html", status=403)
    form = SignupForm(request.POST)
    if not form.is_valid():
        return signup_page(request, form, 422)
    if form.is_by_a_person:
        if gate.is_over_limit(request):
            form.add_error("email", gate.TOO_MANY)
            return signup_page(request, form, 429)
        with transaction.atomic():
            subscription = form.cleaned_data["newsletter"].sign_up(form.cleaned_data["email"])
            send_letter_soon(subscription)
    return HttpResponseRedirect(reverse("newsletter_check_your_mail"), status=303)


@unkept
@require_safe
def check_your_mail(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/check_your_mail.html")


@by_token
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    try:
        subscription = find(Purpose.CONFIRM, token)
    except (BadSignature, Subscription.DoesNotExist) as error:
        return link_gone(request, error)
    if request.method == "POST":
        with transaction.atomic():
            if not subscription.confirm():
                return render(request, "newsletter/unreachable.html", status=410)
            send_letter_soon(subscription)
    page = "confirmed" if subscription.is_running else "confirm"
    context = {"newsletter": subscription.newsletter, "preferences": preferences_of(subscription.subscriber)}
    return render(request, f"newsletter/{page}.html", context)


@by_token
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Also what a mail program posts by itself when its own button is pressed (RFC 8058): no cookie, no redirect."""
    try:
        subscription = find(Purpose.UNSUBSCRIBE, token)
    except BadSignature as error:
        return link_gone(request, error)
    except Subscription.DoesNotExist:  # The person's data was erased since: as unsubscribed as can be.
        return render(request, "newsletter/unsubscribed.html")
    if request.method == "POST":
        subscription.end()
    if subscription.is_running:
        return render(request, "newsletter/unsubscribe.html", {"newsletter": subscription.newsletter})
    person = subscription.subscriber
    undo = tokens.make(Purpose.CONFIRM, person.key, subscription.newsletter_id)
    context = {
        "newsletter": subscription.newsletter,
        "undo": reverse("newsletter_confirm", args=[undo]),
        "others": Newsletter.objects.filter(subscriptions__in=person.subscriptions.running()),
        "preferences": preferences_of(person),
    }
    return render(request, "newsletter/unsubscribed.html", context)


def preferences_of(person: Subscriber) -> str:
    return reverse("newsletter_preferences", args=[tokens.make(Purpose.PREFERENCES, person.key)])


def find(purpose: Purpose, token: str) -> Subscription:
    key, newsletter_id = tokens.read(purpose, token)
    rows = Subscription.objects.select_related("subscriber", "newsletter")
    return rows.get(subscriber__key=key, newsletter_id=newsletter_id)


def send_letter_soon(subscription: Subscription) -> None:
    """Wake a worker. If the queue is down, that is logged, and the clock finds the letter within a minute.

    A lambda, as Django's log line of a robust hook fails on a `partial` (it has no `__qualname__`).
    """
    transaction.on_commit(lambda: tasks.send_letter.delay(subscription.pk), robust=True)


def signup_page(request: HttpRequest, form: SignupForm, status: int) -> HttpResponse:
    # What the desk makes by hand, such as breaking news, is chosen on the page of preferences.
    context = {"form": form, "newsletters": Newsletter.objects.exclude(days="")}
    return with_form(render(request, "newsletter/newsletter.html", context, status=status))


def link_gone(request: HttpRequest, error: Exception) -> HttpResponse:
    is_expired = isinstance(error, SignatureExpired)
    context = {"is_expired": is_expired}
    return with_form(render(request, "newsletter/link_gone.html", context, status=410 if is_expired else 404))


def with_form(response: HttpResponse) -> HttpResponse:
    """Under `no-referrer` an older browser hides the origin of a form too, and we would refuse it."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response

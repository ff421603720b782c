"""What a person gets from us and what we hold on them. Whoever reads their mail may see it, change it and erase it."""

from django.core.signing import BadSignature, SignatureExpired
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import gate, tasks, tokens
from newsletter.forms import AddressForm, PreferencesForm
from newsletter.models import LinkRequest, Newsletter, Subscriber, Subscription
from newsletter.personal_data import erase, held_on
from newsletter.tokens import Purpose
from newsletter.views import by_token, send_letter_soon, unkept, with_form


@unkept
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def send_link(request: HttpRequest) -> HttpResponse:
    """Mail the owner of an address the link to its preferences. The answer is the same whether or not we know it."""
    if request.method != "POST":
        return link_page(request, AddressForm(), 200)
    if gate.is_cross_site(request):
        return render(request, "newsletter/refused.html", status=403)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return link_page(request, form, 422)
    if form.is_by_a_person:
        if gate.is_over_limit(request):
            form.add_error("email", gate.TOO_MANY)
            return link_page(request, form, 429)
        send_link_soon(form.cleaned_data["email"], LinkRequest.Kind.PREFERENCES)
    return HttpResponseRedirect(reverse("newsletter_link_sent"), status=303)


@unkept
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/link_sent.html")


@by_token
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person = find(Purpose.PREFERENCES, token)
    except BadSignature as error:
        return link_gone(request, error)
    except Subscriber.DoesNotExist:
        return render(request, "newsletter/unsubscribed.html")
    done = change(person, request) if request.method == "POST" else ""
    person.refresh_from_db()
    chosen = set(person.subscriptions.running().values_list("newsletter", flat=True))
    choices = [(newsletter, newsletter.pk in chosen) for newsletter in Newsletter.objects.all()]
    context = {"address": masked(person.email), "choices": choices, "done": done, "can_write": person.is_reachable}
    return render(request, "newsletter/preferences.html", context)


@by_token
def data(request: HttpRequest, token: str) -> HttpResponse:
    """Only a link that was mailed within the hour leads here."""
    try:
        person = find(Purpose.DATA, token)
    except BadSignature as error:
        return link_gone(request, error)
    except Subscriber.DoesNotExist:
        return render(request, "newsletter/unsubscribed.html")
    if request.POST.get("do") == "export":
        headers = {"Content-Disposition": 'attachment; filename="newsletter-data.json"'}
        return JsonResponse(held_on(person), headers=headers, json_dumps_params={"indent": 2, "ensure_ascii": False})
    if request.POST.get("do") == "erase":
        was_suppressed = person.suppression is not None
        erase(person)
        return render(request, "newsletter/erased.html", {"was_suppressed": was_suppressed})
    return render(request, "newsletter/data.html", {"address": person.email})


def change(person: Subscriber, request: HttpRequest) -> str:
    """Do what the pressed button says; what was done, for the page."""
    match request.POST.get("do"):
        case "save":
            form = PreferencesForm(request.POST)
            if form.is_valid():
                choose(person, set(form.cleaned_data["newsletter"]))
                return "saved"
        case "leave":
            person.end_all()
            return "left"
        case "data":
            send_link_soon(person.email, LinkRequest.Kind.DATA)
            return "mailed"
    return ""


def choose(person: Subscriber, chosen: set[Newsletter]) -> None:
    """Begin and end subscriptions until these are the person's. The mailed link is as good as a confirmation."""
    with transaction.atomic():
        person.subscriptions.exclude(newsletter__in=chosen).end()
        for newsletter in chosen:
            subscription, _ = Subscription.objects.get_or_create(subscriber=person, newsletter=newsletter)
            if not subscription.is_running and subscription.confirm():
                send_letter_soon(subscription)


def send_link_soon(email: str, kind: str) -> None:
    """Wake a worker; see `send_letter_soon`."""
    with transaction.atomic():
        asked = LinkRequest.objects.ask(email, kind)
        transaction.on_commit(lambda: tasks.send_link.delay(asked.pk), robust=True)


def find(purpose: Purpose, token: str) -> Subscriber:
    key, _ = tokens.read(purpose, token)
    return Subscriber.objects.get(key=key)


def masked(address: str) -> str:
    """Enough for its owner; the link may be in a mail that was passed on."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def link_gone(request: HttpRequest, error: Exception) -> HttpResponse:
    is_expired = isinstance(error, SignatureExpired)
    return link_page(request, AddressForm(), 410 if is_expired else 404, "expired" if is_expired else "broken")


def link_page(request: HttpRequest, form: AddressForm, status: int, problem: str = "") -> HttpResponse:
    context = {"form": form, "problem": problem}
    return with_form(render(request, "newsletter/send_link.html", context, status=status))

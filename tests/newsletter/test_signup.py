import pytest
from django.http import HttpResponse
from django.test import Client

from newsletter.gate import MOST_IN_WINDOW, TOO_MANY
from newsletter.models import Newsletter, Subscriber, Subscription
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def sign_up(client: Client, email: str = "pat@example.com", **more: str) -> HttpResponse:
    return client.post("/newsletter/subscribe/", {"email": email, "website": "", **more})


def test_an_unknown_address_becomes_a_pending_subscriber_who_is_owed_a_reply(client: Client, daily: Newsletter) -> None:
    sign_up(client)
    subscription = Subscription.objects.get(subscriber__email="pat@example.com", newsletter=daily)
    assert subscription.subscriber.status == "pending"
    assert (subscription.letter, subscription.is_running) == ("reply", False)


def test_the_answer_is_the_same_whoever_asks(client: Client, daily: Newsletter) -> None:
    make.subscriber("pending@example.com")
    daily.sign_up("active@example.com").confirm()
    make.subscriber("bounced@example.com", status="bounced")
    make.subscriber("complained@example.com", status="complained")
    asked = [f"{name}@example.com" for name in ("new", "pending", "active", "bounced", "complained")]
    answers = [sign_up(client, email) for email in asked]
    answers.append(sign_up(client, website="https://spam.example"))
    assert {(answer.status_code, answer.content, tuple(answer.items())) for answer in answers} == {
        (
            303,
            b"",
            (
                ("Content-Type", "text/html; charset=utf-8"),
                ("Location", "/newsletter/check-your-mail/"),
                ("Cache-Control", "no-store"),
                ("Referrer-Policy", "no-referrer"),
                *((name, value) for name, value in answers[0].items() if name in SITE_WIDE),
            ),
        )
    }


def test_a_network_that_sends_too_many_is_told_so_and_loses_nothing(client: Client, daily: Newsletter) -> None:
    for number in range(MOST_IN_WINDOW):
        assert sign_up(client, f"reader{number}@example.com").status_code == 303
    answer = sign_up(client, "late@example.com")
    page = answer.content.decode()
    assert (answer.status_code, TOO_MANY in page, 'value="late@example.com"' in page) == (429, True, True)
    assert Subscriber.objects.count() == MOST_IN_WINDOW
    link = client.post("/newsletter/preferences/", {"email": "late@example.com", "website": ""})
    assert (link.status_code, TOO_MANY in link.content.decode()) == (429, True)


SITE_WIDE = [
    "Content-Length",
    "Content-Security-Policy",
    "Permissions-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
]


def test_the_same_statements_run_whoever_asks(
    client: Client, daily: Newsletter, django_assert_num_queries: object
) -> None:
    daily.sign_up("active@example.com").confirm()
    make.subscriber("complained@example.com", status="complained")
    for email in ("new@example.com", "new@example.com", "active@example.com", "complained@example.com"):
        with django_assert_num_queries(11):  # type: ignore[operator]
            sign_up(client, email)


def test_an_address_is_one_person_in_any_case(client: Client, daily: Newsletter) -> None:
    for email in ("Pat@Example.com", "pat@example.com", " PAT@EXAMPLE.COM "):
        sign_up(client, email)
    assert list(Subscriber.objects.values_list("email", flat=True)) == ["Pat@example.com"]


def test_a_filled_decoy_stores_nothing(client: Client, daily: Newsletter) -> None:
    sign_up(client, website="https://spam.example")
    assert Subscriber.objects.count() == 0


def test_a_bounced_or_complained_address_is_owed_nothing(client: Client, daily: Newsletter) -> None:
    for status in ("bounced", "complained"):
        make.subscriber(f"{status}@example.com", status=status)
        sign_up(client, f"{status}@example.com")
    assert Subscription.objects.owed_letter().count() == 0


def test_one_may_choose_another_newsletter(client: Client, daily: Newsletter) -> None:
    friday = make.newsletter("Friday Lane", position=1)
    sign_up(client, newsletter="friday-lane")
    assert Subscription.objects.get().newsletter == friday


def test_without_a_choice_it_is_the_first_newsletter(client: Client, daily: Newsletter) -> None:
    make.newsletter("Friday Lane", position=1)
    sign_up(client)
    assert Subscription.objects.get().newsletter == daily


@pytest.mark.parametrize(
    "typed", ["", "pat", "pat@example", "pat@@example.com", "pat@example.com\nBcc: all@example.com"]
)
def test_a_wrong_address_is_shown_again_with_what_is_wrong(client: Client, daily: Newsletter, typed: str) -> None:
    answer = sign_up(client, typed)
    assert (answer.status_code, answer["Cache-Control"]) == (422, "no-store")
    page = answer.content.decode()
    assert 'aria-invalid="true" aria-describedby="signup-page-error" autofocus' in page
    assert page.count('id="signup-page-error"') == 1
    assert Subscriber.objects.count() == 0


def test_what_was_typed_is_kept_and_is_no_markup(client: Client, daily: Newsletter) -> None:
    page = sign_up(client, '"><script>x').content.decode()
    assert 'value="&quot;&gt;&lt;script&gt;x"' in page


def test_an_unknown_newsletter_is_refused(client: Client, daily: Newsletter) -> None:
    answer = sign_up(client, newsletter="nothing-like-it")
    assert answer.status_code == 422
    assert "Please choose one of the newsletters." in answer.content.decode()


def test_there_may_be_no_newsletter(client: Client) -> None:
    make.publication()
    assert "No newsletter at the moment" in client.get("/newsletter/").content.decode()
    assert sign_up(client).status_code == 422


def test_the_page_offers_a_choice_only_where_there_is_one(client: Client, daily: Newsletter) -> None:
    assert "signup-choice" not in client.get("/newsletter/").content.decode()
    make.newsletter("Friday Lane", position=1)
    assert client.get("/newsletter/").content.decode().count('type="radio"') == 2


def test_no_page_of_ours_sets_a_cookie(client: Client, daily: Newsletter) -> None:
    for answer in (client.get("/newsletter/"), sign_up(client), client.get("/newsletter/check-your-mail/")):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"


def test_going_back_to_the_address_of_the_form_shows_the_form(client: Client, daily: Newsletter) -> None:
    assert client.get("/newsletter/subscribe/")["Location"] == "/newsletter/"


def test_a_throw_away_address_is_refused_kindly(client: Client, daily: Newsletter) -> None:
    answer = sign_up(client, "pat@GuerrillaMail.com")
    assert answer.status_code == 422
    assert "Please use one that you will still read next week." in answer.content.decode()
    assert Subscriber.objects.count() == 0

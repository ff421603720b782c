import pytest
from django.test import Client

from news.models import User
from tests import make

pytestmark = pytest.mark.django_db


def test_a_logged_in_editor_gets_the_page_that_readers_get(client: Client):
    article = make.article()
    as_reader = client.get(article.get_absolute_url())
    client.force_login(User.objects.create_superuser("ann@example.com", "x"))
    as_editor = client.get(article.get_absolute_url())
    assert as_editor.content == as_reader.content
    assert as_editor.headers["Cache-Control"] == as_reader.headers["Cache-Control"]


def test_the_admins_cookies_are_for_the_admin_only(client: Client):
    response = client.get("/admin/login/")
    assert response.cookies["csrftoken"]["path"] == "/admin/"
    assert "no-store" in response["Cache-Control"] or "private" in response["Cache-Control"]


def test_the_admin_shows_times_in_the_publications_zone(client: Client):
    make.publication(time_zone="America/Chicago")
    article = make.article()
    client.force_login(User.objects.create_superuser("ann@example.com", "x"))
    html = client.get(f"/admin/news/article/{article.pk}/change/").content.decode()
    assert 'value="11:00"' in html


@pytest.mark.parametrize(
    "path",
    [
        "/admin/autocomplete/?term=%00&app_label=news&model_name=article&field_name=topics",
        "/admin/news/article/?kind__exact=%00",
        "/admin/news/article/?state=a%00b",
    ],
)
def test_a_null_character_in_an_address_is_refused(client: Client, path: str):
    client.force_login(make.user(is_superuser=True))
    assert client.get(path).status_code == 400


def test_an_answer_to_a_post_is_never_kept(client: Client):
    assert client.post("/latest/")["Cache-Control"] != client.get("/latest/")["Cache-Control"]


@pytest.mark.parametrize(("path", "host", "status"), [("/nope/", "evil.example", 400), ("/latest", "testserver", 301)])
def test_answers_that_no_view_has_made_carry_the_security_headers(client: Client, path: str, host: str, status: int):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == status
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")

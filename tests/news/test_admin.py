from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from news.models import Picture, Publication
from news.tasks import render_picture
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

PICTURES = "/admin/news/picture/"


@pytest.fixture
def desk(client: Client) -> Client:
    make.publication()
    client.force_login(make.user(is_superuser=True))
    return client


def upload(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("lot.jpg", make.image_file().getvalue() if data is None else data, "image/jpeg")


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "alt": "A lot at dusk",
        "caption": "The lot.",
        "credit": "L. Marsh",
        "focal_x": 0.5,
        "focal_y": 0.5,
        **fields,
    }


def test_an_uploaded_picture_is_kept_with_its_words(desk: Client) -> None:
    assert desk.post(f"{PICTURES}add/", typed(upload=upload())).status_code == 302
    picture = Picture.objects.get()
    assert (picture.alt, picture.credit, picture.width, picture.height) == ("A lot at dusk", "L. Marsh", 1600, 900)
    assert picture.master.name == f"pictures/masters/{picture.digest[:2]}/{picture.digest}.jpg"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7", "This is not a picture we can read. Use a JPEG, PNG, WebP, AVIF or GIF file."),
        (make.image_file().getvalue()[:3000], "The file is damaged or cut short. Export the picture again."),
        (b"", "The submitted file is empty."),
    ],
)
def test_a_file_that_is_no_picture_is_refused_at_its_field_and_the_words_are_kept(
    desk: Client, data: bytes, reason: str
) -> None:
    answer = desk.post(f"{PICTURES}add/", typed(upload=upload(data)))
    assert answer.context["adminform"].form.errors == {"upload": [reason]}
    assert 'value="A lot at dusk"' in answer.content.decode()
    assert not Picture.objects.exists()


def test_a_picture_needs_alt_text_or_the_mark_of_decoration(desk: Client) -> None:
    answer = desk.post(f"{PICTURES}add/", typed(upload=upload(), alt=""))
    reason = "Write what the picture shows, or mark it as decorative."
    assert answer.context["adminform"].form.errors == {"alt": [reason]}
    assert desk.post(f"{PICTURES}add/", typed(upload=upload(), alt="", is_decorative="on")).status_code == 302


def test_a_new_focal_point_has_the_picture_rendered_again(desk: Client) -> None:
    picture = make.picture()
    render_picture(picture.pk)
    desk.post(f"{PICTURES}{picture.pk}/change/", typed(caption="Only the words changed."))
    picture.refresh_from_db()
    assert picture.rendered_key != ""
    desk.post(f"{PICTURES}{picture.pk}/change/", typed(focal_x=0.25))
    picture.refresh_from_db()
    assert (picture.rendered_key, picture.focal_x) == ("", 0.25)


def test_a_picture_that_could_not_be_rendered_says_why(desk: Client) -> None:
    picture = make.picture(render_error="FileNotFoundError: gone")
    Picture.objects.filter(pk=picture.pk).update(render_error="FileNotFoundError: gone")
    assert "Failed: FileNotFoundError: gone" in desk.get(f"{PICTURES}{picture.pk}/change/").content.decode()
    assert "Failed: FileNotFoundError: gone" in desk.get(PICTURES).content.decode()


def test_a_picture_in_use_cannot_be_deleted(desk: Client) -> None:
    picture = make.picture()
    make.article(lead_picture=picture)
    page = desk.post(f"{PICTURES}{picture.pk}/delete/", {"post": "yes"}).content.decode()
    assert "would require deleting the following protected related objects" in page
    assert Picture.objects.exists()


def test_the_thumbnail_of_a_picture_is_for_staff(desk: Client) -> None:
    address = f"{PICTURES}{make.picture().pk}/thumbnail/"
    assert desk.get(address).headers["Location"].startswith("/media/pictures/")
    assert Client().get(address).headers["Location"].startswith("/admin/login/")


def test_the_publications_list_is_its_form(desk: Client) -> None:
    assert desk.get("/admin/news/publication/").headers["Location"] == "/admin/news/publication/1/change/"
    assert desk.get("/admin/news/publication/add/").status_code == 403
    assert desk.post("/admin/news/publication/1/delete/", {"post": "yes"}).status_code == 403
    Publication.objects.all().delete()
    assert desk.get("/admin/news/publication/").headers["Location"] == "/admin/news/publication/add/"
    fields = {"name": "Gasket", "time_zone": "America/Chicago"}
    assert desk.post("/admin/news/publication/add/", fields).status_code == 302
    assert Publication.objects.values_list("pk", "name").get() == (1, "Gasket")


def test_only_an_administrator_makes_or_touches_administrators(client: Client) -> None:
    make.publication()
    root = make.user("root@example.com", is_superuser=True)
    manager = make.user("manager@example.com", may=("news.view_user", "news.change_user", "news.delete_user"))
    client.force_login(manager)
    mine = f"/admin/news/user/{manager.pk}/change/"
    client.post(mine, {"email": "manager@example.com", "is_active": "on", "is_superuser": "on", "groups": []})
    manager.refresh_from_db()
    assert (manager.is_superuser, manager.is_staff) == (False, True)
    assert client.post(f"/admin/news/user/{root.pk}/change/", {"email": "x@example.com"}).status_code == 403
    assert client.post(f"/admin/news/user/{root.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/news/user/{root.pk}/password/", {"password1": "x"}).status_code == 403


def test_every_list_and_every_form_opens(client: Client) -> None:
    make.newsroom()
    make.subscriber()
    client.force_login(make.user(is_superuser=True))
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(address, follow=True).status_code == 200, address
        for row in model._default_manager.all()[:1]:
            assert client.get(f"{address}{row.pk}/change/").status_code == 200, address


def test_the_first_page_leads_to_what_the_visitor_may_do(client: Client) -> None:
    make.publication()
    client.force_login(make.user(may=("news.view_article",)))
    page = client.get("/admin/").content.decode()
    assert ("?state=draft" in page, "article/add/" in page.split("<main")[-1].split('class="desk"')[-1]) == (
        True,
        False,
    )


FORMS = {
    "/admin/news/partner/add/": "logo",
    "/admin/tickers/symbol/add/": "company",
    "/admin/news/user/add/": "groups",
}


@pytest.mark.parametrize(("path", "name"), FORMS.items())
def test_what_can_be_no_row_neither_opens_nor_loses_a_form(desk: Client, path: str, name: str) -> None:
    assert desk.get(path, {name: "abc"}).status_code == 200
    answer = desk.post(path, {name: "abc"})
    assert (answer.status_code, name in answer.context["adminform"].form.errors) == (200, True)


def test_no_feed_is_looked_at_of_a_partner_that_is_not_there(desk: Client) -> None:
    assert desk.post("/admin/news/partner/abc/check_now/", {"_form_submitted": "True"}).status_code == 404


@pytest.mark.parametrize(("asked", "shown"), [("2026-12-01 10:00", ("2026-12-01", "10:00")), ("soon", (None, None))])
def test_a_link_may_begin_a_story_for_a_time(desk: Client, asked: str, shown: tuple[str | None, str | None]) -> None:
    form = desk.get("/admin/news/article/add/", {"published_at": asked}).context["adminform"].form
    parts = form["published_at"].subwidgets[0].data["subwidgets"]
    assert tuple(part["value"] for part in parts) == shown

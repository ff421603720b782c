import io
import re

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from news.models import Partner, PartnerStory, Picture
from news.partners.guard import Guard
from news.partners.pictures import fetch_due
from tests import make
from tests.news.partners.web import Web, ok, reply

pytestmark = pytest.mark.django_db


def story(partner: Partner, url: str, title: str = "Auction volumes ease") -> PartnerStory:
    return make.partner_story(title, picture_url=url, picture_is_due=True)


def test_a_partners_picture_becomes_ours(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/a.jpg"] = ok(make.image_file((640, 480)).getvalue())
    waiting = story(partner, web.url("/a.jpg"))
    (picture,) = fetch_due(guard)
    waiting.refresh_from_db()
    assert (waiting.picture, waiting.picture_is_due) == (picture, False)
    assert (picture.credit, picture.is_decorative, picture.width) == ("Gasket Review", True, 640)
    assert default_storage.exists(picture.master.name)


def test_it_has_only_the_widths_that_partners_cards_show(
    web: Web, guard: Guard, partner: Partner, client: Client
) -> None:
    make.publication()
    web.answers["/a.jpg"] = ok(make.image_file((3000, 2000)).getvalue())
    story(partner, web.url("/a.jpg"))
    (picture,) = fetch_due(guard)
    picture.render()
    picture.refresh_from_db()
    assert (picture.width, picture.height) == (960, 640)
    folder = f"pictures/{picture.rendered_key[:2]}/{picture.rendered_key}"
    made = {f"/media/{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    page = client.get("/partners/gasket-review/").content.decode()
    named = set(re.findall(r"/media/pictures/[^ \"]+", page))
    assert named == made
    assert len(made) == 5


def test_editors_do_not_find_it_among_their_own(web: Web, guard: Guard, partner: Partner, client: Client) -> None:
    make.publication()
    make.picture(alt="Cars in a row")
    web.answers["/a.jpg"] = ok(make.image_file((640, 480)).getvalue())
    story(partner, web.url("/a.jpg"))
    (picture,) = fetch_due(guard)
    client.force_login(make.user(is_superuser=True))
    listed = client.get("/admin/news/picture/").context["cl"].result_list
    assert [found.alt for found in listed] == ["Cars in a row"]
    for model, field in (("article", "lead_picture"), ("partner", "logo")):
        asked = {"app_label": "news", "model_name": model, "field_name": field}
        found = client.get("/admin/autocomplete/", asked).json()["results"]
        assert [row["text"] for row in found] == ["Cars in a row"]
    assert client.get(f"/admin/news/picture/{picture.pk}/change/").status_code == 302


def bomb() -> bytes:
    """2 kB that are 25 megapixels."""
    out = io.BytesIO()
    Image.new("1", (5000, 5000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "answer",
    [reply(404), ok(b"<svg onload='alert(1)'>"), ok(make.image_file().getvalue()[:900]), ok(b""), ok(bomb())],
    ids=["gone", "a script", "cut short", "nothing", "a bomb"],
)
def test_a_picture_that_does_not_come_is_left_out_for_good(web: Web, guard: Guard, partner: Partner, answer) -> None:
    web.answers["/a.jpg"] = answer
    waiting = story(partner, web.url("/a.jpg"))
    assert (fetch_due(guard), fetch_due(guard)) == ([], [])
    waiting.refresh_from_db()
    assert (waiting.picture, waiting.picture_is_due, len(web.asked)) == (None, False, 1)


def test_a_picture_inside_our_own_network_is_not_asked_for(web: Web, partner: Partner) -> None:
    story(partner, web.url("/a.jpg", host="127.0.0.1"))
    assert fetch_due() == []
    assert web.asked == []


def test_the_same_picture_is_kept_once(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/a.jpg"] = ok(make.image_file((640, 480)).getvalue())
    for title in ("One", "Two"):
        story(partner, web.url("/a.jpg"), title)
    fetch_due(guard)
    assert Picture.objects.count() == 1
    assert PartnerStory.objects.exclude(picture=None).count() == 2


def test_a_hidden_story_needs_no_picture(web: Web, guard: Guard, partner: Partner) -> None:
    story(partner, web.url("/a.jpg"))
    PartnerStory.objects.update(is_hidden=True)
    assert fetch_due(guard) == []
    assert web.asked == []

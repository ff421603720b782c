import pytest
from django.core.files.storage import default_storage

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


@pytest.mark.parametrize(
    "answer", [reply(404), ok(b"<svg onload='alert(1)'>"), ok(make.image_file().getvalue()[:900]), ok(b"")]
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

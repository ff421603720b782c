import io
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from news import pictures
from news.models import Picture
from news.pictures import MAX_BYTES, SHAPES, PictureRefused, crop_box, read_upload, shape_widths
from news.tasks import render_picture
from tests import make


def test_a_phone_photo_loses_its_metadata_and_stands_upright():
    photo = Image.new("RGB", (400, 200), "red")
    exif = photo.getexif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010E] = "taken at home"
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif)
    master = read_upload(io.BytesIO(out.getvalue()))
    assert (master.width, master.height) == (200, 400)
    with Image.open(io.BytesIO(master.data)) as clean:
        assert dict(clean.getexif()) == {}
        assert "icc_profile" not in clean.info
    assert b"taken at home" not in master.data


def test_a_large_picture_is_kept_at_2400_pixels():
    master = read_upload(make.image_file((4800, 1200)))
    assert (master.width, master.height) == (2400, 600)


def test_a_transparent_picture_gets_white_paper():
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(read_upload(io.BytesIO(out.getvalue())).data)) as clean:
        assert clean.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture we can read"),
        (b"", "not a picture we can read"),
        (b"\xff\xd8\xff" + b"\x00" * 50, "not a picture we can read"),
        (b"x" * (MAX_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_what_is_not_a_picture_is_refused_with_a_reason(data: bytes, reason: str):
    with pytest.raises(PictureRefused, match=reason):
        read_upload(io.BytesIO(data))


def test_a_file_that_is_cut_short_is_refused():
    whole = make.image_file((400, 400)).getvalue()
    with pytest.raises(PictureRefused, match="damaged or cut short"):
        read_upload(io.BytesIO(whole[: len(whole) // 2]))


def test_a_bomb_is_refused_by_its_header():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(PictureRefused, match="the most we take is 50 megapixels"):
        read_upload(io.BytesIO(out.getvalue()))


def test_a_crop_keeps_the_focal_point_and_stays_inside():
    assert crop_box(1600, 900, 1.0, (0.5, 0.5)) == (350, 0, 1250, 900)
    assert crop_box(1600, 900, 1.0, (1.0, 0.5)) == (700, 0, 1600, 900)
    assert crop_box(900, 1600, 16 / 9, (0.5, 0.0)) == (0, 0, 900, 506)


def test_nothing_is_scaled_up():
    assert shape_widths(500, 500, SHAPES["wide"]) == (240, 320, 480)
    assert shape_widths(60, 60, SHAPES["square"]) == (60,)


@pytest.mark.django_db
def test_a_page_shows_the_master_until_the_renditions_are_made():
    picture = make.picture((1000, 600))
    assert picture.sources("wide") == (picture.master.url, 1000, 562, "", "")
    render_picture(picture.pk)
    picture.refresh_from_db()
    sources = picture.sources("wide")
    assert (sources.width, sources.height) == (750, 422)
    assert [candidate.split()[1] for candidate in sources.avif.split(", ")] == [
        "240w", "320w", "480w", "640w", "750w", "960w",
    ]  # fmt: skip


@pytest.mark.django_db
def test_every_address_that_a_page_names_exists_at_its_size():
    picture = make.picture((1000, 600))
    render_picture(picture.pk)
    picture.refresh_from_db()
    for shape in SHAPES:
        sources = picture.sources(shape)
        for candidate in (sources.avif + ", " + sources.webp).split(", "):
            url, width = candidate.split()
            with default_storage.open(url.removeprefix("/media/")) as file, Image.open(file) as image:
                assert f"{image.width}w" == width
        with default_storage.open(sources.src.removeprefix("/media/")) as file, Image.open(file) as image:
            assert (image.format, *image.size) == ("JPEG", sources.width, sources.height)


@pytest.mark.django_db
def test_the_same_picture_uploaded_twice_is_one_file():
    assert make.picture().master.name == make.picture(alt="Again").master.name


@pytest.mark.django_db
def test_rendering_twice_equals_rendering_once():
    picture = make.picture()
    render_picture(picture.pk)
    first = Picture.objects.get().sources("square")
    picture.render()
    render_picture(picture.pk)
    assert Picture.objects.get().sources("square") == first


@pytest.mark.django_db
def test_another_focal_point_gets_other_addresses():
    a = pictures.rendition_key("d" * 32, 0.5, 0.5)
    assert a != pictures.rendition_key("d" * 32, 0.4, 0.5)


@pytest.mark.django_db
def test_a_change_during_rendering_wins():
    picture = make.picture()
    Picture.objects.update(focal_x=0.1)
    picture.render()
    assert Picture.objects.get().rendered_key == ""


@pytest.mark.django_db
def test_a_master_that_is_gone_is_said_on_the_picture():
    picture = make.picture()
    default_storage.delete(picture.master.name)
    render_picture(picture.pk)
    assert Picture.objects.get().render_error.startswith("FileNotFoundError")
    assert not Picture.objects.pending().exists()


@pytest.mark.django_db
def test_alt_text_or_decorative_is_required():
    with pytest.raises(ValidationError, match="Write what the picture shows"):
        Picture(alt="", is_decorative=False, digest="d", width=1, height=1).full_clean()


def test_the_demo_pictures_have_a_focal_point_and_alt_text():
    folder = Path("news/demo/pictures")
    focal = tomllib.loads((folder / "focal.toml").read_text())
    heroes = {path.stem for path in folder.glob("*.webp") if not path.stem.startswith("author-")}
    assert set(focal) == heroes
    assert all(0 <= about["x"] <= 1 and 0 <= about["y"] <= 1 and about["alt"] for about in focal.values())


def uploaded(**fields: Any) -> dict[str, Any]:
    return {"upload": make.image_file(), "focal_x": "0.2", "focal_y": "0.5", **fields}


@pytest.mark.django_db
def test_the_picker_shows_the_newest_first_by_key_and_finds_by_words(client: Client, django_assert_num_queries: Any):
    client.force_login(make.user(may=("news.view_picture",)))
    for number in range(25):
        make.picture(alt=f"Picture {number}", caption="Noon" if number == 3 else "")
    with django_assert_num_queries(6):
        first = client.get("/admin/news/picture/pick/").json()
    assert [picture["title"] for picture in first["pictures"]] == [f"Picture {number}" for number in range(24, 0, -1)]
    rest = client.get("/admin/news/picture/pick/", {"before": first["before"]}).json()
    assert ([picture["title"] for picture in rest["pictures"]], rest["before"]) == (["Picture 0"], None)
    found = client.get("/admin/news/picture/pick/", {"q": "noon pict", "before": "9" * 30}).json()
    assert [picture["title"] for picture in found["pictures"]] == ["Picture 3"]
    assert found["may_upload"] is False


@pytest.mark.django_db
def test_an_upload_in_the_picker_says_by_field_what_is_wrong(client: Client):
    client.force_login(make.user(may=("news.add_picture",)))
    no_picture = io.BytesIO(b"Not a picture")
    errors = client.post("/admin/news/picture/upload/", uploaded(upload=no_picture)).json()["errors"]
    assert set(errors) == {"upload", "alt"}
    told = client.post("/admin/news/picture/upload/", uploaded(alt="Cars", credit="L. Marsh")).json()["picture"]
    picture = Picture.objects.get()
    assert (told["pk"], told["src"], told["alt"], told["credit"]) == (
        picture.pk, picture.master.url, "Cars", "L. Marsh",
    )  # fmt: skip
    assert picture.focal_x == 0.2


@pytest.mark.django_db
def test_the_picker_asks_for_rights(client: Client):
    client.force_login(make.user(may=("news.view_picture",)))
    assert client.post("/admin/news/picture/upload/", uploaded(alt="Cars")).status_code == 403
    client.force_login(make.user("ann@example.com", may=("news.add_picture",)))
    assert client.get("/admin/news/picture/pick/").status_code == 403
    client.logout()
    assert client.get("/admin/news/picture/pick/").status_code == 302
    assert not Picture.objects.exists()

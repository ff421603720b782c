import io

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from tests import make

pytestmark = pytest.mark.django_db


def test_the_manifest_says_what_a_home_screen_shows(client: Client):
    make.publication(description="News of the car trade.")
    answer = client.get("/site.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    icons = manifest.pop("icons")
    assert manifest == {
        "id": "/",
        "name": "Lot & Lane",
        "short_name": "Lot & Lane",
        "description": "News of the car trade.",
        "lang": "en-US",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": "#0e2f3a",
        "background_color": "#ffffff",
    }
    assert [(icon["sizes"], icon["type"], icon.get("purpose")) for icon in icons] == [
        ("any", "image/svg+xml", None),
        ("192x192", "image/png", "any"),
        ("512x512", "image/png", "any"),
        ("512x512", "image/png", "maskable"),
    ]


def test_every_icon_is_there_at_its_size(client: Client):
    make.publication()
    vector, *drawn = client.get("/site.webmanifest").json()["icons"]
    assert vector["src"].startswith("/static/icon.")
    assert finders.find("icon.svg")
    for icon in drawn:
        with Image.open(io.BytesIO(client.get(icon["src"]).content)) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]


def test_a_phone_may_cut_the_maskable_icon_to_a_circle(client: Client):
    """What lies outside the safe circle (80 % of the width) is plain ground."""
    make.publication()
    address = client.get("/site.webmanifest").json()["icons"][-1]["src"]
    with Image.open(io.BytesIO(client.get(address).content)) as image:
        pixels = image.convert("RGB").load()
    outside = {
        pixels[x, y] for x in range(512) for y in range(512) if (x - 255.5) ** 2 + (y - 255.5) ** 2 > (0.4 * 512) ** 2
    }
    assert outside == {(14, 47, 58)}


def test_every_page_names_the_manifest(client: Client):
    for path in ("/", "/latest/", "/newsletter/", "/markets/"):
        assert '<link rel="manifest" href="/site.webmanifest">' in client.get(path).content.decode()


def test_the_manifest_takes_one_query(client: Client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/site.webmanifest")

"""The web manifest: what a phone shows of the site on its home screen (https://www.w3.org/TR/appmanifest/)."""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static

from news.cards import ICON_SIZES, MASKABLE_SIZE, PAPER, PETROL, card_of_site
from news.models import Publication


def manifest(request: HttpRequest) -> JsonResponse:
    publication = Publication.load()
    drawn = [(name, ICON_SIZES[name], "any") for name in ("icon-192", "icon")]
    drawn.append(("maskable", MASKABLE_SIZE[0], "maskable"))
    icons = [{"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    for name, size, purpose in drawn:
        address = card_of_site(publication, name).url
        icons.append({"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose})
    about = {
        "id": "/",
        "name": publication.name,
        "short_name": publication.name,
        "description": publication.description or publication.tagline,
        "lang": "en-US",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": PETROL,
        "background_color": PAPER,
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")

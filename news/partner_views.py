"""The pages of our publishing partners: what they have published, with a way to each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from news.models import Partner, PartnerStory
from news.models.partner import PartnerStoryQuerySet
from news.paging import page_of


def partners(request: HttpRequest) -> HttpResponse:
    return _listing(request, PartnerStory.objects.newest(), partners=Partner.objects.select_related("logo"))


def partner(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Partner.objects.select_related("logo"), slug=slug)
    return _listing(request, PartnerStory.objects.newest().filter(partner=found), partner=found)


def _listing(request: HttpRequest, stories: PartnerStoryQuerySet, **about: Any) -> HttpResponse:
    page = page_of(stories.select_related("partner", "picture"), request.GET.get("before", ""))
    return render(request, "news/partners.html", {"page": page, **about})

"""The desk's pages about partners: find a feed, see what it would bring, and the day's headlines."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode

from news.models import Partner, PartnerStory
from news.partners.decide import keyed
from news.partners.discover import feeds_of
from news.partners.fetch import GUARD, FetchFailed
from news.partners.guard import Guard
from news.partners.ingest import look_at, preview
from news.partners.parse import ParseFailed

DAY = timedelta(hours=24)
MOST_HEADLINES = 200


class PartnerPages:
    """Views of the partner's admin. The network calls end early enough for someone who waits for the page."""

    admin_site: Any
    guard: Guard = replace(GUARD, seconds=12)

    def find_feed_view(self, request: HttpRequest) -> HttpResponse:
        """The feeds that a page points to. A POST takes one of them as the partner's."""
        partner = self._partner(request)
        if partner and request.method == "POST":
            return self._use_feed(request, partner)
        address = with_scheme(request.GET.get("page", ""))
        feeds, problem = [], ""
        try:
            feeds = feeds_of(address, self.guard) if address else []
            problem = "" if feeds or not address else "The page points to no feed. Ask the partner for its address."
        except (FetchFailed, ParseFailed) as failure:
            problem = str(failure)
        found = [
            {"url": url, "title": title, "test": test_address(url, partner), "add": add_address(address, url)}
            for url, title in feeds
        ]
        return self._page(
            request, "find_feed", "Find a feed", partner=partner, page=address, found=found, problem=problem
        )

    def _use_feed(self, request: HttpRequest, partner: Partner) -> HttpResponse:
        partner.feed_url = request.POST.get("feed", "")
        partner.restart()
        try:
            partner.clean_fields()
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            partner.save(update_fields=Partner.HEALTH)
            messages.success(request, "The feed is the partner’s now. Its first stories come within a minute.")
        return HttpResponseRedirect(reverse("admin:news_partner_change", args=[partner.pk]))

    def test_feed_view(self, request: HttpRequest) -> HttpResponse:
        """What the feed would bring, with nothing written."""
        partner, address = self._partner(request), with_scheme(request.GET.get("feed", ""))
        title, rows, problem = "", [], ""
        if address:
            try:
                feed = look_at(address, self.guard).feed
                if feed is None or feed.alternates:
                    raise ParseFailed("This is a web page, not a feed.")
                title, rows = feed.title, preview(partner, keyed(feed.entries, timezone.now()))
            except (FetchFailed, ParseFailed) as failure:
                problem = str(failure)
        about = {"partner": partner, "feed": address, "feed_title": title, "rows": rows, "problem": problem}
        return self._page(request, "test_feed", "What would come in", **about)

    def headlines_view(self, request: HttpRequest) -> HttpResponse:
        """The partners' headlines of the last 24 hours, each a start for a story of ours. A POST hides or shows one."""
        if not request.user.has_perm("news.view_partnerstory"):
            raise PermissionDenied
        if request.method == "POST":
            return self._hide_or_show(request)
        stories = PartnerStory.objects.select_related("partner").filter(published_at__gt=timezone.now() - DAY)
        if chosen := request.GET.get("partner", ""):
            stories = stories.filter(partner__slug=chosen)
        rows = [(story, start_address(story)) for story in stories.newest_first()[:MOST_HEADLINES]]
        partners: QuerySet[Partner] = Partner.objects.all()
        return self._page(
            request, "headlines", "Partner headlines", rows=rows, partners=partners, chosen=chosen, opts=None
        )

    def _hide_or_show(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("news.change_partnerstory"):
            raise PermissionDenied
        number = request.POST.get("story", "")
        story = get_object_or_404(PartnerStory, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
        story.is_hidden = not story.is_hidden
        story.save(update_fields=["is_hidden"])
        messages.success(request, f"“{story.title}” is {'hidden from' if story.is_hidden else 'shown to'} readers.")
        return HttpResponseRedirect(request.get_full_path())

    def _partner(self, request: HttpRequest) -> Partner | None:
        """The partner that the page is about, for those who may change it; None for one that is yet to be made."""
        number = request.GET.get("partner", "")
        if not request.user.has_perm("news.change_partner" if number else "news.add_partner"):
            raise PermissionDenied
        if not number:
            return None
        return get_object_or_404(Partner, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)

    def _page(self, request: HttpRequest, template: str, title: str, **about: Any) -> HttpResponse:
        """`original` has the theme name the partner at the top of the page."""
        here = {"title": title, "content_title": title, "opts": Partner._meta, "original": about.get("partner")}
        context = {**self.admin_site.each_context(request), **here, **about}
        return TemplateResponse(request, f"admin/news/partner/{template}.html", context)


def with_scheme(address: str) -> str:
    """What was pasted as a web address; people leave out what browsers hide."""
    address = address.strip()
    return f"https://{address}" if address and "://" not in address else address


def find_address(partner: Partner) -> str:
    query = {"partner": str(partner.pk), "page": partner.site_url}
    return f"{reverse('admin:news_partner_find_feed')}?{urlencode(query)}"


def test_address(feed: str, partner: Partner | None) -> str:
    query = {"feed": feed, **({"partner": str(partner.pk)} if partner else {})}
    return f"{reverse('admin:news_partner_test_feed')}?{urlencode(query)}"


def add_address(site: str, feed: str) -> str:
    return f"{reverse('admin:news_partner_add')}?{urlencode({'site_url': site, 'feed_url': feed})}"


def start_address(story: PartnerStory) -> str:
    """A new article that begins by saying whose story it is; its headline is ours to write."""
    body = format_html('<p>{} reports: <a href="{}">{}</a>.</p>', story.partner.name, story.url, story.title)
    return f"{reverse('admin:news_article_add')}?{urlencode({'body': body})}"

"""The front page desk: which stories stand at the top of the front page and of each section, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from news.forms import in_our_time
from news.front import PLACES, SPARE, pins, pool, repin, state_of, top
from news.models import Article, Section, Slot
from news.models.article import ArticleQuerySet

LISTED = 40
NOT_SAVED = (
    "It was not saved, for somebody else has changed this page meanwhile. What you chose is still here: "
    "save again to have it so."
)


def front_page_desk(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The places of the front page, or of a section's page. A POST pins what it says in place of all that was."""
    if not request.user.has_perm("news.change_slot"):
        raise PermissionDenied
    section = get_object_or_404(Section, slug=slug) if slug else None
    words = request.GET.get("search", "")
    desk = Desk(section, listed(section, words), request.POST if request.method == "POST" else None)
    if request.method == "POST" and desk.is_valid():
        if desk.save(request.user):
            messages.success(request, "Saved. Readers see it now.")
            return HttpResponseRedirect(request.path)
        messages.error(request, NOT_SAVED)
    about = {"desk": desk, "places": desk.places(), "title": desk.title, "section": section, "search": words}
    about["sections"] = Section.objects.all()
    return TemplateResponse(request, "admin/news/front_page.html", {**admin.site.each_context(request), **about})


def pinnable(section: Section | None) -> ArticleQuerySet:
    """What may be pinned: published stories, also those that are still to come. A section has its own only."""
    published = Article.objects.filter(status=Article.Status.PUBLISHED)
    return (published.filter(section=section) if section else published).for_cards().newest_first()


def listed(section: Section | None, words: str) -> list[Article]:
    """The newest, or the newest whose headline has all these words."""
    found = pinnable(section)
    for word in words.split()[:10]:
        found = found.filter(headline__icontains=word)
    return list(found[:LISTED])


class PlaceForm(forms.Form):
    article = forms.IntegerField(label="Story", required=False, min_value=1, max_value=2**63 - 1, widget=forms.Select)
    until = forms.DateTimeField(
        label="Pin until",
        required=False,
        validators=[in_our_time],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


@dataclass(frozen=True)
class Place:
    """`pinned` is the story in the form, `shown` what readers see in this place now."""

    number: int
    form: PlaceForm
    pinned: Article | None
    shown: Article | None

    @property
    def name(self) -> str:
        return "Lead" if self.number == 0 else str(self.number + 1)

    @property
    def story(self) -> Article | None:
        return self.pinned or self.shown


class Desk:
    """The form of one page: what is pinned in each of its places, and what stands there."""

    def __init__(self, section: Section | None, stories: list[Article], data: Any) -> None:
        self.section, self.stories, self.now = section, stories, timezone.now()
        self.spare = list(pool(section, self.now).for_cards().newest_first()[: PLACES + SPARE])
        self.seen = state_of(section) if data is None else data.get("seen", "")
        self.theirs: list[Slot] | None = None  # What somebody else has pinned meanwhile.
        stored = self._stored() if data is None else {}
        self._forms = [PlaceForm(data, prefix=f"place-{n}", initial=stored.get(n)) for n in range(PLACES)]
        asked = {str(form["article"].value()) for form in self._forms}
        keys = [int(key) for key in asked if key.isdecimal() and len(key) < 19]
        self._chosen = {article.pk: article for article in pinnable(section).filter(pk__in=keys)}
        self._offer({**{story.pk: story for story in stories}, **self._chosen})

    def _stored(self) -> dict[int, dict[str, Any]]:
        """What is pinned and holds, now or once its story is out."""
        slots = pins(self.section).filter(article__in=pinnable(self.section).order_by())
        holding = (slot for slot in slots if slot.pinned_until is None or slot.pinned_until > self.now)
        return {slot.position: {"article": slot.article_id, "until": slot.pinned_until} for slot in holding}

    def _offer(self, stories: dict[int, Article]) -> None:
        choices = [(pk, f"{story}{' (scheduled)' if not story.is_live else ''}") for pk, story in stories.items()]
        for form in self._forms:
            form.fields["article"].widget.choices = [("", "Automatic"), *choices]

    # What the page shows

    @property
    def title(self) -> str:
        return f"{self.section} page" if self.section else "Front page"

    def places(self) -> list[Place]:
        shown = [*top(self.section, self.now), *[None] * PLACES]
        values = [str(form["article"].value()) for form in self._forms]
        chosen = {str(pk): article for pk, article in self._chosen.items()}
        return [Place(n, form, chosen.get(values[n]), shown[n]) for n, form in enumerate(self._forms)]

    @property
    def last_change(self) -> LogEntry | None:
        return LogEntry.objects.filter(**self._logged()).select_related("user").first()

    def _logged(self) -> dict[str, Any]:
        return {
            "content_type": ContentType.objects.get_for_model(Slot),
            "object_id": str(self.section.pk) if self.section else "",
        }

    # The save

    def is_valid(self) -> bool:
        if any(form.errors for form in self._forms):
            return False
        taken: set[int] = set()
        for form in self._forms:
            self._check(form, taken)
        return not any(form.errors for form in self._forms)

    def _check(self, form: PlaceForm, taken: set[int]) -> None:
        key, until = form.cleaned_data["article"], form.cleaned_data["until"]
        if key is None:
            return
        article = self._chosen.get(key)
        if article is None:
            form.add_error("article", "It cannot stand here: it is no longer published, or in another section.")
        elif key in taken:
            form.add_error("article", "This story has another place already.")
        elif until and until <= max(self.now, article.published_at or self.now):
            form.add_error("until", "That is past." if until <= self.now else "The story is not out by then.")
        taken.add(key)

    def save(self, user: Any) -> bool:
        """False if somebody has pinned something else since the form was opened: `theirs` is that."""
        wanted = [slot for n, form in enumerate(self._forms) if (slot := self._slot(n, **form.cleaned_data))]
        if not repin(self.section, wanted, self.seen):
            self.theirs, self.seen = list(pins(self.section).select_related("article")), state_of(self.section)
            return False
        words = "; ".join(f"{slot.position + 1}: {slot.article}" for slot in wanted)
        about = {"object_repr": self.title, "action_flag": CHANGE, "change_message": words or "All automatic."}
        LogEntry.objects.create(user=user, **self._logged(), **about)
        return True

    def _slot(self, position: int, article: int | None, until: datetime | None) -> Slot | None:
        if article is None:
            return None
        about = {"section": self.section, "article": self._chosen[article]}
        return Slot(position=position, pinned_until=until, **about)

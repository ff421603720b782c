"""The article: what the newsroom writes and readers read."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, F, Q, When
from django.utils import timezone

from news.body import picture_digests, plain_text
from news.fields import RichTextField
from news.models.people import Author, User
from news.models.picture import Picture
from news.models.publication import Section, Topic
from news.workflow import Workflow
from tickers.models import Company

WORDS_A_MINUTE = 230
_IMAGE = re.compile(r"""<img\b(?:"[^"]*"|[^">])*>""")


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self, at: datetime | None = None) -> Self:
        """Articles that readers may see: published, and due by `at` (now)."""
        return self.filter(status=Article.Status.PUBLISHED, published_at__lte=at or timezone.now())

    def scheduled(self) -> Self:
        """Published articles whose publish time is still to come."""
        return self.filter(status=Article.Status.PUBLISHED, published_at__gt=timezone.now())

    def to_announce(self) -> Self:
        """Up to 200 published articles that the services outside have not been told of, or not since the last edit.

        What has stood for a day without an announcement is no news: switching one on does not announce the archive.
        """
        now = timezone.now()
        live = self.published(now).order_by()
        new = live.filter(announced_at=None, published_at__gt=now - timedelta(days=1)).values("pk")[:100]
        edited = live.filter(announced_at__lt=F("saved_at")).order_by("announced_at").values("pk")[:100]
        # As a union each half is found by its own index; joined by OR, neither would be.
        return self.filter(pk__in=new.union(edited)).order_by("pk")

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def before(self, published_at: datetime, pk: int) -> Self:
        """What follows the given article in a list, newest first. Its cost does not grow with the page."""
        return self.filter(Q(published_at__lt=published_at) | Q(published_at=published_at, pk__lt=pk)).filter(
            published_at__lte=published_at
        )

    def for_headlines(self) -> Self:
        """With what a headline in a short list shows."""
        shown = ("headline", "slug", "sponsor", "published_at", "section__name", "section__slug")
        return self.select_related("section").only(*shown)

    def for_cards(self) -> Self:
        """With what a card shows, and no body."""
        return self.select_related("section", "lead_picture").defer("body")

    def related_to(
        self, article: "Article", keys: Mapping[str, list[int]] | None = None, at: datetime | None = None
    ) -> Self:
        """What the desk has picked for the article, then others on the same companies (most telling), topics and
        section; equals go newest first.

        `keys` are those of its related rows where the article is not stored as it stands (a preview).
        Only the latest few hundred that share something are weighed, so the cost does not grow with the archive.
        """
        about = self.model.companies.through.objects
        filed = self.model.topics.through.objects
        picked = self.model.related_picks.through.objects
        picks: Any
        companies: Any
        topics: Any
        if keys is None:
            picks = picked.filter(from_article=article.pk).values("to_article_id")
            companies = about.filter(article=article.pk).values("company_id")
            topics = filed.filter(article=article.pk).values("topic_id")
        else:
            picks = Article.objects.filter(pk__in=keys["related_picks"]).order_by().values("pk")
            companies, topics = keys["companies"], keys["topics"]
        candidates = (
            about.filter(company__in=companies).order_by("-article_id").values("article_id")[:150],
            filed.filter(topic__in=topics).order_by("-article_id").values("article_id")[:150],
            Article.objects.published(at).filter(section=article.section_id).newest_first().values("pk")[:60],
            picks,
        )
        likeness = (
            3 * Count("companies", filter=Q(companies__in=companies), distinct=True)
            + 2 * Count("topics", filter=Q(topics__in=topics), distinct=True)
            + Count("pk", filter=Q(section=article.section_id), distinct=True)
        )
        return (
            self.exclude(pk=article.pk)
            .filter(pk__in=candidates[0].union(*candidates[1:]))
            .annotate(is_picked=Q(pk__in=picks), likeness=Case(When(is_picked=True, then=0), default=likeness))
            .order_by("-is_picked", "-likeness", "-published_at", "-pk")
        )


class Article(Workflow):
    class Kind(models.TextChoices):
        STORY = "story", "Story"
        BRIEF = "brief", "Brief"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STORY)
    headline = models.CharField(max_length=200)
    search_headline = models.CharField(max_length=70, blank=True, help_text="For search engines, if shorter.")
    social_headline = models.CharField(max_length=100, blank=True, help_text="For social cards, if different.")
    mail_headline = models.CharField(max_length=100, blank=True, help_text="For the newsletter, if shorter.")
    slug = models.SlugField(max_length=120, unique=True, help_text="The end of the address: /news/…/")
    dek = models.CharField(max_length=300, blank=True, help_text="One sentence under the headline.")
    body = RichTextField(blank=True)
    # Only a draft may be without one (a constraint), so pages need not ask.
    section: "models.ForeignKey[Section, Section]" = models.ForeignKey(  # type: ignore[misc]
        Section, null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")
    companies = models.ManyToManyField(
        Company, blank=True, related_name="articles", help_text="The companies it is about, not all that it names."
    )
    authors = models.ManyToManyField(Author, through="Byline", related_name="articles")
    lead_picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.PROTECT, related_name="lead_of", verbose_name="lead picture"
    )
    lead_video = models.URLField(
        "lead video", blank=True, help_text="A YouTube address. Readers see the lead picture until they press play."
    )
    # Revisions keep them without an order; the page shows the newest first.
    related_picks = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="picked_by",
        verbose_name="related articles",
        help_text="Shown first under Related. Companies, topics and section choose the others.",
    )
    sponsor = models.CharField(max_length=120, blank=True, help_text="Who paid for it. Readers see it everywhere.")
    canonical_url = models.URLField("canonical address", blank=True, help_text="For syndicated copies: the original.")
    # Where readers of a withdrawn article are sent: an address or a path of ours. Empty: they are told that it is gone.
    withdrawn_to = models.CharField(max_length=500, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.SET_NULL, related_name="articles_begun"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    announced_at = models.DateTimeField(null=True, editable=False)  # To IndexNow and WebSub (`news.tasks.announce`).

    is_signed: bool | None = None  # Known to whoever has just written the byline; else it is asked for.

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = [F("published_at").desc(nulls_first=True), "-pk"]
        permissions = [("publish_article", "Can edit, publish and withdraw everybody’s articles")]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="article_newest", condition=Q(status="published")),
            models.Index(F("published_at").desc(nulls_first=True), F("id").desc(), name="article_desk"),
            models.Index(
                fields=["section", "-published_at", "-id"],
                name="article_newest_in_section",
                condition=Q(status="published"),
            ),
            models.Index(
                fields=["status", "saved_at"],
                name="article_open",
                condition=Q(status__in=["draft", "in_review"]),
            ),
            models.Index(
                fields=["announced_at"],
                name="article_edited_since_announced",
                condition=Q(status="published", announced_at__lt=F("saved_at")),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="article_status_known", condition=Q(status__in=["draft", "in_review", "published", "withdrawn"])
            ),
            models.CheckConstraint(name="article_kind_known", condition=Q(kind__in=["story", "brief"])),
            models.CheckConstraint(name="article_has_headline", condition=~Q(headline="") & ~Q(slug="")),
            models.CheckConstraint(
                name="article_published_whole",
                condition=~Q(status="published")
                | (Q(published_at__isnull=False, section__isnull=False) & ~Q(dek="") & ~Q(body="")),
                violation_error_message="A published article needs a publish time, a section, a dek and a body.",
            ),
            models.CheckConstraint(
                name="article_embargo_held",
                condition=~Q(status="published")
                | Q(embargo_until__isnull=True)
                | Q(published_at__gte=F("embargo_until")),
                violation_error_message="It is under embargo: it cannot be published for an earlier time.",
            ),
            models.CheckConstraint(
                name="article_updated_after_published",
                condition=Q(updated_at__isnull=True) | Q(updated_at__gte=F("published_at")),
                violation_error_message="The updated time cannot be before the publish time.",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return f"/news/{self.slug}/"  # As config/urls.py has it; to look there takes long, for dozens in a page.

    @property
    def is_sponsored(self) -> bool:
        return bool(self.sponsor)

    @property
    def is_brief(self) -> bool:
        return self.kind == self.Kind.BRIEF

    @property
    def reading_minutes(self) -> int:
        return ceil(self.word_count / WORDS_A_MINUTE) or 1

    @property
    def word_count(self) -> int:
        return len(plain_text(self.body).split())

    def byline_authors(self) -> list[Author]:
        """Who signs it, in the order of the byline, with their portraits."""
        return list(self.byline())

    def byline(self) -> models.QuerySet[Author]:
        return Author.objects.filter(bylines__article=self.pk).order_by("bylines__position").select_related("portrait")

    def keep_former_slug(self, before: Mapping[str, Any]) -> None:
        """Let the address that readers may know lead here; `before` is the payload of what the article said.

        One that comes back is the article's own again.
        """
        slug, published_at = before["slug"], before["published_at"]
        if slug == self.slug:
            return
        is_known = published_at and datetime.fromisoformat(published_at) <= timezone.now()
        rows = self.former_slugs.filter(slug=self.slug)
        if self.slug not in getattr(self, "former", [self.slug]):  # The form has asked already (`for_editing`).
            rows = rows.none()
        moved = rows.update(slug=slug) if is_known else rows.delete()[0]
        if is_known and not moved:
            self.former_slugs.create(slug=slug)

    def correct(self, text: str, by: User, *, marks_update: bool = False) -> None:
        """Tell readers what was wrong. The time of the save moves, so that feeds and search engines look again.

        What others type into the article's form meanwhile stands, unless it would take the updated time back.
        """
        if not self.is_live:
            raise ValidationError("Only an article that readers see can be corrected.")
        if marks_update:
            if not self.claim():
                raise ValidationError("Somebody has changed the article meanwhile. Look at it again.")
            self.updated_at = timezone.now()
        self.save(update_fields=["saved_at", *(["updated_at"] if marks_update else [])])
        self.corrections.create(text=text, made_by=by)

    def missing(self) -> list[str]:
        wanted = {
            "a headline": self.headline,
            "a dek": self.dek,
            "a body": self.body,
            "a section": self.section_id,
            "an author": self.bylines.exists() if self.is_signed is None else self.is_signed,
            "alt text for each picture in the body": not self._pictures_without_alt(),
        }
        return [words for words, there in wanted.items() if not there]

    def _pictures_without_alt(self) -> int:
        """Pictures in the body that nobody has described. A Picture of ours has its own text, or is decorative."""
        bare = [image for image in _IMAGE.findall(self.body) if ' alt="' not in image or ' alt=""' in image]
        ours = set(picture_digests("".join(bare)))
        known = Picture.objects.filter(digest__in=ours).values("digest").distinct().count() if ours else 0
        return len(set(bare)) - known


class Byline(models.Model):
    """An author's place in the byline of an article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="byline_author_once")]

    def __str__(self) -> str:
        return str(self.author)

"""What an article said: a revision for each save, the draft over a live article, and what was typed but not saved."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from news.models.article import Article
from news.models.people import User

# What the desk does not type: it is no part of a revision.
MACHINERY = {"id", "status", "version", "created_by", "created_at", "saved_at"}
# A restored revision brings back the words and the filing, not when readers may see them nor where.
KEPT_ON_RESTORE = {"published_at", "embargo_until", "updated_at", "slug"}

Payload = dict[str, Any]  # Field name → JSON value: text, number, ISO time in UTC, or the keys of other rows.


def plain_fields() -> list["models.Field[Any, Any]"]:
    return [field for field in Article._meta.fields if field.editable and field.name not in MACHINERY]


def many_fields() -> list["models.ManyToManyField[Any, Any]"]:
    """Without the authors, who have an order (`Byline`) and are in a payload as "authors"."""
    return [field for field in Article._meta.many_to_many if field.editable and field.name != "authors"]


def stored_fields() -> list[str]:
    """What a save of the desk writes. The rest of the row is others' business, such as what has been announced."""
    return [*(field.name for field in plain_fields()), "saved_at"]


def label_of(name: str) -> str:
    label = str(getattr(Article._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def payload_of(article: Article, many: Mapping[str, Iterable[int]] | None = None) -> Payload:
    """Everything that the desk can edit in the article; `many` has the keys of related rows where they are known."""
    known = dict(many or {})
    payload: Payload = {field.name: plain(field.value_from_object(article)) for field in plain_fields()}
    for field in many_fields():
        if field.name not in known:
            known[field.name] = getattr(article, field.name).values_list("pk", flat=True)
        payload[field.name] = sorted(known[field.name])
    if "authors" not in known:
        known["authors"] = article.bylines.values_list("author_id", flat=True)
    return {**payload, "authors": list(known["authors"])}


def changed_fields(before: Payload, after: Payload) -> list[str]:
    return [name for name, value in after.items() if before.get(name) != value]


def apply_payload(article: Article, payload: Payload, names: Iterable[str]) -> None:
    """Give the instance the plain fields of that name; the caller saves it, then `store_many`."""
    for field in plain_fields():
        if field.name in names and field.name in payload:
            setattr(article, field.attname, field.to_python(payload[field.name]))


def store_many(article: Article, before: Payload, after: Payload) -> None:
    """Write the related rows that differ, by one statement however many kinds of them do.

    Its parts touch no row twice, as Postgres runs them in no order.
    """
    parts = [part for field in many_fields() for part in _ties(article, field, before, after)]
    if before.get("authors") != after["authors"]:
        authors = after["authors"]
        parts += [(_UNSIGN, [article.pk, authors]), (_SIGN, [article.pk, authors, list(range(len(authors)))])]
    if parts:
        sql = ", ".join(f"part{number} AS ({part})" for number, (part, _) in enumerate(parts))
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {sql} SELECT 1", [value for _, values in parts for value in values])


_UNSIGN = "DELETE FROM news_byline WHERE article_id = %s AND NOT author_id = ANY(%s::bigint[])"
_SIGN = """INSERT INTO news_byline (article_id, author_id, position)
    SELECT %s, * FROM unnest(%s::bigint[], %s::smallint[])
    ON CONFLICT (article_id, author_id) DO UPDATE SET position = EXCLUDED.position"""


def _ties(
    article: Article, field: "models.ManyToManyField[Any, Any]", before: Payload, after: Payload
) -> Iterator[tuple[str, list[Any]]]:
    """The statements, each with its values, for the rows of one field that go and come."""
    old, new = set(before.get(field.name, ())), set(after.get(field.name, ()))
    table, mine, theirs = field.m2m_db_table(), field.m2m_column_name(), field.m2m_reverse_name()
    if old - new:
        sql = f"DELETE FROM {table} WHERE {mine} = %s AND {theirs} = ANY(%s::bigint[])"  # noqa: S608 - our tables' names.
        yield sql, [article.pk, sorted(old - new)]
    if new - old:
        yield f"INSERT INTO {table} ({mine}, {theirs}) SELECT %s, unnest(%s::bigint[])", [article.pk, sorted(new - old)]


def through(field: "models.ManyToManyField[Any, Any]") -> "models.Manager[Any]":
    """The rows that tie articles to the rows of the field."""
    return field.remote_field.through._default_manager  # type: ignore[union-attr]


def existing_rows(payload: Payload) -> Payload:
    """The payload without the rows that have been deleted since; a field whose only row is gone is left out."""
    kept = dict(payload)
    for field in plain_fields():
        if field.related_model and payload.get(field.name) and not _rows(field, [payload[field.name]]):
            del kept[field.name]
    for many in (*many_fields(), Article._meta.get_field("authors")):
        there = _rows(many, payload.get(many.name, []))
        kept[many.name] = [key for key in payload.get(many.name, []) if key in there]
    return kept


def _rows(field: Any, keys: list[int]) -> set[int]:
    found: set[int] = set(field.related_model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
    return found


def in_words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "M j, Y, P")


class RevisionQuerySet(models.QuerySet["Revision"]):
    def record(
        self,
        article: Article,
        by: User | None,
        summary: str,
        payload: Payload | None = None,
        *,
        is_pending: bool = False,
    ) -> "Revision":
        """Keep what the article says, or the draft over it (there is one at most: end the one before first)."""
        return self.create(
            article=article,
            made_by=by,
            version=article.version,
            summary=summary[:300],
            payload=payload or payload_of(article),
            is_pending=is_pending,
        )

    @transaction.atomic
    def change(self, article: Article, by: User | None, fields: Callable[[Payload], Payload]) -> None:
        """Give the article other values for some fields (`fields` gets what it says), as a save of its own.

        Raises ValidationError where somebody was faster, or where a draft over it would take the change back.
        """
        before = payload_of(article)
        after = {**before, **fields(before)}
        changed = changed_fields(before, after)
        if not changed:
            return
        if self.filter(article=article, is_pending=True).exists():
            raise ValidationError("Changes of it wait to be published. Publish or discard them first.")
        if not self.filter(article=article).exists():
            self.record(article, None, "As it was before.", before)
        if not article.claim():
            raise ValidationError("Somebody has changed the article meanwhile. Look at it again.")
        apply_payload(article, after, changed)
        store_many(article, before, after)
        article.save(update_fields=stored_fields())
        self.record(article, by, f"Changed: {', '.join(map(label_of, changed))}.", after)

    @transaction.atomic
    def discard_pending(self, article: Article) -> None:
        """Drop the draft over a live article; it stays in the history. Raises ValidationError if there is none."""
        if not article.claim() or not self.filter(article=article, is_pending=True).update(is_pending=False):
            raise ValidationError("There are no such changes any more. Look at the article again.")


class Revision(models.Model):
    """What an article said after one save or step. The newest pending one is the draft over a live article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField()  # Of the article, after that save.
    summary = models.CharField(max_length=300)
    payload = models.JSONField()
    is_pending = models.BooleanField(default=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["article", "-id"], name="revision_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(is_pending=True), name="revision_pending_once_an_article"
            )
        ]

    def __str__(self) -> str:
        return self.summary

    @transaction.atomic
    def restore(self, by: User) -> "Revision":
        """Make the article say this again, as a new revision; raises ValidationError where it cannot.

        What readers see changes at once if the article is live. A draft over it stays.
        """
        article = self.article
        before = payload_of(article)
        words = {name: value for name, value in existing_rows(self.payload).items() if name not in KEPT_ON_RESTORE}
        after = {**before, **words}
        if not article.claim():
            raise ValidationError("Somebody has changed the article meanwhile. Look at it again.")
        apply_payload(article, after, words)
        store_many(article, before, after)
        if article.status == Article.Status.PUBLISHED and (lacks := article.missing()):
            raise ValidationError(f"A published article needs {', '.join(lacks)}. Withdraw it first.")
        article.save(update_fields=stored_fields())
        said_on = in_words(self.made_at).rstrip(".")  # It ends with “a.m.” or “p.m.”, and the sentence with it.
        return Revision.objects.record(article, by, f"Restored what it said on {said_on}.", after)


class UnsavedWorkQuerySet(models.QuerySet["UnsavedWork"]):
    def keep(self, user: Any, article: Article | None, fields: dict[str, Any]) -> None:
        """Keep the fields in the place of what the user had typed into that form before."""
        self.update_or_create(user=user, article=article, defaults={"fields": fields})


class UnsavedWork(models.Model):
    """What somebody has typed into an article's form since the last save: one row each, of no effect on readers."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="unsaved_work")
    fields = models.JSONField()  # Name → list of values, as the form sends them.
    typed_at = models.DateTimeField(auto_now=True)

    objects = UnsavedWorkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "article"], name="unsaved_work_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(article__isnull=True), name="unsaved_work_on_a_new_article_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Unsaved work of {self.user}"

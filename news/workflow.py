"""The steps of an article: draft → in review → published (“scheduled” until its time) → withdrawn."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.formats import date_format


class Workflow(models.Model):
    """Where an article stands, and the verbs that move it.

    A step is taken only from a status that allows it, and only if nobody has changed the article since this instance
    was loaded (`version`). Otherwise it raises ValidationError, in words for whoever pressed the button.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        "publish time", null=True, blank=True, help_text="Readers see a published article from this time on."
    )
    embargo_until = models.DateTimeField(
        "embargo until", null=True, blank=True, help_text="Nobody can publish it for an earlier time."
    )
    updated_at = models.DateTimeField(
        "updated", null=True, blank=True, help_text="Set it when readers should know that the story has changed."
    )
    version = models.PositiveIntegerField(default=0, editable=False)  # One more with every save and step of the desk.
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    @property
    def state(self) -> str:
        """The status in the desk's words: a published article whose time has not come is “Scheduled”."""
        if self.status == self.Status.PUBLISHED and self.published_at and self.published_at > timezone.now():
            return "Scheduled"
        return self.Status(self.status).label

    @property
    def is_live(self) -> bool:
        """Readers see it now."""
        return self.state == "Published"

    @property
    def is_gone(self) -> bool:
        """It is withdrawn, and readers have seen it: what only stood in the schedule has lost its publish time."""
        return self.status == self.Status.WITHDRAWN and self.published_at is not None

    def possible_steps(self) -> list[str]:
        """The names of the verbs that its state allows."""
        return {
            "Draft": ["hand_in", "publish"],
            "In review": ["back_to_draft", "publish"],
            "Scheduled": ["back_to_draft", "withdraw"],
            "Published": ["withdraw"],
            "Withdrawn": ["back_to_draft", "publish"],
        }[self.state]

    def missing(self) -> list[str]:
        """What it lacks to be published, in words; an article adds its own."""
        return []

    def hand_in(self) -> None:
        """Give a draft to the editors."""
        self._step("hand_in", self.Status.IN_REVIEW)

    def publish(self, at: datetime | None = None) -> None:
        """Let readers see it from `at` on: else from its publish time, else from the end of its embargo, else now."""
        now = timezone.now()
        when = at or self.published_at or max(now, self.embargo_until or now)
        problems = (
            [f"Before it can be published, the article needs {', '.join(lacks)}."] if (lacks := self.missing()) else []
        )
        if self.embargo_until and when < self.embargo_until:
            problems.append(embargo_words(self.embargo_until))
        if problems:
            raise ValidationError(problems)
        # What was updated before it is published anew is new again.
        is_news = self.updated_at is not None and self.updated_at < when
        times = {"published_at": when, **({"updated_at": None} if is_news else {})}
        self._step("publish", self.Status.PUBLISHED, withdrawn_to="", **times)

    def back_to_draft(self) -> None:
        """Make it a draft again: what is in review, scheduled or withdrawn."""
        self._step("back_to_draft", self.Status.DRAFT)

    def withdraw(self, to: str = "") -> None:
        """Take it from readers, who are sent to the address `to` if there is one; or take it from the schedule."""
        seen = {} if self.is_live else {"published_at": None, "updated_at": None}
        self._step("withdraw", self.Status.WITHDRAWN, withdrawn_to=to, **seen)

    def claim(self, **fields: Any) -> bool:
        """Be the one who changes this version, and write the fields: False if somebody has been first.

        The caller saves what else there is in the same transaction. No signal goes out.
        """
        mine = type(self)._default_manager.filter(pk=self.pk, version=self.version)
        if not mine.update(version=F("version") + 1, **fields):
            return False
        self.version += 1
        for name, value in fields.items():
            setattr(self, name, value)
        return True

    def _step(self, name: str, status: str, **fields: Any) -> None:
        with transaction.atomic(savepoint=False):
            fields |= {"status": status, "saved_at": timezone.now()}
            is_mine = name in self.possible_steps() and self.claim(**fields)
            if is_mine:
                post_save.send(type(self), instance=self, created=False, update_fields=frozenset(fields))
        if not is_mine:
            raise ValidationError(self._refusal(name))

    def _refusal(self, name: str) -> str:
        self.refresh_from_db(fields=["status", "published_at", "version"])
        if name in self.possible_steps():
            return "Somebody has changed the article meanwhile. Look at it again."
        return f"That cannot be done: the article is {self.state.lower()} by now."


def embargo_words(until: datetime) -> str:
    local = date_format(timezone.localtime(until), "D, M j, Y, P T")
    return f"It is under embargo until {local} and cannot be published for an earlier time."

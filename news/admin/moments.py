"""Dates and times as the desk types and reads them: 6:30 pm or 18:30, without seconds, in a zone that is named."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTimeWidget

from news.templatetags.newsroom import US_ZONES

# Such as “6am”, “6 a.m.” and “6:30 PM”.
_TWELVE_HOURS = re.compile(r"(0?[1-9]|1[0-2])(?::([0-5][0-9]))?\s*([ap])\.?\s?m\.?", re.IGNORECASE | re.ASCII)
TWENTY_FOUR_HOURS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]


class ClockField(forms.TimeField):
    """A time of day, in twelve hours or in twenty-four."""

    def __init__(self) -> None:
        wrong = {"invalid": "Write a time such as 6:30 p.m. or 18:30."}
        super().__init__(required=False, input_formats=TWENTY_FOUR_HOURS, error_messages=wrong)

    def to_python(self, value: Any) -> time | None:
        match = _TWELVE_HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            return super().to_python(value)
        hour, minute, half = match.groups()
        return time(int(hour) % 12 + (12 if half in "pP" else 0), int(minute or 0))


class MomentField(forms.SplitDateTimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.fields = (self.fields[0], ClockField())


class MomentWidget(UnfoldAdminSplitDateTimeWidget):  # type: ignore[misc]
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets[1] = UnfoldAdminTimeWidget(attrs={"placeholder": "Time"}, format="%H:%M")


MOMENTS: dict[Any, dict[str, Any]] = {models.DateTimeField: {"form_class": MomentField, "widget": MomentWidget}}


def moment(words: str) -> datetime | None:
    """What an address says to begin with, such as “2026-12-01 06:00”, in the desk's zone; None if it says no time."""
    try:
        said: datetime | None = forms.DateTimeField(required=False).clean(words)
    except ValidationError:
        return None
    return said


def zone_name() -> str:
    """The publication's zone as readers see it: ET, or whatever its clocks say."""
    name = timezone.localtime().tzname() or ""
    return US_ZONES.get(name, name)


def with_its_seconds(typed: datetime, shown: datetime | None) -> datetime:
    """The moment that was shown, if it still stands in its field: nobody who does not touch it moves it."""
    return shown if shown and typed == shown.replace(second=0, microsecond=0) else typed

"""The model field for HTML that people or feeds wrote: it cleans on every save, so no path goes around it."""

from typing import Any

from django import forms
from django.db import models

from news.body import clean_html


class RichTextField(models.TextField):  # type: ignore[type-arg]
    """HTML cleaned by the one allow-list (`news.body.clean_html`) whenever the row is written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        cleaned = clean_html(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, cleaned)
        return cleaned

    def get_prep_value(self, value: Any) -> Any:
        # QuerySet.update() and bulk_update() do not call pre_save, but they do come through here.
        return clean_html(value) if isinstance(value, str) else super().get_prep_value(value)

    def formfield(self, **options: Any) -> forms.Field | None:
        from news.forms import BodyField  # The admin and its editor are loaded only where there is a form.

        return super().formfield(**{**options, "form_class": BodyField})

"""The rows that a form names: whether all of them are there is one question to the database, not one for each field."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, Value


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of one row. Once its form has asked for all rows (`know_rows`) it knows its own."""

    known: set[str] | None = None

    def prepare_value(self, value: Any) -> Any:
        return next(iter(keys_of(super().prepare_value(value))), None)

    def to_python(self, value: Any) -> Any:
        if self.known is None or value in self.empty_values:
            return super().to_python(value)
        if str(value) not in self.known:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return self.queryset.model(pk=int(value))  # type: ignore[union-attr]


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """A choice of many rows, likewise; known rows come in the order in which they were sent."""

    known: set[str] | None = None

    def prepare_value(self, value: Any) -> Any:
        return list(keys_of(super().prepare_value(value)))

    def clean(self, value: Any) -> Any:
        """What is not shown again must not be left out in silence either."""
        for key in value or ():
            if not list(keys_of(key)):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": key}
                )
        return super().clean(value)

    def _check_values(self, value: Any) -> Any:
        if self.known is None:
            return super()._check_values(value)  # type: ignore[misc]
        keys = list(dict.fromkeys(map(str, value)))
        for key in keys:
            if key not in self.known:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return [self.queryset.model(pk=int(key)) for key in keys]  # type: ignore[union-attr]


def know_rows(form: Any) -> None:
    """Tell the form's fields which of the rows that were sent are there, by their keys alone."""
    fields: dict[str, Any] = {
        name: field for name, field in form.fields.items() if isinstance(field, RowField | RowsField)
    }
    asked = {name: list(keys_of(form[name].data)) for name, field in fields.items()}
    parts: list[Any] = [
        fields[name].queryset.filter(pk__in=keys).order_by().values_list(Value(name, CharField()), "pk")
        for name, keys in asked.items()
        if keys
    ]
    rows = list(parts[0].union(*parts[1:], all=True)) if parts else []
    for name, field in fields.items():
        field.known = {str(pk) for of, pk in rows if of == name}


def keys_of(sent: Any) -> Iterable[int]:
    """What of it can be a key: it is whatever somebody sends, and the database takes numbers only."""
    many = sent if isinstance(sent, list | tuple) else [sent]
    return (int(key) for key in many if str(key).isascii() and str(key).isdecimal() and len(str(key)) < 19)

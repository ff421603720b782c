"""Queries that every page asks. The ORM writes their SQL once in a process: writing it costs more than the answer."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from functools import cache
from inspect import signature
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet, Value

Row = TypeVar("Row", bound=Model)


class Given(Value):
    """Stands in a prepared query for a value that is known only when it is asked."""

    def as_sql(self, *_: Any, **__: Any) -> Any:
        return "%s", [self]


def prepared(write: Callable[..., QuerySet[Row]]) -> Callable[..., list[Row]]:
    """Make of a function that writes a query one that asks it. It takes the same arguments, by name.

    The function runs once, with something that stands for each argument, so the query's shape cannot depend on them.
    """

    @cache
    def written() -> tuple[QuerySet[Row], Any, str, list[Any], Any]:
        queryset = write(**{name: Given(name) for name in signature(write).parameters})
        compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if any(isinstance(param, datetime) for param in params):
            raise TypeError(f"{write.__name__} would ask about the moment at which it was written, for ever.")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return queryset, compiler, sql, list(params), converters

    def ask(**given: Any) -> list[Row]:
        queryset, compiler, sql, params, converters = written()
        values = tuple(given[param.value] if isinstance(param, Given) else param for param in params)
        # As the ORM asks, with what it would make of the query again; a connection is a thread's own.
        asking, found = copy(compiler), queryset.all()
        asking.connection = connections[DEFAULT_DB_ALIAS]
        asking.as_sql = lambda *_, **__: (sql, values)
        asking.get_converters = lambda _: converters
        found.query.get_compiler = lambda *_, **__: asking  # type: ignore[method-assign]
        return list(found)

    return ask

"""What the migrations put into the tables, put back after each test that commits.

Django's own way is to empty every table and to make the rights anew, which takes a tenth of a second, and loses the
roles: tests would depend on their order.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase


def keep() -> None:
    """Note the rows that there are, in a schema of their own, and from now on go back to them after each such test."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != "django_migrations"]
        first = filled(cursor, tables)
        cursor.execute("CREATE SCHEMA first_rows")
        for table in first:
            cursor.execute(f'CREATE TABLE first_rows."{table}" AS TABLE "{table}"')

    def restore(_: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # No order of tables breaks a reference.
            for table in filled(cursor, tables):
                cursor.execute(f'DELETE FROM "{table}"')
            for table in first:
                cursor.execute(f'INSERT INTO "{table}" TABLE first_rows."{table}"')
            cursor.execute("SET session_replication_role = origin")

    TransactionTestCase._fixture_teardown = restore  # type: ignore[attr-defined]


def filled(cursor: Any, tables: list[str]) -> list[str]:
    """Those of the tables that have rows."""
    cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables))
    return [name for (name,) in cursor.fetchall()]

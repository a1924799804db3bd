"""The statements every request repeats, put together once a table instead of once a call."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import Col

Converter = Callable[[Any, Any, Any], Any]
Row = TypeVar("Row", bound=models.Model)


def locked(model: type[Row], pk: Any) -> Row | None:
    """The row with this key, locked until the transaction ends; None when it is not in sight."""
    return _row(model, pk, "FOR UPDATE")


def found(model: type[Row], pk: Any) -> Row | None:
    """The row with this key as it is now; None when it is not in sight."""
    return _row(model, pk, "")


def _row(model: type[Row], pk: Any, lock: str) -> Row | None:
    statement, converters = _select(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} {lock}", [pk])
        read = cursor.fetchone()
    if read is None:
        return None
    values = list(read)
    for place, column, convert in converters:
        for converter in convert:
            values[place] = converter(values[place], column, connection)
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, names, values)


def insert(row: models.Model) -> None:
    """Store a new row whose values are plain (no expressions, nothing the database computes)."""
    fields = row._meta.concrete_fields
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insert(type(row)), values)
    row._state.adding, row._state.db = False, connection.alias


@cache
def _select(model: type[models.Model]) -> tuple[str, list[tuple[int, Col, list[Converter]]]]:
    quote = connection.ops.quote_name
    table = model._meta.db_table
    columns = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    pk = quote(str(model._meta.pk.column))
    converters = []
    for place, field in enumerate(model._meta.concrete_fields):
        column = Col(table, field)
        found = [
            *connection.ops.get_db_converters(column),
            *column.get_db_converters(connection),
        ]
        if found:
            converters.append((place, column, found))
    return f"SELECT {columns} FROM {quote(table)} WHERE {pk} = %s", converters  # noqa: S608 - names of our own tables


@cache
def _insert(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    places = ", ".join("%s" for _field in model._meta.concrete_fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names of our own tables

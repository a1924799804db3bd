"""Columns of a list: what is read for a cell, how it is shown, exported and sorted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext

from linli.platform.desk import cells
from linli.platform.desk.cells import Reader
from linli.platform.pages import formats

Row = Mapping[str, Any]
Show = Callable[[Row], str]
Words = Callable[[Row], Any]
Text = str | Promise


class Column:
    """Plain text out of one path.

    `key` is the column's name in the address and, unless `path` says otherwise, the path read
    (as for `QuerySet.values`). `sort` is True to sort by the path, or another path, e.g. a stored
    pinyin key. `hidden` columns are offered, not shown. `visible_to` is a verb without which the
    column does not exist. `needs` are further paths that `show` reads.
    """

    end = False
    css = ""

    def __init__(
        self,
        key: str,
        label: Text = "",
        *,
        path: str = "",
        sort: bool | str = False,
        hidden: bool = False,
        visible_to: str | None = None,
        needs: Sequence[str] = (),
        show: Callable[[Row], Any] | None = None,
        expression: Any = None,
        localized: bool = False,
        css: str = "",
    ) -> None:
        self.key = key
        self._label = label
        self.path = path or key
        self._sort = sort
        self.hidden = hidden
        self.visible_to = str(visible_to) if visible_to else None
        self.needs = tuple(needs)
        self.shows = show
        self.expression = expression
        self.localized = localized
        self.css = css or self.css
        self.field: models.Field[Any, Any] | None = None

    def settle(self, model: type[models.Model]) -> None:
        """Learn from the model what was not said: the field, the path of a relation, the label."""
        self.field = field_of(model, self.path)
        if self.field is not None and self.field.is_relation:
            self._follow(self.field)
        if not self._label:
            source = field_of(model, self.key) or self.field
            self._label = source.verbose_name if source is not None else self.key

    def _follow(self, field: models.Field[Any, Any]) -> None:
        related: Any = field.related_model
        names = {one.name for one in related._meta.concrete_fields}
        if {"name_zh", "name_en"} <= names:
            self.path, self.localized = f"{self.path}__name", True
            return
        for name in ("name", "title", "full_name", "number"):
            if name in names:
                self.path = f"{self.path}__{name}"
                self.field = field_of(related, name)
                return

    @property
    def label(self) -> str:
        """Head of the column in the reader's language."""
        return str(capfirst(str(self._label)))

    def read_path(self, reader: Reader) -> str:
        """The path in the reader's language."""
        return self.path + (("_en" if reader.english else "_zh") if self.localized else "")

    def paths(self, reader: Reader) -> tuple[str, ...]:
        """Every path read for a cell."""
        return self.needs if self.shows else (self.read_path(reader), *self.needs)

    def sort_path(self, reader: Reader) -> str:
        """What the list is sorted by, or ""."""
        if not self._sort:
            return ""
        return self.read_path(reader) if self._sort is True else str(self._sort)

    @property
    def sortable(self) -> bool:
        return bool(self._sort)

    def cell(self, reader: Reader) -> Show:
        """A function from a row to safe markup, everything constant worked out beforehand."""
        words = self.words(reader)
        return lambda row: cells.text(words(row))

    def words(self, reader: Reader) -> Words:
        """A function from a row to the plain value, for exports."""
        if self.shows is not None:
            return self.shows
        path = self.read_path(reader)
        return lambda row: row[path]


class Chosen(Column):
    """The label of a field with choices."""

    def words(self, reader: Reader) -> Words:
        labels = self.labels()
        path = self.read_path(reader)
        return lambda row: labels.get(row[path], row[path])

    def labels(self) -> dict[Any, str]:
        """Stored value → label in the active language."""
        choices = self.field.flatchoices if self.field is not None else []
        return {value: str(label) for value, label in choices}


class Badge(Chosen):
    """A state: colour, icon and word. `tones` maps values to tones, `icons` values to icons."""

    def __init__(
        self,
        key: str,
        label: Text = "",
        *,
        tones: Mapping[str, str] | None = None,
        icons: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(key, label, **more)
        self.tones = {str(value): tone for value, tone in (tones or {}).items()}
        self.icons = {str(value): name for value, name in (icons or {}).items()}

    def cell(self, reader: Reader) -> Show:
        path = self.read_path(reader)
        drawn = {value: self.draw(value, words) for value, words in self.labels().items()}

        def show(row: Row) -> str:
            value = row[path]
            found = drawn.get(value)
            return found if found is not None else cells.text(value)

        return show

    def draw(self, value: Any, words: str) -> str:
        """The badge of one value."""
        tone = self.tones.get(str(value), "idle")
        return cells.badge(words, tone, self.icons.get(str(value), ""))


class Lookup(Column):
    """A label looked up in a mapping made once a page, e.g. names of categories by id."""

    def __init__(
        self, key: str, label: Text = "", *, labels: Callable[[Reader], Mapping[Any, str]],
        **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(key, label, **more)
        self.lookup = labels

    def settle(self, model: type[models.Model]) -> None:
        """Keep the path as it is: the mapping knows what stands there."""
        if not self._label:
            field = field_of(model, self.key.removesuffix("_id"))
            self._label = field.verbose_name if field is not None else self.key

    def words(self, reader: Reader) -> Words:
        labels = self.lookup(reader)
        path = self.read_path(reader)
        return lambda row: labels.get(row[path], "")


class Moment(Column):
    """A point in time."""

    css = "nowrap"

    def cell(self, reader: Reader) -> Show:
        path = self.read_path(reader)
        return lambda row: cells.moment(row[path], reader)

    def words(self, reader: Reader) -> Words:
        path = self.read_path(reader)
        return lambda row: naive(row[path])


class Day(Column):
    """A day."""

    css = "nowrap"

    def cell(self, reader: Reader) -> Show:
        path = self.read_path(reader)
        return lambda row: cells.day(row[path], reader)


class Due(Column):
    """A deadline as a chip; reads the columns of `Clocked`. `done` names when the work ended."""

    css = "nowrap"

    def __init__(self, key: str = "due_at", label: Text = "", *, done: str = "", **more: Any):
        clock = ("due_provisional", "paused_at")
        super().__init__(key, label, needs=(*clock, *((done,) if done else ())), **more)
        self.done = done

    def cell(self, reader: Reader) -> Show:
        path, done, now, english = self.path, self.done, reader.now, reader.english
        return lambda row: cells.due(
            row[path],
            now=now,
            provisional=row["due_provisional"],
            paused=row["paused_at"] is not None,
            done_at=row[done] if done else None,
            english=english,
        )

    def words(self, reader: Reader) -> Words:  # noqa: ARG002
        path = self.path
        return lambda row: naive(row[path])


class Number(Column):
    """A number, right-aligned; `digits` after the point."""

    end = True

    def __init__(self, key: str, label: Text = "", *, digits: int | None = None, **more: Any):
        super().__init__(key, label, **more)
        self.digits = digits

    def cell(self, reader: Reader) -> Show:
        words, digits = self.words(reader), self.digits
        return lambda row: formats.number(words(row), digits)


class Grouped(Column):
    """A long number in groups of four, to be read over the phone; exported as it is."""

    css = "nowrap num"

    def cell(self, reader: Reader) -> Show:
        path = self.read_path(reader)
        return lambda row: cells.text(formats.grouped(row[path]))


class YesNo(Column):
    """Yes or no."""

    def cell(self, reader: Reader) -> Show:
        path = self.read_path(reader)
        yes, no = cells.badge(gettext("Yes"), "done", "check"), cells.text(gettext("No"))
        return lambda row: yes if row[path] else no

    def words(self, reader: Reader) -> Words:
        path, yes, no = self.read_path(reader), gettext("Yes"), gettext("No")
        return lambda row: yes if row[path] else no


class Masked(Column):
    """A phone number with its middle hidden, on the screen and in exports."""

    def words(self, reader: Reader) -> Words:
        path = self.read_path(reader)
        return lambda row: formats.phone_mask(row[path]) if row[path] else ""


def naive(value: datetime | date | None) -> datetime | date | None:
    """Local time without its zone, as workbooks keep it."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value


def field_of(model: type[models.Model], path: str) -> models.Field[Any, Any] | None:
    """The field at the end of a path, or None for an annotation."""
    found: Any = None
    here: Any = model
    for part in path.split("__"):
        if here is None:
            return None
        try:
            found = here._meta.pk if part == "pk" else here._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        here = getattr(found, "related_model", None)
    return found if isinstance(found, models.Field) else None


def is_nullable(model: type[models.Model], path: str) -> bool:
    """Whether the path may lead to nothing; an annotation may."""
    here: Any = model
    for part in path.split("__"):
        field = field_of(here, part)
        if field is None or field.null:
            return True
        here = field.related_model
    return False


def settled(model: type[models.Model], column: Column | str) -> Column:
    """The column ready for use; a bare name becomes the kind its field asks for."""
    if isinstance(column, str):
        column = kind_for(model, column)(column)
    column.settle(model)
    return column


def kind_for(model: type[models.Model], name: str) -> type[Column]:
    """The kind of column that suits a field."""
    field = field_of(model, name)
    if field is None:
        return Column
    if field.flatchoices:
        return Chosen
    kinds: tuple[tuple[Any, type[Column]], ...] = (
        (models.DateTimeField, Moment),
        (models.DateField, Day),
        (models.BooleanField, YesNo),
        ((models.IntegerField, models.FloatField, models.DecimalField), Number),
    )
    return next((kind for fields, kind in kinds if isinstance(field, fields)), Column)

"""A list as the address asks for it: filters, order, columns, page, and what the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from markupsafe import escape

from linli.platform.access.actor import Actor
from linli.platform.desk import keyset
from linli.platform.desk.cells import Reader, safe
from linli.platform.desk.columns import Column
from linli.platform.desk.filters import Applied, Chip, Control
from linli.platform.desk.register import Register

LONGEST_SEARCH = 100
# Parameters of the place in the list, not of what the list is.
PLACE = ("after", "before", "page")


@dataclass(frozen=True)
class Head:
    """One column as the head of the table draws it."""

    key: str
    label: str
    sort: bool
    end: bool
    shown: bool


@dataclass(frozen=True)
class DrawnRow:
    """A row ready for the page; `html` are its table cells."""

    key: str
    url: str
    html: str


@dataclass(frozen=True)
class DrawnChip:
    """A filter in force and the address without it."""

    label: str
    words: str
    remove: str


class Listing:
    """One request for a list. Reads the address once; queries when asked."""

    def __init__(self, register: Register, request: HttpRequest, actor: Actor) -> None:
        self.register, self.actor = register, actor
        self.given = request.GET
        self.reader = Reader.of(actor)
        self.available = register.columns_for(actor)
        self.columns = self._chosen_columns(request)
        self.sort = self._sort()
        self.order = self._order()
        self.text = self.given.get("q", "").strip()[:LONGEST_SEARCH]
        self.applied: list[Applied] = [one.apply(self.given, actor) for one in register.all_filters]

    def rows(self) -> QuerySet[Any]:
        """The rows the filters leave."""
        rows = type(self.register).rows(self.actor)
        for applied in self.applied:
            if applied.condition is not None:
                rows = rows.filter(applied.condition)
        if self.text and self.register.searchable:
            rows = type(self.register).search(rows, self.actor, self.text)
        added = {c.key: c.expression for c in self.columns if c.expression is not None}
        return rows.annotate(**added) if added else rows

    def fields(self) -> list[str]:
        """Every path the page reads."""
        paths = [path for column in self.columns for path in column.paths(self.reader)]
        return list(dict.fromkeys([self.register.lookup, *paths]))

    def page(self, rows: QuerySet[Any], *, size: int | None = None) -> keyset.Page:
        """The page the address asks for."""
        mark = keyset.read(self.given.get("after", ""), self.register.model, self.order)
        return keyset.take(
            rows, self.order, mark, fields=self.fields(), size=size or self.register.page_size
        )

    def draw(self, rows: Sequence[dict[str, Any]]) -> list[DrawnRow]:
        """Rows with their cells as markup; the first column links to the row's page."""
        lookup, base = self.register.lookup, self.register.url
        first, *others = [
            (_opened(column, place), column.cell(self.reader))
            for place, column in enumerate(self.columns)
        ]
        drawn = []
        for row in rows:
            url = escape(f"{base}{row[lookup]}/")
            link = (
                f'{first[0]}<a class="row-link" href="{url}">{first[1](row)}</a>'
                f'<a class="peek" href="{url}" data-panel tabindex="-1" aria-hidden="true"></a>'
            )
            rest = "".join([f"{opened}{show(row)}</td>" for opened, show in others])
            drawn.append(DrawnRow(str(row["pk"]), url, safe(f"{link}</td>{rest}")))
        return drawn

    def heads(self) -> list[Head]:
        """Every column of the register, the shown ones marked, in the order of the register."""
        shown = {column.key for column in self.columns}
        return [Head(c.key, c.label, c.sortable, c.end, c.key in shown) for c in self.available]

    def controls(self) -> list[Control]:
        """What the filter bar draws."""
        return [one.control for one in self.applied if one.control.kind != "none"]

    def problems(self) -> list[str]:
        """What in the address could not be understood."""
        return [one.control.problem for one in self.applied if one.control.problem]

    def chips(self) -> list[DrawnChip]:
        """The filters in force."""
        found: list[Chip] = [one.chip for one in self.applied if one.chip is not None]
        return [
            DrawnChip(chip.label, chip.words, self.address(without=chip.names)) for chip in found
        ]

    @property
    def is_filtered(self) -> bool:
        return bool(self.text) or any(one.condition is not None for one in self.applied)

    def kept(self, *, without: Sequence[str] = ()) -> list[tuple[str, str]]:
        """Parameters of this list that this register knows, the place in it left out."""
        known = {name for one in self.register.all_filters for name in one.names}
        known |= {"q", "sort", "columns", "view"}
        return [
            (name, value)
            for name, values in self.given.lists()
            if name in known and name not in without and name not in PLACE
            for value in values
            if value
        ]

    def address(self, *, without: Sequence[str] = (), **more: str) -> str:
        """The list's address with parameters taken away or set."""
        pairs = self.kept(without=[*without, *more])
        pairs += [(name, value) for name, value in more.items() if value]
        return f"{self.register.url}?{urlencode(pairs)}" if pairs else self.register.url

    def sort_base(self) -> str:
        """The address up to where `sort=…` follows."""
        address = self.address(without=["sort"])
        return address + ("&" if "?" in address else "?")

    @property
    def query(self) -> str:
        """What makes this list this list, for saving."""
        return urlencode(self.kept(without=["view"]))

    def _chosen_columns(self, request: HttpRequest) -> list[Column]:
        wanted = self.given.getlist("columns")
        if not wanted:
            cookie = request.COOKIES.get(columns_cookie(self.register), "")
            wanted = [key for key in cookie.split(".") if key]
        chosen = [column for column in self.available if column.key in wanted]
        return chosen or [column for column in self.available if not column.hidden]

    def _sort(self) -> str:
        for text in (self.given.get("sort", ""), self.register.default_sort):
            column = next((c for c in self.available if c.key == text.removeprefix("-")), None)
            if column is not None and column.sortable:
                return text
        return self.register.default_sort

    def _order(self) -> keyset.Order:
        key = self.sort.removeprefix("-")
        column = next((c for c in self.available if c.key == key), None)
        path = (column.sort_path(self.reader) if column else "") or key
        return keyset.Order.of(self.register.model, path, down=self.sort.startswith("-"))


def columns_cookie(register: Register) -> str:
    """The cookie that keeps which columns a person wants."""
    return f"linli_columns_{register.name}"


def same_query(one: str, other: str) -> bool:
    """Whether two address parts ask for the same rows."""
    return _conditions(one) == _conditions(other)


def _conditions(query: str) -> dict[str, list[str]]:
    left_out = {*PLACE, "columns", "sort", "view"}
    return {k: sorted(v) for k, v in QueryDict(query).lists() if k not in left_out and any(v)}


def _opened(column: Column, place: int) -> str:
    """The cell's opening tag; the label stands before the value where a row becomes a card."""
    parts = [column.css, "end" if column.end else "", "head" if place == 0 else ""]
    css = " ".join(part for part in parts if part)
    return f'<td class="{css}" data-label="{escape(column.label)}">'

"""A list as a file: CSV or a workbook, with who, when and what for in its first lines."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import xlsxwriter
from django.db.models import F, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from linli.kernel.errors import Invalid
from linli.platform.access.actor import Actor
from linli.platform.desk import keyset
from linli.platform.desk.listing import Listing
from linli.platform.desk.models import ExportRule, Fault
from linli.platform.desk.register import Register

BATCH = 1_000
IN_MEMORY = 2_000_000
# The format's own end, not a rule of ours.
EXCEL_ROWS = 1_048_576
# A cell beginning so would be run as a formula by spreadsheet programs.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Origin:
    """What stands above the rows."""

    title: str
    who: str
    when: datetime
    purpose: str
    filters: str

    def lines(self) -> list[str]:
        """Title, who and when, what for, which rows."""
        found = [
            self.title,
            gettext("Exported by %(who)s on %(when)s")
            % {"who": self.who, "when": timezone.localtime(self.when).strftime("%Y-%m-%d %H:%M")},
            gettext("Purpose: %(purpose)s") % {"purpose": self.purpose},
        ]
        if self.filters:
            found.append(gettext("Only: %(filters)s") % {"filters": self.filters})
        return found


class TooLong(Invalid):
    """More rows than a sheet of Excel can hold; a CSV file holds any number."""

    def __init__(self) -> None:
        super().__init__("form", Fault.TOO_LONG.label)


def counted(rows: QuerySet[Any], *, form: str, on: date) -> int | None:
    """The number of rows to export; None when they are too many to be sent at once.

    Raises `TooLong` for a workbook, and `Invalid` when the rule of the day forbids so many.
    """
    rule = ExportRule.objects.filter(starts__lte=on).order_by("-starts").first()
    at_once = rule.most_rows if rule is not None else 0
    found = keyset.count(rows, to=at_once)
    if found <= at_once:
        return found
    most = rule.most_in_all if rule is not None else 0
    if most is not None and keyset.count(rows, to=most) > most:
        sentence = gettext(
            "This list has more than %(most)s rows, more than one file may hold. "
            "Narrow it with filters, for example to one area or one month."
        )
        raise Invalid("", sentence, most=f"{most:,}")
    if form == "xlsx" and keyset.count(rows, to=EXCEL_ROWS) > EXCEL_ROWS:
        raise TooLong
    return None


def listing_of(register: Register, actor: Actor, query: str, columns: Sequence[str]) -> Listing:
    """The list that an address asked for, with these columns, for somebody not on the line."""
    given = QueryDict(query, mutable=True)
    given.setlist("columns", list(columns))
    asked = HttpRequest()
    asked.GET = given  # type: ignore[assignment]  # mutable, and nobody changes it
    return Listing(register, asked, actor)


def who(actor: Actor) -> str:
    """Who exports, in which capacity, as the file tells it."""
    return " · ".join(part for part in (actor.name, actor.unit_name, actor.post_title) if part)


def filters_of(listing: Listing) -> str:
    """The filters in force, as the file tells them; what was searched for among them."""
    told = [f"{chip.label}: {chip.words}" for chip in listing.chips()]
    if listing.text:
        told.append(f"{gettext('Search')}: {listing.text}")
    return "; ".join(told)


def file_name(register: Register, form: str, at: datetime) -> str:
    """Under which name the file is saved."""
    return f"{register.heading}-{timezone.localtime(at):%Y-%m-%d}.{form}"


def write(listing: Listing, rows: QuerySet[Any], origin: Origin, *, form: str) -> IO[bytes]:
    """The file, ready to be sent; memory does not grow with the rows."""
    # The response closes it when the last byte is sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    write_to(file, listing, rows, origin, form=form)
    file.seek(0)
    return file


def write_to(
    file: IO[bytes],
    listing: Listing,
    rows: QuerySet[Any],
    origin: Origin,
    *,
    form: str,
    tick: Callable[[int], None] = lambda done: None,
    aside: Path | None = None,
) -> int:
    """Write the rows into a file and return how many.

    They are read through a cursor of the database, a thousand at a time; `tick` hears after each
    thousand how many are written, and may raise to stop. `aside` is where a workbook keeps its
    parts until it is put together. Raises `TooLong`.
    """
    heads = [column.label for column in listing.columns]
    total = 0

    def lines() -> Iterator[list[Any]]:
        nonlocal total
        for values in _values(listing, rows):
            yield values
            total += 1
            if total % BATCH == 0:
                tick(total)

    if form == "csv":
        _csv(file, origin, heads, lines())
    else:
        _workbook(file, origin, heads, lines(), aside)
    return total


def _values(listing: Listing, rows: QuerySet[Any]) -> Iterator[list[Any]]:
    words = [column.words(listing.reader) for column in listing.columns]
    order = listing.order
    path = F(order.path)
    ordered = rows.order_by(
        path.desc(nulls_last=True) if order.down else path.asc(nulls_last=True),
        "-pk" if order.down else "pk",
    )
    for row in ordered.values("pk", *listing.fields()).iterator(chunk_size=BATCH):
        yield [plain(show(row)) for show in words]


def plain(value: Any) -> Any:
    """A value as a cell keeps it: numbers and dates as such, everything else as text."""
    match value:
        case None:
            return ""
        case bool() | int() | float() | Decimal() | datetime() | date():
            return value
        case UUID():
            return str(value)
        case list() | tuple():
            return "、".join(str(one) for one in value)
        case _:
            return str(value)


def _csv(file: IO[bytes], origin: Origin, heads: Sequence[str], lines: Iterable[list[Any]]) -> None:
    wrapped = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(wrapped)
    for line in origin.lines():
        writer.writerow([harmless(line)])
    writer.writerow(heads)
    for values in lines:
        writer.writerow([harmless(value) for value in values])
    wrapped.flush()
    wrapped.detach()


def harmless(value: Any) -> Any:
    """Text that no spreadsheet program takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _workbook(
    file: IO[bytes],
    origin: Origin,
    heads: Sequence[str],
    lines: Iterable[list[Any]],
    aside: Path | None,
) -> None:
    options: dict[str, Any] = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "use_zip64": True,
    }
    if aside is not None:
        options["tmpdir"] = str(aside)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **options})
    book.set_properties({"title": origin.title, "author": origin.who, "comments": origin.purpose})
    sheet = book.add_worksheet()
    bold, small = book.add_format({"bold": True}), book.add_format({"font_color": "#555555"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F5"})
    sheet.set_column(0, max(len(heads) - 1, 0), 18)
    top = origin.lines()
    for number, line in enumerate(top):
        sheet.write_string(number, 0, line, bold if number == 0 else small)
    start = len(top) + 1
    for place, label in enumerate(heads):
        sheet.write_string(start, place, label, head)
    number = start
    for number, values in enumerate(lines, start + 1):
        if number >= EXCEL_ROWS:
            raise TooLong
        for place, value in enumerate(values):
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, datetime.combine(value, time.min), day)
            elif isinstance(value, str):
                sheet.write_string(number, place, value)
            else:
                sheet.write(number, place, value)
    sheet.freeze_panes(start + 1, 1)
    sheet.autofilter(start, 0, max(number, start), max(len(heads) - 1, 0))
    book.close()

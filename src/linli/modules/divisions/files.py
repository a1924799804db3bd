"""Reading lists of divisions: the five files of the npm package, or one extract."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid, fill
from linli.kernel.text import clean_line
from linli.modules.divisions.codes import LENGTHS, kind_of, own_part
from linli.modules.divisions.models import Kind
from linli.platform.access.public import Level

if TYPE_CHECKING:
    from linli.kernel.errors import Text

LONGEST_NAME = 100
MOST_FAULTS = 200
PACKAGE_FILES: tuple[tuple[str, Level, str], ...] = (
    ("provinces.csv", Level.PROVINCE, ""),
    ("cities.csv", Level.CITY, "provinceCode"),
    ("areas.csv", Level.COUNTY, "cityCode"),
    ("streets.csv", Level.STREET, "areaCode"),
    ("villages.csv", Level.COMMUNITY, "streetCode"),
)
EXTRACT_COLUMNS = frozenset({"code", "level", "name_zh", "parent_code"})
KNOWN_KINDS = frozenset(Kind.values)


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a file, checked by itself."""

    file: str
    line: int
    level: int
    code: str
    parent: str
    name: str
    kind: str

    @property
    def segment(self) -> str:
        """The unit's part of its key."""
        return own_part(self.code, self.level)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be taken, where it stands."""

    file: str
    line: int
    message: Text
    params: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, in the reader's language."""
        return fill(self.message, self.params)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Source:
    """One CSV file and how its columns are to be read. `level` 0: the file says it itself."""

    path: Path
    level: int
    parent: str


Tell = Callable[[Fault], None]


def sources(path: Path) -> list[Source]:
    """What there is to read at `path`; raises `Invalid("path")` with a sentence if nothing fits."""
    if path.is_file():
        return [Source(path, 0, "parent_code")]
    for folder in (path / "dist", path / "package" / "dist", path):
        found = [
            Source(folder / name, level, parent)
            for name, level, parent in PACKAGE_FILES
            if (folder / name).is_file()
        ]
        if len(found) == len(PACKAGE_FILES):
            return found
    raise Invalid(
        "path",
        _(
            "“%(path)s” is neither a CSV file nor a folder with provinces.csv, cities.csv, "
            "areas.csv, streets.csv and villages.csv."
        ),
        path=str(path),
    )


def digest(found: list[Source]) -> str:
    """SHA-256 over all files in order, so that an entry tells what exactly was loaded."""
    seal = hashlib.sha256()
    for source in found:
        with source.path.open("rb") as file:
            while block := file.read(1 << 20):
                seal.update(block)
    return seal.hexdigest()


def count_lines(found: list[Source]) -> int:
    """About how many units there are to read."""
    total = 0
    for source in found:
        with source.path.open("rb") as file:
            total += sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return max(total - len(found), 0)


def lines(found: list[Source], tell: Tell) -> Iterator[Line]:
    """Every unit of the files; lines that cannot be taken are told and left out."""
    for source in found:
        try:
            yield from _lines_of(source, tell)
        except UnicodeDecodeError:
            tell(_bad_encoding(source.path))


def _lines_of(source: Source, tell: Tell) -> Iterator[Line]:
    name = source.path.name
    with source.path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        head = next(rows, [])
        column = {title.strip(): place for place, title in enumerate(head)}
        missing = _needed(source) - column.keys()
        if missing:
            words = "、".join(sorted(missing))
            tell(Fault(name, 1, _("The columns %(columns)s are missing."), {"columns": words}))
            return
        read = _reader(source, column)
        last = 1
        for row in rows:
            number, last = last + 1, rows.line_num
            if not row:
                continue
            if len(row) < len(head):
                tell(Fault(name, number, _("The line has fewer cells than the heading.")))
                continue
            line = read(row, number, tell)
            if line is not None:
                yield line


def _needed(source: Source) -> set[str]:
    if not source.level:
        return set(EXTRACT_COLUMNS)
    return {"code", "name", source.parent} - {""}


Reader = Callable[[list[str], int, Tell], Line | None]


def _reader(source: Source, column: dict[str, int]) -> Reader:
    """A function from the cells of a row to a checked line."""
    file = source.path.name
    code_at, parent_at = column["code"], column.get(source.parent)
    name_at = column["name"] if source.level else column["name_zh"]
    level_at = column.get("level")
    kind_at = column.get("kind", column.get("kind_by_name_suffix"))

    def read(row: list[str], number: int, tell: Tell) -> Line | None:
        code, name = row[code_at].strip(), clean_line(row[name_at])
        level = source.level or _level(row[level_at] if level_at is not None else "")
        wrong = _wrong(code, name, level)
        if wrong is not None:
            message, params = wrong
            tell(Fault(file, number, message, params))
            return None
        told = row[kind_at].strip() if kind_at is not None else ""
        kind = told if told in KNOWN_KINDS and told else kind_of(code, level)
        parent = row[parent_at].strip() if parent_at is not None else ""
        return Line(file, number, level, code, parent, name, str(kind))

    return read


def _level(text: str) -> int:
    return int(text) if text.strip() in {"1", "2", "3", "4", "5"} else 0


def _wrong(code: str, name: str, level: int) -> tuple[Text, dict[str, str]] | None:
    if not level:
        return _("The level is not one of 1 to 5."), {}
    if not (code.isascii() and code.isdigit()) or len(code) != LENGTHS[level]:
        return (
            _("“%(code)s” is not a code of this level: %(digits)s digits are needed."),
            {"code": code, "digits": str(LENGTHS[level])},
        )
    if not name:
        return _("The name of %(code)s is empty."), {"code": code}
    if len(name) > LONGEST_NAME:
        return _("The name of %(code)s is longer than 100 characters."), {"code": code}
    return None


def _bad_encoding(path: Path) -> Fault:
    """Where the file stops being UTF-8."""
    with path.open("rb") as file:
        number = next((place for place, raw in enumerate(file, start=1) if not _is_utf8(raw)), 1)
    return Fault(
        path.name,
        number,
        _("The file is not UTF-8 here; save it again as “CSV UTF-8”."),
    )


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

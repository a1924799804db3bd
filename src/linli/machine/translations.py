"""Translations: collected from Python and templates, kept in .po files, compiled to .mo by Babel.

A catalogue belongs to the nearest package above the text: each Django app, `kernel`, `machine`,
and `linli` itself for what stands outside of them.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from linli.machine.places import PACKAGE

LANGUAGE = "zh_Hans"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # Sentences that are translated where they are shown, not where they are raised.
    "MachineError": (1,),
    "tell": (1,),
    "step": (1,),
}
COMMENT_TAGS = ("Translators:",)
SKIPPED = {"tests", "migrations", "static", "locale", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Fault:
    """Something missing in one catalogue."""

    catalogue: Path
    message: str
    reason: str


def owners() -> list[Path]:
    """The packages that have a catalogue, deepest first."""
    apps = {path.parent for path in PACKAGE.rglob("apps.py")}
    found = {PACKAGE, PACKAGE / "kernel", PACKAGE / "machine", *apps}
    return sorted(found, key=lambda path: -len(path.parts))


def catalogue(owner: Path) -> Path:
    """The .po file of one package."""
    return owner / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def compile_all() -> int:
    """Write the .mo of every .po that is newer; how many were written."""
    return sum(compile_one(source) for source in PACKAGE.rglob("locale/*/LC_MESSAGES/*.po"))


def compile_one(source: Path) -> bool:
    """Write the .mo of this .po if the .po is newer; whether it was."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    with source.open("rb") as file:
        catalog = read_po(file, locale=_locale(source))
    # Two programs may start at once.
    new = target.with_suffix(f".{os.getpid()}")
    with new.open("wb") as file:
        write_mo(file, catalog)
    new.rename(target)
    return True


def _locale(source: Path) -> str:
    return source.parts[-3]


def _sources() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*")):
        if SKIPPED & set(path.relative_to(PACKAGE).parts):
            continue
        if path.suffix == ".py":
            yield path, "python"
        elif "templates" in path.parts and path.suffix in {".html", ".txt", ".typ"}:
            yield path, "jinja2"


def extract() -> dict[Path, Catalog]:
    """What the source says now: one template catalogue a package."""
    order = owners()
    found = {owner: Catalog(charset="utf-8") for owner in order}
    options = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
    for path, method in _sources():
        owner = next(candidate for candidate in order if candidate in path.parents)
        for line, message, comments, context in extract_from_file(
            method, path, KEYWORDS, COMMENT_TAGS, options if method == "jinja2" else None
        ):
            place = (str(path.relative_to(PACKAGE.parent)), line)
            found[owner].add(message, None, [place], auto_comments=comments, context=context)
    return found


def update(under: Path = PACKAGE) -> int:
    """Bring the .po files of the packages at or `under` a place up to date; how many changed.

    Translations are kept; those of texts no longer in the source are dropped.
    """
    changed = 0
    for owner, template in extract().items():
        path = catalogue(owner)
        if not path.is_relative_to(under) or (not len(template) and not path.exists()):
            continue
        current = _read(path)
        current.update(template, no_fuzzy_matching=True, update_creation_date=False)
        current.obsolete.clear()
        text = io.BytesIO()
        write_po(text, current, width=100, sort_by_file=True, include_lineno=False)
        if not path.exists() or path.read_bytes() != text.getvalue():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.getvalue())
            changed += 1
    return changed


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False, project="Linli")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def faults() -> list[Fault]:
    """Every text of the source without a finished translation.

    A text may be translated in the catalogue of another package as well: Django merges them.
    """
    known: set[tuple[str, str | None]] = set()
    found: list[Fault] = []
    for owner in owners():
        path = catalogue(owner)
        for message in _read(path):
            if not message.id:
                continue
            if message.fuzzy:
                found.append(Fault(path, _id(message.id), "fuzzy"))
            elif all(message.string if isinstance(message.string, tuple) else [message.string]):
                known.add((_id(message.id), message.context))
    for owner, template in extract().items():
        for message in template:
            if message.id and (_id(message.id), message.context) not in known:
                found.append(Fault(catalogue(owner), _id(message.id), "missing"))
    return found


def _id(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]

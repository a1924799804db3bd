"""The navigation: registers and other pages, grouped by task, only what the actor may open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.platform.access.actor import Actor
from linli.platform.desk.register import GROUPS, registers
from linli.platform.pages.frames import NavGroup, NavItem

Text = str | Promise

GROUP_LABELS: dict[str, Text] = {
    "today": "",
    "work": _("Work"),
    "places": _("Places"),
    "organisation": _("Organisation"),
    "settings": _("Settings"),
}


@dataclass(frozen=True)
class Entry:
    """A page in the navigation that is no register. `url` is the name of a view."""

    label: Text
    url: str
    group: str = "work"
    icon: str = "list"
    order: int = 100
    go: str = ""
    needs: str | None = None
    count: Callable[[Actor], int] | None = None
    tone: str = ""


_entries: list[Entry] = []
_worked_out: dict[tuple[frozenset[str], bool, bool, str], list[_Open]] = {}
MOST_KEPT = 200


def menu_entry(entry: Entry) -> Entry:
    """Put a page into the navigation."""
    _entries.append(entry)
    _worked_out.clear()
    return entry


@dataclass(frozen=True)
class _Open:
    """An entry somebody may open, all but its number."""

    group: str
    item: NavItem
    count: Callable[[Actor], int] | None


def navigation(actor: Actor) -> list[NavGroup]:
    """The groups with what this actor may open."""
    found: dict[str, list[NavItem]] = {}
    for one in _open_to(actor, get_language() or ""):
        item = one.item if one.count is None else replace(one.item, count=one.count(actor))
        found.setdefault(one.group, []).append(item)
    return [NavGroup(str(GROUP_LABELS[group]), items) for group, items in found.items()]


def _open_to(actor: Actor, language: str) -> list[_Open]:
    """What may be opened follows from the verbs alone, so people of one role share it."""
    key = (actor.verbs, actor.all_verbs, actor.is_signed_in, language)
    if key not in _worked_out:
        if len(_worked_out) > MOST_KEPT:
            _worked_out.clear()
        placed = [*_registers(actor), *_pages(actor)]
        placed.sort(key=lambda one: (GROUPS.index(one[2].group), *one[:2]))
        _worked_out[key] = [one for *_place, one in placed]
    return _worked_out[key]


def _registers(actor: Actor) -> Iterator[tuple[int, str, _Open]]:
    for register in registers():
        menu = register.menu
        if menu is not None and register.open_to(actor):
            item = NavItem(str(menu.label), register.url, menu.icon, None, menu.tone, menu.go)
            yield menu.order, register.name, _Open(menu.group, item, menu.count)


def _pages(actor: Actor) -> Iterator[tuple[int, str, _Open]]:
    for entry in _entries:
        if entry.needs is None or actor.knows(str(entry.needs)):
            url = reverse(entry.url)
            item = NavItem(str(entry.label), url, entry.icon, None, entry.tone, entry.go)
            yield entry.order, entry.url, _Open(entry.group, item, entry.count)

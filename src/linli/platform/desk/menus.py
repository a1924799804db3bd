"""The navigation: registers and other pages, grouped by task, only what the actor may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
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


def menu_entry(entry: Entry) -> Entry:
    """Put a page into the navigation."""
    _entries.append(entry)
    return entry


def navigation(actor: Actor) -> list[NavGroup]:
    """The groups with what this actor may open."""
    found: dict[str, list[tuple[int, str, NavItem]]] = {group: [] for group in GROUPS}
    for register in registers():
        menu = register.menu
        if menu is None or not register.open_to(actor):
            continue
        number = menu.count(actor) if menu.count else None
        item = NavItem(str(menu.label), register.url, menu.icon, number, menu.tone, menu.go)
        found[menu.group].append((menu.order, register.name, item))
    for entry in _entries:
        if entry.needs is not None and not actor.knows(str(entry.needs)):
            continue
        number = entry.count(actor) if entry.count else None
        item = NavItem(
            str(entry.label), reverse(entry.url), entry.icon, number, entry.tone, entry.go
        )
        found[entry.group].append((entry.order, entry.url, item))
    return [
        NavGroup(str(GROUP_LABELS[group]), [item for *_place, item in sorted(items, key=_order)])
        for group, items in found.items()
        if items
    ]


def _order(placed: tuple[int, str, NavItem]) -> tuple[int, str]:
    return placed[0], placed[1]

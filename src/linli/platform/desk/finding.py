"""The one search box: every module looks for its own things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from linli.platform.access.actor import Actor

Text = str | Promise
MOST = 20


@dataclass(frozen=True)
class Found:
    """One thing found. `exact` marks the thing whose number or code was typed in full."""

    title: str
    url: str
    more: str = ""
    icon: str = "clipboard"
    badge: str = ""
    exact: bool = False


Finder = Callable[[Actor, str, int], Sequence[Found]]


@dataclass(frozen=True)
class Provider:
    """A module's part of the search page. `all_url` shows all that fits in the module's list."""

    name: str
    label: Text
    find: Finder
    order: int
    all_url: Callable[[str], str] | None


@dataclass(frozen=True)
class Group:
    """What one provider found."""

    label: str
    found: Sequence[Found]
    more_url: str


_providers: dict[str, Provider] = {}


def finds(
    name: str,
    label: Text,
    *,
    order: int = 100,
    all_url: Callable[[str], str] | None = None,
) -> Callable[[Finder], Finder]:
    """Register `find(actor, text, most)`: things in the actor's scope that fit the text."""

    def enter(find: Finder) -> Finder:
        _providers[name] = Provider(name, label, find, order, all_url)
        return find

    return enter


def find_everywhere(actor: Actor, text: str) -> list[Group]:
    """What every provider finds, empty groups left out."""
    groups = []
    for provider in sorted(_providers.values(), key=lambda one: (one.order, one.name)):
        found = list(provider.find(actor, text, MOST))
        if found:
            more = provider.all_url(text) if provider.all_url and len(found) >= MOST else ""
            groups.append(Group(str(provider.label), found, more))
    return groups

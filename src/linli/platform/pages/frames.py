"""What the sites put around a page: navigation, search, notices, capacities, links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

Provider = Callable[[HttpRequest], Any]


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation. `go` is the key pressed after `g` to jump there."""

    label: str
    url: str
    icon: str
    count: int | None = None
    tone: str = ""
    go: str = ""
    current: bool = False


@dataclass(frozen=True)
class NavGroup:
    """Entries of one task, under a small heading."""

    label: str
    items: Sequence[NavItem]


@dataclass(frozen=True)
class Capacity:
    """A post the person may act in; the form posts `value` to `DeskFrame.capacity_url`."""

    value: str
    label: str
    detail: str = ""
    current: bool = False


@dataclass(frozen=True)
class Link:
    """A link in a menu or at the foot of a page."""

    label: str
    url: str
    icon: str = ""


@dataclass(frozen=True)
class DeskFrame:
    """The frame of staff pages."""

    home: str = "/"
    place: str = ""
    navigation: Sequence[NavGroup] = ()
    search_url: str = ""
    search_value: str = ""
    notices_url: str = ""
    unread: int = 0
    capacities: Sequence[Capacity] = ()
    capacity_url: str = ""
    person: str = ""
    post: str = ""
    account_links: Sequence[Link] = ()
    logout_url: str = ""


@dataclass(frozen=True)
class PortalFrame:
    """The frame of residents' pages. `number` is the case the page is about, always in sight."""

    home: str = "/"
    place: str = ""
    links: Sequence[Link] = ()
    number: str = ""
    hotline: str = ""
    window_url: str = ""
    foot: Sequence[Link] = field(default_factory=tuple)


PROVIDERS: dict[str, Provider] = {}


def provides(name: str) -> Callable[[Provider], Provider]:
    """Register what a page context gets under `name`; computed once a request, when first used."""

    def register(provider: Provider) -> Provider:
        PROVIDERS[name] = provider
        return provider

    return register


def provided(request: HttpRequest) -> dict[str, Any]:
    """Every registered value as a lazy object of this request."""
    return {
        name: SimpleLazyObject(lambda provider=provider: provider(request))  # type: ignore[misc]
        for name, provider in PROVIDERS.items()
    }


def marked(groups: Sequence[NavGroup], path: str) -> list[NavGroup]:
    """The navigation with the entry of `path` marked current: the longest address that fits."""
    fitting = [item.url for group in groups for item in group.items if path.startswith(item.url)]
    best = max(fitting, key=len, default="")
    return [
        replace(
            group,
            items=[replace(item, current=bool(best) and item.url == best) for item in group.items],
        )
        for group in groups
    ]

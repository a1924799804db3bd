"""The addresses of the installation by name, for tests that nothing may escape."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, URLResolver, get_resolver, resolve


def named_addresses() -> set[str]:
    """The name of every address, with its namespace."""
    return set(_names(get_resolver(), ""))


def name_of(url: str) -> str:
    """The name of the address a browser shows; "" where there is no such page."""
    try:
        return str(resolve(urlsplit(url).path).view_name)
    except Resolver404:
        return ""


def _names(resolver: URLResolver, space: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}"

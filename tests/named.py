"""The addresses of the installation by name, for tests that nothing may escape."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, URLResolver, get_resolver, resolve

from linli.platform.desk.register import registers


def named_addresses() -> set[str]:
    """The name of every address, with its namespace; not of registers that tests make up."""
    made_up = {f"desk:{one.name}" for one in registers() if ".tests." in type(one).__module__}
    return {name for name in _names(get_resolver(), "") if name.partition(".")[0] not in made_up}


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

"""Serves a white list out of node_modules under /static/vendor/, and nothing else of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from linli.platform.pages.assets import NODE_MODULES, VENDOR
from linli.platform.pages.icons import ensure_sprite

PREFIX = "vendor/"


class VendorStorage(FileSystemStorage):
    """Reads a vendor address from the package file it stands for."""

    def path(self, name: str) -> str:
        return str(NODE_MODULES / VENDOR[name.removeprefix(PREFIX)])


class VendorFinder(BaseFinder):
    """Finds the white-listed files of the fetched packages."""

    def check(self, **_: Any) -> list[Any]:
        """Nothing to check: what is missing is told by set-up."""
        return []

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """The file behind /static/vendor/…, or an empty list."""
        target = VENDOR.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if target == VENDOR["icons.svg"]:
            ensure_sprite()
        if target is None or not (NODE_MODULES / target).is_file():
            return []
        found = str(NODE_MODULES / target)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:  # noqa: ARG002
        """Every white-listed file that is there, for collectstatic and WhiteNoise."""
        ensure_sprite()
        storage = VendorStorage(location=str(NODE_MODULES))
        for address, target in VENDOR.items():
            if (NODE_MODULES / target).is_file():
                yield PREFIX + address, storage

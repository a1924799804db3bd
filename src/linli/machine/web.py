"""The application as a web process of ours loads it: it ends when its own parent is killed."""

from __future__ import annotations

from linli.machine.children import follow_parent

follow_parent()

from linli.sites.wsgi import application  # noqa: E402 - the parent may already be gone

__all__ = ["application"]

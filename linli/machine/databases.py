"""The one database, as Django is told of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from linli.machine.environment import Environment


def database(env: Environment, url: str | None = None) -> dict[str, Any]:
    """Django's description of the database `url` (default: the application's) names."""
    return parse(url or env.database_url or "postgresql:///linli")


def parse(url: str) -> dict[str, Any]:
    """Split `postgresql://user:password@host:port/name?host=/socket/dir` into Django's parts."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(query.get("port") or parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": {},
    }

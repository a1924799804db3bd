"""The one database, as Django is told of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from linli.machine.environment import Environment


def database(env: Environment, url: str | None = None) -> dict[str, Any]:
    """Django's description of the database: the application's, or the owner's for migrations.

    LINLI_AS_OWNER=1 chooses the owner; `python -m linli manage migrate` sets it.
    """
    chosen = env.database_owner_url if env.as_owner else env.database_url
    return parse(url or chosen or "postgresql:///linli")


def parse(url: str) -> dict[str, Any]:
    """Split `postgresql://user:password@host:port/name?host=/socket/dir` into Django's parts.

    Further query parameters (`sslmode`, `sslrootcert`, …) go to libpq as they are.
    """
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host, port = query.pop("host", None), query.pop("port", None)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host or parts.hostname or "",
        "PORT": str(port or parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "linli", **query},
    }

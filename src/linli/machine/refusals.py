"""What `serve` refuses to start with: one sentence each, saying what to set."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import psycopg

from linli.machine.environment import DEVELOPMENT_KEY, Environment
from linli.machine.words import gettext as _

SHORTEST_KEY = 50
FEWEST_CHARACTERS = 5


def unsafe_settings(env: Environment) -> list[str]:
    """Sentences about settings no city may be served with; empty when there are none."""
    return [*_secrets(env), *_addresses(env), *_databases(env)]


def _secrets(env: Environment) -> Iterator[str]:
    key = env.secret_key
    if key == DEVELOPMENT_KEY:
        yield _("LINLI_SECRET_KEY is not set: give 50 random characters and keep them.")
    elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield _("LINLI_SECRET_KEY is too easy to guess: give at least 50 random characters.")
    if env.debug:
        yield _("LINLI_DEBUG shows the inside of Linli to everybody: switch it off.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _addresses(env: Environment) -> Iterator[str]:
    hosts = [host.strip() for host in env.allowed_hosts.split(",") if host.strip()]
    if not hosts or "*" in hosts:
        yield _("LINLI_ALLOWED_HOSTS must name the host names Linli answers to, never “*”.")
    secure = env.public_address.startswith("https://")
    if env.plain_http and secure:
        yield _("LINLI_PLAIN_HTTP contradicts LINLI_PUBLIC_ADDRESS, which is https: drop one.")
    if not env.plain_http and not secure:
        yield _(
            "LINLI_PUBLIC_ADDRESS must begin with https://, or set LINLI_PLAIN_HTTP=1 when "
            "Linli only listens on this machine."
        )
    if env.plain_http and not _is_loopback(env.host):
        yield _("LINLI_PLAIN_HTTP is only for this machine: set LINLI_HOST to 127.0.0.1.")
    if not env.plain_http and env.proxies == 0:
        yield _(
            "Linli speaks HTTPS through a reverse proxy: set LINLI_PROXIES to how many stand "
            "in front of it (usually 1)."
        )


def _databases(env: Environment) -> Iterator[str]:
    if env.embedded:
        return
    if not env.database_url:
        yield _("DATABASE_URL is not set: name the PostgreSQL database, or set LINLI_EMBEDDED=1.")


def unsafe_role(connection: psycopg.Connection[Any]) -> list[str]:
    """Sentences about the application's role when it could get round row-level policies."""
    row = connection.execute(
        "SELECT rolname, rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relowner = r.oid "
        "AND c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%') "
        "FROM pg_roles r WHERE rolname = current_user"
    ).fetchone()
    if row is None:
        return []
    name, superuser, bypasses, owns = row
    found = []
    if superuser or bypasses:
        found.append(
            _(
                "The database role {name} is not bound by row-level security: connect as a role "
                "without SUPERUSER and BYPASSRLS (./linli manage database-roles prints one).",
                name=name,
            )
        )
    if owns:
        found.append(
            _(
                "The database role {name} owns tables and so is not bound by row-level security: "
                "put the owner in DATABASE_OWNER_URL and another role in DATABASE_URL.",
                name=name,
            )
        )
    return found

"""The two database roles: one owns every table, the other only works on rows.

`linli_owner` migrates. `linli_app` is what web and worker connect as: it owns nothing, creates
nothing and bypasses no row-level policy, so a forgotten filter in Python shows no foreign row.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

OWNER = "linli_owner"
APP = "linli_app"

ROLE_FLAGS = {
    OWNER: "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION",
    APP: "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION",
}

# Run in each database by its owner. Every table the owner makes later is granted as it is made;
# append-only tables take privileges back in their own migration.
GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)


def create_roles(connection: psycopg.Connection[Any], passwords: dict[str, str]) -> None:
    """Make both roles with `passwords` by role name, or set them right; needs a superuser."""
    for role, flags in ROLE_FLAGS.items():
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
        connection.execute(
            sql.SQL("{} {} WITH {} PASSWORD {}").format(
                verb, sql.Identifier(role), sql.SQL(flags), sql.Literal(passwords[role])
            )
        )
    # The owner may end the application's sessions, as when a database is dropped or restored.
    connection.execute(
        sql.SQL("GRANT {} TO {} WITH INHERIT TRUE, SET FALSE").format(
            sql.Identifier(APP), sql.Identifier(OWNER)
        )
    )


def create_database(connection: psycopg.Connection[Any], name: str, owner: str = OWNER) -> None:
    """Make the database `name` unless it exists; `connection` must be in autocommit."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
    )


def grant_to_app(connection: psycopg.Connection[Any], app: str = APP) -> None:
    """Let `app` work on what this connection's role owns and will own in this database."""
    for statement in GRANTS:
        connection.execute(sql.SQL(statement).format(app=sql.Identifier(app)))


def script(database: str = "linli") -> str:
    """The same as an SQL script for a server of one's own; run by psql as a superuser."""
    lines = [
        "-- Roles and database of Linli. Run as a superuser:",
        "--   psql -v owner_password=… -v app_password=… -f roles.sql",
        f"CREATE ROLE {OWNER} WITH {ROLE_FLAGS[OWNER]} PASSWORD :'owner_password';",
        f"CREATE ROLE {APP} WITH {ROLE_FLAGS[APP]} PASSWORD :'app_password';",
        f"GRANT {APP} TO {OWNER} WITH INHERIT TRUE, SET FALSE;",
        f"CREATE DATABASE {database} OWNER {OWNER} ENCODING 'UTF8' LOCALE_PROVIDER builtin",
        "  BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8' TEMPLATE template0;",
        f"\\connect {database}",
        f"SET ROLE {OWNER};",
        *(f"{statement.format(app=APP)};" for statement in GRANTS),
        "RESET ROLE;",
    ]
    return "\n".join(lines) + "\n"

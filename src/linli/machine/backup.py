"""Backup and restore: the database and the attachments of one moment in one file.

The file is a tar with `about.json` (versions, sizes), `database.dump` (pg_dump, custom format)
and `media/…`. Attachments lie under the hash of their content and are only ever added, so those
gathered after the dump hold everything the dump speaks of.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg
from psycopg import sql

from linli.machine import roles
from linli.machine.binaries import find_binaries
from linli.machine.databases import parse
from linli.machine.environment import Environment
from linli.machine.errors import MachineError
from linli.machine.telling import step

FORMAT = 1
ABOUT, DUMP, MEDIA = "about.json", "database.dump", "media"
# Files of exports are deleted after some days; a backup would keep them for ever.
PASSING = "exports"


@dataclass(frozen=True)
class About:
    """What a backup says of itself."""

    format: int
    linli: str
    made: str
    postgresql: int
    migrations: list[str]
    media_files: int
    roles: list[str]


def write(target: Path, env: Environment, version: str) -> About:
    """Make a backup in `target`; under another name first, checked, then renamed."""
    url = _owner(env)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".linli-backup-") as work:
        dump = Path(work) / DUMP
        with step("dumping the database"):
            _run(env, "pg_dump", "--format=custom", "--no-owner", f"--file={dump}", url=url)
            _run(env, "pg_restore", "--list", str(dump))
        new = Path(work) / "new.tar"
        with step("packing"):
            about = _pack(new, dump, env, version)
        with step("checking"):
            _check(new)
        new.chmod(0o600)
        _sync(new)
        new.replace(target)
    return about


def read_about(source: Path) -> About:
    """What a backup says of itself; an error when it is none of ours or of a later format."""
    try:
        with tarfile.open(source) as archive:
            file = archive.extractfile(ABOUT)
            found: Mapping[str, Any] = json.load(file) if file else {}
            about = About(**found)
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise MachineError("{path} is not a backup made by Linli.", path=source) from error
    if about.format > FORMAT:
        raise MachineError(
            "{path} was made by a later version of Linli ({version}): restore it with that one.",
            path=source,
            version=about.linli,
        )
    return about


def restore(source: Path, env: Environment, *, replace: bool) -> About:
    """Bring back database and attachments; into an empty database unless `replace` is given."""
    about = read_about(source)
    url = _owner(env)
    _refuse_later_data(about)
    _refuse_other_roles(about, env)
    tables = _count_tables(url)
    if tables and not replace:
        raise MachineError(
            "The database is not empty: it has {count} tables. Give --replace to lose them and "
            "take those of the backup.",
            count=tables,
        )
    with tempfile.TemporaryDirectory(dir=_room(env), prefix=".linli-restore-") as work:
        with step("unpacking"):
            unpack(source, Path(work))
        with step("restoring the database"):
            _run(env, "pg_restore", "--list", str(Path(work) / DUMP))
            _empty(url, env)
            _run(
                env, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
                f"--dbname={parse(url)['NAME']}", str(Path(work) / DUMP), url=url,
            )  # fmt: skip
        _move_media(Path(work) / MEDIA, env.media)
    return about


def unpack(source: Path, target: Path) -> None:
    """Write the parts of a backup under `target`; a file of any other name is refused."""
    with tarfile.open(source) as archive:
        for member in archive:
            parts = PurePosixPath(member.name).parts
            known = member.name in (ABOUT, DUMP) or (parts[0] == MEDIA and ".." not in parts)
            content = archive.extractfile(member) if member.isfile() and known else None
            if content is None:
                raise MachineError("{path} is not a backup made by Linli.", path=source)
            place = target.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as file:
                shutil.copyfileobj(content, file)


def _owner(env: Environment) -> str:
    if not env.database_owner_url:
        raise MachineError(
            "DATABASE_OWNER_URL is not set: migrations and backups need the role that owns the "
            "tables."
        )
    return env.database_owner_url


def _run(env: Environment, name: str, *args: str, url: str = "") -> None:
    """Run one of PostgreSQL's programs; where to connect goes by environment, not by argument."""
    done = subprocess.run(
        [find_binaries(env.pg_bin).program(name), *args],
        env={**os.environ, **(_libpq(url) if url else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MachineError("{program} failed: {output}", program=name, output=done.stderr.strip())


def _libpq(url: str) -> dict[str, str]:
    """The variables libpq reads, for the database `url` names."""
    parts = parse(url)
    found = {f"PG{key}": str(parts[key]) for key in ("HOST", "PORT", "USER", "PASSWORD")}
    found["PGDATABASE"] = str(parts["NAME"])
    options = {f"PG{key.upper()}": str(value) for key, value in parts["OPTIONS"].items()}
    options.pop("PGAPPLICATION_NAME")
    return {key: value for key, value in (found | options).items() if value}


def _pack(new: Path, dump: Path, env: Environment, version: str) -> About:
    with psycopg.connect(_owner(env)) as connection:
        rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id")
        migrations = [str(row[0]) for row in rows]
        major = connection.info.server_version // 10_000
    files = sorted(
        path
        for path in env.media.rglob("*")
        if path.is_file() and path.relative_to(env.media).parts[0] != PASSING
    )
    about = About(
        format=FORMAT,
        linli=version,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        postgresql=major,
        migrations=migrations,
        media_files=len(files),
        roles=[_user(_owner(env)), _user(env.database_url)],
    )
    with tarfile.open(new, "w") as archive:
        text = json.dumps(asdict(about), indent=1).encode()
        info = tarfile.TarInfo(ABOUT)
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
        archive.add(dump, DUMP)
        for path in files:
            archive.add(path, f"{MEDIA}/{path.relative_to(env.media)}")
    return about


def _check(new: Path) -> None:
    """Read the whole file back; its contents must be what it says."""
    about = read_about(new)
    with tarfile.open(new) as archive:
        names = archive.getnames()
    files = [name for name in names if name.startswith(f"{MEDIA}/")]
    if DUMP not in names or len(files) != about.media_files:
        raise MachineError("The backup could not be read back: is the disk full?")


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _refuse_later_data(about: About) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes}
    unknown = [name for name in about.migrations if name not in known]
    if unknown:
        raise MachineError(
            "The backup holds data of another version of Linli ({version}; migration {name} is "
            "unknown here): restore it with that version.",
            version=about.linli,
            name=unknown[-1],
        )


def _refuse_other_roles(about: About, env: Environment) -> None:
    """What each role may do with each table is in the dump, by the names of the roles."""
    here = [_user(_owner(env)), _user(env.database_url)]
    if about.roles != here:
        raise MachineError(
            "The backup was made with the database roles {theirs}; connect with roles of the same "
            "names, not {ours}.",
            theirs=", ".join(about.roles),
            ours=", ".join(here),
        )


def _count_tables(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    return int(row[0]) if row else 0


def _empty(url: str, env: Environment) -> None:
    """Leave nothing in the database but what the application may do in it."""
    app = _user(env.database_url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = %s",
            [app],
        )
        # The public schema belongs to the database's owner in all but name.
        own = "SELECT nspname FROM pg_namespace WHERE nspname = 'public' OR nspowner = %s::regrole"
        for (name,) in connection.execute(own, [_user(url)]).fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        connection.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        roles.grant_to_app(connection, app)


def _user(url: str) -> str:
    return str(parse(url)["USER"])


def _room(env: Environment) -> Path:
    env.data_dir.mkdir(parents=True, exist_ok=True)
    return env.data_dir


def _move_media(source: Path, target: Path) -> None:
    """Put the attachments in place; those already there under the same hash are the same."""
    for path in source.rglob("*") if source.exists() else ():
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as new:
                new.write(path.read_bytes())
            Path(new.name).replace(place)

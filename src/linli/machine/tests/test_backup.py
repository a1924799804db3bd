from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linli.machine import backup
from linli.machine.environment import Environment
from linli.machine.errors import MachineError
from linli.machine.roles import create_database, grant_to_app
from linli.platform.desk import export_files

pytestmark = pytest.mark.machine


class Place:
    """A database with what the template holds, and an empty one beside it."""

    def __init__(self, committed: Any, tmp_path: Path) -> None:
        self.server = committed.server
        self.tmp_path = tmp_path
        self.full = self.env(committed.name, "here")
        self.other = f"run_{os.getpid()}_restored"
        self.empty = self.env(self.other, "there")
        with self.server.owner() as connection:
            create_database(connection, self.other)
        with self.server.owner(self.other) as connection:
            grant_to_app(connection, self.server.app_role)

    def env(self, name: str, place: str) -> Environment:
        return Environment.model_validate(
            {
                "DATABASE_URL": self.server.app_url(name),
                "DATABASE_OWNER_URL": self.server.owner_url(name),
                "data_dir": self.tmp_path / place,
            }
        )


@pytest.fixture
def place(committed: Any, tmp_path: Path) -> Any:
    found = Place(committed, tmp_path)
    yield found
    found.server.drop(found.other)


def tables(env: Environment) -> dict[str, int]:
    with psycopg.connect(env.database_owner_url) as connection:
        names = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # type: ignore
            for (name,) in names
        }


def privileges(env: Environment) -> list[tuple[Any, ...]]:
    with psycopg.connect(env.database_owner_url) as connection:
        return connection.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = 'linli_app' AND table_schema = 'public' ORDER BY 1, 2"
        ).fetchall()


def policies(env: Environment) -> list[tuple[Any, ...]]:
    with psycopg.connect(env.database_owner_url) as connection:
        return connection.execute(
            "SELECT tablename, policyname, cmd, qual FROM pg_policies ORDER BY 1, 2"
        ).fetchall()


def test_what_is_backed_up_comes_back_whole(place: Place, tmp_path: Path) -> None:
    photo = place.full.media / "ab" / "abcdef"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photo")
    passing = place.full.media / export_files.FOLDER / "cases.csv"
    passing.parent.mkdir()
    passing.write_bytes(b"kept for some days only")
    target = tmp_path / "city.linli"
    about = backup.write(target, place.full, "0.1.0")
    assert about.media_files == 1
    assert target.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []

    backup.restore(target, place.empty, replace=False)
    assert tables(place.empty) == tables(place.full)
    assert privileges(place.empty) == privileges(place.full)
    assert policies(place.empty) == policies(place.full)
    assert (place.empty.media / "ab" / "abcdef").read_bytes() == b"a photo"
    assert not (place.empty.media / export_files.FOLDER).exists()

    with pytest.raises(MachineError, match="not empty"):
        backup.restore(target, place.empty, replace=False)
    backup.restore(target, place.empty, replace=True)
    assert privileges(place.empty) == privileges(place.full)
    again = tmp_path / "again.linli"
    backup.write(again, place.empty, "0.1.0")
    backup.restore(again, place.empty, replace=True)
    assert tables(place.empty) == tables(place.full)


def test_a_failed_backup_leaves_the_former_one(place: Place, tmp_path: Path) -> None:
    target = tmp_path / "city.linli"
    target.write_text("the former")
    broken = place.full.model_copy(
        update={"database_owner_url": place.full.database_owner_url.replace("linli_owner:", "x:")}
    )
    with pytest.raises(MachineError, match="pg_dump"):
        backup.write(target, broken, "0.1.0")
    assert target.read_text() == "the former"


def test_other_files_and_later_data_are_refused(place: Place, tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    odd.write_text("no backup")
    with pytest.raises(MachineError, match="not a backup"):
        backup.restore(odd, place.empty, replace=False)
    target = tmp_path / "city.linli"
    backup.write(target, place.full, "0.1.0")
    for change, complaint in (
        ({"format": 99}, "later version"),
        ({"migrations": ["access.9999_future"]}, "another version"),
        ({"roles": ["somebody", "else"]}, "roles"),
    ):
        with pytest.raises(MachineError, match=complaint):
            backup.restore(changed(target, tmp_path, change), place.empty, replace=True)
    assert tables(place.empty) == {}


def changed(source: Path, tmp_path: Path, change: dict[str, Any]) -> Path:
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    backup.unpack(source, work)
    about = json.loads((work / "about.json").read_text()) | change
    (work / "about.json").write_text(json.dumps(about))
    target = tmp_path / "changed.linli"
    with tarfile.open(target, "w") as archive:
        for path in work.iterdir():
            archive.add(path, path.name)
    return target


def test_a_backup_cannot_write_outside_its_place(place: Place, tmp_path: Path) -> None:
    odd = tmp_path / "odd.linli"
    with tarfile.open(odd, "w") as archive:
        archive.addfile(tarfile.TarInfo("media/../../escaped"))
    (tmp_path / "deep" / "er").mkdir(parents=True)
    with pytest.raises(MachineError, match="not a backup"):
        backup.unpack(odd, tmp_path / "deep" / "er")
    assert not (tmp_path / "escaped").exists()

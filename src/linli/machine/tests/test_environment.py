from __future__ import annotations

from pathlib import Path

import pytest

from linli.machine.databases import parse
from linli.machine.environment import Environment, read
from linli.machine.errors import MachineError
from linli.machine.refusals import unsafe_role, unsafe_settings

SAFE = {
    "secret_key": "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "allowed_hosts": "linli.example.org",
    "public_address": "https://linli.example.org",
    "proxies": 1,
    "DATABASE_URL": "postgresql://linli_app:x@db/linli",
}


def safe(**changes: object) -> Environment:
    return Environment.model_validate(SAFE | changes)


def test_safe_settings_are_taken() -> None:
    assert unsafe_settings(safe()) == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"secret_key": "insecure-development-key-only"}, "LINLI_SECRET_KEY"),
        ({"secret_key": "short"}, "LINLI_SECRET_KEY"),
        ({"secret_key": "a" * 80}, "LINLI_SECRET_KEY"),
        ({"debug": True}, "LINLI_DEBUG"),
        ({"allowed_hosts": "*"}, "LINLI_ALLOWED_HOSTS"),
        ({"allowed_hosts": " "}, "LINLI_ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"public_address": "http://linli.example.org"}, "LINLI_PLAIN_HTTP"),
        ({"plain_http": True}, "LINLI_PLAIN_HTTP"),
        (
            {"plain_http": True, "public_address": "http://10.0.0.1", "host": "0.0.0.0"},
            "LINLI_HOST",
        ),
        ({"proxies": 0}, "LINLI_PROXIES"),
    ],
)
def test_unsafe_settings_are_refused_by_name(changes: dict[str, object], names: str) -> None:
    sentences = unsafe_settings(safe(**changes))
    assert len(sentences) == 1
    assert names in sentences[0]


def test_plain_http_on_this_machine_may_be_said_aloud() -> None:
    settings = safe(plain_http=True, public_address="http://127.0.0.1:8000", proxies=0)
    assert unsafe_settings(settings) == []


def test_every_setting_may_come_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LINLI_SECRET_KEY", "DATABASE_URL"):
        (tmp_path / name).write_text(f"postgresql://from-{name}\n")
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    settings = read()
    assert settings.secret_key == "postgresql://from-LINLI_SECRET_KEY"
    assert settings.database_url == "postgresql://from-DATABASE_URL"
    monkeypatch.setenv("DATABASE_URL", "postgresql://direct")
    assert read().database_url == "postgresql://direct"


def test_a_missing_secret_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINLI_SECRET_KEY", raising=False)
    monkeypatch.setenv("LINLI_SECRET_KEY_FILE", "/nowhere/key")
    with pytest.raises(MachineError, match="/nowhere/key"):
        read()


def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_PORT", "eighty")
    with pytest.raises(MachineError, match="LINLI_PORT"):
        read()


def test_database_addresses() -> None:
    found = parse("postgresql://a:p%40ss@/city?host=%2Frun%2Fpg&port=5433&sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("a", "p@ss", "city")
    assert (found["HOST"], found["PORT"]) == ("/run/pg", "5433")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_the_owner_is_refused_as_application(owner_connection, db) -> None:  # type: ignore[no-untyped-def]
    from django.db import connection

    connection.ensure_connection()
    assert unsafe_role(connection.connection) == []
    sentences = unsafe_role(owner_connection)
    assert len(sentences) == 1
    assert "DATABASE_OWNER_URL" in sentences[0]

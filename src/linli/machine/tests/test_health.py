from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory

from linli.sites import health


def ask(path: str) -> tuple[str, Any]:
    """What the web process answers in front of Django."""
    said: list[str] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        del environ
        start_response("200 OK", [])
        return [b'"Django"']

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        del headers
        said.append(status)

    body = health.with_health(application)({"PATH_INFO": path}, start_response)
    return said[0], json.loads(b"".join(body))


def test_a_process_lives_without_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("/healthz") == ("200 OK", {"status": "ok"})
    assert ask("/anything") == ("200 OK", "Django")


@pytest.mark.django_db
def test_ready_with_database_and_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", [])
    assert ask("/readyz") == ("200 OK", {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        assert ask("/readyz")[0] == "503 Service Unavailable"
        answer = health.readyz(RequestFactory().get("/readyz"))
        assert json.loads(answer.content)["reason"] == "database"
    finally:
        connection.settings_dict["HOST"] = host
        connection.close()


@pytest.mark.django_db
def test_not_ready_while_migrations_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", [])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    assert ask("/readyz")[1]["reason"] == "migrations"

"""Whether this process lives (`/healthz`) and whether it can serve people (`/readyz`).

Answered before sessions, languages and the actor's transaction, so that the answer still comes
when the database does not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

OK = 200
UNAVAILABLE = 503

_migrated: list[bool] = []

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def live() -> tuple[int, dict[str, str]]:
    """This process answers; nothing else is asked."""
    return OK, {"status": "ok"}


def ready() -> tuple[int, dict[str, str]]:
    """The database answers and has every migration of this version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return UNAVAILABLE, {"status": "unavailable", "reason": "migrations"}
            _migrated.append(True)
    except DatabaseError:
        connection.close()
        return UNAVAILABLE, {"status": "unavailable", "reason": "database"}
    return OK, {"status": "ok"}


def healthz(request: HttpRequest) -> JsonResponse:
    """`/healthz` as a view."""
    del request
    status, facts = live()
    return JsonResponse(facts, status=status)


def readyz(request: HttpRequest) -> JsonResponse:
    """`/readyz` as a view."""
    del request
    status, facts = ready()
    return JsonResponse(facts, status=status)


ANSWERS = {"/healthz": live, "/readyz": ready}
REASONS = {OK: "200 OK", UNAVAILABLE: "503 Service Unavailable"}


def with_health(application: Application) -> Application:
    """Answer the two addresses in front of Django; everything else goes through."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        ask = ANSWERS.get(environ.get("PATH_INFO", ""))
        if ask is None:
            return application(environ, start_response)
        status, facts = ask()
        body = json.dumps(facts).encode()
        start_response(
            REASONS[status],
            [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
            ],
        )
        return [body]

    return answer

"""How far a large export is, told from beside the transaction that reads its rows."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any
from uuid import UUID

from django.db import connection

# A page that looks every two seconds needs no more.
SECONDS_BETWEEN = 0.5

TELL = """
UPDATE desk_largeexport
   SET rows_done = %s, rows_expected = coalesce(%s, rows_expected), touched_at = now()
 WHERE id = %s AND run = %s AND state = 'making'
RETURNING 1
"""
# As the platform, and only for this one statement.
SCOPE = "SET LOCAL linli.lo = ''; SET LOCAL linli.hi = '~'; SET LOCAL linli.account = ''"


class Stopped(Exception):
    """Nobody wants the export any more, or another attempt is at work."""


class Progress:
    """Tells how many rows are written, and hears whether to go on.

    It has a connection of its own: what the reading transaction wrote nobody could see before it
    ends, and it ends when the last row is read.
    """

    def __init__(self, export_id: UUID, run: UUID) -> None:
        self.export_id, self.run = export_id, run
        self.told = 0.0
        self.beside: Any = connection.copy()

    def __enter__(self) -> Progress:
        self.beside.ensure_connection()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.beside.close()

    def expect(self, total: int) -> None:
        """How many rows there will be."""
        self._tell(0, total)

    def tick(self, done: int) -> None:
        """So many are written. Raises `Stopped`."""
        if time.monotonic() - self.told >= SECONDS_BETWEEN:
            self._tell(done, None)

    def _tell(self, done: int, total: int | None) -> None:
        self.told = time.monotonic()
        with self.beside.connection.transaction():
            self.beside.connection.execute(SCOPE)
            told = self.beside.connection.execute(TELL, [done, total, self.export_id, self.run])
            wanted = told.fetchone()
        if wanted is None:
            raise Stopped

"""Work of the cases module that is done behind the scenes."""

from __future__ import annotations

from uuid import UUID

from linli.modules.cases import notices
from linli.platform.jobs.public import job


@job(queue="notices")
def announce_later(*, entry_id: str) -> None:
    """Tell everybody whom the entry concerns."""
    notices.announce(UUID(entry_id))

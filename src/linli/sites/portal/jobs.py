"""What the residents' pages leave behind is swept up."""

from __future__ import annotations

from django.utils import timezone

from linli.platform.access.throttle import forget_tallies
from linli.platform.jobs.public import every
from linli.sites.portal import photos_kept


@every("23 * * * *")
def sweep_drafts_later() -> None:
    """Remove photos of reports never sent, and tallies that no longer count."""
    now = timezone.now()
    photos_kept.forget_old(at=now)
    forget_tallies(at=now)

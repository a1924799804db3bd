"""Primary keys: made anywhere, sorted by the time of making, the same in every installation."""

from __future__ import annotations

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, a counter, then randomness."""
    return uuid_utils.compat.uuid7()

"""Which HTTP status a named error stands for."""

from __future__ import annotations

from linli.kernel import errors

STATUS: tuple[tuple[type[errors.LinliError], int], ...] = (
    (errors.NotFound, 404),
    (errors.Forbidden, 403),
    (errors.Invalid, 422),
    (errors.Unavailable, 503),
)
CONFLICT = 409


def status_of(error: errors.LinliError) -> int:
    """404, 403, 422, 503; every other refusal is a conflict with how things stand now: 409.

    An error may say its own by an attribute `status`.
    """
    own = getattr(error, "status", None)
    if isinstance(own, int):
        return own
    return next((status for kind, status in STATUS if isinstance(error, kind)), CONFLICT)

"""The worker process, as the supervisor starts it."""

from __future__ import annotations

from collections.abc import Sequence

from linli.machine import django_door


def run(argv: Sequence[str]) -> int:
    """Take up jobs until told to stop."""
    del argv
    django_door.setup()
    from linli.platform.jobs import worker

    worker.run()
    return 0

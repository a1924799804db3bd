"""The cast, a store of its own, and a row that owns files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli.platform.access.actor import Actor
from linli.platform.access.models import Holding
from linli.platform.access.scope import acting
from linli.platform.files import owners
from linli.platform.files.public import owner
from tests.cast import Cast, cast, committed_cast  # noqa: F401  fixtures


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VIRUS_SCAN = ""
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def holdings_own_files() -> Iterator[None]:
    """For these tests files hang on a holding: a row that the database hides by branch.

    Whoever comes without an account and with the row's id as reference may see it too.
    """
    before = dict(owners._finders)

    @owner("access.holding")
    def find(actor: Actor, pk: UUID) -> Holding | None:
        if actor.reference == str(pk):
            with acting(Actor.system("test")):
                return Holding.objects.filter(pk=pk).first()
        return Holding.objects.filter(pk=pk).first()

    yield
    owners._finders.clear()
    owners._finders.update(before)


@pytest.fixture
def row(cast: Cast) -> Holding:  # noqa: F811
    """The holding of the clerk here."""
    with acting(cast.actor("clerk")):
        return Holding.objects.get(post=cast.post("clerk"))

"""The measurements measure what they say, on a handful of cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from linli.bench.filling import fill
from linli.bench.lives import Cast as Players
from linli.bench.lives import duplicates_ms, find_number_ms, life, lives_per_second
from linli.bench.web import Pressed
from linli.kernel.geo import Point
from linli.kernel.numbers import is_valid
from linli.modules.cases.models import Case
from linli.modules.cases.states import OPEN
from linli.modules.divisions import maps
from linli.modules.divisions.actions.outlines import put_outline
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from tests.cast import Cast

SYSTEM = Actor.system("test")
HERE = Point(121.25, 30.15)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[121.2, 30.1], [121.3, 30.1], [121.3, 30.2], [121.2, 30.2], [121.2, 30.1]]],
}


def mapped(cast: Cast) -> Players:
    # Another test's map may have counted just as far.
    maps._kept.clear()
    with acting(SYSTEM):
        put_outline(cast.grid, SQUARE, on=date(2024, 1, 1))
    return Players(cast.actor("clerk"), cast.actor("grid_worker"), cast.post("grid_worker"))


def test_a_life_goes_all_the_way(cast: Cast) -> None:
    players = mapped(cast)
    case = life(players, HERE, at=timezone.now())
    with acting(SYSTEM):
        assert Case.objects.get(pk=case.pk).state == "rated"
        verbs = Entry.objects.filter(subject_id=case.pk).order_by("seq")
        assert [entry.verb.partition(".")[2] for entry in verbs] == [
            "report", "file", "dispatch", "finish", "verify", "rate",
        ]  # fmt: skip
    assert lives_per_second(players, [HERE], at=timezone.now(), count=1) > 0


def test_filled_cases_are_cases(committed_cast: Cast, owner_connection: Any) -> None:
    mapped(committed_cast)
    filled = fill(owner_connection, 300, now=timezone.now())
    clerk = committed_cast.actor("clerk")
    with acting(SYSTEM):
        assert Case.objects.count() == filled.cases == 300
        assert Case.objects.filter(state__in=OPEN).count() == 9
        assert Entry.objects.filter(verb__startswith="cases.").count() == filled.entries > 1_200
        assert all(is_valid(number) for number in Case.objects.values_list("number", flat=True))
        newest = Entry.objects.order_by("-seq")[:1].get()
    assert find_number_ms(clerk, times=3) > 0
    assert duplicates_ms(clerk, at=timezone.now(), times=3) > 0
    told = life(
        Players(clerk, committed_cast.actor("grid_worker"), committed_cast.post("grid_worker")),
        HERE, at=timezone.now(),
    )  # fmt: skip
    with acting(SYSTEM):
        assert Entry.objects.filter(subject_id=told.pk, seq__gt=newest.seq).count() == 6


def test_percentiles() -> None:
    pressed = Pressed(times=[float(n) for n in range(1, 101)], seconds=10.0)
    assert pressed.rate == 10.0
    assert pressed.at(50) == pytest.approx(50.5)
    assert pressed.at(95) == pytest.approx(95.05)

"""The demonstration city stands as a whole, and what it tells is true."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F, Sum
from django.utils import timezone

from linli.demo import build, city
from linli.modules.cases.models import Case
from linli.modules.cases.states import State
from linli.modules.divisions.models import Estimate
from linli.modules.divisions.public import Kind, by_code
from linli.platform.access.actor import Actor
from linli.platform.access.capacities import capacities
from linli.platform.access.models import Account, Level, Post, PostKind, Unit
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from linli.platform.changes.public import seal, verify_chain
from linli.platform.flow import clock
from linli.platform.notices.models import Notice

SYSTEM = Actor.system("test")


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demonstration_is_whole_and_true(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert not build.is_built()
    told: list[str] = []
    build.build(lambda what, done, total: told.append(f"{what} {done}/{total}"), cases=120)
    assert build.is_built()
    assert told[0] == "city 0/1"
    with acting(SYSTEM):
        everybody_can_sign_in()
        the_city_is_that_of_the_report()
        the_past_is_in_order()
        every_state_can_be_seen_at_home()
        assert Notice.objects.exists()


def everybody_can_sign_in() -> None:
    today = timezone.localdate()
    for username, password, who in build.accounts():
        account = Account.objects.get(username=username)
        assert account.check_password(password)
        (capacity,) = capacities(account, on=today)
        assert capacity.unit_name in who
    assert not Post.objects.filter(holdings=None).exists()


def the_city_is_that_of_the_report() -> None:
    assert Unit.objects.filter(level=Level.STREET).count() == 24
    assert Unit.objects.filter(level=Level.COMMUNITY).count() == 406
    first = city.first_of_2009()
    assert len(first) == 48
    homes = Estimate.objects.filter(unit__level=Level.GRID, unit__parent__key__in=first)
    assert homes.aggregate(sum=Sum("households"))["sum"] == 73_000
    workers = Post.objects.filter(kind=PostKind.FULL_TIME)
    in_community = workers.filter(unit__key__in=first).count()
    in_grids = workers.filter(unit__parent__key__in=first, unit__level=Level.GRID).count()
    assert in_community + in_grids == 369
    gutang = by_code("330282004007")
    assert gutang is not None
    assert gutang.kind == Kind.COMMUNITY
    own = Estimate.objects.filter(unit__parent=gutang).aggregate(sum=Sum("households"))
    assert own["sum"] == 2_800


def the_past_is_in_order() -> None:
    moments = list(Entry.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert max(moments) <= timezone.now()
    seal(at=timezone.now())
    assert verify_chain() == []
    for case in Case.objects.filter(due_at__isnull=False).select_related("unit"):
        running = clock.of(case)
        assert running is not None
        assert running.due().at == case.due_at
    assert not Case.objects.filter(reported_at__gt=F("closed_at")).exists()


def every_state_can_be_seen_at_home() -> None:
    home = by_code(city.HOME)
    assert home is not None
    states = set(Case.objects.filter(home.branch.where()).values_list("state", flat=True))
    assert states >= {
        State.REPORTED, State.FILED, State.DISPATCHED, State.HANDLING, State.FINISHED, State.CLOSED,
    }  # fmt: skip
    lanes = Case.objects.filter(home.branch.where(), category__code="A01", state__in=["dispatched",
        "handling"])  # fmt: skip
    assert lanes.count() >= 2

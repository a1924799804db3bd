"""Look-ups, duplicates and whole lives through the actions, in this process."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linli.kernel.geo import Point
from linli.modules.cases import actions
from linli.modules.cases.duplicates import likely_duplicates
from linli.modules.cases.intake import Contact, Report
from linli.modules.cases.models import Case, Category
from linli.modules.cases.reads import case_by_number
from linli.modules.cases.states import OPEN
from linli.platform.access.actor import Actor
from linli.platform.access.models import Post
from linli.platform.access.scope import acting
from linli.platform.changes.verbs import public_verbs

SYSTEM = Actor.system("bench")


@dataclass(frozen=True)
class Cast:
    """Who takes part in a life."""

    clerk: Actor
    worker: Actor
    walker: Post


def median_ms(do: Callable[[], object], times: int) -> float:
    """The median of `times` runs after one that warms up, in milliseconds."""
    do()
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        do()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def find_number_ms(clerk: Actor, *, times: int = 200) -> float:
    """A case looked up by its number, by a clerk of its community, scope and all."""
    with acting(SYSTEM):
        own = Case.objects.filter(clerk.branch.where())
        numbers = list(own.values_list("number", flat=True)[:5_000])
    dice = random.Random(1)

    def find() -> Case:
        with acting(clerk):
            return case_by_number(clerk, dice.choice(numbers))

    return median_ms(find, times)


def duplicates_ms(clerk: Actor, *, at: datetime, times: int = 200) -> float:
    """Likely duplicates of a report beside an open case."""
    with acting(SYSTEM):
        open_ones = Case.objects.filter(clerk.branch.where(), state__in=OPEN)
        points = list(open_ones.values_list("lng", "lat", "category__code")[:2_000])
        categories = {category.code: category for category in Category.objects.all()}
    dice = random.Random(2)

    def look() -> object:
        lng, lat, code = dice.choice(points) if points else (121.26, 30.18, "A01")
        with acting(clerk):
            return likely_duplicates(categories[code], Point(lng or 0.0, lat or 0.0), at=at)

    return median_ms(look, times)


def life(cast: Cast, point: Point, *, at: datetime) -> Case:
    """Report, file, dispatch, finish, verify, rate."""
    resident = Actor.public(public_verbs())
    report = Report(
        category="A01", text="一辆面包车堵住了消防通道，车主电话打不通", place="3幢北侧",
        point=point, contact=Contact(name="张阿姨", phone="15412345678"),
    )  # fmt: skip
    case = actions.report(by=resident, at=at, report=report).case
    step = timedelta(minutes=1)
    actions.file(by=cast.clerk, at=at + step, case=case)
    actions.dispatch(by=cast.clerk, at=at + 2 * step, case=case, to=cast.walker)
    actions.finish(by=cast.worker, at=at + 3 * step, case=case, result="车已挪走，现场恢复")
    actions.verify(by=cast.clerk, at=at + 4 * step, case=case)
    reporter = replace(resident, reference=case.number)
    actions.rate(by=reporter, at=at + 5 * step, case=case, stars=5, words="很快")
    return case


def lives_per_second(cast: Cast, points: list[Point], *, at: datetime, count: int) -> float:
    """Whole lives a second through the actions, each step its own transaction, notices queued."""
    for number in range(5):
        life(cast, points[number % len(points)], at=at)
    start = time.perf_counter()
    for number in range(count):
        life(cast, points[number % len(points)], at=at + timedelta(seconds=number))
    return count / (time.perf_counter() - start)

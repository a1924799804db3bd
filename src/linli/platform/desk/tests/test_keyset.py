"""Paging walks every row once, in order, both ways, whatever is empty or equal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from linli.platform.access.actor import Actor
from linli.platform.access.models import Post
from linli.platform.access.scope import acting
from linli.platform.desk import keyset
from tests.cast import Cast

DAY = date(2026, 1, 1)


def fill(cast: Cast, closed: list[int | None]) -> set[Any]:
    """Posts closed on these days (counted from a day on); None for open ones."""
    made = set()
    for number in closed:
        row = Post(
            title="Post",
            role=cast.roles["clerk"],
            opened=DAY - timedelta(days=900),
            closed=None if number is None else DAY + timedelta(days=number),
        )
        row.place_in(cast.far_community)
        row.save()
        made.add(row.pk)
    return made


def walk(rows: Any, order: keyset.Order, size: int) -> tuple[list[Any], list[Any]]:
    """Keys seen forwards to the end, then backwards to the beginning."""
    forward: list[Any] = []
    backward: list[Any] = []
    page = keyset.take(rows, order, None, fields=[], size=size)
    assert not page.before
    while True:
        forward.append([row["pk"] for row in page.rows])
        if not page.after:
            break
        page = keyset.take(rows, order, keyset.read(page.after, Post, order), fields=[], size=size)
    while page.before:
        page = keyset.take(rows, order, keyset.read(page.before, Post, order), fields=[], size=size)
        backward.insert(0, [row["pk"] for row in page.rows])
    return forward, backward


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize(
    "closed", [[], [None], [None] * 5, [3, 1, 2], [1, 1, 1, 1], [None, 2, None, 2, 5, 1, None, 5]]
)
def test_every_row_once_and_the_same_way_back(
    cast: Cast, closed: list[int | None], size: int, down: bool
) -> None:
    with acting(Actor.system()):
        keys = fill(cast, closed)
        rows = Post.objects.filter(unit_key=cast.far_community.key, pk__in=keys)
        order = keyset.Order.of(Post, "closed", down=down)
        forward, backward = walk(rows, order, size)
        seen = [key for page in forward for key in page]
        assert len(seen) == len(closed)
        assert set(seen) == keys
        assert backward == forward[:-1]
        found = dict(rows.values_list("pk", "closed"))
        valued = [day for key in seen if (day := found[key]) is not None]
        assert valued == sorted(valued, reverse=down)
        empty = [found[key] for key in seen][len(valued) :]
        assert all(one is None for one in empty)


def test_paging_never_counts_rows_away(cast: Cast) -> None:
    with acting(Actor.system()):
        fill(cast, [1, 2, 3, None])
        order = keyset.Order.of(Post, "closed", down=False)
        mark = keyset.Mark(DAY + timedelta(days=1), cast.clerk.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            keyset.take(Post.objects.all(), order, mark, fields=[], size=50)
        assert len(queries) == 2
        assert not any("OFFSET" in one["sql"] for one in queries)


@given(text=st.text(max_size=60))
def test_a_mark_tampered_with_is_no_mark(text: str) -> None:
    order = keyset.Order("starts")
    found = keyset.read(text, Post, order)
    assert found is None or isinstance(found, keyset.Mark)


def test_counting_stops_at_the_limit(cast: Cast) -> None:
    with acting(Actor.system()):
        fill(cast, [1] * 6)
        assert keyset.count(Post.objects.all(), to=3) == 4

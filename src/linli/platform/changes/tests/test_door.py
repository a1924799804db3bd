"""The one door: locked, checked before and after, only what moved, one entry."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from linli.kernel.errors import Forbidden, NotFound, Stale
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Holding, Post
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting, current_actor
from linli.platform.changes import listeners
from linli.platform.changes.bulk import bulk_change, bulk_create
from linli.platform.changes.door import change, create, note
from linli.platform.changes.models import Entry
from linli.platform.changes.timeline import timeline
from tests.cast import DAY, Cast, make_cast

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
SYSTEM = Actor.system("test")


def entries(row: Any) -> list[Entry]:
    with acting(SYSTEM):
        return list(Entry.objects.filter(subject_id=row.pk).order_by("seq"))


def new_post(cast: Cast, title: str = "值守岗", unit: str = "community") -> Post:
    post = Post(title=title, role=cast.roles["clerk"], opened=DAY)
    post.place_in(cast.units[unit])
    return post


@pytest.fixture
def heard() -> Iterator[list[tuple[Entry, Any, Actor]]]:
    """Everything a listener is told of CHANGE_POST in this test."""
    told: list[tuple[Entry, Any, Actor]] = []

    def listen(entry: Entry, row: Any, by: Actor) -> None:
        told.append((entry, row, by))

    listeners.listens_to(Verb.CHANGE_POST)(listen)
    yield told
    listeners._listeners[str(Verb.CHANGE_POST)].remove(listen)


def test_a_change_saves_what_moved_and_leaves_one_entry(cast: Cast, heard: list[Any]) -> None:
    post, actor = cast.post("clerk"), cast.actor("secretary")
    with change(post, by=actor, verb=Verb.CHANGE_POST, at=AT) as entry:
        post.title = "全科社工"
        entry.facts["why"] = "改名"
        entry.aside["secret"] = "told, not stored"
    stored = Post.objects.get(pk=post.pk)
    assert (stored.title, stored.version) == ("全科社工", 2)
    [line] = entries(post)
    assert line.moved == {"title": ["社区工作者", "全科社工"]}
    assert line.facts == {"why": "改名"}
    assert (line.verb, line.at, line.unit_key) == (str(Verb.CHANGE_POST), AT, cast.community.key)
    assert (line.account_id, line.actor_name) == (cast.secretary.pk, "沈丽华")
    assert (line.post_id, line.post_title) == (cast.post("secretary").pk, "社区书记")
    [(told, row, by)] = heard
    assert (told.pk, row, by) == (line.pk, post, actor)
    assert told.aside == {"secret": "told, not stored"}


def test_on_whose_behalf_and_by_which_way_is_on_record(cast: Cast) -> None:
    actor = cast.actor("clerk", channel="phone").helping("石头")
    note(cast.post("clerk"), by=actor, verb=Verb.CHANGE_POST, at=AT)
    [line] = entries(cast.post("clerk"))
    assert (line.on_behalf_of, line.channel) == ("石头", "phone")


def test_a_row_is_read_again_under_lock_before_it_is_changed(cast: Cast) -> None:
    old = Post.objects.get(pk=cast.post("clerk").pk)
    with change(cast.post("clerk"), by=cast.actor("clerk"), verb=Verb.CHANGE_POST, at=AT):
        cast.post("clerk").remit = "1 号楼"
    with change(old, by=cast.actor("clerk"), verb=Verb.CHANGE_POST, at=AT):
        assert old.remit == "1 号楼"
        old.title = "社工"
    stored = Post.objects.get(pk=old.pk)
    assert (stored.remit, stored.title, stored.version) == ("1 号楼", "社工", 3)


def test_a_stale_page_changes_nothing(cast: Cast) -> None:
    post = cast.post("clerk")
    act: dict[str, Any] = {"by": cast.actor("clerk"), "verb": Verb.CHANGE_POST, "at": AT}
    with change(post, **act, expected=1):
        post.title = "甲"
    with pytest.raises(Stale), change(post, **act, expected=1):
        post.title = "乙"
    assert Post.objects.get(pk=post.pk).title == "甲"
    assert len(entries(post)) == 1


def test_the_verb_must_be_held_before(cast: Cast) -> None:
    cast.deny("clerk", Verb.CHANGE_POST)
    post, entered = cast.post("clerk"), False
    with (
        pytest.raises(Forbidden),
        change(post, by=cast.actor("clerk"), verb=Verb.CHANGE_POST, at=AT),
    ):
        entered = True
    assert not entered
    assert entries(post) == []


def test_the_verb_must_be_held_where_the_row_would_lie(cast: Cast) -> None:
    post = cast.post("clerk")
    with (
        pytest.raises(Forbidden),
        change(post, by=cast.actor("clerk"), verb=Verb.CHANGE_POST, at=AT),
    ):
        post.place_in(cast.other_community)
    assert Post.objects.get(pk=post.pk).unit_id == cast.community.pk
    assert entries(post) == []


def test_what_is_out_of_sight_is_not_found(cast: Cast) -> None:
    with acting(SYSTEM):
        foreign = Holding.objects.get(account=cast.far_clerk)
    with (
        pytest.raises(NotFound),
        change(foreign, by=cast.actor("clerk"), verb=Verb.RELEASE, at=AT),
    ):
        foreign.ends = DAY


def test_an_error_inside_leaves_nothing(cast: Cast, heard: list[Any]) -> None:
    post = cast.post("clerk")
    with (  # noqa: PT012 - the error is inside the change on purpose
        pytest.raises(ValueError, match="no"),
        change(post, by=cast.actor("clerk"), verb=Verb.CHANGE_POST, at=AT),
    ):
        post.title = "无"
        raise ValueError("no")
    assert Post.objects.get(pk=post.pk).title == "社区工作者"
    assert (entries(post), heard) == ([], [])
    assert current_actor() is None


def test_a_listener_that_fails_undoes_the_change(cast: Cast) -> None:
    def fails(entry: Entry, row: Any, by: Actor) -> None:
        raise RuntimeError("listener")

    listeners.listens_to(Verb.CHANGE_POST)(fails)
    post = cast.post("clerk")
    try:
        with (
            pytest.raises(RuntimeError, match="listener"),
            change(post, by=cast.actor("clerk"), verb=Verb.CHANGE_POST, at=AT),
        ):
            post.title = "无"
    finally:
        listeners._listeners[str(Verb.CHANGE_POST)].remove(fails)
    assert Post.objects.get(pk=post.pk).title == "社区工作者"
    assert entries(post) == []


def test_creating_checks_the_verb_where_the_row_will_lie(cast: Cast) -> None:
    with create(new_post(cast), by=cast.actor("clerk"), verb=Verb.OPEN_POST, at=AT):
        pass
    foreign = new_post(cast, unit="far_community")
    with (
        pytest.raises(Forbidden),
        create(foreign, by=cast.actor("clerk"), verb=Verb.OPEN_POST, at=AT),
    ):
        pass
    assert not Post.objects.filter(pk=foreign.pk).exists()


def test_personal_columns_are_masked_and_silent_ones_not_told(cast: Cast) -> None:
    account = cast.clerk
    with change(account, by=SYSTEM, verb=Verb.CHANGE_ACCOUNT, at=AT):
        account.phone = "13811112222"
        account.set_password("Jasmine-Tea-77")
        account.place_in(cast.community)
    [line] = entries(account)
    assert line.moved["phone"] == ["•••", "•••"]
    assert line.moved["password"] == ["•••", "•••"]
    assert "unit_key" not in line.moved
    text = str(line.moved) + str(line.facts)
    assert "13811112222" not in text
    assert account.password not in text


def test_long_values_are_cut_in_the_entry(cast: Cast) -> None:
    from linli.platform.changes.trail import LONGEST_TOLD, plain

    assert len(plain("字" * 9000)) == LONGEST_TOLD
    assert plain({"day": date(2026, 1, 2), "id": [uuid4()]})["day"] == "2026-01-02"


def test_the_timeline_tells_newest_first_in_the_reader_s_language(cast: Cast) -> None:
    post = cast.post("clerk")
    with change(post, by=cast.actor("clerk"), verb=Verb.CHANGE_POST, at=AT):
        post.kind = "part"
    note(post, by=cast.actor("secretary"), verb=Verb.CHANGE_POST, at=AT + timedelta(hours=1))
    with acting(cast.actor("clerk")):
        lines = timeline(post)
    assert [line.who for line in lines] == ["沈丽华", "王小芳"]
    [move] = lines[1].moves
    assert (move.old, move.new) != ("full", "part"), "choices are told by their label"


# ---- bulk twins --------------------------------------------------------------------------------


def comparable(entry: Entry) -> dict[str, Any]:
    skipped = {"id", "seq", "subject_id", "digest"}
    return {
        field.attname: getattr(entry, field.attname)
        for field in entry._meta.concrete_fields
        if field.attname not in skipped
    }


def test_creating_in_bulk_equals_creating_one_by_one(cast: Cast) -> None:
    actor = cast.actor("secretary")
    single = new_post(cast, "甲")
    with create(single, by=actor, verb=Verb.OPEN_POST, at=AT) as draft:
        draft.facts["title"] = "甲"
    many = bulk_create(
        [new_post(cast, "甲"), new_post(cast, "甲")],
        by=actor,
        verb=Verb.OPEN_POST,
        at=AT,
        facts=lambda row: {"title": row.title},
    )
    [model] = entries(single)
    for row in many:
        [twin] = entries(row)
        assert comparable(twin) == comparable(model)
        assert Post.objects.get(pk=row.pk).version == 1


def test_creating_in_bulk_is_all_or_nothing(cast: Cast) -> None:
    rows = [new_post(cast, "批"), new_post(cast, "批", unit="far_community")]
    with pytest.raises(Forbidden):
        bulk_create(rows, by=cast.actor("clerk"), verb=Verb.OPEN_POST, at=AT)
    assert not Post.objects.filter(title="批").exists()
    assert bulk_create([], by=SYSTEM, verb=Verb.OPEN_POST, at=AT) == []


def test_changing_in_bulk_equals_changing_one_by_one(cast: Cast) -> None:
    actor = cast.actor("secretary")
    posts = bulk_create(
        [new_post(cast, "旧") for _ in range(3)], by=actor, verb=Verb.OPEN_POST, at=AT
    )
    single, *rest = posts
    with change(single, by=actor, verb=Verb.CHANGE_POST, at=AT) as draft:
        single.title = "新"
        draft.facts["n"] = 1

    def alter(row: Any) -> None:
        row.title = "新"

    keys = [row.pk for row in rest]
    moved = bulk_change(
        Post.objects.filter(pk__in=keys),
        by=actor,
        verb=Verb.CHANGE_POST,
        at=AT,
        alter=alter,
        facts=lambda _row: {"n": 1},
    )
    assert moved == 2
    model = entries(single)[-1]
    for row in rest:
        twin = entries(row)[-1]
        assert comparable(twin) == comparable(model)
        assert Post.objects.get(pk=row.pk).version == 2
    again = bulk_change(
        Post.objects.filter(pk__in=keys), by=actor, verb=Verb.CHANGE_POST, at=AT, alter=alter
    )
    assert again == 0, "a row that does not move leaves no entry"


def test_changing_in_bulk_is_refused_as_a_whole(cast: Cast) -> None:
    def alter(row: Any) -> None:
        row.title = "新"

    both = [cast.post("clerk").pk, cast.post("far_clerk").pk]
    with pytest.raises(Forbidden):
        bulk_change(
            Post.objects.filter(pk__in=both),
            by=cast.actor("clerk"),
            verb=Verb.CHANGE_POST,
            at=AT,
            alter=alter,
        )
    assert not Post.objects.filter(title="新").exists()


# ---- at once -----------------------------------------------------------------------------------


def test_four_at_once_on_one_row_one_wins_and_leaves_one_entry(committed: Any) -> None:
    cast = make_cast()
    post, actor = cast.post("clerk"), cast.actor("secretary")
    for round_ in range(5):
        gate = Barrier(4)
        version = Post.objects.get(pk=post.pk).version

        def act(
            number: int, gate: Barrier = gate, version: int = version, round_: int = round_
        ) -> str:
            own = Post(pk=post.pk, title="", version=0, role_id=post.role_id)
            try:
                gate.wait()
                with change(own, by=actor, verb=Verb.CHANGE_POST, at=AT, expected=version):
                    own.title = f"第{round_}轮{number}"
            except Stale:
                return "stale"
            else:
                return "won"
            finally:
                connections["default"].close()

        with ThreadPoolExecutor(4) as threads:
            outcome = sorted(threads.map(act, range(4)))
        assert outcome == ["stale", "stale", "stale", "won"]
        assert len(entries(post)) == round_ + 1
    assert Account.objects.count() == 9

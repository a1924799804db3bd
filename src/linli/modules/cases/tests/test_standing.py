"""Posts of one title are told apart by who holds them and how much they have in hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.modules.cases import actions, reads
from linli.modules.cases.models import Case
from linli.modules.cases.routing import propose_handlers
from linli.modules.cases.standing import Standing, standing_of, standings, with_standing
from linli.modules.cases.tests.conftest import FRIDAY, Story
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Holding, Post, Unit
from linli.platform.access.scope import acting
from tests.cast import DAY, Cast
from tests.test_registers import client_of

SYSTEM = Actor.system("test")


def twin(cast: Cast, like: str, unit: Unit, name: str) -> Post:
    """A second post with the title of the first, held by somebody of that name ("" for nobody)."""
    with acting(SYSTEM):
        first = cast.post(like)
        post = Post(title=first.title, role=first.role, opened=date(2020, 1, 1))
        post.place_in(unit)
        post.save()
        if name:
            account = Account.objects.create(username=f"twin_{name}", full_name=name)
            holding = Holding(post=post, account=account, starts=date(2020, 1, 1))
            holding.place_in(unit)
            holding.save()
    return post


def known(cast: Cast, person: str, *posts: Post) -> list[Standing]:
    with acting(cast.actor(person)) as actor:
        found = standings(posts, actor, on=DAY)
    return [found[post.pk] for post in posts]


def test_namesakes_are_told_apart(story: Story) -> None:
    cast = story.cast
    other = twin(cast, "grid_worker", cast.grid, "赵敏")
    empty = twin(cast, "grid_worker", cast.grid, "")
    story.dispatched()
    story.dispatched()
    story.finished()
    story.closed()
    li, zhao, nobody = known(cast, "clerk", cast.post("grid_worker"), other, empty)
    assert (li.holders, li.in_hand) == (("李强",), 2)
    assert (zhao.holders, zhao.in_hand) == (("赵敏",), 0)
    assert (nobody.holders, nobody.in_hand) == ((), 0)


def test_taken_on_and_suspended_work_is_in_hand_too(story: Story) -> None:
    worker = story.cast.actor("grid_worker")
    taken, waiting = story.dispatched(), story.dispatched()
    for case in (taken, waiting):
        actions.take(by=worker, at=story.tick(), case=case)
    actions.suspend(by=worker, at=story.tick(), case=waiting, reason="等车主")
    assert known(story.cast, "clerk", story.cast.post("grid_worker"))[0].in_hand == 2


def test_beyond_the_branch_title_and_unit_only(story: Story) -> None:
    cast = story.cast
    story.dispatched(to="urban_management")
    street = cast.post("urban_management")
    assert known(cast, "clerk", street) == [Standing()]
    assert Standing().words == ""
    seen = known(cast, "street_officer", street)[0]
    assert (seen.holders, seen.in_hand) == (("胡卫东",), 1)
    assert known(cast, "far_clerk", cast.post("grid_worker")) == [Standing()]


def test_a_grid_does_not_see_all_that_its_posts_have_in_hand(story: Story) -> None:
    """A post of a grid serves the grids beside it as well, which lie beyond the grid's branch."""
    mine = known(story.cast, "grid_worker", story.cast.post("grid_worker"))[0]
    assert mine.holders == ("李强",)
    assert mine.in_hand is None


def test_the_database_hides_holders_beyond_the_branch_by_itself(story: Story) -> None:
    cast = story.cast
    with acting(cast.actor("clerk")):
        rows = with_standing(Post.objects.all(), on=DAY)
        named = rows.values_list("holder_names", flat=True)  # type: ignore[misc]
        names = {name for holders in named for name in holders}
    assert "王小芳" in names
    assert not names & {"胡卫东", "陈建国", "罗敏", "徐静", "周立群"}


def test_whoever_has_gone_or_comes_later_is_not_named(story: Story) -> None:
    cast = story.cast
    post = cast.post("grid_worker")
    with acting(SYSTEM):
        Holding.objects.filter(post=post).update(ends=DAY)
        later = Holding(post=post, account=cast.secretary, starts=date(2027, 1, 1))
        later.place_in(post.unit)
        later.save()
    assert known(cast, "clerk", post)[0].holders == ()


def test_one_question_however_many_posts(story: Story) -> None:
    cast = story.cast
    for number in range(12):
        twin(cast, "grid_worker", cast.grid, f"网格员{number}")
    case = story.filed()
    with acting(cast.actor("clerk")) as actor, CaptureQueriesContext(connection) as queries:
        posts = with_standing(reads.serving_posts(case, on=DAY), on=DAY)
        told = [standing_of(post, actor) for post in posts]
    asked = [query for query in queries if query["sql"].startswith("SELECT")]
    assert len(asked) == 1
    assert len(told) > 12


def test_the_index_answers_how_much_is_in_hand(story: Story) -> None:
    post = story.cast.post("grid_worker")
    rows = Case.objects.filter(handler=post, state__in=["dispatched", "handling", "suspended"])
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        plan = rows.values("pk").explain()
    assert "held_case_by_handler" in plan


def page(response: Any) -> str:
    return str(response.content.decode())


def test_the_pages_of_dispatch_name_holders_and_work(story: Story) -> None:
    cast = story.cast
    twin(cast, "grid_worker", cast.grid, "赵敏")
    story.dispatched()
    case = story.filed()
    client = client_of(cast, "clerk")
    assert propose_handlers(case, at=FRIDAY) == []
    for act in ("dispatch", "assist"):
        shown = page(client.get(f"/desk/cases/{case.number}/{act}"))
        if act == "assist":
            shown = page(client.get(f"/desk/cases/{story.dispatched().number}/{act}"))
        assert "赵敏; 0 cases in hand" in shown
        assert "胡卫东" not in shown
        assert "城管中队" in shown


def test_proposals_name_holders_and_work(story: Story) -> None:
    cast = story.cast
    closed = story.closed()
    case = story.filed()
    client = client_of(cast, "clerk")
    with acting(SYSTEM):
        Case.objects.filter(pk=closed.pk).update(finished_at=FRIDAY)
    shown = page(client.get(f"/desk/cases/{case.number}/"))
    assert "李强; 0 cases in hand" in shown
    form = page(client.get(f"/desk/cases/{case.number}/dispatch"))
    assert "第一网格 · 网格员 (李强; 0 cases in hand)" in form
    chosen = client.post(
        f"/desk/cases/{case.number}/dispatch",
        {"version": str(case.version), "to": str(cast.post("grid_worker").pk), "words": ""},
    )
    assert chosen.status_code == 302
    again = page(client.get(f"/desk/cases/{story.filed().number}/dispatch"))
    assert "(李强; 1 case in hand)" in again


def test_handing_on_several_at_once_names_them_too(story: Story) -> None:
    cast = story.cast
    story.dispatched()
    rows = [str(story.filed().pk), str(story.filed().pk)]
    client = client_of(cast, "clerk")
    shown = page(client.post("/desk/cases/many/dispatch/", {"row": rows}))
    assert "李强; 1 case in hand" in shown

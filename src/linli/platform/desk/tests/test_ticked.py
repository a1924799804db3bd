"""One act on several ticked rows: each by itself, what was refused is said, nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Holding
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from linli.platform.desk import jobs, ticked
from linli.platform.desk.models import Batch
from linli.platform.desk.register import register
from linli.platform.desk.tests import sample
from linli.platform.flow.models import Follow
from tests.cast import Cast

URL = "/desk/sample-holdings/"
RELEASE, GRANT = f"{URL}many/release/", f"{URL}many/grant/"
ENDS = {"ends": "2027-01-01", "reason": "moved", "sure": "yes"}


def signed_in(account: Account) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account, backend="linli.platform.access.login.NameOrPhoneBackend")
    return client


def text(response: HttpResponseBase) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def holding_of(cast: Cast, name: str) -> Holding:
    with acting(Actor.system()):
        return Holding.objects.get(account=cast.accounts[name])


def keys(cast: Cast, *names: str) -> list[str]:
    return [str(holding_of(cast, name).pk) for name in names]


def ends_of(cast: Cast, *names: str) -> list[date | None]:
    return [holding_of(cast, name).ends for name in names]


def done(client: Client, url: str, rows: list[str], **more: Any) -> str:
    """The page of what came of it."""
    given = {**ENDS, "row": rows, "submission": str(uuid4()), **more}
    response = client.post(url, given)
    assert response.status_code == 302, text(response)
    return text(client.get(response["Location"]))


def test_the_list_has_a_box_a_row_and_a_bar_of_acts(cast: Cast) -> None:
    page = text(signed_in(cast.clerk).get(URL))
    assert page.count('name="row"') == 3
    assert "Select 王小芳" in page
    assert f'formaction="{RELEASE}"' in page


def test_who_may_do_nothing_to_several_sees_no_boxes(cast: Cast) -> None:
    cast.deny("clerk", Verb.RELEASE, Verb.GRANT)
    page = text(signed_in(cast.clerk).get(URL))
    assert 'name="row"' not in page
    assert "many/" not in page


def test_the_form_is_asked_once_over_the_ticked_rows(cast: Cast) -> None:
    rows = keys(cast, "clerk", "grid_worker")
    page = text(signed_in(cast.clerk).post(RELEASE, {"row": rows}))
    assert page.count("Last day") == 1
    assert page.count('name="row"') == 2
    assert f'value="{rows[0]}:1"' in page, "the version the person decides on"
    assert ends_of(cast, "clerk", "grid_worker") == [None, None]


def test_each_row_goes_through_the_real_action(cast: Cast) -> None:
    rows = keys(cast, "secretary", "grid_worker")
    page = done(signed_in(cast.clerk), RELEASE, rows)
    assert "Done on every row." in page
    assert "2 of 2 rows done" in page
    assert ends_of(cast, "secretary", "grid_worker") == [date(2027, 1, 1)] * 2
    with acting(Actor.system()):
        entries = Entry.objects.filter(subject_id__in=rows, verb=Verb.RELEASE)
        assert [entry.facts["reason"] for entry in entries] == ["moved", "moved"]
        assert {entry.account_id for entry in entries} == {cast.clerk.pk}


def test_what_is_refused_says_why_and_leaves_nothing_the_others_are_done(cast: Cast) -> None:
    rows = keys(cast, "secretary", "grid_worker")
    client = signed_in(cast.clerk)
    page = done(client, RELEASE, rows, reason="not the grid")
    assert "1 of 2 rows done" in page
    assert "Grids stay as they are." in page
    assert f'href="{URL}{rows[1]}/"' in page
    assert ends_of(cast, "secretary", "grid_worker") == [date(2027, 1, 1), None]
    with acting(Actor.system()):
        assert not Entry.objects.filter(subject_id=rows[1]).exists()
    again = re.search(r'name="again" value="([^"]+)"', page)
    assert again
    page = text(client.post(RELEASE, {"row": rows[1], "again": again[1]}))
    assert 'value="not the grid"' in page, "what was typed is still there"


def test_what_is_out_of_reach_is_no_longer_there(cast: Cast) -> None:
    rows = [*keys(cast, "grid_worker", "far_clerk"), str(uuid4()), "nonsense"]
    client = signed_in(cast.clerk)
    asked = text(client.post(RELEASE, {"row": rows}))
    assert "3 ticked rows are no longer there." in asked
    page = done(client, RELEASE, rows)
    assert "3 rows are no longer there." in page
    assert "徐静" not in asked + page
    assert ends_of(cast, "grid_worker", "far_clerk") == [date(2027, 1, 1), None]


def test_somebody_faster_is_noticed_row_by_row(cast: Cast) -> None:
    rows = keys(cast, "secretary", "grid_worker")
    client = signed_in(cast.clerk)
    seen = re.findall(r'name="row" value="([^"]+)"', text(client.post(RELEASE, {"row": rows})))
    moved = {"ends": "2028-02-02", "reason": "faster", "version": 1}
    signed_in(cast.secretary).post(f"{URL}{rows[1]}/release", moved)
    page = done(client, RELEASE, seen)
    assert "Someone else changed it in the meantime." in page
    assert ends_of(cast, "secretary", "grid_worker") == [date(2027, 1, 1), date(2028, 2, 2)]


def test_what_is_not_possible_now_is_said_before_and_after(cast: Cast) -> None:
    rows = keys(cast, "secretary", "grid_worker")
    client = signed_in(cast.clerk)
    none = client.post(GRANT, {"row": rows})
    assert 'name="sure"' not in text(none), "there is nothing to confirm"
    done(client, RELEASE, rows[:1])
    asked = text(client.post(GRANT, {"row": rows}))
    assert "not possible on 1 of the ticked rows" in asked
    page = done(client, GRANT, rows)
    assert "1 of 2 rows done" in page
    assert "is not possible here now" in page
    assert ends_of(cast, "secretary", "grid_worker") == [None, None]


def test_a_fault_in_the_form_keeps_the_ticks_and_the_versions(cast: Cast) -> None:
    rows = [f"{key}:1" for key in keys(cast, "secretary", "grid_worker")]
    form = {"row": rows, "ends": "x", "reason": "my words", "sure": "yes"}
    response = signed_in(cast.clerk).post(RELEASE, form)
    assert response.status_code == 422
    page = text(response)
    assert "my words" in page
    assert re.findall(r'name="row" value="([^"]+)"', page) == rows


def test_the_same_form_sent_twice_is_done_once(cast: Cast) -> None:
    client, rows = signed_in(cast.clerk), keys(cast, "grid_worker")
    form = {**ENDS, "row": rows, "submission": str(uuid4())}
    first, second = client.post(RELEASE, form), client.post(RELEASE, form)
    assert first["Location"] == second["Location"]
    with acting(Actor.system()):
        assert Entry.objects.filter(subject_id=rows[0]).count() == 1


def test_what_came_of_it_is_for_whoever_did_it_and_for_a_day(cast: Cast) -> None:
    form = {**ENDS, "row": keys(cast, "grid_worker"), "submission": str(uuid4())}
    came = signed_in(cast.clerk).post(RELEASE, form)["Location"]
    assert signed_in(cast.secretary).get(came).status_code == 404
    theirs = signed_in(cast.secretary).post(RELEASE, form)
    assert theirs.status_code == 404, "nobody can take up another's form"
    with acting(cast.actor("secretary")):
        assert not Batch.objects.exists(), "the database alone hides it too"
    with acting(Actor.system()):
        Batch.objects.update(at=timezone.now() - timedelta(hours=25))
    jobs.forget_batches_later.now()
    assert signed_in(cast.clerk).get(came).status_code == 404


def test_without_the_verb_nothing_is_asked_or_done(cast: Cast) -> None:
    cast.deny("clerk", Verb.RELEASE)
    client, rows = signed_in(cast.clerk), keys(cast, "grid_worker")
    assert client.post(RELEASE, {"row": rows}).status_code == 403
    assert client.post(RELEASE, {**ENDS, "row": rows}).status_code == 403
    assert client.post(f"{URL}many/view_staff/", {"row": rows}).status_code == 404
    assert ends_of(cast, "grid_worker") == [None]


def test_nothing_ticked_or_too_much_leads_back_to_the_list(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    back = client.post(RELEASE, {"back": "starts_from=2019-01-01"})
    assert back["Location"] == f"{URL}?starts_from=2019-01-01"
    assert "Tick at least one row" in text(client.get(back["Location"]))
    crowd = client.post(RELEASE, {"row": [str(uuid4()) for _ in range(201)]})
    assert "At most 200 rows" in text(client.get(crowd["Location"]))
    assert client.get(RELEASE)["Location"] == URL


def test_rows_can_be_followed_together(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, rows = signed_in(cast.clerk), keys(cast, "secretary", "grid_worker")
    assert client.post(f"{URL}many/follow/", {"row": rows}).status_code == 404
    monkeypatch.setattr(sample.SampleHoldings, "followable", True)
    assert "2 of 2" in done(client, f"{URL}many/follow/", rows)
    assert Follow.objects.filter(account=cast.clerk).count() == 2
    done(client, f"{URL}many/unfollow/", rows)
    assert not Follow.objects.filter(account=cast.clerk).exists()


def test_this_page_or_more_can_be_ticked_without_a_script(cast: Cast) -> None:
    client = signed_in(cast.street_officer)
    page = text(client.get(URL))
    assert page.count('name="row"') == 5
    assert f'href="{URL}?tick=page"' in page
    assert text(client.get(f"{URL}?tick=page")).count("data-select checked>") == 5
    beyond = text(client.get(f"{URL}?tick=200"))
    assert beyond.count("data-select checked>") == 6, "more than a page"


def test_a_row_in_other_hands_is_refused_alone(cast: Cast) -> None:
    """The database takes back one row (a deadlock, a lock not given in time) and goes on."""
    rows = keys(cast, "secretary", "grid_worker")
    actor, listed = cast.actor("clerk"), register("sample_holdings")

    def wait_in_vain(doing: Any) -> None:
        if str(doing.row.pk) == rows[0]:
            with connection.cursor() as cursor:
                cursor.execute(
                    "DO $$ BEGIN RAISE EXCEPTION 'locked' USING ERRCODE = '55P03'; END $$"
                )
        sample.release(doing)

    released = ticked.act_named(listed, actor, "release")
    act = replace(released, do=wait_in_vain)
    with acting(actor):
        came = ticked.do_each(
            listed, act, [ticked.Tick(key) for key in rows], actor=actor, at=timezone.now(),
            data={"ends": date(2027, 1, 1), "reason": "moved"},
        )  # fmt: skip
    assert [one.outcome for one in came] == ["refused", "done"]
    assert "working on it" in came[0].sentence

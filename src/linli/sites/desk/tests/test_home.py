"""The first page, the search box, the trail, and the frame around them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.models import Account
from linli.platform.changes.public import note
from linli.platform.changes.rules import Verb
from linli.platform.desk import finding
from linli.platform.desk.rules import Verb as Desk
from linli.platform.flow import inbox as inboxes
from linli.platform.flow.inbox import InboxItem, Tray
from tests.cast import Cast


def signed_in(account: Account) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account, backend="linli.platform.access.login.NameOrPhoneBackend")
    return client


def text(response: HttpResponseBase) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


NOW = timezone.now()
WORK = {
    Tray.MINE: [
        InboxItem("No hurry", "/1", since=NOW),
        InboxItem("In time", "/2", due_at=NOW + timedelta(days=3)),
        InboxItem("Long late", "/3", due_at=NOW - timedelta(days=3)),
        InboxItem("Late and paused", "/4", due_at=NOW - timedelta(days=9), paused=True),
    ],
    Tray.QUEUE: [InboxItem("For the post", "/5")],
    Tray.FOLLOWED: [],
}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inboxes, "_sources", {})

    def count(actor: Actor, tray: Tray) -> int:
        return len(WORK[tray])

    @inboxes.inbox_source("test", "Test", count=count)
    def items(actor: Actor, tray: Tray, most: int) -> Sequence[InboxItem]:
        return WORK[tray][:most]


def test_the_overdue_stand_first(cast: Cast, work: None) -> None:
    page = text(signed_in(cast.clerk).get("/desk/"))
    order = [page.index(words) for words in ("Long late", "In time", "Late and paused", "No hurry")]
    assert order == sorted(order)
    assert "For the post" in text(signed_in(cast.clerk).get("/desk/?tray=queue"))


def test_an_empty_tray_says_so(cast: Cast, work: None) -> None:
    assert "Nothing waits for you here" in text(signed_in(cast.clerk).get("/desk/?tray=followed"))


def test_a_stranger_holds_no_post_and_sees_nothing(cast: Cast) -> None:
    response = signed_in(cast.stranger).get("/desk/")
    assert response.status_code == 403
    assert "no post today" in text(response)
    assert Client().get("/desk/").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["search/?q=x", "divisions/", "divisions/?on=2025-01-01", "divisions/checks/",
     "divisions/shapes.geojson", "divisions/units/", "divisions/norms/", "case-board/", "cases/",
     "staff/first-password/"],
)  # fmt: skip
def test_without_a_post_the_desk_is_closed_whatever_the_page(cast: Cast, address: str) -> None:
    response = signed_in(cast.stranger).get(f"/desk/{address}")
    assert response.status_code == 403
    page = text(response)
    assert "no post today" in page
    # No way is shown to what is closed.
    assert 'href="/desk/divisions/"' not in page
    assert 'type="search"' not in page
    assert Client().get(f"/desk/{address}").status_code == 302


def test_without_a_post_what_is_one_s_own_stays_open(cast: Cast) -> None:
    client = signed_in(cast.stranger)
    for address in ("/desk/notices/", "/desk/notices/preferences/", "/accounts/security/", "/"):
        assert client.get(address).status_code == 200, address
    page = text(client.get("/desk/"))
    assert 'href="/desk/notices/"' in page
    assert "Sign out" in page


def test_a_fragment_and_a_program_are_told_of_the_missing_post_in_words(cast: Cast) -> None:
    client = signed_in(cast.stranger)
    part = client.get("/desk/cases/", headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert text(part).startswith("You hold no post today")
    told = client.get("/desk/case-map/points.geojson", headers={"Accept": "application/json"})
    assert "no post today" in told.json()["error"]["message"]


def test_the_missing_post_is_told_in_chinese(cast: Cast) -> None:
    response = signed_in(cast.stranger).get("/desk/divisions/", headers={"accept-language": "zh"})
    assert "您目前没有岗位" in text(response)


def test_the_navigation_holds_only_what_may_be_opened(cast: Cast) -> None:
    assert 'href="/desk/trail/"' in text(signed_in(cast.clerk).get("/desk/"))
    cast.deny("clerk", Verb.VIEW_TRAIL)
    client = signed_in(cast.clerk)
    assert 'href="/desk/trail/"' not in text(client.get("/desk/"))
    assert client.get("/desk/trail/").status_code == 403


def test_the_search_box_asks_every_module(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_providers", {})

    @finding.finds("test", "Things")
    def find(actor: Actor, words: str, most: int) -> list[finding.Found]:
        if words == "330282":
            return [finding.Found("The one", "/desk/trail/", exact=True)]
        return [finding.Found(f"Thing {words}", "/x")] if "<" in words else []

    client = signed_in(cast.clerk)
    assert "Thing &lt;b&gt;" in text(client.get("/desk/search/?q=<b>"))
    assert client.get("/desk/search/?q=330282")["Location"] == "/desk/trail/"
    assert "Nothing found" in text(client.get("/desk/search/?q=nothing"))
    assert client.get("/desk/search/").status_code == 200


def test_the_trail_shows_the_branch(cast: Cast) -> None:
    at = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
    for name in ("clerk", "other_clerk"):
        actor = cast.actor(name)
        note(cast.posts[name], by=actor, verb=Desk.EXPORT, at=at, facts={"purpose": f"by {name}"})
    page = text(signed_in(cast.clerk).get("/desk/trail/"))
    assert "王小芳" in page.split("<tbody>")[1]
    assert "罗敏" not in page
    # An id from elsewhere brings neither rows nor the name it belongs to.
    foreign = text(signed_in(cast.clerk).get(f"/desk/trail/?person={cast.other_clerk.pk}"))
    assert "罗敏" not in foreign
    street = text(signed_in(cast.street_officer).get(f"/desk/trail/?person={cast.other_clerk.pk}"))
    assert "罗敏" in street.split("<tbody>")[1]
    assert "王小芳" not in street.split("<tbody>")[1]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_first_page_speaks_the_readers_language(cast: Cast, work: None, language: str) -> None:
    client = signed_in(cast.clerk)
    client.cookies["django_language"] = language
    response = client.get("/desk/", headers={"accept-language": language})
    assert ("What to do now" in text(response)) == (language == "en")

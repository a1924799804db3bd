"""The pages of one's own notices."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linli.platform.access.scope import acting
from linli.platform.notices import reads
from linli.platform.notices.models import Notice
from linli.platform.notices.public import tell_accounts
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(told_cast: Cast, client: Client) -> Client:
    client.force_login(
        told_cast.grid_worker, backend="linli.platform.access.login.NameOrPhoneBackend"
    )
    client.cookies["django_language"] = "en"
    return client


def tell(cast: Cast, **more: Any) -> Notice:
    with acting(cast.actor("clerk")):
        tell_accounts(
            [cast.grid_worker],
            verb="access.view_staff",
            subject=cast.community,
            text=more.pop("text", "Work for you"),
            at=more.pop("at", timezone.now()),
            **more,
        )
    with acting(cast.actor("grid_worker")) as actor:
        return reads.unread(actor)[0]


def test_nothing_yet_is_said_in_words(signed_in: Client) -> None:
    response = signed_in.get("/desk/notices/")
    assert response.status_code == 200
    assert "No notices" in response.content.decode()


def test_new_ones_stand_first_and_are_read_by_going_there(
    told_cast: Cast, signed_in: Client
) -> None:
    notice = tell(told_cast, url="/", text="<b>Bold</b> words")
    page = signed_in.get("/desk/notices/").content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt; words" in page
    assert "Mark all as read" in page

    gone = signed_in.get(f"/desk/notices/{notice.pk}/")
    assert (gone.status_code, gone["Location"]) == (302, "/")
    page = signed_in.get("/desk/notices/").content.decode()
    assert "You have read everything." in page
    assert "Mark all as read" not in page


def test_marking_one_and_all(told_cast: Cast, signed_in: Client) -> None:
    for minute in range(3):
        notice = tell(told_cast, at=timezone.now() - timedelta(minutes=minute))
    signed_in.post(f"/desk/notices/{notice.pk}/read/")
    with acting(told_cast.actor("grid_worker")) as actor:
        assert reads.unread_count(actor) == 2
    signed_in.post("/desk/notices/read/")
    with acting(told_cast.actor("grid_worker")) as actor:
        assert reads.unread_count(actor) == 0


def test_somebody_elses_notice_is_not_found(told_cast: Cast, client: Client) -> None:
    notice = tell(told_cast)
    client.force_login(
        told_cast.secretary, backend="linli.platform.access.login.NameOrPhoneBackend"
    )
    assert client.get(f"/desk/notices/{notice.pk}/").status_code == 404
    assert client.post(f"/desk/notices/{notice.pk}/read/").status_code == 404
    with acting(told_cast.actor("grid_worker")) as actor:
        assert reads.unread_count(actor) == 1


def test_choosing_how_to_be_told(told_cast: Cast, signed_in: Client) -> None:
    page = unescape(signed_in.get("/desk/notices/preferences/").content.decode())
    assert "How to be told" in page
    response = signed_in.post("/desk/notices/preferences/", {"language": "en", "other.email": "on"})
    assert response.status_code == 302
    with acting(told_cast.actor("grid_worker")) as actor:
        other = next(one for one in reads.choices(actor) if one.kind.name == "other")
        assert (other.in_app, other.email) == (False, True)
        assert reads.mail_language(actor) == "en"


def test_a_language_nobody_speaks_is_refused_at_its_field(signed_in: Client) -> None:
    response = signed_in.post("/desk/notices/preferences/", {"language": "tlh"})
    assert response.status_code == 422


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    for path in ("/desk/notices/", "/desk/notices/preferences/"):
        assert client.get(path).status_code == 302


def test_ticked_ones_are_marked_as_read_together_and_only_ones_own(
    told_cast: Cast, signed_in: Client
) -> None:
    first, second, third = (tell(told_cast, text=f"Work {number}") for number in range(3))
    page = signed_in.get("/desk/notices/").content.decode()
    assert page.count('name="row"') == 3
    ticked = {"row": [str(first.pk), str(third.pk)]}
    answer = signed_in.post("/desk/notices/read/some/", ticked, follow=True)
    assert "2 notices marked as read." in answer.content.decode()
    with acting(told_cast.actor("grid_worker")) as actor:
        assert [notice.pk for notice in reads.unread(actor)] == [second.pk]
    stranger = Client(headers={"accept-language": "en"})
    stranger.force_login(told_cast.clerk, backend="linli.platform.access.login.NameOrPhoneBackend")
    answer = stranger.post("/desk/notices/read/some/", {"row": str(second.pk)}, follow=True)
    assert "0 notices marked as read." in answer.content.decode()
    with acting(told_cast.actor("grid_worker")) as actor:
        assert [notice.pk for notice in reads.unread(actor)] == [second.pk]
    assert signed_in.post("/desk/notices/read/some/", {"row": "x"}).status_code == 404

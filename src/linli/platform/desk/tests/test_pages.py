"""The pages of a register, through the whole stack, as people of the cast."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Holding
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from linli.platform.desk.models import Export, SavedView
from linli.platform.desk.rules import Verb as Desk
from linli.platform.desk.tests import sample
from linli.platform.flow.models import Follow
from tests.cast import Cast

URL = "/desk/sample-holdings/"


def signed_in(account: Account, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(account, backend="linli.platform.access.login.NameOrPhoneBackend")
    return client


def text(response: HttpResponseBase) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def holding_of(cast: Cast, name: str) -> Holding:
    with acting(Actor.system()):
        return Holding.objects.get(account=cast.accounts[name])


def in_scope_of_all(query: Any) -> Any:
    with acting(Actor.system()):
        return query()


def test_the_list_shows_the_branch_and_nothing_else(cast: Cast) -> None:
    page = text(signed_in(cast.clerk).get(URL))
    assert "王小芳" in page
    assert "李强" in page
    assert "罗敏" not in page
    assert "徐静" not in page


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(cast: Cast) -> None:
    response = Client().get(URL + "?q=x")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=%2Fdesk%2Fsample-holdings%2F")


def test_a_capacity_without_the_verb_is_told_so(cast: Cast) -> None:
    cast.deny("clerk", Verb.VIEW_STAFF)
    response = signed_in(cast.clerk).get(URL)
    assert response.status_code == 403
    assert "present capacity" in text(response)


def test_a_column_without_its_verb_does_not_exist(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    assert "139****" in text(client.get(URL))
    cast.deny("clerk", Verb.CHANGE_ACCOUNT)
    page = text(client.get(URL + "?columns=phone&columns=account"))
    assert "139****" not in page
    assert "Phone" not in page


@pytest.mark.parametrize("path", ["", "access", "release", "release/"])
def test_out_of_reach_is_not_found(cast: Cast, path: str) -> None:
    other = holding_of(cast, "other_clerk")
    client = signed_in(cast.clerk)
    assert client.get(f"{URL}{other.pk}/{path}").status_code == 404
    assert client.get(f"{URL}nonsense/{path}").status_code == 404


def test_filters_stand_in_the_address_and_can_be_taken_away(cast: Cast) -> None:
    client = signed_in(cast.street_officer)
    page = text(client.get(f"{URL}?unit={cast.other_community.pk}&starts_from=2019-01-01"))
    assert "罗敏" in page
    assert "王小芳" not in page
    assert f'href="{URL}?unit={cast.other_community.pk}"' in page


def test_a_unit_outside_the_branch_is_said_and_not_applied(cast: Cast) -> None:
    page = text(signed_in(cast.clerk).get(f"{URL}?unit={cast.other_community.pk}"))
    assert "This area lies outside yours." in page
    assert "罗敏" not in page


@pytest.mark.parametrize(
    "given", ["starts_from=x", "starts_from=2026-02-30", "after=%%%", "sort=x", "unit=x"]
)
def test_what_cannot_be_understood_in_the_address_breaks_nothing(cast: Cast, given: str) -> None:
    assert signed_in(cast.clerk).get(f"{URL}?{given}").status_code == 200


def test_the_quick_look_is_the_panel_alone(cast: Cast) -> None:
    row = holding_of(cast, "clerk")
    headers = {"HX-Request": "true", "HX-Target": "panel"}
    page = text(signed_in(cast.clerk).get(f"{URL}{row.pk}/", headers=headers))
    assert "panel-head" in page
    assert "<html" not in page


def test_an_action_asks_does_and_says_so(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    row = holding_of(cast, "grid_worker")
    assert f"{URL}{row.pk}/release/" in text(client.get(f"{URL}{row.pk}/"))
    assert "Last day" in text(client.get(f"{URL}{row.pk}/release/"))
    form = {"ends": "2027-01-01", "reason": "moved", "version": row.version}
    response = client.post(f"{URL}{row.pk}/release", form, follow=True)
    assert "moved" in text(response)
    assert holding_of(cast, "grid_worker").ends == date(2027, 1, 1)


def test_a_stale_page_is_told_and_keeps_the_input(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    row = holding_of(cast, "grid_worker")
    form = {"ends": "2027-01-01", "reason": "mine", "version": row.version}
    client.post(f"{URL}{row.pk}/release", form)
    response = client.post(f"{URL}{row.pk}/release", form | {"reason": "my words"})
    assert response.status_code == 409
    page = text(response)
    assert "Someone else changed this" in page
    assert "my words" in page
    assert f'name="version" value="{row.version + 1}"' in page
    assert "2027" in page


@pytest.mark.parametrize(("reason", "status"), [("too late", 422), ("closed", 409), ("", 422)])
def test_a_refusal_stands_at_its_place_and_nothing_is_kept(
    cast: Cast, reason: str, status: int
) -> None:
    row = holding_of(cast, "grid_worker")
    form = {"ends": "2027-01-01", "reason": reason, "version": row.version}
    response = signed_in(cast.clerk).post(f"{URL}{row.pk}/release", form)
    assert response.status_code == status
    assert "2027-01-01" in text(response)
    assert holding_of(cast, "grid_worker").ends is None
    assert not in_scope_of_all(lambda: Entry.objects.filter(subject_id=row.pk).exists())


def test_no_verb_no_button_and_no_act(cast: Cast) -> None:
    cast.deny("clerk", Verb.RELEASE)
    client = signed_in(cast.clerk)
    row = holding_of(cast, "grid_worker")
    assert "/release" not in text(client.get(f"{URL}{row.pk}/"))
    assert client.get(f"{URL}{row.pk}/release/").status_code == 403
    form = {"ends": "2027-01-01", "reason": "x", "version": row.version}
    assert client.post(f"{URL}{row.pk}/release", form).status_code == 403
    assert holding_of(cast, "grid_worker").ends is None


def test_an_action_without_a_form_is_one_button(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    row = holding_of(cast, "grid_worker")
    assert "/grant/" not in text(client.get(f"{URL}{row.pk}/"))
    assert client.get(f"{URL}{row.pk}/grant/").status_code == 409
    form = {"ends": "2027-01-01", "reason": "x", "version": row.version}
    client.post(f"{URL}{row.pk}/release", form)
    assert 'method="post"' in text(client.get(f"{URL}{row.pk}/"))
    client.post(f"{URL}{row.pk}/grant", {"version": row.version + 1})
    assert holding_of(cast, "grid_worker").ends is None


def test_an_export_asks_what_for_and_is_on_record(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    assert client.post(f"{URL}export/", {"form": "csv"}).status_code == 422
    response = client.post(f"{URL}export/", {"form": "csv", "purpose": "monthly report"})
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "monthly report" in body
    assert "王小芳 · 青少年宫路社区" in body
    assert "罗敏" not in body
    record = in_scope_of_all(Export.objects.get)
    assert (record.rows, record.purpose) == (3, "monthly report")
    entry = in_scope_of_all(lambda: Entry.objects.get(subject_id=record.pk))
    assert entry.verb == Desk.EXPORT
    assert entry.account_id == cast.clerk.pk


def test_a_workbook_holds_dates_as_dates(cast: Cast) -> None:
    asked = {"form": "xlsx", "purpose": "=1+1"}
    response = signed_in(cast.clerk).post(f"{URL}export/?sort=account", asked)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    sheet = book.worksheets[0]
    rows: list[list[Any]] = [[cell.value for cell in line] for line in sheet.iter_rows()]
    head = next(n for n, line in enumerate(rows) if line[0] == "Account")
    assert len(rows) - head - 1 == 3
    assert rows[head + 1][3].date() == date(2020, 1, 1)


def test_without_the_verb_nothing_is_exported(cast: Cast) -> None:
    cast.deny("clerk", Desk.EXPORT)
    client = signed_in(cast.clerk)
    assert client.post(f"{URL}export/", {"form": "csv", "purpose": "x"}).status_code == 403
    assert "Export as a file" not in text(client.get(URL))


def test_saved_views_are_ones_own(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    kept = client.post(f"{URL}views/", {"name": "New", "query": "starts_from=2026-01-01"})
    response = client.get(kept["Location"], follow=True)
    assert response.redirect_chain
    assert "starts_from=2026-01-01" in response.redirect_chain[-1][0]
    view = in_scope_of_all(lambda: SavedView.objects.filter(account=cast.clerk).count())
    assert view == 0, "even the platform sees nobody's saved views"
    assert "New" in text(client.get(URL))
    stranger = signed_in(cast.secretary)
    assert stranger.get(kept["Location"]).status_code == 404
    forget = f"{URL}views/{kept['Location'].rpartition('=')[2]}/forget/"
    assert stranger.post(forget).status_code == 404
    assert client.post(forget).status_code == 302


def test_chosen_columns_are_remembered(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    assert "青少年宫路社区</" not in text(client.get(URL)).split("<tbody>")[1]
    client.get(f"{URL}?columns=account&columns=unit")
    body = text(client.get(URL)).split("<tbody>")[1]
    assert "青少年宫路社区" in body
    assert "2020" not in body


def test_the_print_view_holds_who_and_when(cast: Cast) -> None:
    page = text(signed_in(cast.clerk).get(f"{URL}print/?starts_from=2019-01-01"))
    assert "王小芳" in page
    assert "print-head" in page


def test_a_row_can_be_followed_and_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row, client = holding_of(cast, "grid_worker"), signed_in(cast.clerk)
    assert client.post(f"{URL}{row.pk}/follow").status_code == 404
    monkeypatch.setattr(sample.SampleHoldings, "followable", True)
    assert "Follow" in text(client.get(f"{URL}{row.pk}/"))
    page = text(client.post(f"{URL}{row.pk}/follow", {"follow": "yes"}, follow=True))
    assert "Follow no longer" in page
    assert Follow.objects.filter(account=cast.clerk, subject_id=row.pk).count() == 1
    client.post(f"{URL}{row.pk}/follow", {"follow": "no"})
    assert not Follow.objects.filter(account=cast.clerk).exists()
    other = holding_of(cast, "other_clerk")
    assert client.post(f"{URL}{other.pk}/follow").status_code == 404

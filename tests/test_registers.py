"""Every register × everybody of the cast: foreign rows stand nowhere and are not found anywhere.

The table of who reaches what, and the number of queries of every list, are kept in
`tests/recorded/`; LINLI_RECORD=1 writes them anew.
"""

from __future__ import annotations

import csv
import os
import re
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.platform.access.actor import Actor
from linli.platform.access.models import Account
from linli.platform.access.scope import acting
from linli.platform.changes.verbs import all_verbs
from linli.platform.desk.menus import _entries as menu_entries
from linli.platform.desk.register import Register, registers
from linli.platform.desk.rules import Verb as Desk
from linli.platform.pages.icons import icon_names
from tests.cast import STAFF, Cast
from tests.world import populate

RECORDED = Path(__file__).parent / "recorded"
RECORD = os.environ.get("LINLI_RECORD") == "1"
PEOPLE = [*STAFF, "stranger", "resident"]
BACKEND = "linli.platform.access.login.NameOrPhoneBackend"


def all_registers() -> list[Register]:
    """The installation's own, without those that tests make up."""
    return [one for one in registers() if ".tests." not in type(one).__module__]


each_register = partial(pytest.mark.parametrize, "register", ids=lambda one: one.name)


def client_of(cast: Cast, name: str) -> Client:
    """The browser of a person who has just signed in; a resident's is not signed in."""
    client = Client(headers={"accept-language": "en"})
    if name != "resident":
        client.force_login(cast.accounts[name], backend=BACKEND)
        session = client.session
        known = {"method": "password", "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [known]
        session["account_authentication_methods_user"] = str(cast.accounts[name].pk)
        session.save()
    return client


def place_of(row: Any) -> str | None:
    """The unit key of a row; None for rows that lie nowhere."""
    key = getattr(row, "unit_key", None)
    return str(key) if key else None


def within(row: Any, actor: Actor) -> bool:
    """Whether the row is in the actor's reach by place or by post."""
    key = place_of(row)
    if key is None or key in actor.branch:
        return True
    held = getattr(row, "held_by", None)
    return bool(held and actor.post_id and held(actor.post_id))


def opens(register: Register, actor: Actor) -> bool:
    """Whether the actor sees the register: the verb it asks for, and like all the desk a post."""
    return actor.post_id is not None and register.open_to(actor)


def rows_of(register: Register) -> list[Any]:
    """All rows of the register, as the platform sees them."""
    with acting(Actor.system("test")) as system:
        return list(type(register).rows(system).order_by("pk")[:500])


def keys_in(page: str, register: Register) -> set[str]:
    """The rows a list shows, by their addresses."""
    return set(re.findall(rf'class="row-link" href="{re.escape(register.url)}([^/"]+)/"', page))


def key_of(register: Register, row: Any) -> str:
    return str(getattr(row, register.lookup))


@each_register(all_registers())
def test_every_register_is_whole(register: Register) -> None:
    """Names, verbs and icons exist; the address reads; sort and filters settle."""
    assert register.url.startswith("/desk/")
    assert register.view_verb is None or str(register.view_verb) in all_verbs()
    icons = {action.icon for action in register.actions if action.icon}
    icons |= {register.menu.icon} if register.menu else set()
    icons |= {register.empty.icon} if register.empty else set()
    assert icons <= icon_names(), icons - icon_names()
    assert {str(action.verb) for action in register.actions} <= set(all_verbs())
    assert len(register.by_name) == len(register.actions), "two actions have one address"
    keys = [column.key for column in register.all_columns]
    assert len(set(keys)) == len(keys)
    assert all(column.label for column in register.all_columns)
    assert all(one.label for one in register.all_filters)


def test_every_menu_entry_has_its_icon(db: None) -> None:
    assert {entry.icon for entry in menu_entries} <= icon_names()


@each_register(all_registers())
def test_foreign_rows_stand_nowhere(cast: Cast, register: Register) -> None:
    populate(cast)
    rows = rows_of(register)
    for person in PEOPLE:
        _check_person(register, rows, cast.actor(person), client_of(cast, person))


def _check_person(register: Register, rows: list[Any], actor: Actor, client: Client) -> None:
    foreign = [row for row in rows if not within(row, actor)]
    answer = client.get(register.url)
    if not opens(register, actor):
        assert answer.status_code in (302, 403)
    else:
        assert answer.status_code == 200
        shown = keys_in(answer.content.decode(), register)
        assert not shown & {key_of(register, row) for row in foreign}
        printed = client.get(f"{register.url}print/").content.decode()
        assert not keys_in(printed, register) & {key_of(register, row) for row in foreign}
        if register.exportable and actor.unit_id:
            _check_export(client, register, actor, rows)
    for row in foreign[:3]:
        url = register.url_of(row)
        for address in (url, *(f"{url}{action.name}" for action in register.actions)):
            assert client.get(address).status_code in _shut(register, actor), address
            assert client.post(address).status_code in _refused(register, actor), address


def _shut(register: Register, actor: Actor) -> tuple[int, ...]:
    return (404,) if opens(register, actor) else (302, 403)


def _refused(register: Register, actor: Actor) -> tuple[int, ...]:
    return (404, 405) if opens(register, actor) else (302, 403)


def _check_export(client: Client, register: Register, actor: Actor, rows: list[Any]) -> None:
    response = client.post(f"{register.url}export/", {"form": "csv", "purpose": "test"})
    if not actor.knows(Desk.EXPORT):
        assert response.status_code == 403
        return
    assert response.status_code == 200
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    reachable = [row for row in rows if within(row, actor)]
    records = list(csv.reader(lines))
    # Above the rows: title, who, what for, the heads; the export itself is an entry of its own.
    assert len(records) - 4 <= len(reachable) + 2


@each_register(all_registers())
def test_the_database_alone_hides_foreign_rows(cast: Cast, register: Register) -> None:
    """The same rows with the application's filter removed: row-level security answers."""
    populate(cast)
    model: Any = register.model
    fields = {field.name for field in model._meta.concrete_fields}
    if "unit_key" not in fields or getattr(model, "scope_open", None):
        pytest.skip("rows of this register lie nowhere, or are open by rule")
    for person in PEOPLE:
        actor = cast.actor(person)
        with acting(actor):
            seen = list(model._base_manager.all()[:500])
        beside = [row for row in seen if not within(row, actor)]
        assert all(_is_own(row, actor) for row in beside), person


def _is_own(row: models.Model, actor: Actor) -> bool:
    """Beside the branch, people see what they did themselves and what is lent to their post."""
    account, post = getattr(row, "account_id", None), getattr(row, "post_id", None)
    return (account is not None and account == actor.account_id) or (
        post is not None and post == actor.post_id
    )


def test_every_list_keeps_its_recorded_number_of_queries(cast: Cast) -> None:
    populate(cast)
    client = client_of(cast, "street_officer")
    found = {}
    for register in all_registers():
        client.get(register.url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(register.url).status_code == 200
        found[register.name] = len(queries)
    compare("queries.csv", ["register", "queries"], sorted(found.items()))


def test_who_reaches_what_is_as_recorded(cast: Cast) -> None:
    """List and one page of every register for everybody: allowed, masked, not found."""
    populate(cast)
    table = []
    for register in all_registers():
        rows = rows_of(register)
        for person in PEOPLE:
            actor, client = cast.actor(person), client_of(cast, person)
            listed = client.get(register.url)
            shown = keys_in(listed.content.decode(), register)
            near = next((row for row in rows if within(row, actor)), None)
            far = next((row for row in rows if not within(row, actor)), None)
            table.append([
                register.name, person, word(listed.status_code), str(len(shown)),
                _page(client, register, near), _page(client, register, far),
            ])  # fmt: skip
    compare("reach.csv", ["register", "person", "list", "rows", "own row", "foreign row"], table)


def _page(client: Client, register: Register, row: Any) -> str:
    if row is None:
        return "none"
    answer = client.get(register.url_of(row))
    masked = "****" in answer.content.decode() or "•••" in answer.content.decode()
    return "masked" if masked and answer.status_code == 200 else word(answer.status_code)


def word(status: int) -> str:
    """An answer in a word."""
    return {200: "allowed", 302: "sign in", 403: "no permission", 404: "not found"}[status]


def compare(name: str, heads: list[str], rows: Iterable[Iterable[Any]]) -> None:
    """Hold a table against the recorded one, or record it."""
    told = [",".join(heads), *(",".join(str(value) for value in row) for row in rows)]
    path = RECORDED / name
    if RECORD or not path.exists():
        RECORDED.mkdir(exist_ok=True)
        path.write_text("\n".join(told) + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8").splitlines() == told


def test_the_world_has_rows_here_and_elsewhere(cast: Cast) -> None:
    """Otherwise the tests above would pass for want of rows."""
    populate(cast)
    alone = set()
    for register in all_registers():
        places = {place_of(row) for row in rows_of(register)} - {None}
        fields = {field.name for field in register.model._meta.concrete_fields}
        if "unit_key" in fields and len(places) < 2:
            alone.add(register.name)
    assert not alone


def test_accounts_do_not_tell_who_exists(cast: Cast) -> None:
    """Out of reach and not there at all look alike."""
    client = client_of(cast, "clerk")
    account = Account.objects.get(pk=cast.far_clerk.pk)
    for register in all_registers():
        if register.model is Account:
            there = client.get(register.url_of(account))
            nowhere = client.get(f"{register.url}{cast.far_community.pk}/")
            assert there.status_code == nowhere.status_code == 404


def test_every_other_page_of_the_navigation_opens_for_who_sees_it(cast: Cast) -> None:
    """Pages that are no register: open with the verb, closed without, no word to the street."""
    populate(cast)
    for entry in menu_entries:
        address = reverse(entry.url)
        for person in PEOPLE:
            actor, status = cast.actor(person), client_of(cast, person).get(address).status_code
            if not actor.is_signed_in:
                assert status == 302, (entry.url, person)
            elif entry.needs and not actor.knows(str(entry.needs)):
                assert status in (403, 404), (entry.url, person)
            elif actor.post_id is None:
                assert status in (200, 403, 404), (entry.url, person)
            else:
                assert status == 200, (entry.url, person)

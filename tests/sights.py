"""Which pages there are to look at: walked from the registers, the navigation and the addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page

from linli.modules.cases.states import State
from linli.platform.access.actor import Actor
from linli.platform.access.adapter import sealed
from linli.platform.access.desk.staff import FIRST_PASSWORD
from linli.platform.access.scope import acting
from linli.platform.desk.doing import Action, Many
from linli.platform.desk.menus import _entries as menu_entries
from linli.platform.desk.reads import large_exports
from linli.platform.desk.register import Register
from tests.cast import PASSWORD, Cast
from tests.test_registers import BACKEND, all_registers, client_of

Prepare = Callable[[Client, Cast], None]
Press = Callable[[Page], None]


@dataclass(frozen=True)
class Sight:
    """One page to look at. A twin has the template and form of one before it: seen in one look."""

    path: str
    who: str = "office"
    twin: bool = False
    status: int = 200
    prepare: Prepare | None = None
    press: Press | None = None
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.path


def desk_sights(cast: Cast) -> Iterator[Sight]:
    """Every page of staff, for the office of the city that holds all verbs."""
    office = cast.actor("city_officer")
    kinds: set[Any] = set()
    with override("en"), acting(office):
        for register in all_registers():
            yield from _of_register(register, office, kinds)
        yield from _of_cases(office)
        yield from (Sight(reverse(entry.url)) for entry in menu_entries)
        export = large_exports(office)[0]
        yield Sight(reverse("desk:my_export", args=[export.pk]), name="an export under way")
    yield from OTHERS


def _of_register(register: Register, office: Actor, kinds: set[Any]) -> Iterator[Sight]:
    rows = list(register.detail_rows(office)[:200])
    assert rows, f"nothing to look at in {register.name}"
    yield Sight(register.url)
    yield Sight(register.url_of(rows[0]))
    for part in ("print", "export"):
        yield Sight(f"{register.url}{part}/", twin=part in kinds)
        kinds.add(part)
    for action in register.actions:
        kind = (action.template, action.form)
        yield Sight(_address(register, action, rows, office), twin=kind in kinds)
        kinds.add(kind)
    for action in register.actions:
        if action.many:
            kind = ("many", action.many.form if isinstance(action.many, Many) else action.form)
            yield Sight(
                f"{register.url}?tick=page",
                twin=kind in kinds,
                press=partial(_ask_for_ticked, name=action.name),
                name=f"{register.name} ticked to {action.name}",
            )
            kinds.add(kind)


def _address(register: Register, action: Action, rows: list[Any], office: Actor) -> str:
    if action.of == "list":
        return register.url_new(action.name)
    for row in rows:
        if register.may_do(action, row, office):
            return register.url_do(row, action.name)
    raise AssertionError(f"no row of {register.name} on which {action.verb} is possible")


def _of_cases(office: Actor) -> Iterator[Sight]:
    """A case in each state, for its parts come and go."""
    from linli.modules.cases import reads

    for state in State:
        case = reads.cases(office).filter(state=state).order_by("-reported_at").first()
        assert case is not None, f"no case is {state}"
        twin = state in {State.CLOSED, State.CANCELLED, State.ACCEPTED}
        page = f"/desk/cases/{case.number}/"
        yield Sight(page, twin=twin, name=f"case {state}")
        if state == State.HANDLING:
            yield Sight(f"{page}see_reporter/", press=_ask_for_contact, name="the contact")
    yield Sight(f"/desk/cases/?state={State.HANDLING}&q=通道&sort=due_at", name="cases filtered")


# The people who look, beside the office.


def clients(cast: Cast) -> dict[str, Client]:
    """A session of everybody who looks, made as the sign-in page makes them."""
    found = {
        "office": Client(),
        "guest": Client(),
        "half": Client(),
        "careful": client_of(cast, "secretary"),
        "again": Client(),
        "stranger": client_of(cast, "stranger"),
        "worker": client_of(cast, "grid_worker"),
    }
    found["office"].post("/accounts/login/", {"login": "cast_city_officer", "password": PASSWORD})
    # What could take an account over asks for the password once more.
    found["office"].post("/accounts/reauthenticate/", {"password": PASSWORD})
    found["half"].post("/accounts/login/", {"login": "cast_secretary", "password": PASSWORD})
    found["again"].force_login(cast.accounts["secretary"], backend=BACKEND)
    return found


def storage_of(client: Client) -> dict[str, Any]:
    """The session of a client, for a browser."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie is None:
        return {"cookies": [], "origins": []}
    facts = {"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "domain": "127.0.0.1"}
    more = {"path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [facts | more], "origins": []}


def _first_password(client: Client, cast: Cast) -> None:
    session = client.session
    session[FIRST_PASSWORD] = [str(cast.clerk.pk), sealed("2026-1122-7")]
    session.save()


def _wrong_password(client: Client, cast: Cast) -> None:
    del cast
    for _turn in range(5):
        client.post("/accounts/login/", {"login": "nobody", "password": "wrong-every-time"})


def _sign_in_as_nobody(page: Page) -> None:
    page.fill("[name=login]", "nobody")
    page.fill("[name=password]", "wrong-every-time")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def _send(page: Page) -> None:
    page.click("main form .form-actions button.primary")
    page.wait_for_selector(".error-summary")


def _ask_for_ticked(page: Page, *, name: str) -> None:
    # Some acts stand in a menu; which, is not what is looked at here.
    page.locator(f"#ticked [data-act='{name}']").evaluate("button => button.click()")
    page.wait_for_url("**/many/**")


def _do_for_ticked(page: Page) -> None:
    _ask_for_ticked(page, name="urge")
    page.click("button[name=sure]")
    page.wait_for_url(re.compile(r"/many/[0-9a-f-]{36}/"))


def _ask_for_contact(page: Page) -> None:
    page.fill("[name=reason]", "回访")
    page.click("main form button.primary")
    page.wait_for_url("**/reporter/")


def _quick_look(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.wait_for_selector("#panel.open h2")


OTHERS = (
    Sight("/desk/"),
    Sight("/desk/?tray=followed"),
    Sight("/desk/", "worker", name="the grid worker's first page"),
    Sight("/desk/", "stranger", status=403, name="without a post"),
    Sight("/desk/staff/", "stranger", status=403, name="a closed list"),
    Sight("/desk/search/?q=通道"),
    Sight("/desk/search/?q=没有这个"),
    Sight("/desk/case-map/?show=heat", twin=True),
    Sight("/desk/cases/nowhere/", status=404),
    Sight("/desk/my-exports/"),
    Sight("/desk/notices/"),
    Sight("/desk/notices/preferences/"),
    Sight("/desk/staff/first-password/", prepare=_first_password),
    Sight("/desk/cases/?q=没有这个", name="a search that finds nothing"),
    Sight("/desk/cases/", press=_quick_look, name="a quick look at a row"),
    Sight("/desk/cases/?tick=page", press=_do_for_ticked, name="what came of ticked cases"),
    Sight("/desk/cases/new/report/", press=_send, name="a report with faults"),
    Sight("/accounts/login/", "guest"),
    Sight("/accounts/login/", "guest", press=_sign_in_as_nobody, name="a wrong password"),
    Sight("/accounts/login/", "guest", prepare=_wrong_password, press=_sign_in_as_nobody,
          name="locked out"),
    Sight("/accounts/inactive/", "guest"),
    Sight("/accounts/logout/"),
    Sight("/accounts/password/change/"),
    Sight("/accounts/security/"),
    Sight("/accounts/security/", "careful", name="security with a second factor"),
    Sight("/accounts/security/needed/"),
    Sight("/accounts/sessions/"),
    Sight("/accounts/totp/activate/"),
    Sight("/accounts/totp/deactivate/", "careful"),
    Sight("/accounts/recovery-codes/generate/", "careful"),
    Sight("/accounts/recovery-codes/", "careful"),
    Sight("/accounts/reauthenticate/", "again"),
    Sight("/accounts/code/again/", "again"),
    Sight("/accounts/code/", "half"),
)  # fmt: skip

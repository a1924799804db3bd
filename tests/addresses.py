"""Every address of the installation, with an example of what it takes: something own, something
foreign.

Registers bring their own. A page that is no register needs its line in `EXAMPLES`; without one
`tests/test_pages.py` fails and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from linli.platform.desk.register import Register, registers
from tests.marked_town import Town, account_name

NOBODYS = UUID("00000000-0000-7000-8000-000000000000")
# (town, person, "own" or "foreign") → what stands in the address; None: the person has none.
Given = Callable[[Town, str, str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Example:
    """How a page is asked for. `args` (in the path) and `of` (in the query) make two of it: one
    own, one foreign; `fixed` stands in the path for everybody.

    `get` False: it only takes what is sent. `send`, and `rows` for own and foreign ones, are what
    is sent to it. `open_to_all` says why a foreign thing may be opened, for the few pages where it
    may.
    """

    args: Given | None = None
    of: Given | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    get: bool = True
    send: Mapping[str, Any] | None = None
    rows: Given | None = None
    open_to_all: str = ""

    @property
    def sides(self) -> tuple[str, ...]:
        """Own and foreign, or neither."""
        return ("own", "foreign") if self.args or self.of or self.rows else ("",)


@dataclass(frozen=True)
class Page:
    """One page as one person asks for it; without an address there is nothing to ask for."""

    name: str
    side: str
    method: str
    url: str | None
    send: Mapping[str, Any]
    open_to_all: str

    @property
    def said(self) -> str:
        """What the person said in asking: it may come back."""
        return " ".join([self.url or "", *(str(value) for value in self.send.values())])

    @property
    def key(self) -> tuple[str, str, str]:
        """What the recorded table calls it."""
        return self.name, self.side, self.method


def planted(town: Town, person: str, side: str) -> Any:
    """What lies on this side of the person."""
    return town.own(person) if side == "own" else town.foreign(person)


def number(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """The number of a case."""
    return {"number": planted(town, person, side).case.number}


def far_number(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """The number of a case near the point of the report under way, or far from it."""
    del person
    return {"number": town.places["grid" if side == "own" else "beyond"].case.number}


def photo(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """The photo of a case."""
    return {"pk": planted(town, person, side).photo.pk}


def paper(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """A paper of a case."""
    return {"pk": planted(town, person, side).paper.pk}


def notice(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """A notice of one's own, or of somebody next door."""
    whose = account_name(person) if side == "own" else town.foreign(person).planter
    found = town.notices.get(whose)
    return {"pk": found.pk if found else NOBODYS}


def view(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """A saved view of one's own, or of somebody next door."""
    whose = account_name(person) if side == "own" else town.foreign(person).planter
    found = town.views.get(whose)
    return {"view_id": found.pk if found else NOBODYS}


def batch(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """What came of an act on ticked rows, one's own or of somebody next door."""
    whose = account_name(person) if side == "own" else town.foreign(person).planter
    found = town.batches.get(whose)
    return {"batch_id": found.pk if found else NOBODYS}


def long_list(town: Town, person: str, side: str) -> Mapping[str, Any] | None:
    """A long list made into a file, for oneself or for somebody next door."""
    whose = account_name(person) if side == "own" else town.foreign(person).planter
    found = town.long_lists.get(whose)
    return {"pk": found.pk} if found else None


def ticked_notice(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """A notice, ticked."""
    return {"row": str(notice(town, person, side)["pk"])}


def unit(name: str) -> Given:
    """A unit under this name in the address."""
    return lambda town, person, side: {name: str(planted(town, person, side).unit.pk)}


def colleague(town: Town, person: str, side: str) -> Mapping[str, Any]:
    """Somebody who works there."""
    return {"person": str(town.cast.accounts[planted(town, person, side).planter].pk)}


PLAIN = (Example(),)
POSTED = (Example(get=False, send={}),)
BY_NUMBER = "the public page of a case is for whoever names its number"
CASE = (Example(number, open_to_all=BY_NUMBER),)
EVERYWHERE_IN_SERVICE = "the tree of units is public within the service"

EXAMPLES: Mapping[str, Sequence[Example]] = {
    # The look, and where it is shown.
    "pages:preferences": POSTED,
    "pages:gallery": PLAIN,
    "pages:gallery_portal": PLAIN,
    "pages:gallery_bare": PLAIN,
    "pages:gallery_panel": PLAIN,
    "pages:gallery_areas": PLAIN,
    "pages:gallery_points": PLAIN,
    "pages:gallery_error": (Example(fixed={"status": 503}),),
    # Signing in, and one's own account.
    "account_login": PLAIN,
    "account_logout": (Example(send={}),),
    "account_inactive": PLAIN,
    "account_reauthenticate": PLAIN,
    "account_change_password": PLAIN,
    "mfa_index": PLAIN,
    "access_second_factor": PLAIN,
    "usersessions_list": PLAIN,
    "access_capacity": POSTED,
    "mfa_authenticate": PLAIN,
    "mfa_reauthenticate": PLAIN,
    "mfa_activate_totp": PLAIN,
    "mfa_deactivate_totp": PLAIN,
    "mfa_view_recovery_codes": PLAIN,
    "mfa_generate_recovery_codes": PLAIN,
    # Files and notices.
    "files:file": (Example(photo, label="photo"), Example(paper, label="paper")),
    "files:thumb": (Example(lambda *at: {**photo(*at), "side": 320}),),
    "notices:list": PLAIN,
    "notices:read_all": POSTED,
    "notices:preferences": PLAIN,
    "notices:read_some": (Example(get=False, send={}, rows=ticked_notice),),
    "notices:open": (Example(notice),),
    "notices:read": (Example(notice, get=False, send={}),),
    # The desk beside its registers.
    "desk:home": (
        Example(),
        Example(label="queue", query={"tray": "queue"}),
        Example(label="followed", query={"tray": "followed"}),
    ),
    "desk:search": (
        Example(),
        Example(label="words", query={"q": "Zqtext"}),
        Example(label="name", query={"q": "Zqname"}),
        Example(label="digits", query={"q": "20261120"}),
    ),
    "desk:staff_first_password": PLAIN,
    "desk:my_exports": PLAIN,
    "desk:my_export": (Example(long_list),),
    "desk:fetch_export": (Example(long_list),),
    "desk:cancel_export": (Example(long_list, get=False, send={}),),
    "desk:again_export": (Example(long_list, get=False, send={}),),
    "desk:divisions": (
        Example(),
        Example(label="found", query={"q": "社区"}),
        Example(of=unit("unit"), open_to_all=EVERYWHERE_IN_SERVICE),
        Example(label="then", query={"on": "2025-01-01"}),
    ),
    "desk:divisions.checks": (Example(), Example(of=unit("within"))),
    "desk:divisions.shapes": (
        Example(),
        Example(label="communities", query={"level": "5", "download": "1"}),
        Example(of=unit("within")),
    ),
    "desk:case-board": PLAIN,
    "desk:case-map": (Example(), Example(label="heat", query={"show": "heat"})),
    "desk:case-points": (Example(), Example(label="heat", query={"show": "heat"})),
    "desk:case-figures": (
        Example(query={"from": "2026-11-01", "to": "2026-11-30"}),
        Example(of=unit("unit"), open_to_all="a foreign unit is left aside for the own one"),
    ),
    "desk:case-reporter": (Example(number),),
    # Residents.
    "portal:home": PLAIN,
    "portal:ways": PLAIN,
    "portal:paper": PLAIN,
    "portal:kind": (Example(), Example(label="words", query={"q": "消防"})),
    "portal:kinds": (Example(fixed={"group": "A"}),),
    "portal:choose": (Example(get=False, send={"category": "A01"}),),
    "portal:stop": PLAIN,
    "portal:where": PLAIN,
    "portal:areas": PLAIN,
    "portal:place": PLAIN,
    "portal:what": PLAIN,
    "portal:photos": PLAIN,
    "portal:photo": (
        Example(lambda town, _person, side: {"pk": town.draft_photo if side == "own" else NOBODYS}),
    ),
    "portal:same": PLAIN,
    "portal:follow": (Example(far_number),),
    "portal:contact": PLAIN,
    "portal:phone": PLAIN,
    "portal:in_person": PLAIN,
    "portal:own_number": PLAIN,
    "portal:phone_code": PLAIN,
    "portal:own_reports": PLAIN,
    "portal:forget_number": POSTED,
    "portal:check": PLAIN,
    "portal:start_over": POSTED,
    "portal:leave": PLAIN,
    "portal:look_up": PLAIN,
    "portal:case": (
        *CASE,
        # A quarrel between neighbours: its page tells number, stage and promised time only.
        Example(lambda town, *_: {"number": town.places["quarrel"].case.number}, label="quarrel",
                open_to_all=BY_NUMBER),
    ),
    "portal:receipt": CASE,
    "portal:code": CASE,
    "portal:rate": CASE,
    "portal:add": CASE,
    "portal:reopen": CASE,
    "portal:withdraw": CASE,
    "portal:change_contact": CASE,
}  # fmt: skip

# Filters that name something, over lists: what is foreign must bring nothing foreign.
FILTERED: Mapping[str, Sequence[Example]] = {
    "desk:cases": (Example(of=unit("unit"), open_to_all="the area outside is refused in a word"),),
    "desk:trail": (Example(of=colleague, open_to_all="nothing is listed"),),
}


def all_registers() -> list[Register]:
    """The installation's own, without those that tests make up."""
    return [one for one in registers() if ".tests." not in type(one).__module__]


def row_of(register: Register, verb: str = "") -> Given:
    """A row of a register by its address, with the last part of the address of an action."""

    def given(town: Town, person: str, side: str) -> Mapping[str, Any] | None:
        row = town.row(register, person, side)
        if row is None:
            return None
        named = {"key": str(getattr(row, register.lookup))}
        return {**named, "verb": verb} if verb else named

    return given


def ticked(register: Register) -> Given:
    """A row of a register, ticked and sent as if the form had been seen."""

    def given(town: Town, person: str, side: str) -> Mapping[str, Any] | None:
        row = town.row(register, person, side)
        return None if row is None else {"row": str(row.pk), "sure": "1"}

    return given


def _examples_of(register: Register) -> Iterator[tuple[str, Sequence[Example]]]:
    """The pages of a register, as `linli.platform.desk.urls` makes them."""
    name = f"desk:{register.name}"
    every = {"columns": [column.key for column in register.all_columns]}
    placed = any(field.name == "unit_key" for field in register.model._meta.concrete_fields)
    reason = "" if placed or hasattr(register.model, "key") else "it lies in no unit"
    yield name, (Example(query=every), *FILTERED.get(name, ()))
    yield f"{name}.print", (Example(query=every),)
    yield f"{name}.export", (Example(query=every, send={"form": "csv", "purpose": "核对"}),)
    yield f"{name}.keep_view", (Example(get=False, send={"name": "新视图", "query": ""}),)
    yield f"{name}.drop_view", (Example(view, get=False, send={}),)
    yield f"{name}.row", (Example(row_of(register), open_to_all=reason),)
    yield f"{name}.follow", (Example(row_of(register), get=False, send={}, open_to_all=reason),)
    yield (
        f"{name}.new",
        tuple(
            Example(fixed={"verb": action.name}, label=action.name)
            for action in register.actions
            if action.of == "list"
        ),
    )
    yield f"{name}.batch", (Example(batch),)
    yield f"{name}.many", tuple(
        Example(
            fixed={"verb": verb}, label=verb, get=False, send={}, rows=ticked(register),
            open_to_all=reason or "what is out of reach is told as gone",
        )
        for verb in _on_many(register)
    )  # fmt: skip
    yield (
        f"{name}.act",
        tuple(
            Example(row_of(register, action.name), label=action.name, open_to_all=reason)
            for action in register.actions
            if action.of == "row"
        ),
    )


def _on_many(register: Register) -> list[str]:
    found = [action.name for action in register.actions if action.many and action.of == "row"]
    return [*found, "follow", "unfollow"] if register.can_follow else found


def examples() -> dict[str, Sequence[Example]]:
    """Every example there is, by the name of the address."""
    own = {name: found for one in all_registers() for name, found in _examples_of(one)}
    return {**own, **EXAMPLES}


def names_of_addresses() -> list[str]:
    """The full names of all addresses, without those of registers that tests make up."""
    made_up = {f"desk:{one.name}" for one in registers()} - {
        f"desk:{one.name}" for one in all_registers()
    }
    names = dict.fromkeys(_names_in(get_resolver().url_patterns, ""))
    return [name for name in names if name.partition(".")[0] not in made_up]


def _names_in(patterns: Iterable[URLPattern | URLResolver], before: str) -> Iterator[str]:
    """The names below; of an address without a name, its route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{before}{pattern.namespace}:" if pattern.namespace else before
            yield from _names_in(pattern.url_patterns, space)
        else:
            yield f"{before}{pattern.name}" if pattern.name else f"/{pattern.pattern}"


def pages(town: Town, person: str) -> Iterator[Page]:
    """Every page as this person asks for it, in the order of the addresses."""
    known = examples()
    for name in names_of_addresses():
        for example in known.get(name, ()):
            yield from _pages_of(town, person, name, example)


def _pages_of(town: Town, person: str, name: str, example: Example) -> Iterator[Page]:
    named = f"{name} {example.label}".rstrip()
    methods = ["GET"] if example.get else []
    methods += ["POST"] if example.send is not None else []
    for side in example.sides:
        args = example.args(town, person, side) if example.args else example.fixed
        given = example.of(town, person, side) if example.of else {}
        rows = example.rows(town, person, side) if example.rows else {}
        label = f"{named} ?{'&'.join(given or ())}" if example.of else named
        url = None
        if args is not None and given is not None and rows is not None:
            query = urlencode({**example.query, **given}, doseq=True)
            url = reverse(name, kwargs=dict(args)) + (f"?{query}" if query else "")
        for method in methods:
            send = {**(example.send or {}), **(rows or {})}
            yield Page(label, side, method, url, send, example.open_to_all)

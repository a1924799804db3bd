"""Every page × everybody of the standard roles: allowed, masked, not found; and nothing foreign.

The table is kept in `tests/recorded/pages.csv`; LINLI_RECORD=1 writes it anew. A new page needs a
line in `tests/addresses.py`.
"""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from linli.demo.city import SIGN_IN
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.platform.access.actor import Actor
from linli.platform.access.models import Role
from linli.platform.access.scope import acting
from linli.sites.health import ANSWERS, with_health
from linli.sites.roles import ROLES
from tests.addresses import EXAMPLES, Page, examples, names_of_addresses, pages
from tests.marked_town import AT, PEOPLE, Mark, Town, visitor
from tests.planting import OF_REPORTERS, PERSONAL, TOLD_TO_ALL

RECORDED = Path(__file__).parent / "recorded" / "pages.csv"
RECORD = os.environ.get("LINLI_RECORD") == "1"
HEADS = ["page", "side", "method"]
WORDS = {
    200: "allowed", 204: "allowed", 400: "not understood", 403: "no permission", 404: "not found",
    405: "not this way", 409: "not now", 422: "asks again", 503: "not available",
}  # fmt: skip
REFUSED = {"not found", "no permission", "sign in", "leads on", "not this way"}
# Pages of a case's number and of neighbours of a report under way, by rule for everybody.
OF_A_NUMBER = re.compile(r"^portal:(case|receipt|code|rate|add|reopen|withdraw|change_contact|same|"
                         r"follow)\b")  # fmt: skip

everybody = pytest.mark.parametrize("person", PEOPLE)


@dataclass(frozen=True)
class Answer:
    """What came back, as the table says it and as a reader could read it."""

    word: str
    text: str


def ask(client: Client, page: Page, method: str = "") -> Answer:
    """Ask once; nothing that the page writes outlives the question."""
    kept = SimpleCookie(client.cookies)
    address = page.url or "/"
    with transaction.atomic():
        if (method or page.method) == "POST":
            response: Any = client.post(address, page.send)
        else:
            response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = kept
    text = body.decode("utf-8", "ignore")
    return Answer(word_of(response, text), text + str(response.headers.get("Location", "")))


def word_of(response: Any, text: str) -> str:
    """An answer in a word."""
    if response.status_code in (301, 302):
        signing_in = response["Location"].startswith(settings.LOGIN_URL)
        return "sign in" if signing_in else "leads on"
    if response.status_code == 200 and "****" in text:
        return "masked"
    return WORDS.get(response.status_code, str(response.status_code))


def readable(text: str) -> str:
    """The text without what only separates: numbers stand in groups of four, ids with dashes."""
    text = json.dumps(json.loads(text), ensure_ascii=False) if is_json(text) else unescape(text)
    return bare(text)


def bare(text: str) -> str:
    """Without blanks and dashes."""
    return "".join(text.split()).replace("-", "")


def is_json(text: str) -> bool:
    """Whether a program would read it: there other letters than ASCII are written as numbers."""
    return text.startswith(("{", "["))


def met(text: str, marks: Iterable[Mark], asked: str = "") -> list[str]:
    """The marks that stand in the text; not those the reader gave in the address."""
    plain, given = readable(text), readable(asked)
    return [
        f"{mark.kind} {mark.text}"
        for mark in marks
        if mark.text in plain and mark.text not in given
    ]


def hidden_from(town: Town, person: str) -> list[Mark]:
    """What no page may show the person: everything foreign, and what it takes a reason to see."""
    actor = town.actor(person)
    kinds = PERSONAL if actor.knows(Verb.SEE_REPORTER) else PERSONAL | OF_REPORTERS
    foreign = town.foreign_marks(person)
    return foreign + [one for one in town.marks if one.kind in kinds and one not in foreign]


@pytest.mark.slow
@everybody
def test_every_page_answers_as_recorded_and_shows_nothing_foreign(
    town: Town,
    person: str,
) -> None:
    client, hidden = visitor(town, person), hidden_from(town, person)
    found: dict[tuple[str, str, str], str] = {}
    leaks, opened = [], []
    for page in pages(town, person):
        if page.url is None:
            found[page.key] = "none"
            continue
        answer = ask(client, page)
        found[page.key] = answer.word
        told = TOLD_TO_ALL if OF_A_NUMBER.match(page.name) else frozenset()
        marks = [mark for mark in hidden if mark.kind not in told]
        leaks += [f"{page.method} {page.url}: {one}" for one in met(answer.text, marks, page.said)]
        if page.side == "foreign" and not page.open_to_all:
            if answer.word not in REFUSED:
                opened.append(f"{page.method} {page.url} ({page.name}): {answer.word}")
            if page.method == "GET" and ask(client, page, "POST").word not in REFUSED:
                opened.append(f"POST {page.url} ({page.name})")
    assert leaks == []
    assert opened == [], "a foreign thing was opened"
    compare(person, found)


@everybody
def test_every_case_is_whole_or_not_there(
    town: Town,
    person: str,
) -> None:
    """At every stage: the page, the look at the side, and the forms that name others.

    A report just come in shows likely duplicates, a filed one proposes who should handle it.
    """
    actor, client, hidden = town.actor(person), visitor(town, person), hidden_from(town, person)
    for place in town.places.values():
        url = f"/desk/cases/{place.case.number}/"
        reachable = place.unit.key in actor.branch or actor.post_id in place.case.engaged
        seen = reachable and actor.knows(Verb.VIEW)
        for part in ("", "dispatch", "reassign", "assist", "merge", "classify"):
            for panel in ("", "true"):
                answer: Any = client.get(url + part, headers={"HX-Request": panel})
                text = answer.content.decode()
                assert met(text, hidden, url) == [], url + part
                if not part:
                    assert (answer.status_code == 200) == seen, url


def compare(person: str, found: Mapping[tuple[str, str, str], str]) -> None:
    """Hold one person's column against the recorded table, or record it."""
    if RECORD:
        record(person, found)
    with RECORDED.open(encoding="utf-8", newline="") as file:
        table = recorded(file)
    moved = [
        f"{' '.join(key)}: {table.get(key, {}).get(person, 'not recorded')} → {word}"
        for key, word in found.items()
        if table.get(key, {}).get(person) != word
    ]
    gone = [f"{' '.join(key)}: is no page any more" for key in table if key not in found]
    assert moved + gone == [], (
        "What pages answer has changed. If that is meant: LINLI_RECORD=1 pytest"
        " tests/test_pages.py, and look at what moved in tests/recorded/pages.csv."
    )


def recorded(file: IO[str]) -> dict[tuple[str, str, str], dict[str, str]]:
    """The recorded table: page, side, method → person → word."""
    return {(row["page"], row["side"], row["method"]): row for row in csv.DictReader(file)}


def record(person: str, found: Mapping[tuple[str, str, str], str]) -> None:
    """Write one person's column; several processes may do so at once."""
    with RECORDED.open("a+", encoding="utf-8", newline="") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        table = recorded(file)
        file.truncate(0)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*HEADS, *PEOPLE])
        for key, word in found.items():
            row = {**table.get(key, {}), person: word}
            writer.writerow([*key, *(row.get(one, "") for one in PEOPLE)])


def test_every_address_has_an_example() -> None:
    known = examples()
    missing = [name for name in names_of_addresses() if name not in known]
    assert missing == [], (
        "These addresses are new. Give each a line in EXAMPLES of tests/addresses.py: what stands"
        " in the address, once own and once foreign; then LINLI_RECORD=1 pytest"
        f" tests/test_pages.py. {missing}"
    )
    names = set(names_of_addresses())
    assert [name for name in EXAMPLES if name not in names] == [], "these pages are gone"


def test_the_town_is_worked_by_everybody_who_may_sign_in_to_the_demonstration(
    town: Town,
) -> None:
    for person, (slug, *_rest) in SIGN_IN.items():
        role = Role.objects.get(slug=slug)
        standard = next(one for one in ROLES if one.slug == slug)
        assert frozenset(role.verbs) == standard.verbs
        assert role.reach == standard.reach
        assert town.actor(person).verbs == standard.verbs


def test_marks_are_met_by_those_they_are_for(town: Town) -> None:
    """Otherwise the walk above would find nothing for want of anything to find."""
    for person in ("worker", "grid", "chengguan", "dispatch", "city", "neighbour"):
        client, mine = visitor(town, person), town.own(person)
        page = client.get(f"/desk/cases/{mine.case.number}/").content.decode()
        kinds = ("text", "place", "answer", "photo", "comment")
        expected = [town.mark(kind, mine.name) for kind in kinds]
        assert len(met(page, expected)) == len(kinds), person


@everybody
def test_lists_maps_and_sums_count_what_is_in_reach(
    town: Town,
    person: str,
) -> None:
    """Points of the map, cards of the board and rows of the list are exactly the own cases."""
    actor, client = town.actor(person), visitor(town, person)
    if not actor.knows(Verb.VIEW):
        pytest.skip("sees no cases")
    mine = {
        place.case.number
        for place in town.places.values()
        if place.unit.key in actor.branch or actor.post_id in place.case.engaged
    }
    all_of_them = {place.case.number for place in town.places.values()}
    running = mine - {town.places["quarrel"].case.number}
    points = client.get("/desk/case-map/points.geojson").json()["features"]
    assert {one["properties"]["url"].split("/")[3] for one in points} == running
    for url, expected in (
        ("/desk/cases/", mine), ("/desk/cases/print/", mine), ("/desk/case-board/", running),
        ("/desk/search/?q=Zqplace", running),
    ):  # fmt: skip
        shown = set(re.findall(r"/desk/cases/(\d+)/", client.get(url).content.decode()))
        assert shown & all_of_them == expected, url
    inside = Case.objects.filter(actor.branch.where(), reported_at__month=AT.month)
    with acting(Actor.system("counting")):
        counted = inside.count()
    figures = client.get("/desk/case-figures/?from=2026-11-01&to=2026-11-30").content.decode()
    told = re.findall(r'data-label="Reported"><a href="[^"]*">(\d+)<', figures)
    assert int(told[0]) == counted


def test_a_reason_opens_the_contact_of_an_own_case_only(town: Town) -> None:
    client, own, foreign = visitor(town, "worker"), town.own("worker"), town.foreign("worker")
    phones = {one.text for one in town.marks if one.kind == "phone"}
    own_phone = town.mark("phone", own.name).text
    client.post(f"/desk/cases/{own.case.number}/see_reporter/", {"reason": "回访"})
    seen = readable(client.get(f"/desk/cases/{own.case.number}/reporter/").content.decode())
    assert {phone for phone in phones if phone in seen} == {own_phone}
    refused = client.post(f"/desk/cases/{foreign.case.number}/see_reporter/", {"reason": "回访"})
    assert refused.status_code == 404
    assert client.get(f"/desk/cases/{foreign.case.number}/reporter/").status_code == 404


def test_a_proven_number_finds_the_reports_made_with_it_and_no_other(town: Town) -> None:
    phone, case = town.mark("phone", "grid"), town.places["grid"].case
    page = visitor(town, "resident", phone=phone.text).get("/phone/reports/").content.decode()
    assert case.number in readable(page)
    others = [mark for mark in town.marks if mark.place != "grid" or mark.kind == "text"]
    assert met(page, others) == []


def test_health_is_told_to_everybody_and_tells_nothing(town: Town) -> None:
    """The two addresses answered in front of all others, so that no person stands behind them."""
    for path in ANSWERS:
        told = b"".join(with_health(_nothing_else)({"PATH_INFO": path}, lambda *_: None))
        assert set(json.loads(told)) <= {"status", "reason"}
        assert met(told.decode(), town.marks) == []


def _nothing_else(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
    raise AssertionError(environ["PATH_INFO"])

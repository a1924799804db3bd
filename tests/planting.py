"""What is planted in the town: in every place a case with words that stand nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from linli.kernel.geo import Point
from linli.modules.cases import actions, notices
from linli.modules.cases.intake import Contact, Report
from linli.modules.cases.models import Case
from linli.modules.cases.stories import reporter_actor
from linli.modules.divisions.models import Plan, PlanState
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Grant, Post
from linli.platform.access.scope import acting
from linli.platform.changes.public import Entry
from linli.platform.desk import export_files, exports
from linli.platform.desk.actions import (
    ask_export,
    begin_export,
    finish_export,
    record_export,
    save_view,
)
from linli.platform.desk.models import Batch, LargeExport
from linli.platform.desk.register import register
from linli.platform.desk.rules import Verb as Desk
from linli.platform.files.models import Attachment
from linli.platform.flow.actions import follow
from linli.platform.notices.models import Notice
from linli.platform.notices.public import tell_accounts
from tests.marked_town import AT, PEOPLE, Mark, Planted, Town, account_name, paper, photo, visitor
from tests.world import populate

# Place → unit, who of the small cast works there, where it lies; the first two lie beside "next".
PLACES: dict[str, tuple[str, str, Point]] = {
    "grid": ("grid", "grid_worker", Point(121.2599, 30.14)),
    "fresh": ("grid", "grid_worker", Point(121.2599, 30.1401)),
    "home": ("community", "secretary", Point(121.205, 30.105)),
    "next": ("other_community", "other_clerk", Point(121.2601, 30.14)),
    "quarrel": ("other_community", "other_clerk", Point(121.27, 30.15)),
    "street": ("far_community", "far_clerk", Point(121.41, 30.15)),
    "beyond": ("beyond_community", "beyond_clerk", Point(121.61, 30.15)),
}
# Never on a page that is only opened: it takes a reason to see them.
PERSONAL = frozenset({"name", "phone", "email", "joiner", "joiner phone"})
# Seen by who may see the reporter, masked or not.
OF_REPORTERS = frozenset({"joiner words"})
# What residents' pages tell of a case, named by its number or found nearby.
TOLD_TO_ALL = frozenset({"number"})


def plant(town: Town) -> None:
    """The rows of the small cast's world, and a marked case in every place."""
    populate(town.cast)
    for number, name in enumerate(PLACES, start=1):
        _plant(town, name, number)
    planters = sorted({who for _unit, who, _point in PLACES.values()})
    for planter in planters:
        _plant_beside(town, planter)
    _mark_people(town)
    _tell(town)
    for person in PEOPLE:
        if person != "resident":
            _own_things(town, account_name(person))
    for planter in planters:
        _own_things(town, planter)


def _plant(town: Town, name: str, number: int) -> None:
    """A case, as far in its life as the place wants it, with marks all over."""
    cast, (_where, who, point) = town.cast, PLACES[name]
    words = _words(name, number)
    by = cast.actor(who)
    report = Report(
        category="G01" if name == "quarrel" else "A01",
        text=words["text"],
        place=words["place"],
        point=point,
        answers={"blocked_by": words.get("answer", "")},
        contact=Contact(name=words["name"], phone=words["phone"], email=words["email"]),
    )
    photos = [photo(f"{words['photo']}.jpg")]
    if name == "home":
        case = _by_telephone(town, report, photos)
    else:
        case = actions.report(by=cast.actor("resident"), at=AT, report=report, files=photos).case
    joiner = Contact(name=words["joiner"], phone=words["joiner phone"])
    actions.join(
        by=cast.actor("resident"), at=AT, case=case, contact=joiner, words=words["joiner words"]
    )
    papers = [paper(f"{words['paper']}.pdf")]
    actions.comment(by=by, at=AT, case=case, words=words["comment"], files=papers)
    posts = _lead(town, name, by, case, words)
    with acting(Actor.system("planting")):
        case = Case.objects.select_related("unit").get(pk=case.pk)
        files = {one.kind: one for one in Attachment.objects.filter(owner_id=case.pk)}
    words |= {"number": case.number, "case id": case.pk.hex}
    words |= {f"{kind} file": one.pk.hex for kind, one in files.items()}
    engaged = frozenset(case.engaged) | frozenset(post.pk for post in posts)
    town.marks += [Mark(kind, text, case.unit_key, name, engaged) for kind, text in words.items()]
    town.places[name] = Planted(name, case.unit, who, case, files["report"], files["note"])
    with acting(by):
        follow(actor=by, row=case, at=AT)


def _by_telephone(town: Town, report: Report, photos: list[Any]) -> Case:
    """The same, taken by the hotline on its page."""
    point, contact = report.point or Point(0, 0), report.contact
    told = {
        "channel": "phone", "category": report.category, "text": report.text,
        "place": report.place, "lng": point.lng, "lat": point.lat, "name": contact.name,
        "phone": contact.phone, "email": contact.email, "photos": photos,
    }  # fmt: skip
    answer: Any = visitor(town, "hotline").post("/desk/cases/new/report/", told)
    assert answer.status_code == 302, answer.content.decode()[:500]
    with acting(Actor.system("planting")):
        return Case.objects.get(text=report.text)


def _lead(town: Town, name: str, by: Actor, case: Case, words: Mapping[str, str]) -> list[Post]:
    """How the case went on; returns the posts it was handed to."""
    step: dict[str, Any] = {"at": AT, "case": case}
    if name == "fresh":
        return []
    actions.file(by=by, **step)
    if name == "home":
        return []
    post = town.cast.posts["std_chengguan"] if name == "grid" else None
    handler = town.actor("chengguan") if post else by
    post = post or town.cast.posts[PLACES[name][1]]
    actions.dispatch(by=by, to=post, words=words["errand"], **step)
    actions.take(by=handler, **step)
    actions.ask_extension(by=by, amount=1, reason=words["extension"], **step)
    if name != "quarrel":
        return [post]
    actions.finish(by=by, result=words["result"], **step)
    actions.verify(by=town.cast.actor("street_officer"), words=words["verdict"], **step)
    rater = reporter_actor(case.number)
    actions.rate(by=rater, stars=4, words=words["rating"], **step)
    return [post]


def _words(name: str, number: int) -> dict[str, str]:
    """Texts that stand nowhere else, by what they are."""
    kinds = ["text", "place", "name", "joiner", "joiner words", "photo", "paper", "comment"]
    kinds += [] if name in ("quarrel", "home") else ["answer"]
    kinds += [] if name in ("fresh", "home") else ["errand", "extension"]
    kinds += ["result", "verdict", "rating"] if name == "quarrel" else []
    words = {kind: f"Zq{kind.replace(' ', '')}{name}" for kind in kinds}
    phones = {"phone": f"1397700{number:04d}", "joiner phone": f"1398800{number:04d}"}
    return words | phones | {"email": f"zq{name}@linli.example"}


def _plant_beside(town: Town, who: str) -> None:
    """What hangs on no case: who works there, what was exported, lent, planned."""
    cast, actor = town.cast, town.cast.actor(who)
    account, post = cast.accounts[who], cast.posts[who]
    words = {kind: f"Zq{kind}{who.replace('_', '')}" for kind in ("purpose", "lending", "outcome")}
    record_export(
        actor=actor, at=AT, register="cases", form="csv", query="", columns=["number"], rows=1,
        purpose=words["purpose"],
    )  # fmt: skip
    with acting(Actor.system("planting")):
        email = f"zq{who.replace('_', '')}@cixi.example"
        Account.objects.filter(pk=account.pk).update(email=email)
        grant = Grant(
            post=post, role=cast.roles["secretary"], starts=date(2026, 1, 1),
            reason=words["lending"],
        )  # fmt: skip
        grant.place_in(post.unit)
        grant.save()
        plan = Plan(
            verb="divisions.rename", arguments={"unit": str(post.unit_id), "name": "新名"},
            on=date(2027, 1, 1), state=PlanState.FAILED, account_id=account.pk,
            asked_by=actor.name, asked_at=AT, outcome=words["outcome"],
        )  # fmt: skip
        plan.place_in(post.unit)
        plan.save()
    words |= {"staff phone": account.phone, "staff email": email}
    town.marks += [Mark(kind, text, post.unit_key) for kind, text in words.items()]
    # Who works on a case is named to everybody who deals with it.
    beside = frozenset({cast.posts["std_chengguan"].pk}) if who == "grid_worker" else frozenset()
    town.marks.append(Mark("staff name", account.full_name, post.unit_key, posts=beside))


def _mark_people(town: Town) -> None:
    """Those who have done nothing yet are named to nobody but who looks after the staff."""
    for person in PEOPLE:
        if person not in ("hotline", "chengguan", "stranger", "resident"):
            account = town.account(person)
            marked = Mark("staff name", account.full_name, account.unit_key, owner=account.pk)
            town.marks += [marked, replace(marked, kind="staff phone", text=account.phone)]
    stranger = town.account("stranger")
    stranger.phone, stranger.email = "13966600001", "zqstranger@cixi.example"
    with acting(Actor.system("planting")):
        stranger.save()
    town.marks += [
        Mark("staff phone", stranger.phone, owner=stranger.pk),
        Mark("staff email", stranger.email, owner=stranger.pk),
    ]


def _tell(town: Town) -> None:
    """Everybody whom the moves concern is told, in the service and by e-mail."""
    with acting(Actor.system("planting")):
        told = Entry.objects.filter(verb__in=list(notices.TELLERS), subject_type="cases.case")
        for entry_id in told.order_by("seq").values_list("pk", flat=True):
            notices.announce(entry_id)


def _own_things(town: Town, name: str) -> None:
    """A notice, a saved view, an act on ticked rows and a long list of somebody's own."""
    account = town.cast.accounts[name]
    words = [f"Zq{kind}{name.replace('_', '')}" for kind in ("notice", "view", "batch")]
    with acting(Actor.system("planting")):
        tell_accounts(
            [account], verb="cases.comment", subject=account, at=AT,
            text=gettext_lazy("%(number)s %(category)s: %(state)s"),
            params={"number": words[0], "category": "", "state": ""}, url="/desk/",
            occasion=account.pk,
        )  # fmt: skip
        found = Notice.objects.filter(account=account, occasion=account.pk)
        town.notices[name] = found.get()
    town.views[name] = save_view(
        actor=town.cast.actor(name), register="cases", name=words[1], query="state=filed"
    )
    with acting(town.cast.actor(name)):
        town.batches[name] = Batch.objects.create(
            account=account, register="cases", act="follow", at=AT,
            came=[[str(account.pk), words[2], "done", ""]],
        )  # fmt: skip
    if town.cast.actor(name).knows(Desk.EXPORT):
        purpose = f"Zqlong{name.replace('_', '')}"
        town.long_lists[name] = _long_list(town.cast.actor(name), purpose)
        # What a list was taken for is on record, seen from the branch.
        town.marks.append(Mark("purpose", purpose, account.unit_key, owner=account.pk))
    town.marks += [Mark("own thing", text, owner=account.pk) for text in words]


def _long_list(actor: Actor, purpose: str) -> LargeExport:
    """The list of cases with every column, as the worker would make it of a long one."""
    cases = register("cases")
    asked = ask_export(
        actor=actor, at=AT, register="cases", form="csv", query="", purpose=purpose,
        columns=[column.key for column in cases.columns_for(actor)], language="en",
    )  # fmt: skip
    order = begin_export(export_id=asked.pk, at=AT)
    assert order is not None
    with export_files.workplace() as place:
        made = place / "made.csv"
        with acting(actor), made.open("wb") as file:
            listing = exports.listing_of(cases, actor, "", order.columns)
            origin = exports.Origin(cases.heading, exports.who(actor), AT, purpose, "")
            rows = exports.write_to(file, listing, listing.rows(), origin, form="csv")
        stored = export_files.keep(made)
    finish_export(order, by=actor, at=AT, rows=rows, stored=stored, name="cases.csv")
    return asked

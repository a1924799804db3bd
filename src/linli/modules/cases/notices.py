"""Who is told what about a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.modules.cases.models import Case, Reporter
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import HELD, State
from linli.platform.access.actor import Actor
from linli.platform.access.models import Level
from linli.platform.changes.public import Entry
from linli.platform.flow.models import Follow
from linli.platform.notices.public import (
    kind,
    tell_accounts,
    tell_address,
    tell_posts,
    tell_supervisors,
)
from linli.platform.pages.formats import grouped

DISAPPOINTED = 2

kind(
    "cases.work",
    _("Work handed to me or my post"),
    verbs=(
        Verb.REPORT, Verb.FILE, Verb.DISPATCH, Verb.REASSIGN, Verb.RETURN, Verb.ASSIST,
        Verb.HELPED, Verb.FINISH, Verb.REWORK, Verb.REOPEN, Verb.UNMERGE,
    ),
)  # fmt: skip
kind("cases.time", _("Time limits: reminders, late work, requests for more time"),
     verbs=(Verb.REMIND, Verb.ESCALATE, Verb.ASK_EXTENSION, Verb.GRANT_EXTENSION,
            Verb.REFUSE_EXTENSION, Verb.URGE))  # fmt: skip
kind("cases.followed", _("Cases I follow"), verbs=(Verb.COMMENT, Verb.VERIFY, Verb.RATE),
     email=False)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telling:
    """One entry about to be told."""

    entry: Entry
    case: Case
    by: Actor

    def words(self, text: str | Promise, **params: object) -> dict[str, object]:
        """What every `tell_…` of the notices takes."""
        return {
            "verb": self.entry.verb,
            "subject": self.case,
            "text": text,
            "params": {
                "number": grouped(self.case.number),
                "category": self.case.category.name_zh,
                "place": self.case.place or self.case.unit.name,
                **params,
            },
            "url": f"/desk/cases/{self.case.number}/",
            "at": self.entry.at,
            "occasion": self.entry.pk,
            "but": self.by,
        }

    def handler(self, text: str | Promise, **params: object) -> None:
        """Tell whoever has the case in hand: the person who took it, else the post."""
        words = self.words(text, **params)
        if self.case.taken_by_id is not None:
            tell_accounts([self.case.taken_by_id], **words)  # type: ignore[arg-type]
        elif self.case.handler_id is not None:
            tell_posts([self.case.handler_id], **words)  # type: ignore[arg-type]

    def answering(self, verb: Verb, text: str | Promise, level: int = Level.COMMUNITY,
                  **params: object) -> None:  # fmt: skip
        """Tell those who hold the verb over the case's place, at `level` or the next above."""
        words = self.words(text, **params)
        tell_supervisors(self.case.unit, level=level, holding=verb, **words)  # type: ignore[arg-type]


def announce(entry_id: UUID) -> None:
    """Tell everybody whom this entry concerns. Runs as the system; twice tells once."""
    entry = Entry.objects.get(pk=entry_id)
    case = Case.objects.select_related("category", "unit", "handler").get(pk=entry.subject_id)
    by = Actor(name=entry.actor_name, branch=Actor.public().branch, account_id=entry.account_id)
    telling = Telling(entry=entry, case=case, by=by)
    TELLERS[entry.verb](telling)
    _tell_followers(telling)
    _tell_reporters(telling)


def _reported(t: Telling) -> None:
    t.answering(Verb.FILE, _("New report %(number)s: %(category)s, %(place)s"))


def _filed(t: Telling) -> None:
    t.answering(Verb.DISPATCH, _("To be dispatched: %(number)s %(category)s, %(place)s"))


def _handed(t: Telling) -> None:
    t.handler(_("For you: %(number)s %(category)s, %(place)s, due %(due)s"), due=t.case.due_at)


def _returned(t: Telling) -> None:
    t.answering(
        Verb.DISPATCH,
        _("Sent back: %(number)s %(category)s. Reason: %(reason)s"),
        reason=t.entry.facts.get("reason", ""),
    )


def _help_asked(t: Telling) -> None:
    from linli.modules.cases.models import Help

    asked = Help.objects.filter(case=t.case, asked_at=t.entry.at).values_list("post_id", flat=True)
    words = t.words(
        _("Your help is asked for: %(number)s %(category)s, %(place)s. %(request)s"),
        request=t.entry.facts.get("request", ""),
    )
    tell_posts(list(asked), **words)  # type: ignore[arg-type]


def _helped(t: Telling) -> None:
    t.handler(_("Help given on %(number)s: %(result)s"), result=t.entry.facts.get("result", ""))


def _finished(t: Telling) -> None:
    t.answering(Verb.VERIFY, _("To be verified: %(number)s %(category)s, %(place)s"))


def _rework(t: Telling) -> None:
    t.handler(
        _("Not accepted, to be done again: %(number)s. Reason: %(reason)s"),
        reason=t.entry.facts.get("reason", ""),
    )


def _more_time_asked(t: Telling) -> None:
    t.answering(
        Verb.GRANT_EXTENSION,
        _("More time asked for: %(number)s %(category)s. Reason: %(reason)s"),
        reason=t.entry.facts.get("reason", ""),
    )


def _more_time_decided(t: Telling) -> None:
    granted = t.entry.verb == Verb.GRANT_EXTENSION
    text = _("More time granted: %(number)s, now due %(due)s") if granted else _(
        "More time refused: %(number)s, still due %(due)s"
    )  # fmt: skip
    t.handler(text, due=t.case.due_at)


def _reopened(t: Telling) -> None:
    t.answering(
        Verb.DISPATCH,
        _("Reopened: %(number)s %(category)s, %(place)s. Reason: %(reason)s"),
        reason=t.entry.facts.get("reason", ""),
    )


def _urged(t: Telling) -> None:
    _whoever_holds(t, _("Please hurry: %(number)s %(category)s, %(place)s"))


def _reminded(t: Telling) -> None:
    _whoever_holds(
        t,
        _("%(used)s%% of the time is used: %(number)s %(category)s, due %(due)s"),
        used=round(float(t.entry.facts.get("used", 0)) * 100),
        due=t.case.due_at,
    )


def _raised(t: Telling) -> None:
    late = _("Late: %(number)s %(category)s, %(place)s, was due %(due)s")
    level = int(t.entry.facts.get("to_level", Level.COMMUNITY))
    t.answering(Verb.SUPERVISE, late, level=level, due=t.case.due_at)
    _whoever_holds(t, late, due=t.case.due_at)


def _rated(t: Telling) -> None:
    stars = int(t.entry.facts.get("stars", 0))
    text = _("Rated %(stars)s of 5: %(number)s %(category)s")
    t.handler(text, stars=stars)
    if stars <= DISAPPOINTED:
        t.answering(Verb.SUPERVISE, text, stars=stars)


def _followed(t: Telling) -> None:
    """Nobody but followers and reporters."""
    del t


def _whoever_holds(t: Telling, text: str | Promise, **params: object) -> None:
    """The handler while in hand; else those whose step is next."""
    if t.case.state in HELD:
        t.handler(text, **params)
        return
    next_step = {
        State.REPORTED: Verb.FILE, State.ACCEPTED: Verb.FILE, State.FILED: Verb.DISPATCH,
        State.FINISHED: Verb.VERIFY,
    }.get(State(t.case.state))  # fmt: skip
    if next_step is not None:
        t.answering(next_step, text, Level.COMMUNITY, **params)


TELLERS: dict[str, Callable[[Telling], None]] = {
    Verb.REPORT: _reported,
    Verb.FILE: _filed,
    Verb.DISPATCH: _handed,
    Verb.REASSIGN: _handed,
    Verb.RETURN: _returned,
    Verb.ASSIST: _help_asked,
    Verb.HELPED: _helped,
    Verb.FINISH: _finished,
    Verb.REWORK: _rework,
    Verb.ASK_EXTENSION: _more_time_asked,
    Verb.GRANT_EXTENSION: _more_time_decided,
    Verb.REFUSE_EXTENSION: _more_time_decided,
    Verb.REOPEN: _reopened,
    Verb.UNMERGE: _reported,
    Verb.URGE: _urged,
    Verb.REMIND: _reminded,
    Verb.ESCALATE: _raised,
    Verb.RATE: _rated,
    Verb.VERIFY: _followed,
    Verb.REJECT: _followed,
    Verb.COMMENT: _followed,
    Verb.MERGE: _followed,
}

FOR_FOLLOWERS = _("%(number)s %(category)s: %(state)s")
FOR_REPORTERS = {
    Verb.REPORT: _("We have received your report %(number)s."),
    Verb.REJECT: _("Your report %(number)s was not taken up. Reason: %(reason)s"),
    Verb.DISPATCH: _("Your report %(number)s has been handed to those who deal with it."),
    Verb.FINISH: _("Work on your report %(number)s is done and will be checked. %(result)s"),
    Verb.REWORK: _("Your report %(number)s is being worked on again."),
    Verb.VERIFY: _("Your report %(number)s is closed. Please tell us how satisfied you are."),
    Verb.REOPEN: _("Your report %(number)s has been opened again."),
    Verb.MERGE: _("Your report %(number)s goes on together with another of the same matter."),
}


def _tell_followers(t: Telling) -> None:
    accounts = list(
        Follow.objects.filter(subject_id=t.case.pk).values_list("account_id", flat=True)
    )
    if accounts and t.entry.verb not in (Verb.REMIND,):
        tell_accounts(
            accounts,
            **t.words(FOR_FOLLOWERS, state=State(t.case.state).label),  # type: ignore[arg-type]
        )


def _tell_reporters(t: Telling) -> None:
    text = FOR_REPORTERS.get(Verb(t.entry.verb))
    if text is None:
        return
    words = t.words(
        text, reason=t.entry.facts.get("reason", ""), result=t.entry.facts.get("result", "")
    )
    words["url"] = f"/case/{t.case.number}/"
    del words["but"]
    for reporter in Reporter.objects.filter(case=t.case).exclude(email=""):
        tell_address(reporter.email, language=reporter.language, **words)  # type: ignore[arg-type]

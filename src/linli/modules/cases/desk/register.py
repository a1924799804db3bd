"""The register of cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.modules.cases import actions, reads
from linli.modules.cases.desk import doing, forms, look, many, parts
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import FLOW, OPEN, State
from linli.platform.access.actor import Actor
from linli.platform.access.models import Level
from linli.platform.desk import public as desk
from linli.platform.pages import formats

Do = Callable[[desk.Doing], Any]


def plainly(action: Callable[..., Any], *names: str, stale_too: bool = False) -> Do:
    """Call a case action with these fields of the form under their own names.

    `stale_too`: the action moves nothing, so a page that is no longer fresh may do it as well.
    """

    def do(given: desk.Doing) -> None:
        facts = {name: given.data[name] for name in names}
        if "photos" in facts:
            facts["files"] = facts.pop("photos") or []
        if not stale_too:
            facts["expected"] = given.expected
        action(by=given.actor, at=given.at, case=given.row, **facts)

    return do


def see_reporter(given: desk.Doing) -> str:
    """Put the look on record; the page shown next tells the contact once."""
    actions.see_reporter(by=given.actor, at=given.at, case=given.row, reason=given.data["reason"])
    return f"/desk/cases/{given.row.number}/reporter/"


ACTIONS = (
    desk.Action(Verb.REPORT, doing.report, form=forms.ReportForm, of="list", tone="primary",
                icon="plus", label=_("Take a report"), template="cases/report.html",
                done=_("The report was taken.")),
    desk.Action(Verb.ACCEPT, plainly(actions.accept), icon="clipboard", many=True),
    desk.Action(Verb.FILE, plainly(actions.file), tone="primary", icon="clipboard-list",
                many=many.FILE),
    desk.Action(Verb.DISPATCH, plainly(actions.dispatch, "to", "words"), form=forms.DispatchForm,
                tone="primary", icon="send", many=many.DISPATCH),
    desk.Action(Verb.TAKE, plainly(actions.take), tone="primary", icon="user-check", many=True),
    desk.Action(Verb.FINISH, plainly(actions.finish, "result", "photos"), form=forms.FinishForm,
                tone="primary", icon="clipboard-check"),
    desk.Action(Verb.VERIFY, plainly(actions.verify, "words"), form=forms.WordsForm,
                tone="primary", icon="circle-check",
                about=_("Whoever finished the case cannot verify it.")),
    desk.Action(Verb.REWORK, plainly(actions.rework, "reason"), form=desk.ReasonForm,
                icon="rotate"),
    desk.Action(Verb.RESUME, plainly(actions.resume), tone="primary", icon="player-play"),
    desk.Action(Verb.ASSIST, plainly(actions.assist, "of", "request"), form=forms.AssistForm,
                icon="users"),
    desk.Action(Verb.HELPED, plainly(actions.helped, "result"), form=forms.ResultForm,
                icon="heart-handshake",
                when=lambda case, actor: actor.post_id in case.engaged
                and actor.post_id != case.handler_id),
    desk.Action(Verb.ASK_EXTENSION, plainly(actions.ask_extension, "amount", "reason"),
                form=forms.MoreTimeForm, icon="clock-question",
                when=lambda case, actor: not case.extension_asked
                and not case.is_overdue(timezone.now())),
    desk.Action(Verb.GRANT_EXTENSION, plainly(actions.grant_extension, "amount"),
                form=forms.GrantForm, icon="clock-check",
                when=lambda case, actor: case.extension_asked),
    desk.Action(Verb.REFUSE_EXTENSION, plainly(actions.refuse_extension, "reason"),
                form=desk.ReasonForm, icon="clock-exclamation",
                when=lambda case, actor: case.extension_asked),
    desk.Action(Verb.SUSPEND, plainly(actions.suspend, "reason"), form=desk.ReasonForm,
                icon="player-pause", about=_("The clock stands still until the case is resumed.")),
    desk.Action(Verb.RETURN, plainly(actions.return_case, "reason"), form=desk.ReasonForm,
                icon="arrow-back-up"),
    desk.Action(Verb.REASSIGN, plainly(actions.reassign, "to", "reason"), form=forms.ReassignForm,
                icon="switch-horizontal", many=many.REASSIGN),
    desk.Action(Verb.CLASSIFY, doing.classify, form=forms.ClassifyForm, icon="edit",
                template="cases/classify.html", many=many.CLASSIFY),
    desk.Action(Verb.MERGE, doing.merge, form=forms.RequestForm, icon="git-merge"),
    desk.Action(Verb.UNMERGE, plainly(actions.unmerge, "reason"), form=desk.ReasonForm,
                icon="arrows-split"),
    desk.Action(Verb.REJECT, plainly(actions.reject, "reason"), form=desk.ReasonForm,
                tone="danger", icon="ban", about=_("The reporter reads the reason.")),
    desk.Action(Verb.CANCEL, plainly(actions.cancel, "reason"), form=desk.ReasonForm,
                tone="danger", icon="x"),
    desk.Action(Verb.REOPEN, plainly(actions.reopen, "reason"), form=desk.ReasonForm,
                icon="refresh"),
    desk.Action(Verb.URGE, plainly(actions.urge, "words", stale_too=True), form=forms.WordsForm,
                icon="bell", many=True,
                when=lambda case, actor: case.state in OPEN),
    desk.Action(Verb.COMMENT, plainly(actions.comment, "words", "photos", stale_too=True),
                form=forms.CommentForm, icon="message", many=many.COMMENT),
    desk.Action(Verb.SEE_REPORTER, see_reporter, form=desk.ReasonForm, icon="eye",
                about=_("Your name, the time and the reason are put on record.")),
)  # fmt: skip


def category_labels(reader: desk.Reader) -> dict[Any, str]:
    """Names of the categories by id."""
    return {pk: name for pk, _code, name in reads.category_names(english=reader.english)}


def category_choices(actor: Actor) -> list[tuple[str, str]]:  # noqa: ARG001
    """The catalogue as a filter offers it."""
    english = (get_language() or "").startswith("en")
    names = reads.category_names(english=english)
    return [(str(pk), f"{code} {name}") for pk, code, name in names]


def area(case: Case) -> str:
    """The unit, a grid with its community."""
    parent = case.unit.parent.name if case.unit.parent else None
    return area_words(case.unit.name, case.unit.level, parent)


def area_of_row(row: Mapping[str, Any]) -> str:
    """`area` of a row of the list."""
    return area_words(row["unit__name"], row["unit__level"], row["unit__parent__name"])


def area_words(name: str, level: int, parent: str | None) -> str:
    """A grid's name says nothing without its community's."""
    if level != Level.GRID or not parent or name.startswith(parent):
        return name
    return f"{parent} {name}"


class Area(desk.Column):
    """The unit of a case; within one community its grids need no other name."""

    css = "nowrap"

    def cell(self, reader: desk.Reader) -> Callable[[Mapping[str, Any]], str]:
        whole, actor = super().cell(reader), reader.actor
        if actor is None or actor.level < Level.COMMUNITY:
            return whole
        return lambda row: (
            desk.text(row["unit__name"]) if row["unit_key"] in actor.branch else whole(row)
        )


class Cases(desk.Register):
    """Every case in the actor's branch, and those handed to the actor's post."""

    name = "cases"
    model = Case
    label = _("Cases")
    rows = staticmethod(reads.cases)
    search = staticmethod(reads.search)
    view_verb = Verb.VIEW
    lookup = "number"
    flow = FLOW
    default_sort = "-reported_at"
    menu = desk.Menu(_("Cases"), group="work", icon="alert-square", order=10, go="c")
    columns = (
        desk.Grouped("number"),
        desk.Badge("state", tones=look.STATE_TONES, icons=look.STATE_ICONS),
        desk.Lookup(
            "category_id", _("Kind"), path="category_id", labels=category_labels, css="roomy"
        ),
        desk.Badge("grade", tones=look.GRADE_TONES, icons=look.GRADE_ICONS, hidden=True),
        desk.Column("place", css="clip"),
        Area(
            "unit",
            _("Area of responsibility"),
            show=area_of_row,
            needs=("unit__name", "unit__level", "unit__parent__name", "unit_key"),
        ),
        desk.Column("handler", path="handler__title"),
        desk.Due(done="finished_at", sort=True),
        desk.Moment("reported_at", sort=True),
        desk.Chosen("channel", hidden=True),
        desk.Number("rating", hidden=True),
        desk.Moment("closed_at", _("Closed on"), hidden=True),
    )
    filters = (
        "state",
        desk.Choice("category", _("Kind"), path="category", choices=category_choices),
        "grade",
        desk.Within("unit"),
        desk.Period("reported_at"),
        desk.Overdue(),
        desk.Mine("mine", _("In my hands"), lambda actor: Q(taken_by=actor.account_id)),
        "channel",
    )
    views = (
        desk.View("open", _("Not closed"), "&".join(f"state={state.value}" for state in OPEN)),
        desk.View("new", _("To file"), "state=reported&state=accepted"),
        desk.View("filed", _("To dispatch"), "state=filed"),
        desk.View("hand", _("In hand"), "state=dispatched&state=handling&state=suspended"),
        desk.View("check", _("To verify"), "state=finished"),
        desk.View("late", _("Overdue"), "overdue=yes"),
    )
    detail: ClassVar[Any] = (
        desk.Template("cases/parts/filing.html", parts.filing, _("Conditions of filing")),
        desk.Template("cases/parts/duplicates.html", parts.duplicates, _("Likely the same matter")),
        desk.Template("cases/parts/proposals.html", parts.proposals, _("Who should handle it")),
        desk.Facts(
            desk.Fact("text", _("Description")),
            desk.Fact("place", show=lambda case, actor: case.place or "—"),
            desk.Fact("unit", _("Area of responsibility"), show=lambda case, actor: area(case)),
            desk.Fact("category", _("Kind"), show=lambda case, actor: case.category.name),
            desk.Fact("grade"),
            desk.Fact("channel"),
            desk.Fact("handler", _("Handler"),
                      show=lambda case, actor: case.handler and case.handler.title),
            desk.Fact("taken_by", _("In hand of"),
                      show=lambda case, actor: case.taken_by and str(case.taken_by),
                      hide_empty=True),
            desk.Fact("reported_at"),
            desk.Fact("due_at", hide_empty=True),
            desk.Fact("answers", _("Answers"), show=lambda case, actor: answers_of(case),
                      hide_empty=True),
            desk.Fact("result", hide_empty=True),
            desk.Fact("rating", _("Satisfaction"),
                      show=lambda case, actor: stars(case), hide_empty=True),
        ),
        desk.Template("cases/parts/files.html", parts.files, _("Photos and papers")),
        desk.Template("cases/parts/helps.html", parts.helps, _("Help asked for")),
        desk.Timeline(look=look.ENTRY_LOOK, say=parts.story),
        desk.Template("cases/parts/place.html", parts.place, _("Place"), place="side"),
        desk.Template("cases/parts/reporter.html", parts.reporter, _("Reporter"), place="side",
                      visible_to=Verb.SEE_REPORTER),
    )  # fmt: skip
    actions = ACTIONS
    empty = desk.Empty(_("No cases in your area"), _("Reports of residents will stand here."))

    def title(self, row: Any) -> str:
        """Kind and number."""
        return f"{row.category.name} {formats.grouped(row.number)}"

    def badges(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        """State and clock."""
        state = desk.badge(
            str(State(row.state).label), look.STATE_TONES[row.state], look.STATE_ICONS[row.state]
        )
        clock = desk.due(
            row.due_at,
            now=timezone.now(),
            provisional=row.due_provisional,
            paused=row.paused_at is not None,
        )
        return state + clock if row.due_at else state

    def summary(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        """Where it is."""
        return " · ".join(part for part in (area(row), row.place) if part)

    def detail_rows(self, actor: Actor) -> QuerySet[Case]:
        """With everything the page shows."""
        return reads.cases(actor).select_related(
            "category", "unit__parent", "handler__unit", "taken_by", "merged_into"
        )


def answers_of(case: Case) -> str:
    """The category's questions with the reporter's answers."""
    asked = {question["key"]: question["zh"] for question in case.category.questions}
    return "\n".join(f"{asked.get(key, key)} {answer}" for key, answer in case.answers.items())


def stars(case: Case) -> str:
    """The rating as stars with its words."""
    if case.rating is None:
        return ""
    drawn = "★" * case.rating + "☆" * (5 - case.rating)
    return f"{drawn} {case.rating_words}".strip()

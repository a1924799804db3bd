"""How states and grades look: tone and icon, the same on every page."""

from __future__ import annotations

from typing import Any

from linli.modules.cases.models import Grade
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import State

STATE_TONES: dict[str, str] = {
    State.REPORTED: "info", State.ACCEPTED: "info", State.FILED: "soon", State.DISPATCHED: "info",
    State.HANDLING: "info", State.SUSPENDED: "idle", State.FINISHED: "soon", State.CLOSED: "done",
    State.RATED: "done", State.REJECTED: "idle", State.CANCELLED: "idle", State.MERGED: "idle",
}  # fmt: skip
STATE_ICONS: dict[str, str] = {
    State.REPORTED: "inbox", State.ACCEPTED: "clipboard", State.FILED: "clipboard-list",
    State.DISPATCHED: "send", State.HANDLING: "tool", State.SUSPENDED: "player-pause",
    State.FINISHED: "clipboard-check", State.CLOSED: "circle-check", State.RATED: "star",
    State.REJECTED: "ban", State.CANCELLED: "x", State.MERGED: "git-merge",
}  # fmt: skip
GRADE_TONES: dict[str, str] = {Grade.GENERAL: "plain", Grade.URGENT: "danger", Grade.MAJOR: "soon"}
GRADE_ICONS: dict[str, str] = {Grade.GENERAL: "point", Grade.URGENT: "urgent", Grade.MAJOR: "flag"}

ENTRY_LOOK: dict[Any, tuple[str, str]] = {
    Verb.REPORT: ("inbox", "info"),
    Verb.JOIN: ("user-plus", "idle"),
    Verb.ACCEPT: ("clipboard", "info"),
    Verb.REJECT: ("ban", "idle"),
    Verb.FILE: ("clipboard-list", "info"),
    Verb.CLASSIFY: ("edit", "idle"),
    Verb.DISPATCH: ("send", "info"),
    Verb.TAKE: ("user-check", "info"),
    Verb.RETURN: ("arrow-back-up", "soon"),
    Verb.REASSIGN: ("switch-horizontal", "info"),
    Verb.ASSIST: ("users", "info"),
    Verb.HELPED: ("heart-handshake", "done"),
    Verb.SUSPEND: ("player-pause", "idle"),
    Verb.RESUME: ("player-play", "info"),
    Verb.ASK_EXTENSION: ("clock-question", "soon"),
    Verb.GRANT_EXTENSION: ("clock-check", "done"),
    Verb.REFUSE_EXTENSION: ("clock-exclamation", "soon"),
    Verb.FINISH: ("clipboard-check", "done"),
    Verb.VERIFY: ("circle-check", "done"),
    Verb.REWORK: ("rotate", "soon"),
    Verb.RATE: ("star", "done"),
    Verb.REOPEN: ("refresh", "soon"),
    Verb.CANCEL: ("x", "idle"),
    Verb.MERGE: ("git-merge", "idle"),
    Verb.UNMERGE: ("arrows-split", "idle"),
    Verb.COMMENT: ("message", "idle"),
    Verb.URGE: ("bell", "soon"),
    Verb.SEE_REPORTER: ("eye", "idle"),
    Verb.REMIND: ("clock-exclamation", "soon"),
    Verb.ESCALATE: ("arrow-up", "danger"),
}

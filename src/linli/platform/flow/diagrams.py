"""A life cycle as a page: the diagram, and the table it is drawn from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.platform.changes.verbs import label_of
from linli.platform.flow.moves import Flow, Move

HEAD = "| {} | {} | {} | {} |\n| --- | --- | --- | --- |"


def page(flow: Flow) -> str:
    """Markdown in the active language; made by `./linli manage diagrams docs/states`."""

    head = HEAD.format(_("Verb"), _("From state"), _("To state"), _("Rules"))
    rows = [row(flow, move) for move in flow.moves]
    return "\n".join(
        [f"# {flow.name}", "", "```mermaid", flow.diagram().rstrip(), "```", "", head, *rows, ""]
    )


def row(flow: Flow, move: Move) -> str:
    """One move as a line of the table."""
    sources = ", ".join(str(flow.states(str(source)).label) for source in move.sources)
    target = "–" if move.target is None else str(flow.states(str(move.target)).label)
    return f"| {move.label} (`{move.verb}`) | {sources} | {target} | {rules(move)} |"


def rules(move: Move) -> str:
    """What the move asks for and does to the clock, in words."""

    told = []
    if move.due:
        told.append(_("starts a clock"))
    if move.keeps_clock:
        told.append(_("the clock goes on"))
    if move.pauses:
        told.append(_("the clock stands still"))
    if move.resumes:
        told.append(_("the clock goes on after the pause"))
    if move.asks:
        told.append(_("asks for words: %(names)s") % {"names": ", ".join(move.asks)})
    if move.not_by:
        told.append(_("not by whoever did “%(verb)s”") % {"verb": label_of(str(move.not_by))})
    return "; ".join(told)

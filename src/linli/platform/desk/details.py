"""Parts of the page of one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.platform.access.actor import Actor
from linli.platform.changes.public import Line, timeline
from linli.platform.desk import cells
from linli.platform.desk.columns import field_of
from linli.platform.files import public as files
from linli.platform.pages import formats
from linli.platform.pages.render import component, full_context, page_environment

Text = str | Promise

FACTS, STORY, PAPERS = _("Facts"), _("What happened"), _("Photos and papers")


@dataclass(frozen=True)
class Shown:
    """A part ready for the page."""

    key: str
    title: str
    html: str
    place: str
    framed: bool = True
    count: int | None = None


class Part:
    """Base of all parts. `place` is "main" or "side"; `visible_to` a verb needed over the row."""

    key = "part"
    framed = True

    def __init__(
        self, title: Text = "", *, place: str = "main", visible_to: str | None = None
    ) -> None:
        self._title = title
        self.place = place
        self.visible_to = str(visible_to) if visible_to else None

    def show(self, request: HttpRequest, actor: Actor, row: Any) -> Shown | None:
        """The part of this row for this actor, or None when there is nothing to show."""
        if self.visible_to and not actor.may(self.visible_to, row):
            return None
        html = self.html(request, actor, row)
        if html is None:
            return None
        return Shown(self.key, str(self._title), html, self.place, self.framed)

    def html(self, request: HttpRequest, actor: Actor, row: Any) -> str | None:
        """Safe markup of the part, or None."""
        raise NotImplementedError


class Fact:
    """One line of `Facts`: a field or path of the row, or what `show(row, actor)` gives."""

    def __init__(
        self,
        name: str,
        label: Text = "",
        *,
        show: Callable[[Any, Actor], Any] | None = None,
        visible_to: str | None = None,
        hide_empty: bool = False,
    ) -> None:
        self.name, self._label, self.shows = name, label, show
        self.visible_to = str(visible_to) if visible_to else None
        self.hide_empty = hide_empty

    def line(self, actor: Actor, row: Any) -> tuple[str, Any] | None:
        """Label and value, or None for one this actor does not see."""
        if self.visible_to and not actor.may(self.visible_to, row):
            return None
        value = self.shows(row, actor) if self.shows else fact_value(row, self.name)
        if self.hide_empty and value in (None, ""):
            return None
        return self.label(row), value

    def label(self, row: Any) -> str:
        """The label given, or the field's own."""
        field = None if self._label else field_of(type(row), self.name.split("__", maxsplit=1)[0])
        return str(capfirst(str(field.verbose_name if field is not None else self._label)))


class Facts(Part):
    """Label and value, one under the other; takes names or `Fact`s."""

    key = "facts"

    def __init__(
        self, *facts: Fact | str, title: Text = FACTS, two: bool = True, **more: Any
    ) -> None:
        super().__init__(title, **more)
        self.facts = [fact if isinstance(fact, Fact) else Fact(fact) for fact in facts]
        self.two = two and self.place == "main"

    def html(self, request: HttpRequest, actor: Actor, row: Any) -> str | None:  # noqa: ARG002
        lines = [line for fact in self.facts if (line := fact.line(actor, row)) is not None]
        return component("facts", lines, two=self.two)


class Template(Part):
    """A module's own part: a template and what it needs, worked out before."""

    def __init__(
        self,
        template: str,
        context: Callable[[HttpRequest, Any], Mapping[str, Any] | None],
        title: Text = "",
        *,
        framed: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(title, **more)
        self.template, self.context, self.framed = template, context, framed
        self.key = template.rpartition("/")[2].removesuffix(".html")

    def html(self, request: HttpRequest, actor: Actor, row: Any) -> str | None:
        own = self.context(request, row)
        if own is None:
            return None
        values = {**full_context(request, own), "row": row, "actor": actor}
        return page_environment().get_template(self.template).render(values)


class Files(Part):
    """Photos and papers of a scoped row, as `platform.files` shows them; nothing without any."""

    key = "files"

    def __init__(self, title: Text = PAPERS, *, kind: str | None = None, **more: Any) -> None:
        super().__init__(title, **more)
        self.kind = kind

    def html(self, request: HttpRequest, actor: Actor, row: Any) -> str | None:  # noqa: ARG002
        found = files.shown(row, kind=self.kind)
        if not found:
            return None
        values = {**full_context(request, {}), "files": found}
        return page_environment().get_template("desk/parts/files.html").render(values)


@dataclass(frozen=True)
class Told:
    """An entry as `ui.timeline` draws it."""

    who: str
    post: str
    does: str
    at: datetime
    icon: str
    tone: str
    said: str
    moved: Sequence[tuple[str, str, str]]


Saying = Callable[[Line], str]
SAID = ("reason", "words", "text", "note", "result", "request", "comment")


class Timeline(Part):
    """Every entry of the row. `look` maps verbs to (icon, tone), `say` puts facts into words."""

    key = "timeline"

    def __init__(
        self,
        title: Text = STORY,
        *,
        look: Mapping[str, tuple[str, str]] | None = None,
        say: Saying | None = None,
        **more: Any,
    ) -> None:
        super().__init__(title, **more)
        self.look = {str(verb): how for verb, how in (look or {}).items()}
        self.say = say or said

    def html(self, request: HttpRequest, actor: Actor, row: Any) -> str | None:  # noqa: ARG002
        lines = [self.told(line) for line in timeline(row)]
        if not lines:
            return None
        return component("timeline", lines)

    def told(self, line: Line) -> Told:
        """One entry in the form the page draws."""
        icon, tone = self.look.get(line.verb, ("", "idle"))
        post = line.post
        if line.on_behalf_of:
            post = f"{post} · {gettext('for %(name)s') % {'name': line.on_behalf_of}}"
        return Told(
            who=line.who or gettext("Somebody without an account"),
            post=post,
            does=line.label,
            at=line.at,
            icon=icon,
            tone=tone,
            said=gettext("(forgotten by rule)") if line.forgotten else self.say(line),
            moved=[(move.label, move.old, move.new) for move in line.moves],
        )


def said(line: Line) -> str:
    """The words somebody gave with an entry, and to whom it went."""
    found = [str(line.facts[name]) for name in SAID if line.facts.get(name)]
    if line.facts.get("to"):
        found.insert(0, f"→ {line.facts['to']}")
    return "\n".join(found)


def fact_value(row: Any, path: str) -> Any:
    """A field of the row as a reader wants it: choices by label, times written out."""
    first, _sep, rest = path.partition("__")
    if rest:
        inner = getattr(row, first)
        return fact_value(inner, rest) if inner is not None else None
    label = getattr(row, f"get_{first}_display", None)
    if label is not None:
        return label()
    return written(getattr(row, first))


def written(value: Any) -> str | SafeString | None:  # noqa: PLR0911  one line a kind
    """A value in words."""
    match value:
        case None | "":
            return None
        case bool():
            return gettext("Yes") if value else gettext("No")
        case datetime():
            return formats.dt(value)
        case date():
            return formats.day(value)
        case int():
            return formats.number(value)
        case list() | tuple():
            return "、".join(str(one) for one in value) or None
        case models.Model():
            return str(value)
        case _:
            return cells.safe(f'<span class="pre">{cells.text(value)}</span>')


def shown_parts(parts: Iterable[Part], request: HttpRequest, actor: Actor, row: Any) -> list[Shown]:
    """The parts this actor sees of this row."""
    return [shown for part in parts if (shown := part.show(request, actor, row)) is not None]

"""Buttons: a verb, the form that asks for what it needs, and the module's action that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise

from linli.platform.access.actor import Actor
from linli.platform.changes.public import label_of

Text = str | Promise


class ActionForm(forms.Form):
    """A form that knows who fills it and for which row; `build` may set choices and initials.

    Asked once for several ticked rows it has no `row` but `rows`.
    """

    def __init__(
        self, *args: Any, actor: Actor, row: Any = None, rows: Sequence[Any] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.actor = actor
        self.row = row
        self.rows = rows
        self.build()

    def build(self) -> None:
        """Set what depends on actor and row, or rows."""


@dataclass(frozen=True)
class Doing:
    """What an action is called with: who, on which row, with what, when, from which version."""

    actor: Actor
    row: Any
    data: Mapping[str, Any]
    at: datetime
    expected: int | None = None
    files: Any = None


# What comes back: nothing (go to the row's page), a row to go to, or an address.
Outcome = models.Model | str | None


@dataclass(frozen=True)
class Many:
    """How an action is done on several ticked rows, where it differs from doing it on one.

    `form` asks once for all of them, `do` is then called for each. `tells(row, actor)` gives a few
    words on each row before it is done, e.g. what will come of it.
    """

    form: type[ActionForm] | None = None
    do: Callable[[Doing], Outcome] | None = None
    tells: Callable[[Any, Actor], str] | None = None
    about: Text = ""


@dataclass(frozen=True)
class Action:
    """One button.

    `do` does it through the module's action; a `LinliError` it raises is shown at its place.
    `form` asks first. `of` is "row", or "list" for what makes something new. `when` may hide the
    button beyond what the verb and the life cycle say; it is asked again before doing.
    `tone` "primary" is the one next step, "danger" asks for confirmation by `confirm`.
    `many` lets it be done on ticked rows of the list, each by itself: True as it is, or a `Many`.
    """

    verb: str
    do: Callable[[Doing], Outcome]
    form: type[ActionForm] | None = None
    of: str = "row"
    label: Text = ""
    icon: str = ""
    tone: str = ""
    confirm: Text = ""
    about: Text = ""
    done: Text = ""
    save: Text = ""
    template: str = "desk/act.html"
    when: Callable[[Any, Actor], bool] | None = None
    context: Callable[[Any, Actor], Mapping[str, Any]] | None = None
    slug: str = field(default="")
    many: Many | bool = False

    @property
    def name(self) -> str:
        """Last part of the address: `cases.dispatch` → `dispatch`."""
        return self.slug or str(self.verb).rpartition(".")[2]

    @property
    def words(self) -> str:
        """What stands on the button."""
        return str(self.label or label_of(str(self.verb)))


@dataclass(frozen=True)
class Button:
    """A button as the page draws it."""

    label: str
    url: str
    icon: str
    tone: str
    asks: bool
    confirm: str
    verb: str

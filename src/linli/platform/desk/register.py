"""A register: the list, page, forms and menu of one table, described once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, cached_property

from linli.kernel.errors import Forbidden, NotFound
from linli.platform.access.actor import Actor
from linli.platform.changes.public import label_of
from linli.platform.desk import columns as column_kinds
from linli.platform.desk import filters as filter_kinds
from linli.platform.desk.columns import Column
from linli.platform.desk.details import Part
from linli.platform.desk.doing import Action, Button
from linli.platform.desk.filters import Filter
from linli.platform.flow.moves import Flow

Text = str | Promise

GROUPS = ("today", "work", "places", "organisation", "settings")


@dataclass(frozen=True)
class Menu:
    """Where the register stands in the navigation. `go` is the key after `g` that jumps there."""

    label: Text
    group: str = "work"
    icon: str = "list"
    order: int = 100
    go: str = ""
    count: Callable[[Actor], int] | None = None
    tone: str = ""


@dataclass(frozen=True)
class View:
    """A view that comes with the register: a tab over the list. `query` is an address part."""

    key: str
    label: Text
    query: str = ""


@dataclass(frozen=True)
class Empty:
    """What an empty list says: nothing there at all, and nothing that fits the filters."""

    title: Text
    text: Text = ""
    icon: str = "inbox"


class Register:
    """Base of all registers; a subclass with a `name` is registered by being defined."""

    name: ClassVar[str] = ""
    model: ClassVar[type[models.Model]]
    label: ClassVar[Text] = ""
    about: ClassVar[Text] = ""
    view_verb: ClassVar[str | None] = None
    columns: ClassVar[Sequence[Column | str]] = ()
    filters: ClassVar[Sequence[Filter | str]] = ()
    default_sort: ClassVar[str] = "-pk"
    views: ClassVar[Sequence[View]] = ()
    detail: ClassVar[Sequence[Part]] = ()
    actions: ClassVar[Sequence[Action]] = ()
    flow: ClassVar[Flow | None] = None
    menu: ClassVar[Menu | None] = None
    # The field in a row's address: its key, or a number that can be read over the phone.
    lookup: ClassVar[str] = "pk"
    path: ClassVar[str] = ""
    page_size: ClassVar[int] = 50
    empty: ClassVar[Empty | None] = None
    exportable: ClassVar[bool] = True
    # Whether people may follow a row; None: those with a life cycle.
    followable: ClassVar[bool | None] = None
    list_template: ClassVar[str] = "desk/list.html"
    detail_template: ClassVar[str] = "desk/detail.html"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.__dict__.get("name"):
            _registers[cls.name] = cls()

    # What a module gives.

    @staticmethod
    def rows(actor: Actor, /) -> QuerySet[Any]:
        """The rows this actor may know of."""
        raise NotImplementedError

    @staticmethod
    def search(rows: QuerySet[Any], actor: Actor, text: str, /) -> QuerySet[Any]:  # noqa: ARG004
        """The rows that fit what was typed; a register without this has no search box."""
        return rows

    def title(self, row: Any) -> str:
        """Head of the row's page."""
        return str(row)

    def badges(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        """Markup behind the head: state, clock."""
        return ""

    def summary(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        """One line under the head."""
        return ""

    def detail_rows(self, actor: Actor) -> QuerySet[Any]:
        """The rows as the page of one needs them, e.g. with `select_related`."""
        return type(self).rows(actor)

    def list_context(self, request: HttpRequest, actor: Actor) -> Mapping[str, Any]:  # noqa: ARG002
        """More for a list template of the module's own."""
        return {}

    def detail_context(self, request: HttpRequest, actor: Actor, row: Any) -> Mapping[str, Any]:  # noqa: ARG002
        """More for a detail template of the module's own."""
        return {}

    # What follows from it.

    @property
    def named(self) -> Text:
        """Name of the register, translated where it is read."""
        if self.label:
            return self.label
        return self.menu.label if self.menu else self.model._meta.verbose_name_plural or self.name

    @property
    def heading(self) -> str:
        """Name of the register in the reader's language."""
        return str(self.named)

    @property
    def can_follow(self) -> bool:
        return self.flow is not None if self.followable is None else self.followable

    @property
    def searchable(self) -> bool:
        return type(self).search is not Register.search

    @cached_property
    def all_columns(self) -> tuple[Column, ...]:
        """Every column, settled."""
        return tuple(column_kinds.settled(self.model, column) for column in self.columns)

    @cached_property
    def all_filters(self) -> tuple[Filter, ...]:
        """Every filter, settled."""
        return filter_kinds.settled(self.model, self.filters)

    @cached_property
    def by_name(self) -> dict[tuple[str, str], Action]:
        """Actions by what they are of ("row", "list") and the last part of their address."""
        return {(action.of, action.name): action for action in self.actions}

    def columns_for(self, actor: Actor) -> list[Column]:
        """The columns that exist for this actor."""
        return [c for c in self.all_columns if c.visible_to is None or actor.knows(c.visible_to)]

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor may see the register at all."""
        return actor.is_signed_in and (self.view_verb is None or actor.knows(str(self.view_verb)))

    def require_open(self, actor: Actor) -> None:
        """Raise `Forbidden` unless `open_to`."""
        if not self.open_to(actor):
            raise Forbidden(label_of(str(self.view_verb)) if self.view_verb else self.heading)

    def find(self, actor: Actor, key: str) -> Any:
        """The row with this key. Raises `NotFound` also for one out of reach."""
        try:
            row = self.detail_rows(actor).filter(**{self.lookup: key}).first()
        except (ValueError, ValidationError):
            row = None
        if row is None:
            raise NotFound
        return row

    # Addresses.

    @cached_property
    def slug(self) -> str:
        """The register's part of the address."""
        return self.path or self.name.replace("_", "-")

    @cached_property
    def url(self) -> str:
        """Address of the list."""
        return reverse(f"desk:{self.name}")

    def url_of(self, row: Any) -> str:
        """Address of a row's page; takes a row, or its key."""
        key = getattr(row, self.lookup) if isinstance(row, models.Model) else row
        return f"{self.url}{key}/"

    def url_do(self, row: Any, verb: str) -> str:
        """Address of one action on a row."""
        return f"{self.url_of(row)}{str(verb).rpartition('.')[2]}/"

    def url_new(self, verb: str) -> str:
        """Address of an action that makes something new."""
        return f"{self.url}new/{str(verb).rpartition('.')[2]}/"

    # Buttons.

    def may_do(self, action: Action, row: Any, actor: Actor) -> bool:
        """Whether the button is there: verb, life cycle, and the module's own condition."""
        if action.of == "list":
            allowed = actor.knows(str(action.verb))
        elif self.flow is not None and str(action.verb) in self.flow.verbs():
            allowed = self.flow.find(row.state, str(action.verb)) is not None and actor.may(
                str(action.verb), row
            )
        else:
            allowed = actor.may(str(action.verb), row)
        return allowed and (action.when is None or action.when(row, actor))

    def buttons(self, row: Any, actor: Actor) -> list[Button]:
        """The buttons of a row's page, in the order of `actions`."""
        return [
            self._button(action, f"{self.url_of(row)}{action.name}/")
            for action in self.actions
            if action.of == "row" and self.may_do(action, row, actor)
        ]

    def list_buttons(self, actor: Actor) -> list[Button]:
        """The buttons over the list."""
        return [
            self._button(action, f"{self.url}new/{action.name}/")
            for action in self.actions
            if action.of == "list" and self.may_do(action, None, actor)
        ]

    def _button(self, action: Action, url: str) -> Button:
        return Button(
            label=action.words,
            url=url,
            icon=action.icon,
            tone=action.tone,
            asks=action.form is not None,
            confirm=str(action.confirm),
            verb=str(action.verb),
        )


_registers: dict[str, Register] = {}


def registers() -> list[Register]:
    """Every register of the installation, in the order of the navigation."""
    return sorted(_registers.values(), key=_place)


def register(name: str) -> Register:
    """The register of that name."""
    return _registers[name]


def _place(one: Register) -> tuple[int, int, str]:
    if one.menu is None:
        return len(GROUPS), 0, one.name
    group = GROUPS.index(one.menu.group) if one.menu.group in GROUPS else len(GROUPS)
    return group, one.menu.order, one.name

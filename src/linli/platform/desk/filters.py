"""Filters of a list: each reads its part of the address, narrows the rows, says what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.platform.access.actor import Actor
from linli.platform.access.models import Unit
from linli.platform.access.reads import keys_above
from linli.platform.desk.cells import entries
from linli.platform.desk.columns import field_of
from linli.platform.pages import formats

Text = str | Promise

OVERDUE, AREA = _("Overdue"), _("Area of responsibility")
Options = Iterable[tuple[str, str]]


class Option(NamedTuple):
    """One entry of a select."""

    value: str
    label: str
    chosen: bool = False


@dataclass
class Chip:
    """One filter in force: what, in words, and which parameters taking it away removes."""

    label: str
    words: str
    names: tuple[str, ...]


@dataclass
class Control:
    """What the page draws for a filter."""

    kind: str  # select, dates, text, none
    name: str
    label: str
    options: list[Option] = field(default_factory=list)
    value: str = ""
    until: str = ""
    problem: str = ""

    @property
    def drawn(self) -> SafeString:
        """The entries of the select as markup."""
        return entries(tuple(self.options))


@dataclass
class Applied:
    """A filter read from the address: the condition it sets, its chip, its control."""

    condition: Q | None
    chip: Chip | None
    control: Control


class Filter:
    """Base of all filters. `name` is the parameter in the address."""

    suffixes: ClassVar[tuple[str, ...]] = ("",)

    def __init__(self, name: str, label: Text = "", *, path: str = "") -> None:
        self.name = name
        self.path = path or name
        self._label = label
        self.field: models.Field[Any, Any] | None = None

    def settle(self, model: type[models.Model]) -> None:
        """Learn field and label from the model."""
        self.field = field_of(model, self.path)
        if not self._label:
            named = field_of(model, self.name) or self.field
            self._label = named.verbose_name if named is not None else self.name

    @property
    def label(self) -> str:
        return str(capfirst(str(self._label)))

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters this filter reads."""
        return tuple(f"{self.name}{suffix}" for suffix in self.suffixes)

    def apply(self, given: QueryDict, actor: Actor) -> Applied:
        """Read the address; what cannot be understood is said at the control and not applied."""
        raise NotImplementedError


class Choice(Filter):
    """One or several of a set of values.

    `choices` is a function of the actor giving `(value, label)` pairs; without it the field's own
    choices are offered. Several values may stand in the address: `?state=filed&state=finished`.
    """

    def __init__(
        self,
        name: str,
        label: Text = "",
        *,
        path: str = "",
        choices: Callable[[Actor], Options] | None = None,
    ) -> None:
        super().__init__(name, label, path=path)
        self.choices = choices

    def options(self, actor: Actor) -> list[tuple[str, str]]:
        """What can be chosen."""
        if self.choices is not None:
            return [(str(value), str(label)) for value, label in self.choices(actor)]
        found = self.field.flatchoices if self.field is not None else []
        return [(str(value), str(label)) for value, label in found]

    def apply(self, given: QueryDict, actor: Actor) -> Applied:
        options = dict(self.options(actor))
        chosen = [value for value in given.getlist(self.name) if value in options]
        drawn = [Option(value, label, [value] == chosen) for value, label in options.items()]
        control = Control("select", self.name, self.label, drawn)
        if not chosen:
            return Applied(None, None, control)
        words = "、".join(options[value] for value in chosen)
        if len(chosen) > 1:
            drawn.insert(0, Option("", words, True))
        condition = Q(**{f"{self.path}__in": chosen})
        return Applied(condition, Chip(self.label, words, (self.name,)), control)


class YesNo(Filter):
    """A condition that holds or does not: `YesNo("late", _("Late"), Q(…))`."""

    def __init__(self, name: str, label: Text = "", condition: Q | None = None) -> None:
        super().__init__(name, label)
        self.condition = condition

    def yes(self, actor: Actor) -> Q:  # noqa: ARG002  others look at the actor
        """The condition of “yes”."""
        return self.condition if self.condition is not None else Q(**{self.path: True})

    def apply(self, given: QueryDict, actor: Actor) -> Applied:
        value = given.get(self.name, "")
        answers = {"yes": gettext("Yes"), "no": gettext("No")}
        options = [Option(key, words, key == value) for key, words in answers.items()]
        control = Control("select", self.name, self.label, options)
        if value not in answers:
            return Applied(None, None, control)
        condition = self.yes(actor) if value == "yes" else ~self.yes(actor)
        return Applied(condition, Chip(self.label, answers[value], (self.name,)), control)


class Overdue(YesNo):
    """Whether the time of a clocked row is up."""

    def __init__(self, name: str = "overdue", label: Text = OVERDUE) -> None:
        super().__init__(name, label)

    def yes(self, actor: Actor) -> Q:  # noqa: ARG002
        return Q(due_at__lte=timezone.now(), paused_at__isnull=True)


class Mine(YesNo):
    """Rows of the actor's own post or account: `Mine("mine", _("Mine"), lambda actor: Q(…))`."""

    def __init__(self, name: str, label: Text, of: Callable[[Actor], Q]) -> None:
        super().__init__(name, label)
        self.of = of

    def yes(self, actor: Actor) -> Q:
        return self.of(actor)


class Period(Filter):
    """From a day to a day, both included, in local time."""

    suffixes = ("_from", "_to")

    def apply(self, given: QueryDict, actor: Actor) -> Applied:  # noqa: ARG002
        texts = [given.get(name, "").strip() for name in self.names]
        days, problem = [], ""
        for text in texts:
            found = read_day(text)
            if text and found is None:
                problem = gettext("“%(text)s” is no date. Write it as 2026-11-22.") % {
                    "text": text[:20]
                }
            days.append(found)
        first, last = days
        if first and last and first > last:
            problem = gettext("The first day lies after the last.")
        control = Control("dates", self.name, self.label, [], texts[0], texts[1], problem)
        if problem or not (first or last):
            return Applied(None, None, control)
        moments = isinstance(self.field, models.DateTimeField)
        condition = Q()
        if first:
            condition &= Q(**{f"{self.path}__gte": start_of(first) if moments else first})
        if last and moments:
            condition &= Q(**{f"{self.path}__lt": start_of(date.fromordinal(last.toordinal() + 1))})
        elif last:
            condition &= Q(**{f"{self.path}__lte": last})
        words = "–".join(formats.written(day, "date") if day else "…" for day in days)
        return Applied(condition, Chip(self.label, words, self.names), control)


class Within(Filter):
    """A unit and everything below it, inside the actor's branch only.

    The control offers the units one step below the present choice and the way back up, so that
    it works at any size and without scripts. `path` is the key column, `unit_key` by rule.
    """

    def __init__(self, name: str = "unit", label: Text = AREA, *, path: str = "unit_key") -> None:
        super().__init__(name, label, path=path)

    def apply(self, given: QueryDict, actor: Actor) -> Applied:
        chosen, problem = self._chosen(given.get(self.name, ""), actor)
        options = self._options(chosen, actor)
        control = Control("select", self.name, self.label, options, problem=problem)
        if chosen is None:
            return Applied(None, None, control)
        condition = chosen.branch.where(self.path)
        return Applied(condition, Chip(self.label, chosen.name, (self.name,)), control)

    def _chosen(self, text: str, actor: Actor) -> tuple[Unit | None, str]:
        if not text:
            return None, ""
        key = uuid_or_none(text)
        unit = Unit.objects.filter(pk=key).first() if key is not None else None
        if unit is None or unit.key not in actor.branch:
            return None, gettext("This area lies outside yours.")
        return unit, ""

    def _options(self, chosen: Unit | None, actor: Actor) -> list[Option]:
        if actor.branch.lo == actor.branch.hi:
            return []
        today = timezone.localdate()
        open_units = Unit.objects.filter(Q(closed__isnull=True) | Q(closed__gt=today))
        open_units = open_units.filter(actor.branch.where("key"))
        top: Any = chosen.pk if chosen is not None else actor.unit_id
        below = open_units.filter(parent=top)
        found = [
            Option(str(pk), name)
            for pk, name in below.order_by("name_key", "key").values_list("pk", "name")[:500]
        ]
        if chosen is None:
            return found
        way = [key for key in keys_above(chosen.key) if key in actor.branch]
        above = dict(open_units.filter(key__in=way).values_list("key", "pk"))
        names = dict(open_units.filter(key__in=way).values_list("key", "name"))
        up = [Option(str(above[key]), f"↑ {names[key]}") for key in way[1:] if key in above]
        return [Option(str(chosen.pk), chosen.name, True), *up, *found]


class Exactly(Filter):
    """One related row, chosen by a link from another page; `words` names it."""

    def __init__(
        self,
        name: str,
        label: Text = "",
        *,
        path: str = "",
        words: Callable[[Actor, str], str | None],
    ) -> None:
        super().__init__(name, label, path=path)
        self.words = words

    def apply(self, given: QueryDict, actor: Actor) -> Applied:
        value = given.get(self.name, "")
        control = Control("none", self.name, self.label, value=value)
        words = self.words(actor, value) if value else None
        if words is None:
            return Applied(Q(pk__in=[]) if value else None, None, control)
        try:
            condition = Q(**{self.path: self.field.to_python(value) if self.field else value})
        except ValidationError:
            return Applied(Q(pk__in=[]), None, control)
        return Applied(condition, Chip(self.label, words, (self.name,)), control)


def read_day(text: str) -> date | None:
    """A day as browsers and people write it, or None."""
    cleaned = text.replace("年", "-").replace("月", "-").rstrip("日").replace("/", "-")
    try:
        year, month, day = (int(part) for part in cleaned.split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def start_of(day: date) -> datetime:
    """Midnight at the beginning of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def uuid_or_none(text: str) -> UUID | None:
    """The id in a text, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def settled(model: type[models.Model], filters: Sequence[Filter | str]) -> tuple[Filter, ...]:
    """Filters ready for use; a bare name becomes the kind its field asks for."""
    found = []
    for one in filters:
        made = one if isinstance(one, Filter) else _kind(model, one)(one)
        made.settle(model)
        found.append(made)
    return tuple(found)


def _kind(model: type[models.Model], name: str) -> type[Filter]:
    kind = field_of(model, name)
    if isinstance(kind, models.BooleanField):
        return YesNo
    return Period if isinstance(kind, models.DateField) else Choice

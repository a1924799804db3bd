"""What is stored of divisions and their history, and what can never be untrue of them.

Today's row of a unit is `access.Unit`; here is what it was called, coded and placed on any day.
Periods are half-open: `starts` is the first day, `ends` the first day it is no longer true. That
periods of one unit never overlap is refused by the database (see the second migration).
"""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.platform.access.public import Scoped
from linli.platform.changes.public import Changeable


class System(models.TextChoices):
    """Who gave a code. The same digits may mean two places in two systems."""

    NBS = "nbs", _("statistics bureau")
    MCA = "mca", _("civil affairs")
    LOCAL = "local", _("local")


class Kind(models.TextChoices):
    """What a unit is called by law."""

    PLAIN = "", "—"
    STREET = "street", _("street")
    TOWN = "town", _("town")
    TOWNSHIP = "township", _("township")
    ZONE = "zone", _("development zone")
    COMMUNITY = "community", _("urban community")
    VILLAGE = "village", _("village")
    OTHER = "other", _("other area")


class Become(models.TextChoices):
    """What became of a unit."""

    MERGED = "merged", _("merged into")
    SPLIT = "split", _("split into")
    CLOSED = "closed", _("abolished, its matters went to")


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name=name
    )


class Period(models.Model):
    """Something true from a day until (not including) another; without an end, still true."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True)

    class Meta:
        abstract = True


class UnitName(Period):
    """What a unit is called."""

    unit = models.ForeignKey(
        "access.Unit", on_delete=models.PROTECT, related_name="names", db_index=False
    )
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "starts"], name="one_new_name_a_day"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ends__isnull=True), name="one_name_at_a_time"
            ),
            _in_order("name_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["name"], condition=Q(ends__isnull=False), name="former_name")
        ]

    def __str__(self) -> str:
        return self.name


class UnitCode(Period):
    """A unit's code in one system."""

    unit = models.ForeignKey(
        "access.Unit", on_delete=models.PROTECT, related_name="codes", db_index=False
    )
    system = models.CharField(max_length=5, choices=System)
    code = models.CharField(max_length=15)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "system", "starts"], name="one_new_code_a_day"),
            models.UniqueConstraint(
                fields=["system", "code"], condition=Q(ends__isnull=True), name="one_unit_a_code"
            ),
            _in_order("code_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(
                fields=["system", "code"], condition=Q(ends__isnull=False), name="former_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.code}"


class Placement(Period):
    """Under which unit a unit stands: one at a time, so nobody is owned twice."""

    unit = models.ForeignKey(
        "access.Unit", on_delete=models.PROTECT, related_name="placements", db_index=False
    )
    parent = models.ForeignKey("access.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    # Only the years before and after are known: the day is an assumption, and this is its basis.
    # The database fills both in for rows that come by COPY.
    day_assumed = models.BooleanField(default=False, db_default=False)
    basis = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "starts"], name="one_new_parent_a_day"),
            models.CheckConstraint(
                condition=Q(day_assumed=False) | ~Q(basis=""), name="assumed_day_has_a_basis"
            ),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ends__isnull=True), name="one_parent_at_a_time"
            ),
            _in_order("placement_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")),
                name="nothing_stands_under_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} < {self.parent}"


class Successor(models.Model):
    """What became of a unit on a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    before = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="successors")
    after = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="predecessors")
    kind = models.CharField(max_length=10, choices=Become)
    on = models.DateField()
    # What lay in the unit itself, not below it, went here.
    heir = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="succeeds_once"),
            models.UniqueConstraint(
                fields=["before"], condition=Q(heir=True), name="one_heir_a_unit"
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="nothing_succeeds_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.before} {self.get_kind_display()} {self.after}"


class PlanState(models.TextChoices):
    """How a planned change stands."""

    PLANNED = "planned", _("planned")
    DONE = "done", _("carried out")
    FAILED = "failed", _("could not be carried out")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Plan(Scoped, Changeable):
    """A change of the tree decided for a later day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    verb = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    on = models.DateField(_("on"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState)
    account = models.ForeignKey(
        "access.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("planned change")
        verbose_name_plural = _("planned changes")
        indexes = [
            models.Index(
                fields=["on"], condition=Q(state=PlanState.PLANNED), name="plans_to_carry_out"
            ),
            models.Index(fields=["unit_key"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.on}"


class Outline(Scoped, Changeable):
    """Where a unit lies: a polygon in WGS84 as GeoJSON geometry, with its box for indexes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shape = models.JSONField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    area_m2 = models.FloatField(_("surface"))
    since = models.DateField(_("since"))

    scope_open = "Where a grid runs is public; who works in it is not."
    silent_fields = frozenset({"shape", "west", "south", "east", "north"})

    class Meta:
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")
        constraints = [
            models.UniqueConstraint(fields=["unit"], name="one_outline_a_unit"),
            models.CheckConstraint(
                condition=Q(west__lte=F("east")) & Q(south__lte=F("north")),
                name="outline_box_is_a_box",
            ),
        ]
        indexes = [models.Index(fields=["unit_key"])]

    def __str__(self) -> str:
        return str(self.unit)


class PastOutline(models.Model):
    """Where a unit lay."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="+")
    shape = models.JSONField()
    area_m2 = models.FloatField()
    starts = models.DateField()
    ends = models.DateField()

    def __str__(self) -> str:
        return f"{self.unit} {self.starts}–{self.ends}"


class MapVersion(models.Model):
    """One row that counts changes of outlines, so that every process knows when to read again."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Estimate(Scoped, Changeable):
    """How many households a grid or community has, as far as known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    households = models.PositiveIntegerField(_("households"))
    buildings = models.PositiveIntegerField(_("buildings"), null=True, blank=True)
    counted = models.DateField(_("counted on"))
    source = models.CharField(_("source"), max_length=120, blank=True)

    scope_open = "Numbers of households are published."

    class Meta:
        verbose_name = _("number of households")
        verbose_name_plural = _("numbers of households")
        constraints = [models.UniqueConstraint(fields=["unit"], name="one_estimate_a_unit")]
        indexes = [models.Index(fields=["unit_key"])]

    def __str__(self) -> str:
        return f"{self.unit} {self.households}"


class Norm(Changeable, Period):
    """A number the law or the office sets, with the days it is in force and its source."""

    slug = models.CharField(max_length=60)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2)
    measure = models.CharField(_("unit"), max_length=40)
    strength = models.CharField(_("strength"), max_length=20)
    rule = models.CharField(max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=200)

    # Norms hold for the whole installation.
    unit_key = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug", "starts"], name="one_new_norm_a_day"),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(ends__isnull=True), name="one_norm_at_a_time"
            ),
            _in_order("norm_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.value}"

    def held_by(self, post_id: UUID) -> bool:  # noqa: ARG002
        """A norm is nobody's."""
        return False

"""What is stored of cases, and what can never be untrue of them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.kernel.worktime import Kind, Span
from linli.modules.cases.states import HELD, OPEN, State
from linli.platform.access.branch import Branch
from linli.platform.access.models import Account, Post
from linli.platform.access.scoped import Scoped, setting, uuid_setting
from linli.platform.changes.public import Changeable
from linli.platform.flow.clocked import Clocked

LONGEST_TEXT = 2_000
LISTED_HELPS = 200
# NULL when the post handles any case out of the branch, then the cases there it was asked to help
# with. By hand: every page of every list asks it, and the ORM takes three times as long to put it.
HELD_BEYOND = """
SELECT NULL::uuid
WHERE EXISTS (SELECT FROM cases_case WHERE handler_id = %(post)s AND unit_key < %(lo)s)
    OR EXISTS (SELECT FROM cases_case WHERE handler_id = %(post)s AND unit_key >= %(hi)s)
UNION ALL (
    SELECT case_id FROM cases_help
    WHERE post_id = %(post)s AND (unit_key < %(lo)s OR unit_key >= %(hi)s)
    ORDER BY asked_at DESC LIMIT %(most)s
)
"""


class Grade(models.TextChoices):
    """How grave a kind of case is."""

    GENERAL = "general", _("General")
    URGENT = "urgent", _("Urgent")
    MAJOR = "major", _("Major")


class SpanKind(models.TextChoices):
    """What a limit counts."""

    URGENT_HOUR = Kind.URGENT_HOUR.value, _("hours, day and night")
    WORK_HOUR = Kind.WORK_HOUR.value, _("working hours")
    WORK_DAY = Kind.WORK_DAY.value, _("working days")
    NATURAL_DAY = Kind.NATURAL_DAY.value, _("calendar days")


class Category(Changeable):
    """A kind of case: who handles it, in what time, what is asked of the reporter."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("code"), max_length=10, unique=True)
    group_code = models.CharField(max_length=4)
    group_zh = models.CharField(max_length=40)
    group_en = models.CharField(max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade)
    limit_amount = models.PositiveIntegerField(_("limit"))
    limit_kind = models.CharField(_("counted in"), max_length=20, choices=SpanKind)
    # The role whose posts handle it, nearest first; empty: decided case by case.
    handler_role = models.SlugField(max_length=60, blank=True)
    questions = models.JSONField(default=list, blank=True)
    filing_zh = models.TextField(_("filing conditions"), blank=True)
    filing_en = models.TextField(blank=True)
    stop_zh = models.CharField(_("stop-question"), max_length=200, blank=True)
    stop_en = models.CharField(max_length=200, blank=True)
    stop_phone = models.CharField(max_length=20, blank=True)
    anonymous_allowed = models.BooleanField(_("anonymous reports allowed"), default=True)
    # Reported on the residents' pages only with a number proven by a code.
    needs_proven_phone = models.BooleanField(_("proven number needed"), default=False)
    # Cases about persons and quarrels are shown to nobody but those concerned.
    shown_publicly = models.BooleanField(_("shown to neighbours"), default=True)
    duplicate_radius_m = models.PositiveIntegerField(_("duplicate radius (m)"), default=100)
    duplicate_days = models.PositiveIntegerField(_("duplicate days"), default=14)
    closed = models.DateField(_("closed from"), null=True, blank=True)

    # Holds for the whole installation.
    unit_key = ""

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(limit_amount__gt=0), name="category_has_a_limit"),
            models.CheckConstraint(
                condition=Q(needs_proven_phone=False) | Q(anonymous_allowed=False),
                name="nobody_proves_a_number_without_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if _reads_english() else self.name_zh

    @property
    def group(self) -> str:
        return self.group_en if _reads_english() else self.group_zh

    @property
    def filing(self) -> str:
        return self.filing_en if _reads_english() else self.filing_zh

    @property
    def stop(self) -> str:
        return self.stop_en if _reads_english() else self.stop_zh

    @property
    def handling_limit(self) -> Span:
        """How long handling may take."""
        return Span(self.limit_amount, Kind(self.limit_kind))


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")


class TimeRule(Changeable):
    """A dated limit of a stage or a window, with its source."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.SlugField(max_length=40)
    label_zh = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    amount = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=SpanKind)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    # Holds for the whole installation.
    unit_key = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "starts"], name="one_time_rule_a_day"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="time_rule_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.amount} {self.kind}"


class Channel(models.TextChoices):
    """How a case came in."""

    PORTAL = "portal", _("Residents' page")
    WINDOW = "window", _("Service window")
    PHONE = "phone", _("Telephone")
    FIELD = "field", _("Grid worker")


class Case(Scoped, Clocked, Changeable):
    """One matter reported in one place, from report to rating."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    grade = models.CharField(_("grade"), max_length=10, choices=Grade)
    text = models.TextField(_("description"), max_length=LONGEST_TEXT)
    place = models.CharField(_("place"), max_length=200, blank=True)
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    # The square of the duplicate search the point lies in, see duplicates.py.
    cell = models.BigIntegerField(null=True, editable=False)
    answers = models.JSONField(default=dict, blank=True)
    channel = models.CharField(_("came in by"), max_length=10, choices=Channel)
    # Sent with the form, so that a second click finds the first report.
    submission = models.UUIDField(null=True, unique=True, editable=False)

    handler = models.ForeignKey(
        Post,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("handler"),
        db_index=False,
    )
    taken_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("in hand of")
    )
    # The handler and everybody asked for help: their posts see the case wherever it lies.
    engaged = ArrayField(models.UUIDField(), default=list, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged"
    )

    result = models.TextField(_("result"), blank=True, max_length=LONGEST_TEXT)
    extension_asked = models.BooleanField(default=False)
    reworks = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(
        _("satisfaction"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rating_words = models.CharField(max_length=500, blank=True)

    reported_at = models.DateTimeField(_("reported"))
    filed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    # Until when the case was to be finished, kept for the figures after the clock has stopped.
    handle_due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    personal_fields: ClassVar[frozenset[str]] = frozenset({"text", "answers", "rating_words"})
    # The entry's own moment, verb and facts say what these repeat for lists and figures.
    silent_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "cell",
            "alarm_at",
            "alarm_step",
            "engaged",
            "handle_due_at",
            "submission",
            "filed_at",
            "dispatched_at",
            "finished_at",
            "closed_at",
            "extension_asked",
            "reworks",
            "rating",
            "rating_words",
            "result",
        }
    )
    clock_columns = (*Clocked.clock_columns, "handle_due_at")
    scope_also = f"{uuid_setting('post')} = ANY(engaged) OR number = {setting('reference')}"

    class Meta:
        indexes = [
            # With all that the policy reads, so that a list and its count read the index alone.
            models.Index(
                fields=["unit_key", "-reported_at"],
                include=["id", "number", "engaged"],
                name="case_by_unit",
            ),
            models.Index(fields=["-reported_at", "-id"], name="case_by_report"),
            models.Index(
                fields=["due_at", "id"], name="case_by_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["handler", "-reported_at"], name="case_by_handler"),
            models.Index(fields=["handler", "unit_key"], name="case_by_handler_and_unit"),
            models.Index(fields=["category", "-reported_at"], name="case_by_category"),
            models.Index(
                fields=["unit_key", "state"],
                name="open_case_by_unit",
                condition=Q(state__in=[state.value for state in OPEN]),
            ),
            models.Index(
                fields=["unit_key", "due_at"],
                name="running_case_by_unit",
                condition=Q(due_at__isnull=False),
            ),
            # How much a post has in hand, whatever it has done before.
            models.Index(
                fields=["handler"],
                name="held_case_by_handler",
                condition=Q(state__in=[state.value for state in HELD]),
            ),
            models.Index(
                fields=["handler", "due_at"],
                name="running_case_by_handler",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["alarm_at"], name="case_by_alarm", condition=Q(alarm_at__isnull=False)
            ),
            models.Index(
                fields=["cell"],
                name="case_by_cell",
                condition=Q(state__in=[state.value for state in OPEN]),
            ),
            models.Index(fields=["merged_into"], name="case_by_merge"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="rating_is_1_to_5"
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="merged_case_names_the_other",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["dispatched", "handling", "suspended", "finished"])
                | Q(handler__isnull=False),
                name="case_in_hand_has_a_handler",
            ),
            models.CheckConstraint(
                condition=Q(lng__isnull=True, lat__isnull=True)
                | Q(lng__isnull=False, lat__isnull=False),
                name="case_point_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def held_by(self, post_id: UUID) -> bool:
        return post_id in self.engaged

    def clock_was_set(self) -> None:
        """While somebody handles the case, its promise is the handling limit."""
        if self.state in HELD:
            self.handle_due_at = self.due_at

    @classmethod
    def held_beyond(cls, post_id: UUID, branch: Branch) -> Q:
        """The cases outside the branch that a post handles, and the last it was asked to help with.

        Nearly every post has none there: then a list over its branch is one range of an index.
        Those it helps with are named one by one: beside a subquery no index could serve the other
        conditions. Older ones are still found by number, for the post keeps sight of them.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                HELD_BEYOND,
                {"post": post_id, "lo": branch.lo, "hi": branch.hi, "most": LISTED_HELPS},
            )
            found = [key for (key,) in cursor.fetchall()]
        named = [key for key in found if key is not None]
        held = Q(handler=post_id) if None in found else Q()
        return held | Q(pk__in=named) if named else held


class Reporter(Scoped, Changeable):
    """Somebody who reported a case, or joined one: kept apart, seen by those who need to call."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reporters")
    first = models.BooleanField(default=True)
    name = models.CharField(_("reporter's name"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    # When a code sent to the number came back; a number that was only typed may be anybody's.
    phone_proven_at = models.DateTimeField(null=True)
    email = models.EmailField(_("e-mail"), blank=True)
    words = models.TextField(blank=True, max_length=LONGEST_TEXT)
    # Keyed hash of the code the reporter was given; it opens rating and reopening.
    receipt = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=10, blank=True)
    since = models.DateTimeField()

    personal_fields: ClassVar[frozenset[str]] = frozenset({"name", "phone", "email", "words"})
    scope_also = "case_id = nullif(current_setting('linli.subject', true), '')::uuid"

    class Meta:
        indexes = [
            models.Index(fields=["unit_key"]),
            models.Index(
                fields=["phone", "-since"], name="reporter_by_phone", condition=~Q(phone="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(first=True), name="one_first_reporter_a_case"
            ),
            models.CheckConstraint(
                condition=Q(phone_proven_at__isnull=True) | ~Q(phone=""),
                name="proven_reporter_has_a_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class Help(Scoped, Changeable):
    """A post asked to help with a case, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="helps")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    request = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    result = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField(null=True)

    scope_also = (
        "post_id = nullif(current_setting('linli.post', true), '')::uuid"
        " OR case_id = nullif(current_setting('linli.subject', true), '')::uuid"
    )

    class Meta:
        indexes = [
            models.Index(fields=["unit_key"]),
            models.Index(fields=["post", "given_at"]),
            models.Index(fields=["post", "-asked_at"], name="help_by_post"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "post"],
                condition=Q(given_at__isnull=True),
                name="one_open_help_a_post",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.post_id}"

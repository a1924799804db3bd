"""Units, accounts, roles, posts, who holds them, and what is granted."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.platform.access.branch import Branch
from linli.platform.access.scoped import Scoped, UnitKeyField
from linli.platform.changes.changeable import Changeable


class Level(models.IntegerChoices):
    """Levels of the tree; the first five are those of the national division codes."""

    COUNTRY = 0, _("Country")
    PROVINCE = 1, _("Province")
    CITY = 2, _("City")
    COUNTY = 3, _("District or county")
    STREET = 4, _("Street or town")
    COMMUNITY = 5, _("Community or village")
    GRID = 6, _("Grid")


class Unit(Changeable):
    """A place in the tree that posts and scoped rows hang on, as it is today.

    The dated history of names, codes and parents is the business of a module; this row and its
    key are kept in step with it by the same transaction.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    kind = models.CharField(max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=100)
    name_key = models.CharField(max_length=300, blank=True)
    key = UnitKeyField(unique=True)
    opened = models.DateField(_("on record from"))
    closed = models.DateField(_("abolished on"), null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["parent", "name_key"]),
            models.Index(fields=["level", "key"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gte=F("opened")),
                name="unit_closes_after_it_opens",
            ),
            models.CheckConstraint(condition=Q(key__endswith="/"), name="unit_key_is_closed"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit_key(self) -> str:
        return self.key

    def held_by(self, post_id: UUID) -> bool:  # noqa: ARG002
        return False

    @property
    def branch(self) -> Branch:
        """The unit and everything below it."""
        return Branch.of(self.key)

    def is_open(self, on: date) -> bool:
        """Whether the unit exists on that day."""
        return self.opened <= on and (self.closed is None or on < self.closed)


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username__iexact=username)


class Account(AbstractBaseUser, Scoped, Changeable):
    """A member of staff who signs in. Residents report without one.

    `unit` is the place that looks after the account (opens it, resets its password); what the
    person may do comes from the posts held. Without a unit only the platform itself looks after it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("username"), max_length=60, unique=True)
    full_name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    unit = models.ForeignKey(  # type: ignore[assignment]  # null, unlike other rows
        Unit,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("looked after by"),
    )
    unit_key = UnitKeyField(editable=False, default="", blank=True)

    objects = AccountManager()

    personal_fields: ClassVar[frozenset[str]] = frozenset({"phone", "email", "password"})
    silent_fields: ClassVar[frozenset[str]] = frozenset({"last_login", "unit_key"})
    scope_open = (
        "Signing in must find an account before anybody is known to act; "
        "pages read accounts through reads.accounts."
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone"], condition=~Q(phone=""), name="one_account_a_phone"
            ),
            models.UniqueConstraint(Upper("username"), name="one_account_a_username"),
        ]
        indexes = [models.Index(fields=["unit_key"])]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name


class Reach(models.TextChoices):
    """How far a role sees."""

    BRANCH = "branch", _("everything in the branch")
    OWN = "own", _("only what is handed to the post")


class Role(Changeable):
    """A set of verbs under a name, the same in the whole installation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    verbs = ArrayField(models.CharField(max_length=60), default=list)
    reach = models.CharField(_("reach"), max_length=10, choices=Reach, default=Reach.BRANCH)
    needs_second_factor = models.BooleanField(_("needs a second factor"), default=False)

    # A role lies nowhere; who may define one is decided in `actions.define_role`.
    unit_key = ""

    def __str__(self) -> str:
        return self.name

    def held_by(self, post_id: UUID) -> bool:  # noqa: ARG002
        """Every post that holds the verb may try."""
        return True


class PostKind(models.TextChoices):
    """How a post is staffed."""

    FULL_TIME = "full", _("full-time")
    PART_TIME = "part", _("part-time")
    VOLUNTARY = "voluntary", _("voluntary")


class Post(Scoped, Changeable):
    """A post in a unit: work is handed to posts, persons hold them for a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(_("title"), max_length=80)
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, related_name="posts", verbose_name=_("role")
    )
    kind = models.CharField(
        _("staffing"), max_length=10, choices=PostKind, default=PostKind.FULL_TIME
    )
    # What of the unit the post looks after, e.g. the building of a building leader.
    remit = models.CharField(_("remit"), max_length=120, blank=True)
    opened = models.DateField(_("from"))
    closed = models.DateField(_("until"), null=True, blank=True)

    scope_open = "The directory of posts is public within the service; who holds them is not."

    class Meta:
        indexes = [models.Index(fields=["unit_key"]), models.Index(fields=["role", "unit_key"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gt=F("opened")),
                name="post_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Holding(Scoped, Changeable):
    """A person holds a post from a day until (not including) another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holdings")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)

    scope_also = "account_id = (SELECT nullif(current_setting('linli.account', true), '')::uuid)"

    class Meta:
        indexes = [models.Index(fields=["account", "starts"]), models.Index(fields=["unit_key"])]
        constraints = [
            models.CheckConstraint(
                # Equal days: taken back before it began.
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="holding_ends_when_it_starts_or_later",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} – {self.post}"


class Grant(Scoped, Changeable):
    """A role lent to a post over another branch, for a time. `unit` is the branch's top."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    scope_also = "post_id = (SELECT nullif(current_setting('linli.post', true), '')::uuid)"

    class Meta:
        indexes = [models.Index(fields=["post", "starts"]), models.Index(fields=["unit_key"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="grant_ends_when_it_starts_or_later",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} – {self.unit}"


class SignInRule(Changeable):
    """What signing in asks for from a day on; the newest rule that has started counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    starts = models.DateField(_("from"), unique=True)
    password_length = models.PositiveSmallIntegerField(_("shortest password, characters"))
    failures = models.PositiveSmallIntegerField(_("failed attempts before the lock"))
    lock_minutes = models.PositiveSmallIntegerField(_("locked for, minutes"))
    session_hours = models.PositiveSmallIntegerField(_("signed in for at most, hours"))
    source = models.CharField(_("source"), max_length=200)

    unit_key = ""

    class Meta:
        constraints = [
            # GB/T 22239-2019 asks for complexity, a lock and a time-out; these bounds keep the
            # office from switching them off by a slip.
            models.CheckConstraint(
                condition=Q(password_length__gte=8, password_length__lte=64),
                name="password_length_is_sensible",
            ),
            models.CheckConstraint(
                condition=Q(failures__gte=3, failures__lte=20), name="failures_are_sensible"
            ),
            models.CheckConstraint(
                condition=Q(lock_minutes__gte=1, lock_minutes__lte=1440), name="lock_is_sensible"
            ),
            models.CheckConstraint(
                condition=Q(session_hours__gte=1, session_hours__lte=720),
                name="session_is_sensible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts}"

    def held_by(self, post_id: UUID) -> bool:  # noqa: ARG002
        """Every post that holds the verb may try; `actions.set_sign_in_rule` decides."""
        return True


def valid_on(day: date, *, starts: str = "starts", ends: str = "ends") -> Q:
    """The condition that a dated row is in force on `day`."""
    until: dict[str, Any] = {f"{ends}__gt": day}
    return Q(**{f"{starts}__lte": day}) & (Q(**{f"{ends}__isnull": True}) | Q(**until))

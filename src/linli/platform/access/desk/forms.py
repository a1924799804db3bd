"""Forms of the staff pages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Level, Post, PostKind, Reach, Role, Unit
from linli.platform.access.reads import accounts, posts, roles, units
from linli.platform.changes.verbs import all_verbs
from linli.platform.desk.public import ActionForm

if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[Any]
else:
    ModelChoiceField = forms.ModelChoiceField

MOST_UNITS = 1_500


def today() -> date:
    """Today where the city is."""
    return timezone.localdate()


def day_field(label: Any, *, required: bool = True, **more: Any) -> forms.DateField:
    """A day with the browser's picker."""
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget, **more)


class UnitChoice(ModelChoiceField):
    """A place, by its name and that of the place above."""

    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.parent.name} / {unit.name}" if unit.parent else str(unit.name)


class PostChoice(ModelChoiceField):
    """A post, by its place and title."""

    def label_from_instance(self, post: Any) -> str:
        return f"{post.unit.name} · {post.title}"


class AccountChoice(ModelChoiceField):
    """A person, by name and user name, since names repeat."""

    def label_from_instance(self, account: Any) -> str:
        return f"{account.full_name}（{account.username}）"


def open_units(actor: Actor) -> Any:
    """The open places of the branch; in a large branch without the grids."""
    found = units(actor).filter(closed=None).select_related("parent").order_by("key")
    return found.filter(level__lt=Level.GRID) if found.count() > MOST_UNITS else found


def open_posts(actor: Actor) -> Any:
    """The posts of the branch that are open."""
    return posts(actor).filter(closed=None).select_related("unit").order_by("unit_key", "title")


def roles_to_give(actor: Actor) -> Any:
    """The roles whose every right the actor holds."""
    fitting = [role.pk for role in roles(actor) if all(map(actor.knows, role.verbs))]
    return Role.objects.filter(pk__in=fitting).order_by("name")


class AccountForm(ActionForm):
    """Who a person is."""

    full_name = forms.CharField(label=_("name of the person"), max_length=60)
    username = forms.CharField(
        label=_("username"),
        max_length=60,
        help_text=_("For signing in, for example wang.xiaofang."),
    )
    phone = forms.CharField(
        label=_("phone"), max_length=20, required=False, help_text=_("Signs in as well.")
    )
    email = forms.EmailField(label=_("e-mail"), required=False)
    unit = UnitChoice(
        label=_("looked after by"),
        queryset=Unit.objects.none(),
        help_text=_("Whose administrators may reset the password and lock the account."),
    )

    def build(self) -> None:
        """Only places of the own branch; the present values when an account is changed."""
        self.fields["unit"].queryset = open_units(self.actor)  # type: ignore[attr-defined]
        self.fields["unit"].initial = self.actor.unit_id
        if isinstance(self.row, Account):
            for name in ("full_name", "username", "phone", "email"):
                self.fields[name].initial = getattr(self.row, name)
            self.fields["unit"].initial = self.row.unit_id


class PostForm(ActionForm):
    """What a post is."""

    unit = UnitChoice(label=_("area"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("post title"), max_length=80)
    role = forms.ModelChoiceField(
        label=_("role"),
        queryset=Role.objects.none(),
        help_text=_("Only roles whose rights your own post has."),
    )
    kind = forms.ChoiceField(label=_("staffing"), choices=PostKind.choices)
    remit = forms.CharField(label=_("remit"), max_length=120, required=False)
    opened = day_field(_("from"), initial=today)

    def build(self) -> None:
        self.fields["role"].queryset = roles_to_give(self.actor)  # type: ignore[attr-defined]
        if isinstance(self.row, Post):
            del self.fields["unit"], self.fields["opened"]
            for name in ("title", "kind", "remit"):
                self.fields[name].initial = getattr(self.row, name)
            self.fields["role"].initial = self.row.role_id
        else:
            self.fields["unit"].queryset = open_units(self.actor)  # type: ignore[attr-defined]
            self.fields["unit"].initial = self.actor.unit_id


class AppointForm(ActionForm):
    """Who holds which post; the one that is known is not asked."""

    account = AccountChoice(label=_("person"), queryset=Account.objects.none())
    post = PostChoice(label=_("post"), queryset=Post.objects.none())
    starts = day_field(_("from"), initial=today)
    ends = day_field(_("until"), required=False, help_text=_("Left empty: until further notice."))

    def build(self) -> None:
        if isinstance(self.row, Account):
            del self.fields["account"]
        else:
            people = accounts(self.actor).filter(is_active=True).order_by("full_name")
            self.fields["account"].queryset = people  # type: ignore[attr-defined]
        if isinstance(self.row, Post):
            del self.fields["post"]
        else:
            self.fields["post"].queryset = open_posts(self.actor)  # type: ignore[attr-defined]


class EndForm(ActionForm):
    """A day on which something ends."""

    ends = day_field(
        _("until"), initial=today, help_text=_("The first day on which it no longer holds.")
    )


class GrantForm(ActionForm):
    """Which role is lent to which post, where and how long."""

    post = PostChoice(label=_("post"), queryset=Post.objects.none())
    role = forms.ModelChoiceField(label=_("role"), queryset=Role.objects.none())
    unit = UnitChoice(label=_("over"), queryset=Unit.objects.none())
    starts = day_field(_("from"), initial=today)
    ends = day_field(_("until"), required=False, help_text=_("Left empty: until further notice."))
    reason = forms.CharField(label=_("reason"), max_length=200)

    def build(self) -> None:
        self.fields["role"].queryset = roles_to_give(self.actor)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = open_units(self.actor)  # type: ignore[attr-defined]
        if isinstance(self.row, Post):
            del self.fields["post"]
        else:
            self.fields["post"].queryset = open_posts(self.actor)  # type: ignore[attr-defined]


class RoleForm(ActionForm):
    """A set of rights under a name."""

    name = forms.CharField(label=_("role name"), max_length=60)
    slug = forms.SlugField(
        label=_("short name"), max_length=60, help_text=_("Small letters, digits and hyphens.")
    )
    reach = forms.ChoiceField(label=_("reach"), choices=Reach.choices, widget=forms.RadioSelect)
    needs_second_factor = forms.BooleanField(label=_("needs a second factor"), required=False)
    verbs = forms.MultipleChoiceField(
        label=_("rights"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Only rights that your own post has can be given."),
    )

    def build(self) -> None:
        self.fields["reach"].initial = Reach.BRANCH
        self.fields["verbs"].choices = flat_verbs(self.actor)  # type: ignore[attr-defined]
        if isinstance(self.row, Role):
            del self.fields["slug"]
            for name in ("name", "reach", "needs_second_factor", "verbs"):
                self.fields[name].initial = getattr(self.row, name)


def grouped_verbs(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """The rights the actor holds, module by module, as grouped choices."""
    from django.apps import apps

    groups: dict[str, list[tuple[str, str]]] = {}
    for name, info in sorted(all_verbs().items()):
        if actor.knows(name):
            groups.setdefault(info.module, []).append((name, str(info.label)))
    known = {config.label: str(config.verbose_name) for config in apps.get_app_configs()}
    return [(known.get(module, module), verbs) for module, verbs in groups.items()]


def flat_verbs(actor: Actor) -> list[tuple[str, str]]:
    """The same as one list, each right after the name of its module."""
    return [
        (verb, f"{module} · {label}")
        for module, verbs in grouped_verbs(actor)
        for verb, label in verbs
    ]


class SignInRuleForm(ActionForm):
    """What signing in asks for from a day on."""

    starts = day_field(_("from"), initial=today)
    password_length = forms.IntegerField(
        label=_("shortest password, characters"), min_value=8, max_value=64, initial=10
    )
    failures = forms.IntegerField(
        label=_("failed attempts before the lock"), min_value=3, max_value=20, initial=5
    )
    lock_minutes = forms.IntegerField(
        label=_("locked for, minutes"), min_value=1, max_value=1440, initial=15
    )
    session_hours = forms.IntegerField(
        label=_("signed in for at most, hours"), min_value=1, max_value=720, initial=12
    )
    source = forms.CharField(
        label=_("source"), max_length=200, help_text=_("The regulation or decision it rests on.")
    )

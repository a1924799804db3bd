"""What the verbs of a case ask for on the desk."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.modules.cases import reads
from linli.modules.cases.models import LONGEST_TEXT, Category, Channel
from linli.modules.cases.routing import propose_handlers
from linli.modules.cases.standing import standing_of, standings, with_standing
from linli.modules.divisions.public import units_for_report
from linli.platform.access.actor import Actor
from linli.platform.access.models import Post
from linli.platform.desk.public import ActionForm

MANY_WORDS = {"rows": 4}


def words_field(label: Any, *, required: bool = True, longest: int = 500, **more: Any) -> Any:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs=MANY_WORDS),
        **more,
    )


class ManyFiles(forms.FileField):
    """Several files under one name; looked at by content where they are stored."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data if data else initial


def files_field(label: Any) -> ManyFiles:
    """Photos and papers."""
    return ManyFiles(label=label, required=False, widget=Photos())


class Photos(forms.FileInput):
    """A file input for several files."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": "image/*,.pdf,.docx,.xlsx"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002
        getlist = getattr(files, "getlist", None)
        return getlist(name) if getlist else files.get(name)


class ReportForm(ActionForm):
    """A report taken at the window, on the telephone or on the round, for somebody."""

    channel = forms.ChoiceField(
        label=_("Came in by"),
        choices=[(Channel.WINDOW, Channel.WINDOW.label), (Channel.PHONE, Channel.PHONE.label),
                 (Channel.FIELD, Channel.FIELD.label)],
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
    )  # fmt: skip
    category = forms.ChoiceField(label=_("Kind"))
    text = words_field(_("What was reported?"), longest=LONGEST_TEXT)
    unit = forms.ChoiceField(label=_("Community"), required=False)
    place = forms.CharField(
        label=_("Place in words"), max_length=200, required=False,
        help_text=_("Road, number, compound, building: as the caller says it."),
    )  # fmt: skip
    lng = forms.FloatField(label=_("Longitude"), required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(label=_("Latitude"), required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name of the reporter"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    photos = files_field(_("Photos and papers"))
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def build(self) -> None:
        self.chosen("category").choices = category_choices
        self.chosen("unit").choices = self.units
        self.fields["submission"].initial = uuid4()

    def units(self) -> list[tuple[str, Any]]:
        """The communities to choose from; asked for only when the form shows or checks them."""
        found = units_for_report(self.actor, on=timezone.localdate())
        own = [(str(unit_id), label) for unit_id, label in found]
        return [("", _("Found from the point on the map")), *own]

    def chosen(self, name: str) -> forms.ChoiceField:
        """A field with choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  by the declaration above
        return field


def category_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Open categories by group, in the reader's language."""
    groups: dict[str, list[tuple[str, str]]] = {}
    english = (get_language() or "").startswith("en")
    for code, name, group in reads.open_categories(on=timezone.localdate(), english=english):
        groups.setdefault(group, []).append((code, name))
    return list(groups.items())


class ClassifyForm(ActionForm):
    """Correct category, place and point."""

    category = forms.ChoiceField(label=_("Kind"))
    place = forms.CharField(label=_("Place in words"), max_length=200, required=False)
    lng = forms.FloatField(label=_("Longitude"), required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(label=_("Latitude"), required=False, widget=forms.HiddenInput)

    def build(self) -> None:
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = category_choices()
        field.initial = self.row.category.code
        self.fields["place"].initial = self.row.place
        self.fields["lng"].initial, self.fields["lat"].initial = self.row.lng, self.row.lat

    def clean_category(self) -> Category:
        """The category itself."""
        return reads.category_by_code(self.cleaned_data["category"])


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A post to choose, with who holds it and how much it has in hand, as far as one may know."""

    reader: Actor | None = None

    def offer(self, posts: QuerySet[Post], reader: Actor) -> None:
        """Offer these posts to whoever reads the form."""
        self.reader = reader
        self.queryset = with_standing(posts, on=timezone.localdate())

    def label_from_instance(self, obj: Any) -> str:
        known = standing_of(obj, self.reader).words if self.reader else ""
        return told(obj, known)


def told(post: Post, known: str) -> str:
    """A post by unit and title, and what is known of it."""
    name = f"{post.unit.name} · {post.title}"
    return _("%(post)s (%(known)s)") % {"post": name, "known": known} if known else name


class DispatchForm(ActionForm):
    """To whom, with words."""

    to = PostField(
        label=_("Hand to"), queryset=Post.objects.none(), widget=forms.RadioSelect, required=False
    )
    other = PostField(
        label=_("Or to another post"), queryset=Post.objects.none(), required=False,
    )  # fmt: skip
    words = words_field(_("Words for the handler"), required=False)

    def build(self) -> None:
        serving = reads.serving_posts(self.row, on=timezone.localdate())
        proposals = propose_handlers(self.row, at=timezone.now())
        proposed = [proposal.post.pk for proposal in proposals]
        known = standings([p.post for p in proposals], self.actor, on=timezone.localdate())
        to, other = self.fields["to"], self.fields["other"]
        assert isinstance(to, PostField)  # noqa: S101
        assert isinstance(other, PostField)  # noqa: S101
        to.queryset = serving.filter(pk__in=proposed)
        to.choices = [(str(p.post.pk), told(p.post, known[p.post.pk].words)) for p in proposals]
        to.widget.hints = {str(p.post.pk): p.reason for p in proposals}
        if proposals:
            to.initial = proposed[0]
            other.empty_label = _("none")
        else:
            del self.fields["to"]
            other.label = _("Hand to")
            other.empty_label = _("Choose a post")
        other.offer(serving.exclude(pk__in=proposed), self.actor)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("other") or cleaned.get("to")
        if chosen is None:
            place = "to" if "to" in self.fields else "other"
            self.add_error(place, _("Choose who is to handle it."))
        cleaned["to"] = chosen
        return cleaned


class ReassignForm(DispatchForm):
    """To whom instead, and why."""

    reason = words_field(_("Reason"))

    field_order = ["to", "other", "reason"]

    def build(self) -> None:
        del self.fields["words"]
        super().build()


class AssistForm(ActionForm):
    """Whose help, for what."""

    of = PostField(label=_("Whose help?"), queryset=Post.objects.none())
    request = words_field(_("What for?"))

    def build(self) -> None:
        field = self.fields["of"]
        assert isinstance(field, PostField)  # noqa: S101
        serving = reads.serving_posts(self.row, on=timezone.localdate())
        field.offer(serving.exclude(pk__in=self.row.engaged), self.actor)


class MoreTimeForm(ActionForm):
    """How much more time, and why."""

    amount = forms.IntegerField(label=_("How much more"), min_value=1, max_value=60)
    reason = words_field(_("Reason"))

    def build(self) -> None:
        self.fields["amount"].help_text = self.row.category.get_limit_kind_display()


class GrantForm(ActionForm):
    """How much more time is granted."""

    amount = forms.IntegerField(label=_("How much more"), min_value=1, max_value=60)

    def build(self) -> None:
        self.fields["amount"].help_text = self.row.category.get_limit_kind_display()


class FinishForm(ActionForm):
    """The result, with photos."""

    result = words_field(_("What was done?"), longest=LONGEST_TEXT)
    photos = files_field(_("Photos of the result"))


class WordsForm(ActionForm):
    """Words, if any."""

    words = words_field(_("Words"), required=False)


class CommentForm(ActionForm):
    """Words for those who work on the case, with papers."""

    words = words_field(_("Note"))
    photos = files_field(_("Photos and papers"))


class ResultForm(ActionForm):
    """What the help came to."""

    result = words_field(_("What was done?"))


class RequestForm(ActionForm):
    """The number of another case."""

    number = forms.CharField(label=_("Number of the case it belongs to"), max_length=30)

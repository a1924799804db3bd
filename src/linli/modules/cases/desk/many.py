"""What is asked and done when several cases are ticked in the list."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Closed
from linli.kernel.geo import Point
from linli.modules.cases import actions, reads
from linli.modules.cases.desk.forms import PostField, category_choices, words_field
from linli.modules.cases.duplicates import likely_duplicates
from linli.modules.cases.models import Case, Category
from linli.modules.cases.routing import posts_for_all, propose_handlers
from linli.platform.access.actor import Actor
from linli.platform.access.models import Post
from linli.platform.desk.public import ActionForm, Doing, Many


class DispatchManyForm(ActionForm):
    """To whom: each to the post proposed for it, or all to one."""

    to = PostField(
        label=_("Hand to"), queryset=Post.objects.none(), required=False,
        empty_label=_("Each to the post proposed for it"),
        help_text=_("Only posts that serve the area of every one of these cases are offered."),
    )  # fmt: skip
    words = words_field(_("Words for the handler"), required=False)

    def build(self) -> None:
        posts = self.fields["to"]
        assert isinstance(posts, PostField)  # noqa: S101  by the declaration above
        posts.offer(posts_for_all(self.rows, on=timezone.localdate()), self.actor)


class ReassignManyForm(DispatchManyForm):
    """To whom instead, and why."""

    to = PostField(label=_("Hand to"), queryset=Post.objects.none(), empty_label=_("Choose a post"))
    words = None
    reason = words_field(_("Reason"))


class CategoryForm(ActionForm):
    """The kind that all of them are."""

    category = forms.ChoiceField(label=_("Kind"))

    def build(self) -> None:
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  by the declaration above
        field.choices = [("", _("Choose a kind")), *category_choices()]

    def clean_category(self) -> Category:
        """The category itself."""
        return reads.category_by_code(self.cleaned_data["category"])


class NoteForm(ActionForm):
    """Words for those who work on the cases."""

    words = words_field(_("Note"))


def dispatch(doing: Doing) -> None:
    """Hand one of the cases to the post chosen for all, or to the one proposed for it."""
    to = doing.data["to"] or proposed(doing.row)
    if to is None:
        raise Closed(_("Nobody is proposed for this kind of case here. Choose a post."))
    actions.dispatch(
        by=doing.actor, at=doing.at, case=doing.row, to=to, words=doing.data["words"],
        expected=doing.expected,
    )  # fmt: skip


def proposed(case: Case) -> Post | None:
    """The best proposal for a case."""
    found = propose_handlers(case, at=timezone.now())
    return found[0].post if found else None


def tell_proposal(case: Case, actor: Actor) -> str:  # noqa: ARG001
    """Who is proposed, in words."""
    post = proposed(case)
    if post is None:
        return gettext("nobody is proposed")
    return gettext("proposed: %(post)s") % {"post": f"{post.unit.name} · {post.title}"}


def classify(doing: Doing) -> None:
    """Correct the kind; the place stays as it is."""
    actions.classify(
        by=doing.actor, at=doing.at, case=doing.row, category=doing.data["category"],
        expected=doing.expected,
    )  # fmt: skip


def comment(doing: Doing) -> None:
    """The same words on each."""
    actions.comment(by=doing.actor, at=doing.at, case=doing.row, words=doing.data["words"])


def tell_duplicates(case: Case, actor: Actor) -> str:  # noqa: ARG001
    """How many open cases are likely the same matter: filing many must not skip looking."""
    point = Point(case.lng, case.lat) if case.lng is not None and case.lat is not None else None
    near = len(likely_duplicates(case.category, point, at=timezone.now(), other_than=case))
    if not near:
        return ""
    told = ngettext("%(count)d likely duplicate", "%(count)d likely duplicates", near)
    return told % {"count": near}


DISPATCH = Many(form=DispatchManyForm, do=dispatch, tells=tell_proposal)
REASSIGN = Many(form=ReassignManyForm)
CLASSIFY = Many(form=CategoryForm, do=classify)
COMMENT = Many(form=NoteForm, do=comment)
FILE = Many(tells=tell_duplicates)

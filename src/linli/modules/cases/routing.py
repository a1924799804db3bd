"""Who should handle a case: proposed from category, place and history, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from linli.modules.cases.models import Case
from linli.modules.cases.states import State
from linli.platform.access.branch import Branch
from linli.platform.access.models import Level, Post, valid_on

AT_MOST = 5
YEAR = timedelta(days=365)
DONE = (State.CLOSED, State.RATED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A post that could handle the case, and why."""

    post: Post
    score: float
    rule: str | Promise
    done: int
    on_time: int

    @property
    def reason(self) -> str:
        """The reason as one sentence."""
        parts = [str(self.rule)] if self.rule else []
        if self.done:
            parts.append(
                ngettext(
                    "finished %(count)d such case here within a year, %(on_time)d on time",
                    "finished %(count)d such cases here within a year, %(on_time)d on time",
                    self.done,
                )
                % {"count": self.done, "on_time": self.on_time}
            )
        return str(_("; ")).join(parts)


def propose_handlers(case: Case, *, at: datetime) -> list[Proposal]:
    """At most five posts, best first.

    The category's role counts most, the nearer its unit the more; then how many cases of the kind
    the post has finished here within a year, and how many of them on time.
    """
    history = _history(case, at=at)
    posts = _candidates(case, history, at=at)
    proposals = [_weigh(post, case, *history.get(post.pk, (0, 0))) for post in posts]
    proposals.sort(key=lambda proposal: (-proposal.score, proposal.post.title))
    return proposals[:AT_MOST]


def posts_for_all(cases: Sequence[Case], *, on: date) -> QuerySet[Post]:
    """The posts in use of the units that lie above every one of these cases, nearest first."""
    above = [set(keys_above(case.unit_key)) for case in cases]
    keys = set.intersection(*above) if above else set()
    return (
        Post.objects.filter(unit_key__in=keys)
        .filter(valid_on(on, starts="opened", ends="closed"))
        .select_related("unit")
        .order_by("-unit__level", "title")
    )


def _history(case: Case, *, at: datetime) -> dict[UUID, tuple[int, int]]:
    """Finished cases of this category in this community within a year: post → (done, on time)."""
    here = Branch.of(community_key(case))
    rows = (
        Case.objects.filter(
            here.where(),
            category=case.category_id,
            state__in=DONE,
            finished_at__gte=at - YEAR,
            handler__isnull=False,
        )
        .values_list("handler")
        .annotate(
            done=Count("pk"), on_time=Count("pk", filter=Q(finished_at__lte=F("handle_due_at")))
        )
    )
    return {post: (done, on_time) for post, done, on_time in rows}


def _candidates(case: Case, history: Iterable[UUID], *, at: datetime) -> list[Post]:
    keys = keys_above(case.unit_key)
    day = timezone.localdate(at)
    return list(
        Post.objects.filter(
            Q(role__slug=case.category.handler_role, unit_key__in=keys)
            | Q(pk__in=list(history), unit_key__in=keys)
        )
        .filter(valid_on(day, starts="opened", ends="closed"))
        .select_related("unit", "role")
    )


def _weigh(post: Post, case: Case, done: int, on_time: int) -> Proposal:
    by_role = post.role.slug == case.category.handler_role
    nearness = len(post.unit_key) / max(len(case.unit_key), 1)
    share = on_time / done if done else 0.0
    rule: str | Promise = ""
    if by_role:
        rule = (
            _("handles this kind in this grid")
            if post.unit.level == Level.GRID
            else _("handles this kind for this area")
        )
    score = 10.0 * by_role + 3.0 * nearness + min(done, 10) / 10 + share
    return Proposal(post=post, score=score, rule=rule, done=done, on_time=on_time)


def keys_above(key: str) -> list[str]:
    """The key and those of all units above it, nearest first."""
    segments = key.rstrip("/").split("/")
    return ["/".join(segments[:count]) + "/" for count in range(len(segments), 0, -1)]


def community_key(case: Case) -> str:
    """The key of the case's community, the case lying in it or in one of its grids."""
    if case.unit.level == Level.GRID:
        return case.unit_key.rstrip("/").rsplit("/", 1)[0] + "/"
    return case.unit_key

"""The roles an installation starts with: sets of verbs for the posts of the field.

An office changes them on screen afterwards; `ensure_roles` only adds what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.modules.cases.public import Verb as Cases
from linli.modules.divisions.rules import GRID_VERBS, TREE_VERBS
from linli.modules.divisions.rules import Verb as Divisions
from linli.platform.access.actor import Actor
from linli.platform.access.models import Reach, Role
from linli.platform.access.rules import Verb as Access
from linli.platform.changes.public import create
from linli.platform.changes.rules import Verb as Trail
from linli.platform.desk.rules import Verb as Desk


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard role. `name` is what officials call it."""

    slug: str
    name: str
    verbs: frozenset[str]
    reach: str = Reach.BRANCH
    second_factor: bool = False


OWN_ACCOUNT = (Access.CHANGE_PASSWORD, Access.SET_UP_SECOND_FACTOR, Access.REMOVE_SECOND_FACTOR)
STAFF_ADMIN = (
    Access.VIEW_STAFF, Access.OPEN_ACCOUNT, Access.CHANGE_ACCOUNT, Access.LOCK_ACCOUNT,
    Access.UNLOCK_ACCOUNT, Access.RESET_PASSWORD, Access.RESET_SECOND_FACTOR, Access.OPEN_POST,
    Access.CHANGE_POST, Access.CLOSE_POST, Access.APPOINT, Access.RELEASE, Access.GRANT,
    Access.REVOKE,
)  # fmt: skip
WORK = (Cases.VIEW, Cases.COMMENT, *OWN_ACCOUNT)
TAKE_REPORTS = (Cases.REPORT, Cases.JOIN, Cases.SEE_REPORTER)
FILE = (Cases.ACCEPT, Cases.REJECT, Cases.FILE, Cases.CLASSIFY, Cases.MERGE, Cases.UNMERGE)
DISPATCH = (Cases.DISPATCH, Cases.REASSIGN)
HANDLE = (
    Cases.TAKE, Cases.RETURN, Cases.ASSIST, Cases.HELPED, Cases.SUSPEND, Cases.RESUME,
    Cases.ASK_EXTENSION, Cases.FINISH,
)  # fmt: skip
CLOSE = (Cases.VERIFY, Cases.REWORK, Cases.REOPEN)
SUPERVISE = (
    Cases.SUPERVISE, Cases.URGE, Cases.GRANT_EXTENSION, Cases.REFUSE_EXTENSION, Trail.VIEW_TRAIL,
    Desk.EXPORT, Access.VIEW_STAFF,
)  # fmt: skip


def _role(slug: str, name: str, *groups: tuple[str, ...], **facts: object) -> Standard:
    verbs = frozenset(str(verb) for group in groups for verb in group)
    return Standard(slug, name, verbs, **facts)  # type: ignore[arg-type]


def _department(slug: str, name: str) -> Standard:
    """A post that sees what is handed to it, wherever in its street."""
    return _role(slug, name, WORK, HANDLE, reach=Reach.OWN)


COMMUNITY_DESK = (*WORK, *TAKE_REPORTS, *FILE, *DISPATCH, *HANDLE, *CLOSE, Desk.EXPORT)
STREET_DESK = (*COMMUNITY_DESK, *SUPERVISE)
OFFICE = (
    *STREET_DESK, *STAFF_ADMIN, *TREE_VERBS, *GRID_VERBS, Divisions.SET_NORM,
    Cases.DEFINE_CATEGORY, Cases.DEFINE_LIMIT, Access.DEFINE_ROLE, Access.SET_SIGN_IN_RULE,
)  # fmt: skip

ROLES: tuple[Standard, ...] = (
    _role("grid-worker", "网格员", WORK, TAKE_REPORTS, HANDLE),
    _role("group-leader", "居民小组长", WORK, TAKE_REPORTS),
    _role("building-leader", "楼道长", WORK, TAKE_REPORTS),
    _role("community-worker", "社区工作者", COMMUNITY_DESK),
    _role("community-secretary", "社区书记", COMMUNITY_DESK, SUPERVISE),
    _role("hotline-clerk", "热线坐席", WORK, TAKE_REPORTS),
    _role("street-dispatcher", "街道分拨员", STREET_DESK, GRID_VERBS),
    _department("street-urban-management", "街道城管岗"),
    _department("street-safety", "街道应急消防岗"),
    _department("street-construction", "街道城建物业岗"),
    _department("street-judicial", "街道司法调解岗"),
    _department("police-post", "社区民警"),
    _role("city-office", "市社建办", OFFICE),
    _role("city-supervisor", "市督查员", WORK, SUPERVISE),
    _role("auditor", "审计员", (Cases.VIEW, Trail.VIEW_TRAIL, Access.VIEW_STAFF, *OWN_ACCOUNT)),
)


def ensure_roles(*, at: datetime) -> int:
    """Add the standard roles that are missing; returns how many."""
    system = Actor.system("standard roles")
    there = set(Role.objects.values_list("slug", flat=True))
    missing = [standard for standard in ROLES if standard.slug not in there]
    for standard in missing:
        role = Role(
            slug=standard.slug,
            name=standard.name,
            verbs=sorted(standard.verbs),
            reach=standard.reach,
            needs_second_factor=standard.second_factor,
        )
        with create(role, by=system, verb=Access.DEFINE_ROLE, at=at):
            pass
    return len(missing)

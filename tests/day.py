"""A working day of the cast: cases in every state and people in every trouble, to look at."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy
from PIL import Image

from linli.kernel.geo import Point
from linli.modules.cases import actions as cases
from linli.modules.cases.models import Case
from linli.modules.cases.tests.conftest import Story
from linli.modules.divisions import maps
from linli.modules.divisions.actions.history import adopt
from linli.modules.divisions.actions.outlines import put_outline
from linli.platform.access import actions as access
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.desk.actions import ask_export
from linli.platform.notices.public import tell_accounts
from tests.cast import Cast
from tests.world import populate

# Of the community, and of the grid inside it: west, south, east, north.
COMMUNITY_BOX, GRID_BOX = (121.20, 30.10, 121.30, 30.20), (121.22, 30.12, 121.26, 30.16)
CORNER = Point(121.240, 30.140)
LONG = "紫藤苑七号楼西侧消防通道被一辆面包车堵住，车主电话无人接听，" * 6
# What somebody is told, once short and once with a long second line.
HANDED = gettext_lazy("案件 3302 8226 1109 00%(n)s 已派给您，请在 %(due)s 前办结")
MORE = gettext_lazy("消防通道堵塞 · 浒山街道青少年宫路社区三北大街 " * 3)


def square(box: tuple[float, float, float, float]) -> dict[str, Any]:
    """A box as GeoJSON."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def photo(colour: str = "#c2570c") -> SimpleUploadedFile:
    """A photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return SimpleUploadedFile("lane.jpg", out.getvalue(), content_type="image/jpeg")


def draw(cast: Cast) -> None:
    """Put units on record, and outlines on the community and its grid."""
    # A renewed database numbers its maps anew.
    maps._kept.clear()
    with acting(Actor.system("test")):
        for unit in cast.units.values():
            adopt(unit)
        for unit, box in ((cast.community, COMMUNITY_BOX), (cast.grid, GRID_BOX)):
            put_outline(unit, square(box), on=date(2026, 1, 1))


def a_day(cast: Cast) -> None:
    """Everything that pages can show: two days of work, seen by an office that holds all verbs."""
    draw(cast)
    populate(cast)
    Day(Story(cast, now=timezone.now() - timedelta(days=2))).pass_by()
    _trouble_with_accounts(cast)
    _notices(cast)
    ask_export(
        actor=cast.actor("city_officer"), at=timezone.now(), register="cases", form="xlsx",
        query="state=filed", columns=["number", "state"], purpose="季度通报", language="zh-hans",
    )  # fmt: skip


class Day:
    """Cases, each left at another stage of its life."""

    def __init__(self, story: Story) -> None:
        self.story, self.cast = story, story.cast
        self.clerk, self.worker = self.cast.actor("clerk"), self.cast.actor("grid_worker")

    def pass_by(self) -> None:
        """Report, hand out, work, close."""
        self._unheld()
        self._in_hand()
        self._ended()

    def _near(self, **facts: Any) -> dict[str, Any]:
        return {"point": CORNER, "place": "三北大街与青少年宫路口", **facts}

    def _at(self, case: Case) -> dict[str, Any]:
        return {"at": self.story.tick(), "case": case}

    def _unheld(self) -> None:
        story = self.story
        story.report(**self._near(text=LONG, place=LONG[:90]))
        cases.accept(by=self.clerk, **self._at(story.report(**self._near())))
        story.filed(**self._near())
        story.report(code="F01")

    def _in_hand(self) -> None:
        story, worker = self.story, self.worker
        story.dispatched(**self._near())
        taken = story.dispatched(**self._near(text=LONG))
        cases.take(by=worker, **self._at(taken))
        cases.comment(by=worker, words=LONG, files=[photo("#1c4587")], **self._at(taken))
        helped = story.dispatched(**self._near())
        for of in ("city_officer", "urban_management"):
            post = self.cast.post(of)
            cases.assist(by=worker, of=post, request="请派拖车", **self._at(helped))
        story.now = timezone.now() - timedelta(minutes=60)
        story.dispatched(code="F01")
        pressed = story.dispatched(**self._near())
        cases.ask_extension(by=worker, amount=2, reason="等吊车", **self._at(pressed))
        paused = story.dispatched(code="A03")
        cases.suspend(by=worker, reason="等燃气公司", **self._at(paused))
        story.finished(**self._near())

    def _ended(self) -> None:
        story, clerk = self.story, self.clerk
        story.closed()
        rated = story.closed()
        resident = self.cast.actor("resident")
        cases.rate(by=_about(resident, rated), stars=2, words="还是堵", **self._at(rated))
        cases.reject(by=clerk, reason="现场无异常", **self._at(story.report()))
        cases.cancel(by=clerk, reason="居民撤回", **self._at(story.report()))
        into = story.filed()
        cases.merge(by=clerk, into=into, **self._at(story.report()))


def _about(resident: Actor, case: Case) -> Actor:
    from dataclasses import replace

    return replace(resident, reference=case.number)


def _trouble_with_accounts(cast: Cast) -> None:
    """One is locked, one signs in with a second factor."""
    system, now = Actor.system("test"), timezone.now()
    access.lock_account(actor=system, account=cast.far_clerk, reason="离岗", at=now)
    with acting(system):
        TOTP.activate(cast.secretary, generate_totp_secret())
        RecoveryCodes.activate(cast.secretary)


def _notices(cast: Cast) -> None:
    now = timezone.now()
    with acting(Actor.system("test")):
        for n in range(6):
            tell_accounts(
                [cast.city_officer], verb="access.view_staff", subject=cast.community, text=HANDED,
                body=MORE if n % 2 else "", params={"n": n, "due": now + timedelta(hours=n)},
                url="/desk/", at=now - timedelta(hours=n * 9),
            )  # fmt: skip

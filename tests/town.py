"""The cast in the standard roles of the field, its clock, and what the worker process would do.

To the cast comes a second grid beside the first, drawn on the map like its community.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from linli.kernel.geo import Point
from linli.modules.cases import actions
from linli.modules.cases.intake import Report
from linli.modules.divisions import maps
from linli.modules.divisions.actions.outlines import put_outline
from linli.platform.access.actor import Actor
from linli.platform.access.models import Level, Post, Role, Unit
from linli.platform.access.scope import acting
from linli.platform.flow.alarms import ring
from linli.platform.jobs.public import all_jobs
from linli.sites.roles import ensure_roles
from tests.cast import LONG_AGO, Cast
from tests.day import square

CHINA = ZoneInfo("Asia/Shanghai")
STANDARD = {
    "city_officer": ("city-office", "市社建办"),
    "street_officer": ("street-dispatcher", "街道分拨员"),
    "urban_management": ("street-urban-management", "城管中队"),
    "secretary": ("community-secretary", "社区书记"),
    "clerk": ("community-worker", "社区工作者"),
    "other_clerk": ("community-worker", "社区工作者"),
    "grid_worker": ("grid-worker", "网格员"),
}
# West, south, east, north: two communities side by side, two grids in the first.
BOXES = {
    "community": (121.20, 30.10, 121.30, 30.20),
    "other_community": (121.30, 30.10, 121.40, 30.20),
    "grid": (121.20, 30.10, 121.25, 30.20),
    "second_grid": (121.25, 30.10, 121.30, 30.20),
}


def settle(cast: Cast, *, at: datetime) -> None:
    """Give everybody of the cast the role an installation starts with, and draw the map."""
    # A renewed database numbers its maps anew.
    maps._kept.clear()
    ensure_roles(at=at)
    with acting(Actor.system("test")):
        cast.units["second_grid"] = Unit.objects.create(
            parent=cast.community,
            level=Level.GRID,
            name="第二网格",
            name_key="dierwangge",
            key=f"{cast.community.key}002/",
            opened=LONG_AGO,
        )
        for name, (slug, title) in STANDARD.items():
            role = Role.objects.get(slug=slug)
            Post.objects.filter(pk=cast.post(name).pk).update(role=role, title=title)
        for name, box in BOXES.items():
            put_outline(cast.units[name], square(box), on=date(2026, 1, 1))
    for post in cast.posts.values():
        post.refresh_from_db()


@dataclass
class Town:
    """The town as time goes by: alarms ring when they are due, jobs are done as they are queued."""

    cast: Cast
    traveller: Any
    now: datetime
    told: list[str] = field(default_factory=list)

    def until(self, moment: datetime) -> None:
        """Let time pass, half an hour at once."""
        while self.now < moment:
            self.now = min(self.now + timedelta(minutes=30), moment)
            ring(at=self.now)
            work_off()
        self.traveller.move_to(self.now)

    def report(self, point: Point, text: str, *, at: datetime) -> str:
        """A neighbour reports a blocked lane; gives the number."""
        told = actions.report(
            by=self.cast.actor("resident"), at=at, report=Report("A01", text=text, point=point)
        )
        return told.case.number

    def finished_before(self, *, on: datetime) -> None:
        """The grid worker has dealt with such a case in time, some weeks ago."""
        clerk, worker = self.cast.actor("clerk"), self.cast.actor("grid_worker")
        told = actions.report(
            by=self.cast.actor("resident"), at=on,
            report=Report("A01", text="消防通道停了车", unit_id=self.cast.grid.pk),
        )  # fmt: skip
        step: dict[str, Any] = {"case": told.case}
        actions.file(by=clerk, at=on + timedelta(minutes=10), **step)
        to = self.cast.post("grid_worker")
        actions.dispatch(by=clerk, at=on + timedelta(minutes=20), to=to, **step)
        actions.finish(by=worker, at=on + timedelta(minutes=50), result="已挪走", **step)
        actions.verify(by=clerk, at=on + timedelta(hours=1), **step)


def work_off() -> None:
    """Do every queued job, as the worker process does it."""
    jobs = all_jobs()
    try:
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING task_name, args"
                )
                queued = cursor.fetchall()
            if not queued:
                return
            for name, arguments in queued:
                jobs[name].now(**json.loads(arguments))
    finally:
        # The browser's thread has a connection of its own, which nobody else would close.
        connection.close()

"""Cases of the small cast, at moments in working time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from linli.modules.cases import actions
from linli.modules.cases.intake import Contact, Report
from linli.modules.cases.models import Case
from tests.cast import Cast

CHINA = ZoneInfo("Asia/Shanghai")
# A Friday; the working hours are 8–12 and 14–18.
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=CHINA)


@dataclass
class Story:
    """Tells the life of a case step by step, a minute apart."""

    cast: Cast
    now: datetime = FRIDAY

    def tick(self, **span: float) -> datetime:
        """Let time pass (a minute unless told otherwise)."""
        self.now += timedelta(**(span or {"minutes": 1}))
        return self.now

    def report(self, *, by: str = "resident", code: str = "A01", **facts: Any) -> Case:
        """A report in the grid of the cast."""
        facts.setdefault("text", "一辆面包车堵住了消防通道")
        facts.setdefault("contact", Contact(name="张阿姨", phone="13812345678"))
        if "point" not in facts:
            facts.setdefault("unit_id", self.cast.grid.pk)
        told = actions.report(
            by=self.cast.actor(by), at=self.tick(), report=Report(category=code, **facts)
        )
        return told.case

    def filed(self, **facts: Any) -> Case:
        """A case filed by the clerk."""
        case = self.report(**facts)
        actions.file(by=self.cast.actor("clerk"), at=self.tick(), case=case)
        return case

    def dispatched(self, to: str = "grid_worker", **facts: Any) -> Case:
        """A case handed to a post by the clerk."""
        case = self.filed(**facts)
        actions.dispatch(
            by=self.cast.actor("clerk"), at=self.tick(), case=case, to=self.cast.post(to)
        )
        return case

    def finished(self, by: str = "grid_worker", **facts: Any) -> Case:
        """A case with a result."""
        case = self.dispatched(to=by, **facts)
        actions.finish(by=self.cast.actor(by), at=self.tick(), case=case, result="车已挪走")
        return case

    def closed(self, **facts: Any) -> Case:
        """A case verified by the clerk."""
        case = self.finished(**facts)
        actions.verify(by=self.cast.actor("clerk"), at=self.tick(), case=case)
        return case


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)

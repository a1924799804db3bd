"""One report from the phone to the rating, every person in a browser of their own.

A resident reports a blocked fire lane; the community files it, sees who should handle it and what
is likely the same; it goes to a grid worker, who gets help from the street's urban management; the
work is late, so people are reminded and it is raised; somebody else verifies; the resident rates.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import expect

from linli.kernel.geo import Point
from linli.platform.access import actions as access
from linli.platform.access.actor import Actor
from tests.cast import Cast
from tests.person import Person, in_any_spacing, people, photo
from tests.town import CHINA, Town, settle, work_off

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.slow]

FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=CHINA)
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)
LANE = Point(121.24, 30.14)
NEXT_DOOR = Point(121.2402, 30.1401)
STAFF = ("clerk", "grid_worker", "urban_management", "secretary", "street_officer")


@pytest.fixture
def town(committed_cast: Cast, settings: Any, tmp_path: Path) -> Iterator[Town]:
    settings.MEDIA_ROOT = tmp_path / "media"
    with time_machine.travel(FRIDAY, tick=True) as traveller:
        settle(committed_cast, at=FRIDAY)
        town = Town(committed_cast, traveller, FRIDAY)
        town.finished_before(on=FRIDAY - timedelta(days=30))
        yield town


def test_a_blocked_fire_lane_from_the_phone_to_the_rating(town: Town, tmp_path: Path) -> None:
    earlier = [
        town.report(NEXT_DOOR, "通道口停了面包车", at=FRIDAY - timedelta(hours=1)),
        town.report(NEXT_DOOR, "消防车进不来", at=FRIDAY - timedelta(minutes=30)),
    ]
    work_off()
    with people("resident", *STAFF, phones={"resident", "grid_worker"}, at=LANE) as who:
        report = Report(town, who, tmp_path, earlier)
        report.is_sent_from_the_phone()
        report.is_filed_and_handed_out()
        report.is_late_and_raised()
        report.is_worked_on_with_help()
        report.is_verified_by_somebody_else()
        report.is_rated()
        assert [fault for one in who.values() for fault in one.faults] == []


class Report:
    """The report and the people it passes."""

    def __init__(
        self, town: Town, who: dict[str, Person], folder: Path, earlier: list[str]
    ) -> None:
        self.town, self.who, self.folder, self.earlier = town, who, folder, earlier
        self.resident, self.clerk, self.worker = who["resident"], who["clerk"], who["grid_worker"]
        self.secretary = who["secretary"]
        self.number = ""

    @property
    def page(self) -> str:
        return f"/desk/cases/{self.number}/"

    def resident_reads(self, *texts: str) -> None:
        """What stands under the number, for whoever has it."""
        self.resident.open(f"/case/{self.number}/")
        self.resident.reads(*texts)

    def is_sent_from_the_phone(self) -> None:
        """Question by question, without an account."""
        resident, page = self.resident, self.resident.page
        resident.open("/")
        page.click("a.act.main")
        page.click('a[href="/report/kinds/A/"]')
        page.click('button[value="A01"]')
        page.click(".stop form button")
        page.wait_for_selector("[data-point] canvas")
        resident.press("使用我的位置")
        expect(page.locator("[name=lng]")).not_to_have_value("")
        page.fill("[name=place]", "紫藤苑七号楼西侧")
        page.click(".form-actions .button.primary")
        page.fill("[name=text]", "一辆面包车堵住了消防通道")
        page.click(".form-actions .button.primary")
        resident.give_photo(photo(self.folder, "lane.jpg", "#c2570c"))
        page.click(".form-actions .button.primary")
        page.wait_for_url("**/report/same/")
        assert page.locator("li.near").count() == 2
        resident.press("都不是，继续上报")
        page.fill("[name=name]", "钱阿姨")
        page.fill("[name=phone]", "13912345678")
        page.click(".form-actions .button.primary")
        page.click("form[action='/report/check/'] button")
        page.wait_for_url("**/receipt/")
        work_off()
        # Four working hours: two and a half on Friday, the rest on Monday from eight.
        resident.reads("11月23日 09:30")
        resident.keeps("receipt")
        self.number = page.url.split("/")[4]
        self.resident_reads("消防通道堵塞", "已上报")

    def is_filed_and_handed_out(self) -> None:
        """Likely duplicates and the proposed handler are in sight of whoever decides."""
        clerk = self.clerk
        clerk.open("/desk/notices/")
        clerk.reads(f"新上报{self.number}")
        clerk.open(self.page)
        for other in self.earlier:
            expect(clerk.part("疑似重复")).to_contain_text(re.compile(in_any_spacing(other)))
        clerk.press("立案")
        self.resident_reads("已立案")
        expect(clerk.part("建议处置岗位")).to_contain_text("负责本网格此类问题")
        expect(clerk.part("建议处置岗位")).to_contain_text("近一年在本社区办结同类1件，按期1件")
        clerk.keeps("filed")
        clerk.press("派遣")
        expect(clerk.page.locator("label:has(input[name=to]:checked)")).to_contain_text("网格员")
        clerk.press("派遣")
        clerk.reads("已派遣")
        self.resident_reads("已派遣", "网格员")

    def is_late_and_raised(self) -> None:
        """Nobody takes it on: half and four fifths of the time pass, then all of it."""
        number, worker, street = self.number, self.worker, self.who["street_officer"]
        self.town.until(FRIDAY + timedelta(hours=13))
        worker.open("/desk/notices/")
        worker.reads(f"派给您：{number}", f"时限已用50%：{number}")
        self.town.until(FRIDAY + timedelta(hours=25))
        worker.open("/desk/notices/")
        worker.reads(f"时限已用80%：{number}", f"超期：{number}")
        self.secretary.open("/desk/notices/")
        self.secretary.reads(f"超期：{number}")
        self.resident_reads("已过。超时的事情会报给上一级。")
        self.town.until(TUESDAY)
        street.open("/desk/notices/")
        street.reads(f"超期：{number}")
        street.keeps("raised")
        # The neighbours' reports, which nobody has looked at, are raised just the same.
        self.clerk.open("/desk/notices/")
        self.clerk.reads(*(f"超期：{other}" for other in self.earlier))

    def is_worked_on_with_help(self) -> None:
        """The grid worker on the phone; urban management sees what it is asked for."""
        worker, helper = self.worker, self.who["urban_management"]
        worker.open("/desk/")
        worker.page.click("main a.row-link")
        worker.press("接单")
        self.resident_reads("处置中")
        worker.press("请求协助")
        worker.choose("of", str(self.town.cast.post("urban_management").pk))
        worker.page.fill("[name=request]", "车主联系不上，请派拖车")
        worker.press("请求协助")
        worker.reads("城管中队")
        helper.open("/desk/")
        helper.reads(self.number, "协助处置")
        helper.open(self.page)
        helper.press("反馈协助结果")
        helper.page.fill("[name=result]", "拖车已到，车已拖离")
        helper.press("反馈协助结果")
        worker.open("/desk/notices/")
        worker.reads(f"{self.number}已协助：拖车已到，车已拖离")
        worker.open(self.page)
        worker.press("处置完成")
        worker.page.fill("[name=result]", "面包车已拖离，通道畅通")
        worker.give_photo(photo(self.folder, "clear.jpg", "#16805a"))
        worker.press("处置完成")
        worker.reads("已处置，待核查")
        worker.keeps("finished")
        self.resident_reads("已处置，待核查", "面包车已拖离，通道畅通")

    def is_verified_by_somebody_else(self) -> None:
        """The worker is refused, even while standing in for the community worker."""
        worker, secretary, cast = self.worker, self.secretary, self.town.cast
        worker.open(f"{self.page}verify/")
        worker.reads("现在不能在这里“核查结案”")
        now = self.town.now
        access.appoint(
            actor=Actor.system("test"), account=cast.grid_worker, post=cast.post("clerk"),
            starts=now.date(), at=now,
        )  # fmt: skip
        worker.act_as("社区工作者")
        worker.open(f"{self.page}verify/")
        worker.press("核查结案")
        worker.reads("不能再办理“核查结案”")
        secretary.open("/desk/notices/")
        secretary.reads(f"待核查：{self.number}")
        secretary.open(f"{self.page}verify/")
        secretary.page.fill("[name=words]", "现场已核实")
        secretary.press("核查结案")
        secretary.reads("已结案")
        self.resident_reads("已结案")

    def is_rated(self) -> None:
        """By the reporter; the community reads it."""
        resident = self.resident
        resident.page.click("a.act.main")
        resident.page.check("[name=stars][value='5']")
        resident.page.fill("[name=words]", "很快，谢谢")
        resident.press("提交评价")
        resident.reads("已结案并评价")
        resident.keeps("rated")
        self.clerk.open(self.page)
        self.clerk.reads("★★★★★")
        self.clerk.keeps("story")

"""A resident at a phone: a client, and a town with two outlines drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.modules.cases.models import Case
from linli.modules.cases.public import actions
from linli.modules.divisions import maps
from linli.modules.divisions.actions.outlines import put_outline
from linli.platform.access.models import Unit
from linli.platform.access.public import Actor, acting
from tests.cast import Cast

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
# The community's square and the grid inside it.
COMMUNITY_BOX, GRID_BOX = (121.20, 30.10, 121.30, 30.20), (121.22, 30.12, 121.26, 30.16)
INSIDE = {"lng": "121.240000", "lat": "30.140000"}
OUTSIDE = {"lng": "116.400000", "lat": "39.900000"}
SECRET = {
    "place": "紫藤苑七号楼西侧",
    "text": "三轮车堵在消防通道口，红色车牌尾号八八六",
    "name": "钱阿姨",
    "phone": "13912345678",
    "email": "qian@example.com",
}


def square(box: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def jpeg(size: tuple[int, int] = (640, 480), colour: str = "#c2570c") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def photo(name: str = "lane.jpg", body: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if body is None else body, content_type="image/jpeg")


def draw(cast: Cast) -> None:
    """Put outlines on the community and its grid."""
    with acting(Actor.system("test")):
        for unit, box in ((cast.community, COMMUNITY_BOX), (cast.grid, GRID_BOX)):
            outline(unit, box)


def outline(unit: Unit, box: tuple[float, float, float, float]) -> None:
    put_outline(unit, square(box), on=date(2026, 1, 1))


@dataclass
class Resident:
    """Somebody with a phone who answers one question after the other."""

    client: Client = field(default_factory=lambda: Client(REMOTE_ADDR="203.0.113.7"))

    def post(self, path: str, **data: Any) -> Any:
        return self.client.post(path, data)

    def get(self, path: str, **data: Any) -> Any:
        return self.client.get(path, data)

    def until_check(self, *, category: str = "A01", photos: int = 1, **changed: str) -> Any:
        """Answer everything up to the last page."""
        said = {**SECRET, **changed}
        self.post("/report/choose/", category=category)
        self.post("/report/before/")
        self.post("/report/where/", **INSIDE, place=said["place"])
        self.post("/report/what/", text=said["text"])
        self.post("/report/photos/", photos=[photo() for _one in range(photos)])
        self.post("/report/same/")
        contact = {key: said[key] for key in ("name", "phone", "email")}
        return self.post("/report/contact/", **contact)

    def submission(self) -> str:
        page = self.get("/report/check/")
        return str(page.content.decode().split('name="submission"')[1].split('value="')[1][:36])

    def send(self, **changed: Any) -> Any:
        self.until_check(**changed)
        return self.post("/report/check/", submission=self.submission())

    def number(self, response: Any) -> str:
        return str(response.url.split("/")[2])

    def report(self, **changed: Any) -> Case:
        """The whole journey; gives the case."""
        number = self.number(self.send(**changed))
        with acting(Actor.system("test")):
            return Case.objects.get(number=number)


@pytest.fixture(autouse=True)
def clean(db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Photos into a folder of the test's own, nothing remembered from the test before."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    # A rolled back map has the number of the next one.
    maps._kept.clear()
    yield
    cache.clear()


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def town(cast: Cast, clock: Any) -> Cast:
    draw(cast)
    return cast


@pytest.fixture
def resident(town: Cast) -> Resident:
    return Resident()


def close(cast: Cast, case: Case) -> None:
    """Take a case through the hands of the staff until it is closed."""
    clerk, worker = cast.actor("clerk"), cast.actor("grid_worker")
    step: dict[str, Any] = {"at": datetime.now(tz=ZoneInfo("UTC")), "case": case}
    with acting(clerk):
        actions.accept(by=clerk, **step)
        actions.file(by=clerk, **step)
        actions.dispatch(by=clerk, to=cast.post("grid_worker"), **step)
    with acting(worker):
        actions.take(by=worker, **step)
        actions.finish(by=worker, result="三轮车已移走，通道畅通。", **step)
    with acting(clerk):
        actions.verify(by=clerk, **step)

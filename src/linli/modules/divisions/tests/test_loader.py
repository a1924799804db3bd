"""Lists of divisions: taken whole or not at all, every fault at its line, twice is nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from linli.kernel.errors import Invalid
from linli.modules.divisions import reads
from linli.modules.divisions.cixi import COUNTY, seed_cixi
from linli.modules.divisions.models import System, UnitCode
from linli.modules.divisions.public import LoadReport, load_csv
from linli.modules.divisions.seeds import DATA
from linli.platform.access.public import Actor, Level, Unit, acting
from linli.platform.changes.public import Entry

pytestmark = pytest.mark.django_db
HEAD = "code12,code,level,name_zh,parent_code,kind_by_name_suffix\n"
GOOD = HEAD + "330000000000,33,1,浙江省,,\n330200000000,3302,2,宁波市,33,\n"


def load(tmp_path: Path, text: str | bytes) -> LoadReport:
    path = tmp_path / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_csv(path, at=timezone.now())


def test_cixi_loads_twice_as_once() -> None:
    report = seed_cixi(at=timezone.now())
    assert report.ok
    assert report.created == {1: 1, 2: 1, 3: 1, 4: 24, 5: 406}
    before = (Unit.objects.count(), UnitCode.objects.count(), Entry.objects.count())
    again = load_csv(DATA / "cixi.csv", at=timezone.now())
    assert again.total == 0
    assert again.known == 433
    assert again.differences == []
    assert before == (Unit.objects.count(), UnitCode.objects.count(), Entry.objects.count())


def test_two_communities_changed_street() -> None:
    seed_cixi(at=timezone.now())
    palace, gutang = reads.by_code("330282006006"), reads.by_code("330282004007")
    assert palace is not None
    assert gutang is not None
    for unit, then, now in ((palace, "浒山街道", "古塘街道"), (gutang, "古塘街道", "浒山街道")):
        assert reads.path(unit.pk, on=date(2009, 12, 31))[-2].name == then
        assert reads.path(unit.pk, on=date(2010, 1, 1))[-2].name == now
    assert palace.key == "33/02/82/006/006/"
    county = reads.by_code(COUNTY)
    sums = [
        reads.total(reads.roll_up(county, on=day).values()).levels[Level.COMMUNITY]
        for day in (date(2009, 6, 1), timezone.localdate())
    ]
    assert sums == [406, 406]


def test_codes_of_civil_affairs_stand_beside() -> None:
    seed_cixi(at=timezone.now())
    rows = UnitCode.objects.filter(system=System.MCA)
    assert rows.count() > 15
    differing = [row for row in rows if reads.code_of(row.unit_id) != row.code]
    assert differing


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("330282000000,330282,3,慈溪市,3399,", "3399"),
        ("330200000000,3302,2,宁波市,33,", "3302"),
        ("330282000000,33028,3,慈溪市,3302,", "33028"),
        ("330282000000,330282,9,慈溪市,3302,", ""),
        ("330282000000,330282,3,,3302,", "330282"),
        ("330282000000,330282", ""),
    ],
)
def test_a_fault_is_told_at_its_line_and_nothing_is_written(
    tmp_path: Path, line: str, words: str
) -> None:
    report = load(tmp_path, GOOD + line + "\n")
    assert [(fault.file, fault.line) for fault in report.faults] == [("list.csv", 4)]
    assert words in report.faults[0].sentence
    assert not Unit.objects.exists()
    assert not report.total


def test_another_encoding_is_told(tmp_path: Path) -> None:
    report = load(tmp_path, GOOD.encode() + "330282000000,330282,3,慈溪市,3302,\n".encode("gbk"))
    assert report.faults[0].line == 4
    assert not Unit.objects.exists()


def test_nothing_to_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        load_csv(tmp_path, at=timezone.now())


def test_other_names_become_renames_only_on_request(tmp_path: Path) -> None:
    load(tmp_path, GOOD)
    path = tmp_path / "list.csv"
    path.write_text(GOOD.replace("宁波市", "明州市"), encoding="utf-8")
    report = load_csv(path, at=timezone.now())
    assert [(d.here, d.there) for d in report.differences] == [("宁波市", "明州市")]
    assert Unit.objects.get(key="33/02/").name == "宁波市"
    day = date(2025, 1, 1)
    assert load_csv(path, at=timezone.now(), rename_on=day).renamed == 1
    assert Unit.objects.get(key="33/02/").name == "明州市"
    assert reads.path(Unit.objects.get(key="33/02/").pk, on=date(2024, 1, 1))[-1].name == "宁波市"


def test_search_finds_by_two_characters_pinyin_initials_and_code() -> None:
    with acting(Actor.system("test")):
        seed_cixi(at=timezone.now())
    assert reads.search("古塘")[0].name == "古塘社区"
    assert "大古塘村委会" in [unit.name for unit in reads.search("古塘")]
    assert reads.search("gutang")[0].name.startswith("古塘")
    assert "古塘社区" in [unit.name for unit in reads.search("gtsq")]
    assert reads.search("330282004000")[0].name == "浒山街道"
    street = reads.by_code("330282004")
    assert street is not None
    assert {u.name for u in reads.search("社区", branch=street.branch)} <= {
        unit.name for unit in reads.listing(street.branch, most=100)
    }
    assert reads.search("50%") == []

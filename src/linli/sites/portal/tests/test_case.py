"""A case by its number: what strangers read, what its reporter can do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.kernel.numbers import format_number
from linli.modules.cases.models import Case, Reporter
from linli.modules.cases.public import actions
from linli.modules.cases.states import State
from linli.platform.access.public import Actor, acting
from linli.platform.files.models import Attachment
from linli.sites.portal.tests.conftest import SECRET, Resident, close, photo
from linli.sites.portal.tests.test_journey import text
from tests.cast import Cast

SYSTEM = Actor.system("test")


def stored(case: Case) -> Case:
    with acting(SYSTEM):
        return Case.objects.get(pk=case.pk)


def code_of(resident: Resident, case: Case) -> str:
    page = text(resident.get(f"/case/{case.number}/receipt/"))
    shown = page.split("data-ticket-code>")[1].split("<")[0]
    return shown.replace(" ", "")


@pytest.mark.parametrize("write", [
    lambda n: n, format_number, lambda n: "-".join((n[:4], n[4:])),
    lambda n: n.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
])  # fmt: skip
def test_a_number_is_understood_however_it_is_typed(resident: Resident, write: Any) -> None:
    case = resident.report()
    assert resident.get("/case/", number=write(case.number)).url == f"/case/{case.number}/"


@pytest.mark.parametrize(
    ("typed", "told"), [("", "请填写编号"), ("abc", "数字"), ("20261120100001", "错"), ]
)  # fmt: skip
def test_a_wrong_number_is_told_at_its_field(resident: Resident, typed: str, told: str) -> None:
    response = resident.get("/case/", number=typed)
    assert response.status_code == 422
    assert told in text(response)
    assert "#id_number" in text(response)


def test_a_number_of_nobody_is_told(resident: Resident) -> None:
    from linli.kernel.numbers import with_check

    response = resident.get("/case/", number=with_check("20261120999999"))
    assert "没有查到这个编号" in text(response)
    assert resident.get(f"/case/{with_check('20261120999999')}/").status_code == 404


def test_strangers_see_the_way_of_a_case_and_nothing_of_persons(
    resident: Resident, town: Cast
) -> None:
    case = resident.report()
    close(town, case)
    page = text(Resident().get(f"/case/{case.number}/"))
    for told in ("消防通道堵塞", "青少年宫路社区", "网格员", "三轮车已移走", "已结案"):
        assert told in page or told == "已结案"
    with acting(SYSTEM):
        reporter = Reporter.objects.get(case=case)
        now = Case.objects.get(pk=case.pk)
    personal = [now.text, now.place, reporter.name, reporter.phone, reporter.email]
    assert all(personal)
    assert not any(words in page for words in personal)
    assert "李强" not in page
    assert "/files/" not in page


def test_a_kind_about_persons_shows_number_stage_and_time_only(
    resident: Resident, town: Cast
) -> None:
    case = resident.report(category="G01", text="楼上半夜拖椅子，说了不听")
    page = text(Resident().get(f"/case/{case.number}/"))
    assert format_number(case.number) in page
    assert "邻里纠纷" not in page
    assert "青少年宫路社区" not in page
    assert "楼上" not in page
    own = text(resident.get(f"/case/{case.number}/"))
    assert "楼上半夜拖椅子" in own


def test_the_code_of_the_receipt_opens_the_case_on_another_device(
    resident: Resident, town: Cast
) -> None:
    case = resident.report()
    code = code_of(resident, case)
    other = Resident()
    wrong = other.post(f"/case/{case.number}/code/", code=f"{(int(code) + 1) % 1_000_000:06d}")
    assert wrong.status_code == 422
    assert other.get(f"/case/{case.number}/rate/").url == f"/case/{case.number}/code/"
    assert (
        other.post(f"/case/{case.number}/code/", code=f"{code[:3]} {code[3:]}").status_code == 302
    )
    assert SECRET["text"] in text(other.get(f"/case/{case.number}/"))


def test_codes_are_not_found_by_trying(resident: Resident) -> None:
    case = resident.report()
    answers = [
        Resident().post(f"/case/{case.number}/code/", code=f"{n:06d}").status_code
        for n in range(12)
    ]
    assert answers[-1] == 429


def test_a_cookie_made_up_opens_nothing(resident: Resident) -> None:
    case = resident.report()
    other = Resident()
    other.client.cookies["linli_receipts"] = f'{{"{case.number}": "000000"}}:1:forged'
    assert SECRET["text"] not in text(other.get(f"/case/{case.number}/"))


def test_words_and_photos_are_added(resident: Resident, town: Cast) -> None:
    case = resident.report(photos=0)
    assert resident.post(f"/case/{case.number}/add/", words="").status_code == 422
    sent = resident.post(f"/case/{case.number}/add/", words="现在又多了一辆", photos=photo())
    assert sent.status_code == 302
    page = text(resident.get(f"/case/{case.number}/"))
    assert "现在又多了一辆" in page
    assert "/files/" in page
    with acting(SYSTEM):
        attachment = Attachment.objects.get(owner_id=case.pk)
    link = page.split('src="/files/')[1].split('"')[0].replace("&amp;", "&")
    assert resident.client.get(f"/files/{link}").status_code == 200
    assert Resident().client.get(f"/files/{attachment.pk}/").status_code == 404
    refused = resident.post(
        f"/case/{case.number}/add/", words="再看", photos=photo("x.jpg", b"MZ" + b"\0" * 900)
    )
    assert refused.status_code == 422
    assert "再看" in text(refused)


def test_the_reporter_rates_once(resident: Resident, town: Cast) -> None:
    case = resident.report()
    assert resident.get(f"/case/{case.number}/rate/").url == f"/case/{case.number}/"
    close(town, case)
    assert "您满意吗" in text(resident.get(f"/case/{case.number}/rate/"))
    assert resident.post(f"/case/{case.number}/rate/", words="好").status_code == 422
    rated = resident.post(f"/case/{case.number}/rate/", stars="5", words="很快")
    assert rated.url == f"/case/{case.number}/"
    assert (stored(case).rating, stored(case).state) == (5, State.RATED)
    page = text(Resident().get(f"/case/{case.number}/"))
    assert "5星" in page
    assert "很快" not in page


def test_the_reporter_opens_it_again_within_the_window(
    resident: Resident, town: Cast, clock: Any
) -> None:
    case = resident.report()
    close(town, case)
    assert resident.post(f"/case/{case.number}/reopen/", reason="").status_code == 422
    assert resident.post(f"/case/{case.number}/reopen/", reason="又堵上了").status_code == 302
    assert stored(case).state == State.FILED
    second = resident.report()
    close(town, second)
    clock.shift(timedelta(days=40))
    response = resident.client.post(
        f"/case/{second.number}/reopen/", {"reason": "又堵上了"}, follow=True
    )
    assert stored(second).state == State.CLOSED
    assert "现在这个阶段不能这样做" in text(response)


def test_the_reporter_withdraws_until_somebody_is_sent(resident: Resident, town: Cast) -> None:
    case = resident.report()
    assert resident.post(f"/case/{case.number}/withdraw/", reason="已经移走了").status_code == 302
    assert stored(case).state == State.CANCELLED
    assert "已经移走了" not in text(Resident().get(f"/case/{case.number}/"))
    second = resident.report()
    close(town, second)
    assert resident.get(f"/case/{second.number}/withdraw/").url == f"/case/{second.number}/"


def test_somebody_who_follows_cannot_withdraw(resident: Resident, town: Cast) -> None:
    case = resident.report()
    other = Resident()
    other.post("/report/choose/", category="A01")
    other.post("/report/before/")
    other.post("/report/where/", lng="121.240000", lat="30.140000", place="")
    other.post("/report/what/", text="消防通道又堵了")
    other.post("/report/photos/")
    other.post(f"/report/follow/{case.number}/", words="")
    other.post(f"/case/{case.number}/withdraw/", reason="不要了")
    assert stored(case).state == State.REPORTED


def test_the_contact_is_changed_and_removed(resident: Resident, town: Cast) -> None:
    case = resident.report()
    path = f"/case/{case.number}/contact/"
    assert resident.post(path, phone="1").status_code == 422
    assert resident.post(path, phone="13800000000", email="", name="").status_code == 302
    with acting(SYSTEM):
        kept = Reporter.objects.get(case=case)
        assert (kept.phone, kept.email, kept.name) == ("13800000000", "", "")
    needed = resident.report(category="F01")
    refused = resident.post(f"/case/{needed.number}/contact/", phone="", email="", name="")
    assert refused.status_code == 422


def test_why_a_report_was_turned_down_is_told(resident: Resident, town: Cast) -> None:
    case = resident.report()
    clerk = town.actor("clerk")
    with acting(clerk):
        actions.reject(by=clerk, at=case.reported_at, case=case, reason="现场没有发现堵塞")
    assert "现场没有发现堵塞" in text(Resident().get(f"/case/{case.number}/"))


def test_a_merged_case_names_the_other(resident: Resident, town: Cast) -> None:
    first, second = resident.report(), resident.report()
    clerk = town.actor("clerk")
    with acting(clerk):
        actions.merge(by=clerk, at=second.reported_at, case=second, into=first)
    assert f"/case/{first.number}/" in text(Resident().get(f"/case/{second.number}/"))


def test_the_first_page_tells_what_was_solved_without_words(resident: Resident, town: Cast) -> None:
    case = resident.report()
    close(town, case)
    page = text(Resident().get("/"))
    assert "最近办好的" in page
    assert not any(words in page for words in SECRET.values())
    assert case.number not in page
    assert format_number(case.number) in text(resident.get("/"))


@pytest.mark.parametrize("path", ["/", "/ways/", "/paper/", "/case/", "/report/", "/leave/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_stands_in_both_languages(resident: Resident, path: str, language: str) -> None:
    resident.client.cookies["django_language"] = language
    assert resident.get(path).status_code == 200


def test_the_sheet_of_paper_names_where_to_hand_it_in(resident: Resident, town: Cast) -> None:
    assert "浒山街道" in text(resident.get("/paper/"))
    assert "青少年宫路社区" in text(resident.get("/paper/", **{"in": town.street.key}))
    sheet = text(resident.get("/paper/", place=town.community.key))
    assert "浒山街道青少年宫路社区" in sheet.replace(" ", "") or "青少年宫路社区" in sheet

"""Reporting, question by question, with its faults."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from linli.modules.cases.models import Case, Reporter
from linli.platform.access.public import Actor, acting
from linli.platform.files.models import Attachment
from linli.sites.portal.tests.conftest import (
    INSIDE,
    OUTSIDE,
    SECRET,
    Resident,
    close,
    draw,
    jpeg,
    photo,
)
from tests.cast import Cast


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_report_goes_from_the_first_question_to_its_receipt(resident: Resident) -> None:
    assert resident.get("/report/").status_code == 200
    assert "消防通道堵塞" in text(resident.get("/report/kinds/A/"))
    assert resident.post("/report/choose/", category="A01").url == "/report/before/"
    stop = text(resident.get("/report/before/"))
    assert 'href="tel:119"' in stop
    assert resident.post("/report/before/").url == "/report/where/"
    assert resident.post("/report/where/", **INSIDE, place=SECRET["place"]).url == "/report/what/"
    answered = resident.post(
        "/report/what/", text=SECRET["text"], blocked_by="三轮车", since="昨天"
    )
    assert answered.url == "/report/photos/"
    assert resident.post("/report/photos/", photos=[photo(), photo()]).url == "/report/contact/"
    contact = {key: SECRET[key] for key in ("name", "phone", "email")}
    assert resident.post("/report/contact/", **contact).url == "/report/check/"
    shown = text(resident.get("/report/check/"))
    assert all(words in shown for words in (*SECRET.values(), "三轮车", "昨天"))
    sent = resident.post("/report/check/", submission=resident.submission())
    number = resident.number(sent)
    receipt = text(resident.client.get(sent.url))
    assert " ".join(number[i : i + 4] for i in range(0, len(number), 4)) in receipt
    with acting(Actor.system("test")):
        case = Case.objects.get(number=number)
        assert case.unit.name == "第一网格"
        assert case.answers == {"blocked_by": "三轮车", "since": "昨天"}
        reporter = Reporter.objects.get(case=case)
        assert (reporter.name, reporter.phone) == (SECRET["name"], SECRET["phone"])
        assert Attachment.objects.filter(owner_id=case.pk, kind="report").count() == 2


def test_nobody_gets_ahead_of_the_questions(resident: Resident) -> None:
    for path in ("where", "what", "photos", "same", "contact", "check"):
        assert resident.get(f"/report/{path}/").url == "/report/"
    resident.post("/report/choose/", category="A01")
    assert resident.get("/report/what/").url == "/report/before/"


def test_a_point_outside_the_city_is_told_at_its_field(resident: Resident) -> None:
    resident.post("/report/choose/", category="B01")
    response = resident.post("/report/where/", **OUTSIDE, place="楼下")
    assert response.status_code == 422
    assert "error-summary" in text(response)
    assert "#id_lng" in text(response)
    assert "楼下" in text(response)
    assert resident.get("/report/what/").url == "/report/where/"


def test_without_a_map_the_community_is_chosen_from_lists(resident: Resident, town: Cast) -> None:
    resident.post("/report/choose/", category="B01")
    assert "古塘街道" in text(resident.get("/report/where/place/"))
    below = text(resident.get("/report/where/place/", **{"in": town.street.key}))
    assert "青少年宫路社区" in below
    assert "舒苑社区" not in below
    assert "青少年宫路社区" in text(resident.get("/report/where/place/", q="青少年"))
    resident.post("/report/where/place/", unit=town.community.key)
    assert "青少年宫路社区" in text(resident.get("/report/where/"))
    assert resident.post("/report/where/", lng="", lat="", place="").url == "/report/what/"


def test_nothing_marked_and_nothing_chosen_is_told(resident: Resident) -> None:
    resident.post("/report/choose/", category="B01")
    response = resident.post("/report/where/", lng="", lat="", place="楼下")
    assert response.status_code == 422
    assert "请在地图上" in text(response) or "社区" in text(response)


def test_words_too_long_stay_in_the_field(resident: Resident) -> None:
    resident.post("/report/choose/", category="B01")
    resident.post("/report/where/", **INSIDE, place="")
    response = resident.post("/report/what/", text="长" * 5000)
    assert response.status_code == 422
    assert "长" * 5000 in text(response)
    assert resident.post("/report/what/", text="嗯").status_code == 422


def test_html_is_words(resident: Resident) -> None:
    case = resident.report(text="<script>alert(1)</script> 垃圾成堆")
    assert case.text == "<script>alert(1)</script> 垃圾成堆"
    page = text(resident.get(f"/case/{case.number}/"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_program_named_photo_is_refused_and_the_others_are_kept(resident: Resident) -> None:
    resident.post("/report/choose/", category="B01")
    resident.post("/report/where/", **INSIDE, place="")
    resident.post("/report/what/", text="垃圾成堆，没人来收")
    program = photo("holiday.jpg", b"MZ" + b"\x00" * 2000)
    response = resident.post("/report/photos/", photos=[photo(), program])
    assert response.status_code == 422
    page = text(response)
    assert "holiday.jpg" in page
    assert page.count("/report/photos/0") + page.count('<img src="/report/photos/') >= 1
    assert resident.post("/report/photos/").url == "/report/contact/"


def test_a_photo_of_40_mb_gets_a_sentence_at_its_field(resident: Resident, settings: Any) -> None:
    resident.post("/report/choose/", category="B01")
    resident.post("/report/where/", **INSIDE, place="")
    resident.post("/report/what/", text="垃圾成堆，没人来收")
    response = resident.post(
        "/report/photos/", photos=[photo("big.jpg", jpeg() + b"\x00" * 40 * 1024 * 1024)]
    )
    assert response.status_code == 422
    assert "big.jpg" in text(response)
    assert "20" in text(response)


def test_photos_are_kept_up_to_six_and_taken_out_again(resident: Resident) -> None:
    resident.post("/report/choose/", category="B01")
    resident.post("/report/where/", **INSIDE, place="")
    resident.post("/report/what/", text="垃圾成堆，没人来收")
    assert (
        resident.post("/report/photos/", photos=[photo() for _one in range(7)]).status_code == 422
    )
    page = text(resident.get("/report/photos/"))
    ids = [part[:36] for part in page.split('name="remove" value="')[1:]]
    assert len(ids) == 6
    small = resident.get(f"/report/photos/{ids[0]}/")
    assert small["Content-Type"] == "image/webp"
    assert Resident().get(f"/report/photos/{ids[0]}/").status_code == 404
    resident.post("/report/photos/", remove=ids[0])
    assert text(resident.get("/report/photos/")).count('name="remove"') == 5


def test_a_closed_kind_is_told_on_the_first_page(resident: Resident, town: Cast) -> None:
    from datetime import date

    from linli.modules.cases.models import Category

    with acting(Actor.system("test")):
        Category.objects.filter(code="B01").update(closed=date(2026, 1, 1))
    assert "暴露垃圾" not in text(resident.get("/report/kinds/B/"))
    response = resident.client.post("/report/choose/", {"category": "B01"}, follow=True)
    assert "error-summary" in text(response)


def test_a_telephone_is_needed_where_the_kind_says_so(resident: Resident) -> None:
    resident.post("/report/choose/", category="F01")
    resident.post("/report/where/", **INSIDE, place="")
    resident.post("/report/what/", text="物业不修门禁")
    resident.post("/report/photos/")
    assert 'name="anonymous"' not in text(resident.get("/report/contact/"))
    for given in ({"anonymous": "1"}, {"phone": ""}, {"phone": "12"}):
        response = resident.post("/report/contact/", **given)
        assert response.status_code == 422
        assert "#id_phone" in text(response)
    assert resident.post("/report/contact/", phone="138 1234 5678").url == "/report/check/"


def test_sent_twice_it_is_stored_once(resident: Resident) -> None:
    resident.until_check()
    submission = resident.submission()
    first = resident.post("/report/check/", submission=submission)
    second = resident.post("/report/check/", submission=submission)
    assert first.url == second.url
    with acting(Actor.system("test")):
        assert Case.objects.count() == 1


def test_machines_that_fill_every_field_are_told(resident: Resident) -> None:
    resident.until_check()
    response = resident.post("/report/check/", submission=resident.submission(), website="x")
    assert response.status_code == 422
    with acting(Actor.system("test")):
        assert Case.objects.count() == 0
    assert SECRET["text"] in text(resident.get("/report/check/"))


def test_too_many_reports_from_one_address_are_slowed_down(
    resident: Resident, settings: Any
) -> None:
    settings.PORTAL_LIMITS = {"report": ((2, 60),)}
    for _turn in range(2):
        assert resident.send().status_code == 302
    resident.until_check()
    response = resident.post("/report/check/", submission=resident.submission())
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    elsewhere = Resident()
    elsewhere.client.defaults["REMOTE_ADDR"] = "203.0.113.99"
    assert elsewhere.send().status_code == 302
    # What was entered is still there.
    assert SECRET["text"] in text(resident.get("/report/check/"))


def test_an_open_case_nearby_is_followed_instead(resident: Resident, town: Cast) -> None:
    first = resident.report()
    other = Resident()
    other.post("/report/choose/", category="A01")
    other.post("/report/before/")
    other.post("/report/where/", **INSIDE, place="")
    other.post("/report/what/", text="消防通道又堵了")
    assert other.post("/report/photos/", photos=[photo()]).url == "/report/same/"
    page = text(other.get("/report/same/"))
    assert first.number in page
    assert not any(words in page for words in SECRET.values())
    followed = other.post(f"/report/follow/{first.number}/", words="消防通道又堵了", phone="")
    assert followed.url == f"/case/{first.number}/receipt/"
    own = text(other.get(f"/case/{first.number}/"))
    assert "消防通道又堵了" in own
    assert not any(words in own for words in SECRET.values())
    with acting(Actor.system("test")):
        assert Case.objects.count() == 1
        assert Reporter.objects.filter(case=first).count() == 2
        assert Attachment.objects.filter(owner_id=first.pk).count() == 2


def test_mine_is_different_goes_on(resident: Resident, town: Cast) -> None:
    resident.report()
    other = Resident()
    assert other.send(category="A01").url.endswith("/receipt/")
    with acting(Actor.system("test")):
        assert Case.objects.count() == 2


def test_a_case_that_is_not_offered_cannot_be_followed(resident: Resident, town: Cast) -> None:
    case = resident.report()
    close(town, case)
    other = Resident()
    other.post("/report/choose/", category="A01")
    assert other.post(f"/report/follow/{case.number}/", words="我也是").url == "/report/before/"


def test_a_draft_ends_after_a_day_and_its_photos_are_swept(resident: Resident, clock: Any) -> None:
    from datetime import timedelta

    from django.conf import settings as now

    from linli.sites.portal.jobs import sweep_drafts_later

    resident.until_check()
    assert list(now.MEDIA_ROOT.glob("drafts/*/*"))
    clock.shift(timedelta(hours=25))
    assert resident.get("/report/check/").url == "/report/"
    for folder in now.MEDIA_ROOT.glob("drafts/*"):
        import os

        os.utime(folder, (0, 0))
    sweep_drafts_later.now()
    assert not list(now.MEDIA_ROOT.glob("drafts/*"))


def test_a_kiosk_is_left_clean(resident: Resident) -> None:
    case = resident.report()
    assert SECRET["text"] in text(resident.get(f"/case/{case.number}/"))
    resident.post("/leave/")
    assert SECRET["text"] not in text(resident.get(f"/case/{case.number}/"))
    assert resident.get(f"/case/{case.number}/receipt/").url == f"/case/{case.number}/"


def test_two_presses_at_one_moment_make_one_case(committed_cast: Cast) -> None:
    draw(committed_cast)
    resident = Resident()
    resident.until_check(category="B01")
    submission = resident.submission()
    together = Barrier(2)

    def press(_turn: int) -> str:
        other = Resident()
        other.client.cookies.load(resident.client.cookies.output(header="", sep=";"))
        try:
            together.wait()
            return str(other.post("/report/check/", submission=submission).url)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(press, range(2))
    assert first == second
    assert first.endswith("/receipt/")
    with acting(Actor.system("test")):
        assert Case.objects.count() == 1

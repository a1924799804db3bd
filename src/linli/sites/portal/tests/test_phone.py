"""A resident proves the telephone number by a code, and finds their reports from any phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from linli.kernel.errors import Invalid
from linli.modules.cases.intake import Contact, Report
from linli.modules.cases.models import Case, Category, Reporter
from linli.modules.cases.own_reports import reporter_with, reports_with
from linli.modules.cases.public import actions
from linli.modules.cases.rules import Verb
from linli.platform.access.public import Actor, acting
from linli.platform.changes.models import Entry
from linli.platform.notices.tests.gatewayserver import Gateway, listening, point_to
from linli.platform.phones.jobs import send_code_later
from linli.platform.phones.models import PhoneProof
from linli.sites.portal.tests.conftest import INSIDE, SECRET, Resident, close, draw, photo
from linli.sites.portal.tests.test_journey import text
from tests.cast import Cast

SYSTEM = Actor.system("test")
PHONE = SECRET["phone"]


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with listening() as started:
        point_to(settings, started.url)
        settings.CODE_LIMITS = {"number": ((5, 3600), (15, 86400)), "address": ((20, 3600),)}
        yield started


def work() -> None:
    """What the worker does: every code that was asked for is sent."""
    with acting(SYSTEM):
        ids = list(PhoneProof.objects.order_by("asked_at").values_list("pk", flat=True))
    for pk in ids:
        send_code_later.now(proof_id=str(pk))


def needing_proof(code: str = "F01") -> None:
    with acting(SYSTEM):
        changed = Category.objects.filter(code=code)
        changed.update(anonymous_allowed=False, needs_proven_phone=True)


def reporter_of(case: Case) -> Reporter:
    with acting(SYSTEM):
        return Reporter.objects.get(case=case, first=True)


def until_contact(resident: Resident, category: str = "A01") -> None:
    resident.post("/report/choose/", category=category)
    resident.post("/report/before/")
    resident.post("/report/where/", **INSIDE, place=SECRET["place"])
    resident.post("/report/what/", text=SECRET["text"])
    resident.post("/report/photos/")
    resident.post("/report/same/")


def contact(resident: Resident, **changed: str) -> Any:
    given = {key: SECRET[key] for key in ("name", "phone", "email")}
    return resident.post("/report/contact/", **{**given, **changed})


def send(resident: Resident) -> Case:
    sent = resident.post("/report/check/", submission=resident.submission())
    with acting(SYSTEM):
        return Case.objects.select_related("category").get(number=resident.number(sent))


def type_code(resident: Resident, gateway: Gateway) -> Any:
    work()
    return resident.post("/phone/code/", phone_code=gateway.code())


def proven_report(resident: Resident, gateway: Gateway, category: str = "A01") -> Case:
    until_contact(resident, category)
    contact(resident, prove="on")
    assert type_code(resident, gateway).url == "/report/check/"
    return send(resident)


def test_without_a_gateway_nothing_of_it_is_there(resident: Resident, settings: Any) -> None:
    settings.SMS_URL = ""
    until_contact(resident)
    assert 'name="prove"' not in text(resident.get("/report/contact/"))
    assert contact(resident, prove="on").url == "/report/check/"
    case = send(resident)
    assert reporter_of(case).phone_proven_at is None
    for path in ("/", "/case/", f"/case/{case.number}/", f"/case/{case.number}/contact/"):
        assert "/phone/" not in text(resident.get(path))
    for path in ("/phone/", "/phone/code/", "/phone/reports/"):
        assert resident.get(path).status_code == 404
    assert resident.post("/phone/", phone=PHONE).status_code == 404


def test_a_number_is_proven_on_the_way(resident: Resident, gateway: Gateway) -> None:
    until_contact(resident)
    assert 'name="prove"' in text(resident.get("/report/contact/"))
    assert contact(resident, prove="on").url == "/phone/code/"
    page = text(resident.get("/phone/code/"))
    assert "139 1234 5678" in page
    assert 'autocomplete="one-time-code"' in page
    assert type_code(resident, gateway).url == "/report/check/"
    assert "手机号已验证" in text(resident.get("/report/check/"))
    case = send(resident)
    assert reporter_of(case).phone_proven_at == case.reported_at
    assert "用手机号查我的上报" in text(resident.get(f"/case/{case.number}/receipt/"))
    with acting(SYSTEM):
        entry = Entry.objects.get(subject_id=case.pk, verb=Verb.REPORT)
    assert entry.facts["phone_proven"] is True


def test_whoever_does_not_want_it_goes_on_without(resident: Resident, gateway: Gateway) -> None:
    until_contact(resident)
    assert contact(resident).url == "/report/check/"
    assert gateway.asked == []
    contact(resident, prove="on")
    assert resident.post("/report/phone/", skip="1").url == "/report/check/"
    assert reporter_of(send(resident)).phone_proven_at is None


def test_another_number_is_not_proven_by_the_code_of_the_first(
    resident: Resident, gateway: Gateway
) -> None:
    until_contact(resident)
    contact(resident, prove="on")
    type_code(resident, gateway)
    assert contact(resident, phone="13887654321").url == "/report/check/"
    assert reporter_of(send(resident)).phone_proven_at is None


def test_a_number_proven_once_is_not_asked_again(resident: Resident, gateway: Gateway) -> None:
    proven_report(resident, gateway)
    until_contact(resident, "B01")
    assert contact(resident, prove="on").url == "/report/check/"
    assert reporter_of(send(resident)).phone_proven_at is not None
    assert len(gateway.asked) == 1


def test_a_landline_gets_a_sentence_at_its_field(resident: Resident, gateway: Gateway) -> None:
    until_contact(resident)
    response = contact(resident, phone="0574-63812345", prove="on")
    assert response.status_code == 422
    assert "#id_phone" in text(response)
    assert "11" in text(response)
    assert contact(resident, phone="0574-63812345").url == "/report/check/"


def test_wrong_codes_are_counted_and_slips_are_not(resident: Resident, gateway: Gateway) -> None:
    resident.post("/phone/", phone=PHONE)
    work()
    wrong = f"{(int(gateway.code()) + 1) % 1_000_000:06d}"
    slip = resident.post("/phone/code/", phone_code="12 34")
    assert slip.status_code == 422
    for left in (4, 3, 2, 1):
        answer = resident.post("/phone/code/", phone_code=wrong)
        assert answer.status_code == 422
        assert f"还可以再试 {left} 次" in text(answer)
    assert "验证码已失效" in text(resident.post("/phone/code/", phone_code=wrong))
    late = resident.post("/phone/code/", phone_code=gateway.code())
    assert late.status_code == 422
    assert resident.get("/phone/reports/").url == "/phone/"


def test_after_ten_minutes_another_code_is_sent(
    resident: Resident, gateway: Gateway, clock: Any
) -> None:
    resident.post("/phone/", phone=PHONE)
    work()
    old = gateway.code()
    clock.shift(timedelta(minutes=11))
    assert "验证码已失效" in text(resident.get("/phone/code/"))
    assert resident.post("/phone/code/", phone_code=old).status_code == 422
    assert resident.post("/phone/code/", again="1").url == "/phone/code/"
    assert type_code(resident, gateway).url == "/phone/reports/"
    assert len(gateway.asked) == 2


def test_a_button_pressed_twice_sends_one_code(
    resident: Resident, gateway: Gateway, clock: Any
) -> None:
    for _turn in range(3):
        assert resident.post("/phone/", phone=PHONE).url == "/phone/code/"
    work()
    assert len(gateway.asked) == 1
    clock.shift(timedelta(seconds=61))
    resident.post("/phone/code/", again="1")
    work()
    assert len(gateway.asked) == 2


def test_the_code_works_only_where_it_was_asked_for(resident: Resident, gateway: Gateway) -> None:
    resident.post("/phone/", phone=PHONE)
    work()
    other = Resident()
    assert other.post("/phone/code/", phone_code=gateway.code()).url == "/phone/"
    other.post("/phone/", phone="13887654321")
    assert other.post("/phone/code/", phone_code=gateway.code()).status_code == 422
    assert other.get("/phone/reports/").url == "/phone/"


def test_a_code_sent_again_by_the_browser_opens_nothing_anew(
    resident: Resident, gateway: Gateway
) -> None:
    resident.post("/phone/", phone=PHONE)
    assert type_code(resident, gateway).url == "/phone/reports/"
    # The same form once more, as a reload does: the number is proven already.
    assert resident.post("/phone/code/", phone_code=gateway.code()).url == "/phone/reports/"
    resident.post("/phone/forget/")
    assert resident.post("/phone/code/", phone_code=gateway.code()).url == "/phone/"


def test_the_answer_is_the_same_for_a_known_and_an_unknown_number(
    resident: Resident, gateway: Gateway
) -> None:
    resident.report()
    pages = []
    for phone in (PHONE, "13887654321"):
        other = Resident()
        assert other.post("/phone/", phone=phone).url == "/phone/code/"
        page = text(other.get("/phone/code/"))
        page = re.sub(r'(value|content)="[A-Za-z0-9]{64}"|nonce="[^"]+"', "", page)
        pages.append(page.replace(f"{phone[:3]} {phone[3:7]} {phone[7:]}", "…"))
    assert pages[0] == pages[1]


def test_too_many_codes_are_told_with_the_time_to_wait(
    resident: Resident, gateway: Gateway, settings: Any
) -> None:
    settings.CODE_LIMITS = {"number": ((1, 3600),), "address": ((20, 3600),)}
    resident.post("/phone/", phone=PHONE)
    refused = Resident().post("/phone/", phone=PHONE)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    until_contact(resident)
    other = Resident()
    until_contact(other)
    assert contact(other, prove="on").status_code == 429
    # What was entered is kept, and the way without a code is open.
    assert PHONE[3:7] in text(other.get("/report/phone/"))
    assert other.post("/report/phone/", skip="1").url == "/report/check/"


def test_a_number_that_cannot_be_reached_is_told(resident: Resident, gateway: Gateway) -> None:
    resident.post("/phone/", phone=PHONE)
    gateway.answers = [(422, "no such subscriber", 0)]
    work()
    assert "无法向这个号码发送短信" in text(resident.get("/phone/code/"))


def test_from_another_phone_the_own_reports_are_there(
    resident: Resident, gateway: Gateway, town: Cast
) -> None:
    case = proven_report(resident, gateway)
    other = Resident()
    other.post("/phone/", phone=PHONE)
    assert type_code(other, gateway).url == "/phone/reports/"
    listed = text(other.get("/phone/reports/"))
    assert case.number in listed
    assert SECRET["text"] not in listed
    page = text(other.get(f"/case/{case.number}/"))
    assert SECRET["text"] in page
    assert "/receipt/" not in page
    close(town, case)
    assert other.post(f"/case/{case.number}/rate/", stars="5").url == f"/case/{case.number}/"
    with acting(SYSTEM):
        assert Case.objects.get(pk=case.pk).rating == 5


def test_a_number_that_was_only_typed_opens_no_words(resident: Resident, gateway: Gateway) -> None:
    """Somebody else may have typed it: the case stands there as its public page tells it."""
    open_to_all = resident.report()
    quiet = resident.report(category="G01", text="楼上半夜拖椅子，说了不听")
    other = Resident()
    other.post("/phone/", phone=PHONE)
    type_code(other, gateway)
    listed = text(other.get("/phone/reports/"))
    assert open_to_all.number in listed
    assert quiet.number in listed
    assert "消防通道堵塞" in listed
    assert "邻里纠纷" not in listed
    for case in (open_to_all, quiet):
        page = text(other.get(f"/case/{case.number}/"))
        assert SECRET["text"] not in page
        assert "拖椅子" not in page
        assert other.get(f"/case/{case.number}/rate/").url == f"/case/{case.number}/code/"


def test_reports_of_others_are_not_listed(resident: Resident, gateway: Gateway) -> None:
    case = proven_report(resident, gateway)
    other = Resident()
    other.post("/phone/", phone="13887654321")
    type_code(other, gateway)
    assert case.number not in text(other.get("/phone/reports/"))
    assert SECRET["text"] not in text(other.get(f"/case/{case.number}/"))
    assert reports_with("") == []
    assert reporter_with(case.number, "") is None


def test_a_proven_number_is_forgotten_when_asked_and_after_a_day(
    resident: Resident, gateway: Gateway, clock: Any
) -> None:
    proven_report(resident, gateway)
    other = Resident()
    for leaving in ("/phone/forget/", "/leave/"):
        other.post("/phone/", phone=PHONE)
        type_code(other, gateway)
        assert other.get("/phone/reports/").status_code == 200
        other.post(leaving)
        assert other.get("/phone/reports/").url == "/phone/"
    other.post("/phone/", phone=PHONE)
    type_code(other, gateway)
    clock.shift(timedelta(hours=25))
    assert other.get("/phone/reports/").url == "/phone/"


def test_a_kind_that_needs_a_proven_number_asks_for_the_code(
    resident: Resident, gateway: Gateway
) -> None:
    needing_proof()
    until_contact(resident, "F01")
    page = text(resident.get("/report/contact/"))
    assert 'name="prove"' not in page
    assert 'name="anonymous"' not in page
    assert contact(resident, phone="").status_code == 422
    assert contact(resident).url == "/phone/code/"
    assert resident.get("/report/check/").url == "/report/phone/"
    assert 'name="skip"' not in text(resident.get("/phone/code/"))
    assert resident.post("/report/phone/", skip="1").url != "/report/check/"
    assert type_code(resident, gateway).url == "/report/check/"
    assert reporter_of(send(resident)).phone_proven_at is not None


def test_without_a_gateway_such_a_kind_says_call_or_come(resident: Resident, settings: Any) -> None:
    needing_proof()
    settings.SMS_URL = ""
    assert resident.post("/report/choose/", category="F01").url == "/report/in-person/"
    page = text(resident.get("/report/in-person/"))
    assert 'href="tel:12345"' in page
    assert "窗口" in page
    assert resident.get("/report/where/").url == "/report/in-person/"
    resident.post("/report/choose/", category="B01")
    assert resident.get("/report/in-person/").url == "/report/where/"


def test_the_rule_holds_below_the_pages_too(town: Cast, gateway: Gateway) -> None:
    needing_proof("A01")
    at = reporter_moment()
    told = Report(
        category="A01", text=SECRET["text"], unit_id=town.grid.pk, contact=Contact(phone=PHONE)
    )
    with pytest.raises(Invalid) as refused:
        actions.report(by=town.actor("resident"), at=at, report=told)
    assert set(refused.value.faults) == {"proof"}
    by_phone = Report(
        category="A01", text=SECRET["text"], unit_id=town.grid.pk,
        contact=Contact(phone=PHONE), channel="phone",
    )  # fmt: skip
    case = actions.report(by=town.actor("clerk"), at=at, report=by_phone).case
    with pytest.raises(Invalid):
        actions.join(by=town.actor("resident"), at=at, case=case, contact=Contact(phone=PHONE))


def reporter_moment() -> Any:
    from django.utils import timezone

    return timezone.now()


def test_following_such_a_kind_asks_for_the_code_too(resident: Resident, gateway: Gateway) -> None:
    needing_proof("A01")
    first = proven_report(resident, gateway)
    other = Resident()
    other.post("/report/choose/", category="A01")
    other.post("/report/before/")
    other.post("/report/where/", **INSIDE, place="")
    other.post("/report/what/", text="消防通道又堵了")
    other.post("/report/photos/", photos=[photo()])
    address = f"/report/follow/{first.number}/"
    sent = other.post(address, words="又来了一辆", phone="13887654321")
    assert sent.url == "/phone/code/"
    assert type_code(other, gateway).url == address
    page = text(other.get(address))
    assert "又来了一辆" in page
    assert "13887654321" in page
    followed = other.post(address, words="又来了一辆", phone="13887654321")
    assert followed.url == f"/case/{first.number}/receipt/"
    with acting(SYSTEM):
        joined = Reporter.objects.get(case=first, first=False)
    assert joined.phone_proven_at is not None


def test_a_new_number_is_unproven_until_it_is_proven(resident: Resident, gateway: Gateway) -> None:
    case = proven_report(resident, gateway)
    address = f"/case/{case.number}/contact/"
    resident.post(address, phone=PHONE, email="", name="钱阿姨")
    assert reporter_of(case).phone_proven_at == case.reported_at
    resident.post(address, phone="13887654321", email="", name="")
    assert reporter_of(case).phone_proven_at is None
    resident.post("/phone/", phone="13887654321")
    assert type_code(resident, gateway).url == "/phone/reports/"
    changed = resident.post(address, phone="13887654321", email="", name="")
    assert changed.url == f"/case/{case.number}/"
    assert reporter_of(case).phone_proven_at is not None
    resident.post(address, phone="", email="", name="")
    kept = reporter_of(case)
    assert (kept.phone, kept.phone_proven_at) == ("", None)


def test_staff_see_that_the_number_is_proven(
    resident: Resident, gateway: Gateway, town: Cast
) -> None:
    from tests.test_registers import client_of

    proven, typed = proven_report(resident, gateway), Resident().report(category="B01")
    clerk = client_of(town, "clerk")
    assert "number proven" in text(clerk.get(f"/desk/cases/{proven.number}/"))
    page = text(clerk.get(f"/desk/cases/{typed.number}/"))
    assert "139****5678" in page
    assert "number proven" not in page


def test_the_session_keeps_no_number_and_no_code(resident: Resident, gateway: Gateway) -> None:
    resident.post("/phone/", phone=PHONE)
    work()
    type_code(resident, gateway)
    kept = dict(resident.client.session.items())
    assert PHONE not in str(kept)
    assert gateway.code() not in str(kept)
    UUID(kept["portal_phone"]["proven"])


def test_a_code_typed_twice_at_one_moment_leads_on_twice(
    committed_cast: Cast, gateway: Gateway
) -> None:
    draw(committed_cast)
    resident = Resident()
    resident.post("/phone/", phone=PHONE)
    work()
    code, together = gateway.code(), Barrier(2)

    def press(_turn: int) -> str:
        other = Resident()
        other.client.cookies.load(resident.client.cookies.output(header="", sep=";"))
        try:
            together.wait()
            return str(other.post("/phone/code/", phone_code=code).url)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(press, range(2))) == ["/phone/reports/"] * 2
    with acting(SYSTEM):
        proof = PhoneProof.objects.get()
    assert proof.tries == 1

"""A number is proven by its code: in time, within five tries, once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection, connections

from linli.kernel.errors import Invalid, Unavailable
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.notices.gateway import NotTaken
from linli.platform.notices.tests.gatewayserver import Gateway, listening, point_to
from linli.platform.notices.tests.mailserver import free_port
from linli.platform.phones.codes import code_of
from linli.platform.phones.jobs import forget_proofs_later, send_code_later
from linli.platform.phones.models import PhoneProof
from linli.platform.phones.public import Answer, TooOften, ask, confirm, pending, proven_phone
from tests.cast import Cast

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
PHONE, OTHER = "13912345678", "13887654321"
SYSTEM = Actor.system("test")


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with listening() as started, time_machine.travel(AT, tick=False):
        point_to(settings, started.url)
        settings.CODE_LIMITS = {"number": ((5, 3600), (15, 86400)), "address": ((20, 3600),)}
        yield started


def asked(phone: str = PHONE, *, at: datetime = AT, address: str = "203.0.113.7") -> UUID:
    return ask(phone=phone, address=address, language="zh-hans", at=at)


def queued() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name LIKE %s ORDER BY id",
            ["%phones.jobs.send_code_later"],
        )
        rows = [row[0] for row in cursor.fetchall()]
    found = [json.loads(row) if isinstance(row, str) else row for row in rows]
    assert all(set(one) == {"proof_id"} for one in found)
    return [one["proof_id"] for one in found]


def work() -> None:
    for proof_id in queued():
        send_code_later.now(proof_id=proof_id)


def stored(proof_id: UUID) -> PhoneProof:
    with acting(SYSTEM):
        return PhoneProof.objects.get(pk=proof_id)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.django_db
def test_the_code_that_arrives_proves_the_number(gateway: Gateway) -> None:
    proof = asked()
    work()
    assert gateway.asked[0]["to"] == PHONE
    assert gateway.asked[0]["text"].startswith("【慈溪邻里】")
    code = gateway.code()
    assert len(code) == 6
    assert code in gateway.asked[0]["text"]
    assert proven_phone(proof, at=AT) == ""
    assert confirm(proof_id=proof, code=code, at=AT) is Answer.RIGHT
    assert proven_phone(proof, at=AT) == PHONE
    assert proven_phone(uuid4(), at=AT) == ""


@pytest.mark.django_db
def test_the_code_stands_neither_in_the_table_nor_in_the_queue(gateway: Gateway) -> None:
    proof = asked()
    code = code_of(proof)
    work()
    with connection.cursor() as cursor, acting(SYSTEM):
        cursor.execute("SELECT row_to_json(p)::text FROM phones_phoneproof p")
        rows = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        jobs = [row[0] for row in cursor.fetchall()]
    assert rows
    assert jobs
    # Times and ids may hold six digits by chance; the code as a value of its own may not.
    assert not any(f'"{code}"' in text for text in rows + jobs)
    assert set(json.loads(rows[0])) == {
        "id", "phone", "language", "asked_at", "ends_at", "tries", "sent_at", "refused", "fault",
        "proven_at",
    }  # fmt: skip


@pytest.mark.django_db
def test_another_key_makes_other_codes(gateway: Gateway, settings: Any) -> None:
    ids = [uuid4() for _one in range(20)]
    here = [code_of(one) for one in ids]
    settings.SECRET_KEY = "somewhere else"
    assert here != [code_of(one) for one in ids]
    assert len(set(here)) > 15


@pytest.mark.django_db
def test_a_code_is_right_once(gateway: Gateway) -> None:
    proof = asked()
    assert confirm(proof_id=proof, code=code_of(proof), at=AT) is Answer.RIGHT
    assert confirm(proof_id=proof, code=code_of(proof), at=AT) is Answer.OVER
    assert stored(proof).tries == 1


@pytest.mark.django_db
def test_the_code_of_another_request_proves_nothing(gateway: Gateway) -> None:
    first, second = asked(), asked()
    assert confirm(proof_id=second, code=code_of(first), at=AT) is Answer.WRONG
    assert confirm(proof_id=uuid4(), code=code_of(first), at=AT) is Answer.OVER


@pytest.mark.django_db
def test_after_ten_minutes_it_is_over(gateway: Gateway) -> None:
    proof = asked()
    late = AT + timedelta(minutes=10)
    assert confirm(proof_id=proof, code=code_of(proof), at=late) is Answer.OVER
    just = late - timedelta(seconds=1)
    assert confirm(proof_id=proof, code=code_of(proof), at=just) is Answer.RIGHT


@pytest.mark.django_db
def test_after_five_wrong_tries_the_right_code_is_over_too(gateway: Gateway) -> None:
    proof = asked()
    for left in (4, 3, 2, 1, 0):
        answer = confirm(proof_id=proof, code=wrong(code_of(proof)), at=AT)
        found = pending(proof, at=AT)
        assert answer is Answer.WRONG
        assert found is not None
        assert found.tries_left == left
    assert confirm(proof_id=proof, code=code_of(proof), at=AT) is Answer.OVER


@pytest.mark.parametrize("typed", ["", "abc", "２０４８１６", "é" * 6, "0" * 4000])
@pytest.mark.django_db
def test_whatever_is_typed_is_a_try(gateway: Gateway, typed: str) -> None:
    proof = asked()
    assert confirm(proof_id=proof, code=typed, at=AT) is Answer.WRONG
    assert stored(proof).tries == 1


@pytest.mark.django_db
def test_a_proven_number_counts_for_a_day_and_is_then_forgotten(gateway: Gateway) -> None:
    proof = asked()
    confirm(proof_id=proof, code=code_of(proof), at=AT)
    assert proven_phone(proof, at=AT + timedelta(hours=23)) == PHONE
    assert proven_phone(proof, at=AT + timedelta(hours=24)) == ""
    with time_machine.travel(AT + timedelta(hours=24), tick=False):
        forget_proofs_later.now()
        assert stored(proof)
    with time_machine.travel(AT + timedelta(hours=26), tick=False):
        forget_proofs_later.now()
    with acting(SYSTEM):
        assert not PhoneProof.objects.exists()


@pytest.mark.parametrize(
    "phone",
    ["", "0574-63812345", "1391234567", "12345678901", "+8613912345678", "１３９１２３４５６７８"],
)
@pytest.mark.django_db
def test_only_mobile_numbers_get_codes(gateway: Gateway, phone: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(phone)
    assert set(refused.value.faults) == {"phone"}


@pytest.mark.django_db
def test_without_a_gateway_nothing_is_asked(settings: Any) -> None:
    settings.SMS_URL = ""
    with pytest.raises(Unavailable):
        asked()


@pytest.mark.django_db
def test_five_codes_a_number_and_hour_whoever_asks(gateway: Gateway) -> None:
    for turn in range(5):
        asked(address=f"203.0.113.{turn}")
    with pytest.raises(TooOften) as refused:
        asked(address="203.0.113.99")
    assert 0 < refused.value.seconds <= 3601
    asked(OTHER, address="203.0.113.99")
    asked(at=AT + timedelta(hours=1), address="203.0.113.99")


@pytest.mark.django_db
def test_fifteen_codes_a_number_and_day(gateway: Gateway) -> None:
    for hour in range(3):
        for _turn in range(5):
            asked(at=AT + timedelta(hours=hour))
    with pytest.raises(TooOften):
        asked(at=AT + timedelta(hours=4))


@pytest.mark.django_db
def test_an_address_that_asks_too_much_does_not_use_up_the_numbers_of_others(
    gateway: Gateway, settings: Any
) -> None:
    settings.CODE_LIMITS = {"number": ((2, 3600),), "address": ((3, 3600),)}
    for number in range(3):
        asked(f"1391234560{number}")
    for _turn in range(4):
        with pytest.raises(TooOften):
            asked(PHONE)
    asked(PHONE, address="203.0.113.8")


@pytest.mark.django_db
def test_nothing_tells_whether_a_number_was_used_before(gateway: Gateway) -> None:
    known = asked()
    confirm(proof_id=known, code=code_of(known), at=AT)
    again, unknown = asked(), asked(OTHER)
    a, b = pending(again, at=AT), pending(unknown, at=AT)
    assert a is not None
    assert b is not None
    assert (a.is_open, a.tries_left, a.refused) == (b.is_open, b.tries_left, b.refused)
    work()
    assert len(gateway.asked) == 2


@pytest.mark.django_db
def test_a_gateway_that_is_away_gets_the_same_message_later(
    gateway: Gateway, settings: Any
) -> None:
    there = gateway.url
    proof = asked()
    settings.SMS_URL = f"http://127.0.0.1:{free_port()}/"
    with pytest.raises(NotTaken):
        work()
    assert "ConnectionRefusedError" in stored(proof).fault
    settings.SMS_URL = there
    work()
    assert stored(proof).sent_at == AT
    assert stored(proof).fault == ""
    work()
    assert [one["id"] for one in gateway.asked] == [str(proof)]


@pytest.mark.django_db
def test_killed_between_sending_and_recording_it_goes_again_under_the_same_id(
    gateway: Gateway,
) -> None:
    proof = asked()
    work()
    with acting(SYSTEM):
        PhoneProof.objects.update(sent_at=None)
    work()
    assert [one["id"] for one in gateway.asked] == [str(proof)] * 2
    assert gateway.asked[0]["params"] == gateway.asked[1]["params"]


@pytest.mark.django_db
def test_a_refused_number_is_not_tried_again_and_is_told(gateway: Gateway) -> None:
    proof = asked()
    gateway.answers = [(422, "no such subscriber", 0)]
    work()
    work()
    assert len(gateway.asked) == 1
    found = pending(proof, at=AT)
    assert found is not None
    assert found.refused
    assert "no such subscriber" in stored(proof).fault


@pytest.mark.django_db
def test_a_code_that_is_over_is_not_sent(gateway: Gateway) -> None:
    asked()
    with time_machine.travel(AT + timedelta(minutes=11), tick=False):
        work()
    assert gateway.asked == []


@pytest.mark.django_db
def test_english_readers_get_english_words(gateway: Gateway) -> None:
    ask(phone=PHONE, address="203.0.113.7", language="en", at=AT)
    work()
    assert "Your code is" in gateway.asked[0]["text"]
    assert gateway.asked[0]["language"] == "en"


@pytest.mark.django_db
def test_the_table_is_closed_to_everybody_but_the_system(gateway: Gateway, cast: Cast) -> None:
    asked()
    for person in ("city_officer", "clerk", "stranger", "resident"):
        with acting(cast.actor(person)):
            assert not PhoneProof.objects.exists()


def at_once(count: int, act: Callable[[], Any]) -> list[Any]:
    gate = Barrier(count)

    def run(_turn: int) -> Any:
        try:
            gate.wait(timeout=10)
            return act()
        except TooOften as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_twelve_guesses_at_once_are_five_tries(committed: Any, gateway: Gateway) -> None:
    proof = asked()
    guess = wrong(code_of(proof))
    answers = at_once(12, lambda: confirm(proof_id=proof, code=guess, at=AT))
    assert answers.count(Answer.WRONG) == 5
    assert answers.count(Answer.OVER) == 7
    assert stored(proof).tries == 5


def test_the_right_code_eight_times_at_once_is_right_once(committed: Any, gateway: Gateway) -> None:
    proof = asked()
    code = code_of(proof)
    answers = at_once(8, lambda: confirm(proof_id=proof, code=code, at=AT))
    assert answers.count(Answer.RIGHT) == 1
    assert answers.count(Answer.OVER) == 7


def test_ten_requests_at_once_send_five_codes(committed: Any, gateway: Gateway) -> None:
    answers = at_once(10, asked)
    assert sum(isinstance(one, UUID) for one in answers) == 5
    assert sum(isinstance(one, TooOften) for one in answers) == 5
    assert len(queued()) == 5

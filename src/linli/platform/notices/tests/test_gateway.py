"""Text messages over a real socket: taken, away, refused, slow, told to go elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from linli.platform.notices.gateway import NotTaken, Refused, Text, send, texts_are_on
from linli.platform.notices.tests.gatewayserver import Gateway, listening, point_to
from linli.platform.notices.tests.mailserver import free_port

ID = UUID("0199a3c0-0000-7000-8000-000000000001")
MESSAGE = Text(
    id=ID,
    to="13912345678",
    text="【慈溪邻里】您的验证码是 204816",
    language="zh-hans",
    template="SMS_0421",
    params={"code": "204816", "minutes": "10"},
)


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with listening() as started:
        point_to(settings, started.url)
        yield started


def test_without_an_address_there_is_no_gateway(settings: Any) -> None:
    settings.SMS_URL = ""
    assert not texts_are_on()


def test_a_message_is_one_request_as_documented(gateway: Gateway) -> None:
    assert texts_are_on()
    send(MESSAGE)
    assert gateway.asked == [
        {
            "id": str(ID),
            "to": "13912345678",
            "sign": "慈溪邻里",
            "text": "【慈溪邻里】您的验证码是 204816",
            "template": "SMS_0421",
            "params": {"code": "204816", "minutes": "10"},
            "language": "zh-hans",
        }
    ]
    headers = gateway.headers[0]
    assert headers["Authorization"] == "Bearer letter-box-key"
    assert headers["Idempotency-Key"] == str(ID)
    assert headers["Content-Type"] == "application/json"
    assert headers["path"] == "/messages"


def test_a_question_mark_in_the_address_is_kept(gateway: Gateway, settings: Any) -> None:
    settings.SMS_URL, settings.SMS_TOKEN = f"{gateway.url}?channel=linli", ""
    send(MESSAGE)
    assert gateway.headers[0]["path"] == "/messages?channel=linli"
    assert "Authorization" not in gateway.headers[0]


def test_what_it_had_before_counts_as_taken(gateway: Gateway) -> None:
    gateway.answers = [(409, "seen", 0)]
    send(MESSAGE)


@pytest.mark.parametrize("status", [400, 410, 413, 422])
def test_a_message_it_will_never_take_is_refused(gateway: Gateway, status: int) -> None:
    gateway.answers = [(status, '{"error": "no such number"}', 0)]
    with pytest.raises(Refused, match="no such number"):
        send(MESSAGE)


@pytest.mark.parametrize("status", [302, 307, 401, 403, 404, 408, 429, 500, 503])
def test_everything_else_may_be_tried_again(gateway: Gateway, status: int) -> None:
    gateway.answers = [(status, "", 0)]
    with pytest.raises(NotTaken, match=str(status)):
        send(MESSAGE)
    # The token is shown to nobody the gateway points to.
    assert len(gateway.asked) == 1


def test_a_gateway_that_is_away(settings: Any) -> None:
    point_to(settings, f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(NotTaken, match="ConnectionRefusedError"):
        send(MESSAGE)


def test_a_gateway_that_does_not_answer_in_time(gateway: Gateway) -> None:
    gateway.answers = [(202, "", 2.5)]
    began = time.monotonic()
    with pytest.raises(NotTaken, match=r"[Tt]ime"):
        send(MESSAGE)
    assert time.monotonic() - began < 2


def test_numbers_and_codes_do_not_stand_in_the_fault(gateway: Gateway) -> None:
    gateway.answers = [(400, "13912345678 cannot get\n'204816' " + "x" * 5000, 0)]
    with pytest.raises(Refused) as refused:
        send(MESSAGE)
    assert "13912345678" not in refused.value.sentence
    assert "204816" not in refused.value.sentence
    assert len(refused.value.sentence) <= 200

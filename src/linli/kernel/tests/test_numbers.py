from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import Invalid
from linli.kernel.numbers import (
    bare_number,
    check_digit,
    format_number,
    is_valid,
    make_number,
    parse_number,
    with_check,
)

bodies = st.text("0123456789", min_size=1, max_size=20)


def test_the_published_example() -> None:
    assert check_digit("572") == "4"
    assert is_valid("5724")


@given(bodies)
def test_every_single_wrong_digit_is_caught(body: str) -> None:
    number = with_check(body)
    for place, digit in enumerate(number):
        for other in set("0123456789") - {digit}:
            assert not is_valid(number[:place] + other + number[place + 1 :])


@given(bodies)
def test_every_swap_of_neighbours_is_caught(body: str) -> None:
    number = with_check(body)
    for place in range(len(number) - 1):
        first, second = number[place], number[place + 1]
        if first != second:
            assert not is_valid(number[:place] + second + first + number[place + 2 :])


def test_a_number_tells_its_day_and_never_runs_over() -> None:
    assert make_number(date(2026, 11, 22), 12)[:13] == "2026112200012"
    numbers = {make_number(date(2026, 11, 22), n) for n in (1, 99_999, 100_000, 1_000_000)}
    assert len(numbers) == 4
    assert all(is_valid(number) for number in numbers)
    with pytest.raises(ValueError, match="starts at 1"):
        make_number(date(2026, 11, 22), 0)


def test_read_aloud_in_groups() -> None:
    assert format_number("20261122000123") == "2026 1122 0001 23"


@pytest.mark.parametrize("separator", ["", " ", "-", "—", "\u3000", " – ", "."])
def test_typing_is_forgiven(separator: str) -> None:
    number = make_number(date(2026, 11, 22), 12)
    typed = separator.join(format_number(number).split())
    assert parse_number(typed) == number
    full_width = typed.translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert parse_number(f" {full_width}\n") == number


@pytest.mark.parametrize("typed", ["", "12ab", "一二三", "٣٤٥", "7", "20261122000120"])
def test_what_is_no_number_gets_a_sentence(typed: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse_number(typed, "q")
    assert raised.value.field == "q"
    assert raised.value.sentence


def test_only_plain_digits_have_a_check_digit() -> None:
    with pytest.raises(ValueError, match="digits"):
        check_digit("12²")
    assert not is_valid("12²")
    assert bare_number("１２-３") == "123"

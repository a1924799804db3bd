from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.identity import (
    USCC_ALPHABET,
    check_credit_code,
    check_identity,
    credit_check,
    id_check,
)

TODAY = date(2026, 11, 22)


def test_the_example_of_the_standard() -> None:
    checked = check_identity("11010519491231002x", today=TODAY)
    assert checked.ok
    assert checked.number == "11010519491231002X"
    assert (checked.born, checked.male) == (date(1949, 12, 31), False)
    assert checked.warnings == ()


def test_a_county_not_in_the_list_is_only_a_warning() -> None:
    checked = check_identity("440524188001010014", today=TODAY, areas={"110105"})
    assert checked.ok
    assert len(checked.warnings) == 2  # the area, and 146 years of age
    body = "99010519491231002"
    demo = check_identity(body + id_check(body), today=TODAY)
    assert demo.ok
    assert len(demo.warnings) == 1


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # wrong check character
        "99010519491231002X",  # belongs to another prefix
        "110105491231002",  # the old fifteen digits
        "11010519490231002X",
        "110105",
        "1101051949123100２",
        "",
    ],
)
def test_what_cannot_be_a_number(number: str) -> None:
    checked = check_identity(number, today=TODAY)
    assert not checked.ok
    assert checked.born is None
    assert all(str(error) for error in checked.errors)


def test_nobody_is_born_tomorrow() -> None:
    body = "11010520261123002"
    assert not check_identity(body + id_check(body), today=TODAY).ok


def test_spaces_and_full_width_digits_are_forgiven() -> None:
    assert check_identity(" 110105 19491231 002Ｘ ", today=TODAY).ok


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16))
def test_every_single_wrong_digit_of_an_identity_number_is_caught(
    born: date, order: int, place: int
) -> None:
    body = f"110105{born:%Y%m%d}{order:03}"
    number = body + id_check(body)
    assert check_identity(number, today=TODAY).ok
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert not check_identity(wrong, today=TODAY).ok


def test_credit_codes() -> None:
    assert check_credit_code("91110000600037341L").ok
    assert check_credit_code("91110000600037341L").warnings == ()
    assert check_credit_code("9111 0000 6000 3734 1l").ok
    assert not check_credit_code("911100006000373410").ok
    assert not check_credit_code("9111000060003734IL").ok
    assert not check_credit_code("").ok


def test_an_unusual_credit_code_is_only_a_warning() -> None:
    body = "00110000600037349"
    checked = check_credit_code(body + credit_check(body))
    assert checked.ok
    assert len(checked.warnings) == 2


@given(st.text(USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_every_single_wrong_character_of_a_credit_code_is_caught(
    body: str, place: int, by: int
) -> None:
    number = body + credit_check(body)
    assert check_credit_code(number).ok
    other = USCC_ALPHABET[(USCC_ALPHABET.index(number[place]) + by) % 31]
    assert not check_credit_code(number[:place] + other + number[place + 1 :]).ok

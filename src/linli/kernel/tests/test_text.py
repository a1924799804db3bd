from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.text import bigrams, clean, clean_line, fold, initials, pinyin, sort_key


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("仇英", "qiu ying"),
        ("单田芳", "shan tian fang"),
        ("解晓东", "xie xiao dong"),
        ("曾国藩", "zeng guo fan"),
        ("查良镛", "zha liang yong"),
        ("盖叫天", "ge jiao tian"),
        ("区桂芝", "ou gui zhi"),
        ("尉迟恭", "yu chi gong"),
        ("尉健行", "wei jian xing"),
        ("乐嘉", "yue jia"),
        ("任正非", "ren zheng fei"),
        ("华罗庚", "hua luo geng"),
        ("朴树", "piao shu"),
        ("翟志刚", "zhai zhi gang"),
        ("覃世维", "qin shi wei"),
        ("盛水生", "sheng shui sheng"),
        ("欧阳修", "ou yang xiu"),
        ("万俟卨", "mo qi xie"),
        ("吕布", "lv bu"),
        ("", ""),
        ("John Smith", "john smith"),
    ],
)
def test_family_names_are_read_as_names(name: str, read: str) -> None:
    assert pinyin(name, person=True) == read


@pytest.mark.parametrize(
    ("place", "read"),
    [
        ("重庆", "chong qing"),
        ("乐清市", "yue qing shi"),
        ("乐都区", "le du qu"),
        ("单县", "shan xian"),
        ("浒山街道", "hu shan jie dao"),
        ("青少年宫路社区", "qing shao nian gong lu she qu"),
        ("台州", "tai zhou"),
        ("Ａ3栋（12号）", "a 3 dong 12 hao"),
    ],
)
def test_places_are_read_as_words(place: str, read: str) -> None:
    assert pinyin(place) == read


def test_initials() -> None:
    assert initials("古塘街道12号") == "gtjd12h"
    assert initials("单田芳", person=True) == "stf"


def test_sorted_as_in_a_directory() -> None:
    houses = ["10号楼", "2号楼", "1号楼"]
    assert sorted(houses, key=sort_key) == ["1号楼", "2号楼", "10号楼"]
    people = ["张伟", "仇英", "章伟", "李娜", "李", "张伟伟", "曾巩", "赵四"]
    in_order = sorted(people, key=lambda name: sort_key(name, person=True))
    assert in_order == ["李", "李娜", "仇英", "曾巩", "张伟", "章伟", "张伟伟", "赵四"]
    assert sort_key("李娜", person=True).startswith("li na ")


def test_sort_keys_tell_different_names_apart() -> None:
    assert sort_key("张伟", person=True) != sort_key("张玮", person=True)


def test_short_words_are_grams_and_long_words_are_found_by_their_pairs() -> None:
    grams = set(bigrams("古塘街道 12号"))
    assert {"古", "塘街", "道1", "12"} <= grams
    assert set(bigrams("街道12")) <= grams
    assert not set(bigrams("古街")) <= grams
    assert bigrams("") == []
    assert bigrams("Ａa") == ["a", "aa"]


def test_cleaning_keeps_what_was_said() -> None:
    assert clean("消防通道，被占！\r\n第２行\t面积40m²㎡①  \n\n") == (
        "消防通道，被占！\n第2行\t面积40m²㎡①"
    )
    assert clean("<script>alert(1)</script> 3<5") == "<script>alert(1)</script> 3<5"
    assert clean("a\x00b\u200bc\u202ed\ufeffe\ud800f") == "abcdef"
    assert clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    assert clean("⼀豈") == "一豈"
    assert clean("e\u0301") == "é"
    assert clean_line("  王\u3000 小\n明 ") == "王 小 明"


@given(st.text())
def test_cleaning_is_stable_and_storable(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()
    assert "\x00" not in cleaned
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_anything_can_be_read_and_sorted(text: str) -> None:
    assert sort_key(text).split(" !")[0].count(" ") == max(0, len(pinyin(text).split()) - 1)
    assert fold(fold(text)) == fold(text) or not fold(text).isascii()
    initials(text, person=True)

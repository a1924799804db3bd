"""Words: cleaning what people type, reading Chinese aloud, and cutting text for search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise

from linli.kernel.placenames import PLACES
from linli.kernel.surnames import COMPOUND, SINGLE

TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
DIAERESIS = "\u0308"
LONGEST_PHRASE = 4
LONGEST_SURNAME = 3
NUMBER_WIDTH = 6
PIECES = re.compile(r"[a-z]+|[0-9]+|.", re.DOTALL)
JOINER = "\u200d"
"""Holds compound emoji together; the only invisible format character that is kept."""

Reading = tuple[str, int]
"""A syllable without its tone mark, ü as v, and the tone 1–4 (0 neutral or not Chinese)."""


def clean(text: str) -> str:
    """What somebody typed, made storable without changing what it says.

    Full-width letters and digits become plain, look-alike compatibility ideographs the usual ones;
    control and invisible characters go, line breaks and tabs stay. Chinese punctuation, ², ㎡ and ①
    are kept (full NFKC would turn 10² into 102), and so is anything that looks like HTML: it is
    text and is escaped where it is shown.
    """
    plain = unicodedata.normalize("NFC", "".join(_plain(one) for one in _unix_lines(text)))
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip("\n ")


def clean_line(text: str) -> str:
    """`clean` for names, numbers and search words: one line, single spaces."""
    return " ".join(clean(text).split())


def fold(text: str) -> str:
    """Letters, digits and ideographs only, in one case: equal for texts that look alike."""
    whole = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in whole if one.isalnum())


def bigrams(text: str) -> list[str]:
    """Every character and every pair of neighbours of the folded text, sorted, each once.

    A word of up to two characters is one of them; a longer word is found by all its pairs.
    """
    folded = fold(text)
    return sorted(set(folded) | {first + second for first, second in pairwise(folded)})


def pinyin(text: str, *, person: bool = False) -> str:
    """Toneless syllables apart by spaces: 古塘街道 → gu tang jie dao; ü is typed v.

    `person`: the text is a person's name and starts with a family name (仇英 → qiu ying).
    Letters and digits stay as words of their own, punctuation goes.
    """
    return " ".join(syllable for syllable, _tone in _readings(text, person))


def initials(text: str, *, person: bool = False) -> str:
    """First letters, numbers whole: 古塘街道12号 → gtjd12h."""
    return "".join(word if word.isdigit() else word[0] for word, _tone in _readings(text, person))


def sort_key(text: str, *, person: bool = False) -> str:
    """A key to store and sort by bytes: pinyin, then tone, then the text itself.

    Starts with `pinyin(text)` save that numbers are padded, so 2号楼 stands before 10号楼.
    """
    readings = list(_readings(text, person))
    words = " ".join(
        word.zfill(NUMBER_WIDTH) if word.isdigit() else word for word, _tone in readings
    )
    tones = "".join(str(tone) for _word, tone in readings)
    return f"{words} !{tones} {clean_line(text)}"


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(4096)
def _plain(one: str) -> str:
    if one in "\n\t" or one == JOINER:
        return one
    if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}:
        return "\n" if one in "\u2028\u2029" else ""
    if unicodedata.category(one) == "Zs":
        return " "
    narrow = unicodedata.normalize("NFKC", one)
    width = unicodedata.east_asian_width(one)
    if width == "F" and narrow.isascii() and narrow.isalnum():
        return narrow
    # ⼀ (the radical) and 一, 豈 (compatibility) and 豈: the same word to anybody who searches.
    same = len(narrow) == 1 and unicodedata.name(narrow, "").startswith("CJK UNIFIED")
    return narrow if same else one


def _readings(text: str, person: bool) -> Iterator[Reading]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    start = 0
    if person:
        plain = plain.lstrip()
        family = _surname(plain)
        yield from (_reading(syllable) for syllable in family)
        start = len(family)
    pieces = [piece for piece in PIECES.findall(plain[start:]) if piece.isalnum()]
    yield from _read(pieces)


def _surname(name: str) -> tuple[str, ...]:
    for length in range(LONGEST_SURNAME, 1, -1):
        if name[:length] in COMPOUND:
            return COMPOUND[name[:length]]
    # Read by itself, or 盛水生 would begin with the word for filling with water.
    usual = _dictionary()[1].get(ord(name[0]), "") if name else ""
    return (SINGLE.get(name[0], usual.partition(",")[0]),) if usual else ()


def _read(pieces: list[str]) -> Iterator[Reading]:
    """Longest known phrase first, else the usual reading of one character."""
    phrases, characters = _dictionary()
    place = 0
    while place < len(pieces):
        for length in range(min(LONGEST_PHRASE, len(pieces) - place), 1, -1):
            word = "".join(pieces[place : place + length])
            if word in PLACES:
                yield from map(_reading, PLACES[word])
            elif word in phrases:
                yield from (_reading(syllables[0]) for syllables in phrases[word])
            else:
                continue
            place += length
            break
        else:
            piece = pieces[place]
            known = characters.get(ord(piece)) if len(piece) == 1 else None
            yield _reading(known.partition(",")[0]) if known else (piece, 0)
            place += 1


@cache
def _dictionary() -> tuple[Mapping[str, list[list[str]]], Mapping[int, str]]:
    # Loaded at first use: it takes a quarter of a second and some 50 MB.
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    return PHRASES_DICT, PINYIN_DICT


@lru_cache(4096)
def _reading(marked: str) -> Reading:
    """`lǜ` → (`lv`, 4)."""
    letters: list[str] = []
    tone = 0
    for one in unicodedata.normalize("NFD", marked):
        if one in TONES:
            tone = TONES[one]
        elif one == DIAERESIS:
            letters[-1] = "v"
        elif one.isascii():
            letters.append(one)
    return "".join(letters), tone

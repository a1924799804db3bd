from __future__ import annotations

from linli.machine import translations


def test_every_text_speaks_chinese() -> None:
    faults = [f"{fault.catalogue}: {fault.message!r}" for fault in translations.faults()]
    assert faults == []


def test_texts_belong_to_the_nearest_package() -> None:
    found = translations.extract()
    own = next(owner for owner in found if owner.name == "machine")
    assert found[own].get("There is no command “{name}”.") is not None

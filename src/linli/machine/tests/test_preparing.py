from __future__ import annotations

from pathlib import Path

from linli.machine.preparing import fingerprint


def test_the_same_source_and_data_are_prepared_once(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert fingerprint(first) == fingerprint(first)
    assert fingerprint(first) != fingerprint(second), "a new database must be prepared"

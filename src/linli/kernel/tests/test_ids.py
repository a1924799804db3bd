from __future__ import annotations

import time

from linli.kernel.ids import new_id


def test_keys_are_uuid7_and_sort_by_time() -> None:
    keys = [new_id() for _each in range(10_000)]
    assert {key.version for key in keys} == {7}
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)
    now = time.time_ns() // 1_000_000
    assert abs((keys[0].int >> 80) - now) < 60_000

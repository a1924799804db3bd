"""Every register × every act on ticked rows: the form opens, foreign rows are no longer there."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from linli.platform.access.middleware import SENSITIVE
from linli.platform.desk.doing import Many
from linli.platform.desk.register import Register
from linli.platform.desk.ticked import acts_for
from tests.cast import Cast
from tests.test_registers import all_registers, client_of, rows_of, within
from tests.world import populate

each_register = partial(pytest.mark.parametrize, "register", ids=lambda one: one.name)


def with_acts() -> list[Register]:
    return [
        one for one in all_registers() if one.can_follow or any(act.many for act in one.actions)
    ]


@each_register(with_acts())
def test_every_act_on_several_asks_and_hides_what_is_elsewhere(
    cast: Cast, register: Register
) -> None:
    populate(cast)
    rows = rows_of(register)
    for person in ("city_officer", "clerk"):
        actor, client = cast.actor(person), client_of(cast, person)
        foreign = [row for row in rows if not within(row, actor)]
        for act in acts_for(register, actor):
            url = f"{register.url}many/{act.name}/"
            asked = client.post(url, {"row": [str(row.pk) for row in rows]})
            assert asked.status_code == 200, act.name
            page = asked.content.decode()
            assert all(f"{register.url_of(row)}" not in page for row in foreign)
            if foreign:
                assert "no longer there" in page


@each_register(all_registers())
def test_an_act_on_several_is_one_that_can_be_asked_once(register: Register) -> None:
    """No files (two hundred copies), nothing for which the password is asked, rows only."""
    for action in register.actions:
        if not action.many:
            continue
        assert action.of == "row", action.name
        assert action.name not in SENSITIVE.get(register.name, ()), action.name
        form = action.many.form if isinstance(action.many, Many) else action.form
        asks: Any = form or action.form
        fields = asks.base_fields.values() if asks else ()
        assert not any(field.widget.needs_multipart_form for field in fields)

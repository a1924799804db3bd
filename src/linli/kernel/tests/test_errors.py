from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Forbidden, Invalid, LinliError, NotFound, WrongMove


def test_the_sentence_is_in_the_language_of_its_reader() -> None:
    error = WrongMove("结案", "已派遣")
    with translation.override("en"):
        assert error.sentence == "“结案” is not possible while the state is “已派遣”."
    with translation.override("zh-hans"):
        assert error.sentence == "当前状态为“已派遣”，不能“结案”。"


def test_a_sentence_without_places_keeps_its_percent_signs() -> None:
    assert LinliError("50 % of the time is used").sentence == "50 % of the time is used"


def test_an_error_carries_its_own_words_over_the_usual_ones() -> None:
    with translation.override("en"):
        assert Forbidden("Close", "Only %(who)s may do “%(verb)s”.", who="the street").sentence == (
            "Only the street may do “Close”."
        )
        assert str(NotFound()) == NotFound().sentence


def test_faults_stand_at_their_fields() -> None:
    one = Invalid("phone", _("This could not be done."))
    with translation.override("en"):
        assert one.faults == {"phone": "This could not be done."}
        both = Invalid.several({"phone": "No phone.", "place": "No place."})
        assert both.faults == {"phone": "No phone.", "place": "No place."}
        assert both.sentence == "Some of the input cannot be taken; see the marked fields."

from __future__ import annotations

from linli.machine.environment import Environment
from linli.machine.reference import pages


def test_written_pages_are_as_the_program_says() -> None:
    for path, text in pages().items():
        assert path.read_text() == text, "run: python -m linli.machine.reference"


def test_every_setting_is_described() -> None:
    for name, field in Environment.model_fields.items():
        assert field.description, name

"""Progress in the operator's language."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from linli.demo import build
from linli.machine import translations
from linli.machine.places import PACKAGE, child_environment
from linli.machine.telling import in_words, progress
from linli.modules.divisions.actions import loader

VARIABLES = ("LINLI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def speak(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    """A terminal with these variables of language and no others."""
    translations.compile_all()
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def steps_of(module_file: str | None) -> set[str]:
    """The names of steps a module reports: `progress("cases", …)`, `self.tell("read", …)`."""
    assert module_file is not None
    found = set()
    for node in ast.walk(ast.parse(Path(module_file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and len(node.args) == 3:
            first, name = node.args[0], ast.unparse(node.func)
            if name in ("progress", "self.tell") and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return found


@pytest.mark.parametrize("module", [build, loader], ids=lambda one: one.__name__)
def test_every_step_has_words_in_both_languages(
    module: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = steps_of(getattr(module, "__file__", None))
    assert steps
    speak(monkeypatch, LANG="en_GB.UTF-8")
    english = {step: in_words(step) for step in steps}
    speak(monkeypatch, LANG="zh_CN.UTF-8")
    chinese = {step: in_words(step) for step in steps}
    assert all(english[step] != chinese[step] for step in steps)
    assert all(not words.isascii() for words in chinese.values())


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "一年的案件"),
        ({"LANG": "zh_TW.UTF-8"}, "一年的案件"),
        ({"LANG": "de_DE.UTF-8"}, "a year of cases"),
        ({"LANG": "C"}, "a year of cases"),
        ({}, "a year of cases"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "a year of cases"),
        ({"LANG": "C", "LC_ALL": "zh_CN.UTF-8"}, "一年的案件"),
        ({"LANG": "C", "LINLI_LANGUAGE": "zh"}, "一年的案件"),
    ],
)
def test_progress_speaks_as_the_terminal_does(
    variables: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    speak(monkeypatch, **variables)
    with progress() as report:
        for done in range(101):
            report("cases", done, 100)
    lines = capfd.readouterr().err.splitlines()
    assert lines[0] == f"linli:   {said} 0/100"
    assert lines[-1] == f"linli:   {said} 100/100"
    assert len(lines) == 11


def test_the_very_first_words_of_a_fresh_checkout_are_chinese_too() -> None:
    """Before anything was compiled: the usage, in a program of its own."""
    compiled = translations.catalogue(PACKAGE / "machine").with_suffix(".mo")
    translations.compile_all()
    kept = compiled.read_bytes()
    compiled.unlink()
    try:
        said = subprocess.run(
            [sys.executable, "-m", "linli", "--help"],
            env=child_environment(LC_ALL="zh_CN.UTF-8", LINLI_LANGUAGE=""),
            capture_output=True,
            check=True,
        ).stdout.decode()
        assert compiled.exists()
    finally:
        compiled.write_bytes(kept)
    assert "用法" in said
    assert "演示城市" in said


def test_a_step_without_words_is_told_by_its_name() -> None:
    assert in_words("something else") == "something else"

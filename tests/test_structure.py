"""The shape of the code: who writes, who reads, what every registered thing must have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import override

import linli
from linli.platform.changes.public import Keep, all_verbs
from linli.platform.desk.public import registers
from linli.platform.flow.diagrams import page
from linli.platform.flow.moves import flows

PACKAGE = Path(linli.__file__).parent
WRITES = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create",
          "update_or_create", "force_insert"}  # fmt: skip
# Where rows may be written: the door itself, the functions behind verbs, and what makes databases.
WRITERS = re.compile(
    r"(^|/)(actions(/|\.py$)|platform/changes/|migrations/|tests/|testing\.py$|seeds?\.py$|"
    r"[a-z_]*_seed\.py$|demo/|bench/|jobs\.py$|bulk\.py$)"
)
# Small tables of the mechanisms themselves that no verb is about, each with its reason.
EXCUSED = {
    "platform/flow/calendar.py": "the calendar is published as a whole, under its own lock",
    "platform/access/accounts.py": "the acts on accounts: beside their verbs, allauth's own rows",
    "platform/notices/mail.py": "delivery state of an e-mail",
    "sites/portal/throttle.py": "counts attempts, not facts",
    "platform/access/sessions.py": "sessions are Django's and allauth's",
    "platform/files/scan.py": "the verdict of the virus check",
    "sites/portal/drafts.py": "what a reporter has typed so far lives in the session",
}
PAGES = re.compile(r"(^|/)(desk|portal|field|rest|views|frame|home|journey|case)(\.py$|/)")


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8"))


def manager_calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Calls of writing methods on managers and rows: `X.objects.create(…)`, `row.save(…)`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name = node.func.attr
        chain = ast.unparse(node.func.value)
        of_table = ".objects" in chain or "_base_manager" in chain or "_default_manager" in chain
        if (name in WRITES and (of_table or name == "save")) or (name == "update" and of_table):
            yield node.lineno, f"{chain[-40:]}.{name}"


def test_every_write_goes_through_an_action_or_the_door() -> None:
    found = [
        f"{path}:{line} {call}"
        for path, tree in sources()
        if not WRITERS.search(path) and path not in EXCUSED
        for line, call in manager_calls(tree)
        if not call.endswith(("session.save", "image.save", "small.save", "plain.save"))
    ]
    assert found == []


def test_pages_never_touch_a_table() -> None:
    found = []
    for path, tree in sources():
        if "/tests/" in path or not PAGES.search(path) or path.startswith("platform/"):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in {"objects", "_base_manager"}
                and ".none" not in ast.unparse(node)
            ):
                found.append((path, node.lineno))
    lines = [
        f"{path}:{line}"
        for path, line in found
        if ".objects.none()"
        not in (PACKAGE / path).read_text(encoding="utf-8").splitlines()[line - 1]
    ]
    assert lines == []


def test_the_platform_names_no_noun_of_the_field() -> None:
    nouns = re.compile(r"linli\.modules|linli\.sites")
    found = [
        path
        for path in (PACKAGE / "platform").rglob("*.py")
        if "/tests/" not in str(path) and nouns.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_files_stay_readable_at_a_sitting() -> None:
    long = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts
        and len(path.read_text(encoding="utf-8").splitlines())
        > (600 if "tests" in path.parts else 420)
    ]
    assert long == []


@pytest.mark.parametrize("verb", sorted(all_verbs()))
def test_every_verb_says_how_its_entries_forget(verb: str) -> None:
    info = all_verbs()[verb]
    assert isinstance(info.keep, Keep)
    assert str(info.label) != verb


def test_every_flow_and_register_has_tests() -> None:
    """A registered thing without a test directory beside it is not finished."""
    for name in flows():
        module = name.partition(".")[0]
        assert list(PACKAGE.glob(f"*/{module}/tests/test_*.py")), name
    for register in registers():
        package = Path(type(register).__module__.replace(".", "/"))
        home = PACKAGE.parent / Path(*package.parts[:3])
        assert list(home.glob("tests/test_*.py")), register.name


CJK = "\u4e00-\u9fff"


def test_chinese_sentences_use_full_width_punctuation() -> None:
    narrow = re.compile(rf"[{CJK}][,;?!]|[,;?!][{CJK}]|[{CJK}]:(?!//)|[{CJK}]\(|\)[{CJK}]")
    found = []
    for path in PACKAGE.rglob("*.po"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            text = re.sub(r"%\([a-z_]+\)[sd]", "", line)
            if line.startswith(("msgstr", '"')) and narrow.search(text):
                found.append(f"{path.relative_to(PACKAGE)}:{number} {line[:80]}")
    assert found == []


def test_one_english_text_has_one_chinese_text() -> None:
    """Catalogues are merged when pages are read: the same text must not be said in two ways."""
    said: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for path in PACKAGE.rglob("*.po"):
        if "machine" in path.parts:  # its own program, its own catalogue
            continue
        with path.open("rb") as file:
            for message in read_po(file):
                text, chinese = (
                    part if isinstance(part, str) else (part or ("",))[0]
                    for part in (message.id, message.string)
                )
                if text and chinese:
                    ways = said.setdefault((message.context, text), {})
                    ways.setdefault(chinese, []).append(path.parents[3].name)
    assert {key[1]: ways for key, ways in said.items() if len(ways) > 1} == {}


@pytest.mark.parametrize(("language", "suffix"), [("en", ""), ("zh-hans", ".zh")])
def test_the_documented_life_cycles_are_the_real_ones(language: str, suffix: str) -> None:
    """`./linli manage diagrams docs/states` writes them anew."""
    for name, flow in flows().items():
        with override(language):
            written = PACKAGE.parents[1] / "docs" / "states" / f"{name}{suffix}.md"
            assert written.read_text(encoding="utf-8") == page(flow)

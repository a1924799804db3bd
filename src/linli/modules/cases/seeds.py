"""The shipped categories and limits."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
FLAGS = ("anonymous_allowed", "shown_publicly")
NUMBERS = ("limit_amount", "duplicate_radius_m", "duplicate_days")


def seed(apps: Any, _editor: Any) -> None:
    """Fill the tables of a new installation; used by a migration."""
    category = apps.get_model("cases", "Category")
    category.objects.bulk_create(category(**row) for row in categories())
    rule = apps.get_model("cases", "TimeRule")
    rule.objects.bulk_create(rule(**row) for row in time_rules())


def categories() -> Iterator[dict[str, Any]]:
    """The shipped categories, a mapping a row."""
    for row in _rows("categories.csv"):
        yield {
            **row,
            **{name: row[name] == "1" for name in FLAGS},
            **{name: int(row[name]) for name in NUMBERS},
            "questions": json.loads(row["questions"]),
        }


def time_rules() -> Iterator[dict[str, Any]]:
    """The shipped limits, a mapping a row."""
    for row in _rows("time_rules.csv"):
        yield {**row, "amount": int(row["amount"]), "starts": date.fromisoformat(row["starts"])}


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)

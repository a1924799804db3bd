"""The shipped norms, and the one row that counts changes of the map."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
THE_MAP = 1


def seed(apps: Any, _editor: Any) -> None:
    """Fill the tables of a new installation; used by a migration."""
    norm = apps.get_model("divisions", "Norm")
    norm.objects.bulk_create(norm(**row) for row in norms())
    apps.get_model("divisions", "MapVersion").objects.create(id=THE_MAP)


def norms() -> Iterator[dict[str, Any]]:
    """The shipped norms, a mapping a row."""
    with (DATA / "norms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                **row,
                "value": Decimal(row["value"]),
                "starts": date.fromisoformat(row["starts"]),
                "ends": date.fromisoformat(row["ends"]) if row["ends"] else None,
            }

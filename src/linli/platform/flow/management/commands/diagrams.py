"""Write the life cycles as Mermaid diagrams into a folder of the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import override

from linli.platform.flow.diagrams import page


class Command(BaseCommand):
    """`./linli manage diagrams docs/states`."""

    help = "Write every life cycle as a diagram, in English and Chinese."

    def add_arguments(self, parser: CommandParser) -> None:
        """One argument: the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write one page a life cycle and language."""
        from linli.platform.flow.moves import flows

        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, flow in flows().items():
            for language, suffix in (("en", ""), ("zh-hans", ".zh")):
                with override(language):
                    (folder / f"{name}{suffix}.md").write_text(page(flow), encoding="utf-8")
        self.stdout.write(f"{len(flows())}")

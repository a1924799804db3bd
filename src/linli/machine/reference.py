"""Pages of docs/operate that are written by the program, so that they never lag behind it.

`python -m linli.machine.reference` writes them; a test compares.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from linli.machine import roles
from linli.machine.environment import Environment, variable
from linli.machine.places import ROOT

HEAD = """# Settings

Every setting is an environment variable. Each may instead be put in a file whose path is given in
the variable of the same name with `_FILE` added, as secrets are in containers: `DATABASE_URL_FILE`,
`LINLI_SECRET_KEY_FILE`, `LINLI_SMTP_PASSWORD_FILE`. What is given directly wins.

| variable | default | what it is |
| --- | --- | --- |
"""


def settings_page() -> str:
    """The table of every setting."""
    rows = []
    for name, field in Environment.model_fields.items():
        default = field.default
        if isinstance(default, Path):
            default = default.relative_to(ROOT)
        shown = "" if default in ("", None) else f"`{default}`"
        choices = [str(choice) for choice in get_args(field.annotation) if isinstance(choice, str)]
        about = field.description or ""
        if choices:
            about += " One of: " + ", ".join(f"`{choice}`" for choice in choices) + "."
        rows.append(f"| `{variable(name, field)}` | {shown} | {about} |")
    return HEAD + "\n".join(rows) + "\n"


def pages() -> dict[Path, str]:
    """Every written page by its path."""
    operate = ROOT / "docs" / "operate"
    return {operate / "settings.md": settings_page(), operate / "roles.sql": roles.script()}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text)

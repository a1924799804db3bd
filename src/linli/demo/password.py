"""The password of every demonstration account; no other installation knows it."""

PASSWORD = "Linli-demo-2026"  # noqa: S105  printed at every start of the demonstration

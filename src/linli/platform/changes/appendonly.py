"""Tables that are only ever added to: the database refuses every update and delete."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

REFUSE = """
CREATE OR REPLACE FUNCTION linli_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""


class AppendOnly(Operation):
    """Migration operation: refuse UPDATE, DELETE and TRUNCATE on `table` for every role.

    `forgets` names columns of a table that may be emptied once: an update is let through when it
    sets `forgotten_at` for the first time and moves none but these columns.
    """

    reversible = True

    def __init__(self, table: str, *, forgets: tuple[str, ...] = ()) -> None:
        self.table, self.forgets = table, forgets

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of Django's picture of a table."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        schema_editor.execute(REFUSE, None)  # a bare % is part of the text
        for event in ("DELETE", "TRUNCATE"):
            schema_editor.execute(
                f"CREATE TRIGGER refuse_{event.lower()} BEFORE {event} ON {self.table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION linli_refuse_rewrite()"
            )
        if self.forgets:
            emptied = " - ".join(["to_jsonb(NEW)", *(f"'{c}'" for c in self._movable)])
            before = " - ".join(["to_jsonb(OLD)", *(f"'{c}'" for c in self._movable)])
            empty = " AND ".join(f"NEW.{column} = '{{}}'::jsonb" for column in self.forgets)
            when = (
                f" WHEN (NOT (OLD.forgotten_at IS NULL AND NEW.forgotten_at IS NOT NULL"
                f" AND {empty} AND {emptied} = {before}))"
            )
        else:
            when = ""
        schema_editor.execute(
            f"CREATE TRIGGER refuse_update BEFORE UPDATE ON {self.table}"
            f" FOR EACH ROW{when} EXECUTE FUNCTION linli_refuse_rewrite()"
        )

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        for event in ("delete", "truncate", "update"):
            schema_editor.execute(f"DROP TRIGGER refuse_{event} ON {self.table}")

    def describe(self) -> str:
        return f"Make {self.table} append-only"

    @property
    def _movable(self) -> tuple[str, ...]:
        return (*self.forgets, "forgotten_at")

"""Rows that lie in a unit: the abstract table, and the policy that hides them elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from linli.platform.access.branch import KEY_COLLATION

IN_BRANCH = (
    "({column} >= current_setting('linli.lo', true)"
    " AND {column} < current_setting('linli.hi', true))"
)


if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField


class UnitKeyField(TextField):
    """The sortable key of a unit, in byte order."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("db_collation", KEY_COLLATION)
        super().__init__(**options)


class Scoped(models.Model):
    """A row that belongs to a unit and is seen only from the branch above it.

    `unit_key` repeats the unit's key; the transaction that moves a unit moves it too
    (`divisions.rehome` walks `scoped_models()`).
    """

    unit = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="+")
    unit_key = UnitKeyField(editable=False)

    # SQL that opens a row beside the branch, e.g. to a post engaged in it; "" for none.
    scope_also: ClassVar[str] = ""
    # Why rows may be seen from everywhere, for the rare table without a policy; "" for the rule.
    scope_open: ClassVar[str] = ""

    class Meta:
        abstract = True

    def held_by(self, post_id: UUID) -> bool:  # noqa: ARG002  the general row is held by nobody
        """Whether the post is engaged in this row, wherever its branch ends."""
        return False

    def place_in(self, unit: Any) -> None:
        """Put the row into a unit, key and all."""
        self.unit = unit
        self.unit_key = unit.key


def scoped_models() -> list[type[Scoped]]:
    """Every table whose rows lie in a unit, in a stable order."""
    from django.apps import apps

    found = [model for model in apps.get_models() if issubclass(model, Scoped)]
    return sorted(found, key=lambda model: model._meta.label)


class EnableScope(Operation):
    """Migration operation: hide the rows of `table` from every branch but their own.

    `also` is SQL over the row's columns that opens it beside the branch. The owner of the tables
    is not bound by the policy, the application's role is.
    """

    reversible = True

    def __init__(self, table: str, *, also: str = "", column: str = "unit_key") -> None:
        self.table, self.also, self.column = table, also, column

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Policies are no part of Django's picture of a table."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        condition = IN_BRANCH.format(column=self.column)
        if self.also:
            condition = f"{condition} OR {self.also}"
        schema_editor.execute(f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"DROP POLICY IF EXISTS scope ON {self.table}")
        schema_editor.execute(f"CREATE POLICY scope ON {self.table} USING ({condition})")

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        schema_editor.execute(f"DROP POLICY IF EXISTS scope ON {self.table}")
        schema_editor.execute(f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        return f"Enable row-level scope on {self.table}"


def setting(name: str) -> str:
    """SQL for a text setting of the running scope, NULL when unset, evaluated once a query."""
    return f"(SELECT nullif(current_setting('linli.{name}', true), ''))"


def uuid_setting(name: str) -> str:
    """`setting`, as a uuid."""
    return f"(SELECT nullif(current_setting('linli.{name}', true), '')::uuid)"

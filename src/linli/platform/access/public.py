"""What the rest of Linli may use of access."""

from linli.platform.access.actor import Actor, Placed
from linli.platform.access.branch import EVERYWHERE, NOWHERE, Branch
from linli.platform.access.models import (
    Account,
    Grant,
    Holding,
    Level,
    Post,
    PostKind,
    Reach,
    Role,
    Unit,
    valid_on,
)
from linli.platform.access.reads import for_actor, holders, keys_above, posts_above
from linli.platform.access.scope import (
    acting,
    acting_as_needed,
    current_actor,
    open_subject,
    tell_database,
)
from linli.platform.access.scoped import EnableScope, Scoped, UnitKeyField, scoped_models

__all__ = [
    "EVERYWHERE",
    "NOWHERE",
    "Account",
    "Actor",
    "Branch",
    "EnableScope",
    "Grant",
    "Holding",
    "Level",
    "Placed",
    "Post",
    "PostKind",
    "Reach",
    "Role",
    "Scoped",
    "Unit",
    "UnitKeyField",
    "acting",
    "acting_as_needed",
    "current_actor",
    "for_actor",
    "holders",
    "keys_above",
    "open_subject",
    "posts_above",
    "scoped_models",
    "tell_database",
    "valid_on",
]

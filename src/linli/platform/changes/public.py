"""What others use of the trail."""

from linli.platform.changes.bulk import bulk_change, bulk_create, record
from linli.platform.changes.changeable import Changeable
from linli.platform.changes.door import Draft, change, create, note
from linli.platform.changes.forgetting import forget_old, forget_subject
from linli.platform.changes.listeners import listens_to
from linli.platform.changes.models import Entry
from linli.platform.changes.rehearsal import Rehearsal, rehearse, rehearsed, store_beside
from linli.platform.changes.seals import Fault, seal, verify
from linli.platform.changes.timeline import Line, entries_of, line_of, timeline
from linli.platform.changes.trail import entry_for
from linli.platform.changes.verbs import Keep, Verbs, all_verbs, label_of, register

verify_chain = verify

__all__ = [
    "Changeable", "Draft", "Entry", "Fault", "Keep", "Line", "Rehearsal", "Verbs", "all_verbs",
    "bulk_change", "bulk_create", "change", "create", "entries_of", "entry_for", "forget_old",
    "forget_subject", "label_of", "line_of", "listens_to", "note", "record", "register",
    "rehearse", "rehearsed", "seal", "store_beside", "timeline", "verify_chain",
]  # fmt: skip

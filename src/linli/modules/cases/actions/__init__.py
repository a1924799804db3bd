"""What can be done with cases: one function a verb, every write."""

from linli.modules.cases.actions.catalogue import define_category, define_limit
from linli.modules.cases.actions.closing import rate, reopen, rework, verify
from linli.modules.cases.actions.handling import (
    assist,
    dispatch,
    finish,
    helped,
    reassign,
    resume,
    return_case,
    suspend,
    take,
)
from linli.modules.cases.actions.intake import accept, cancel, classify, file, join, reject, report
from linli.modules.cases.actions.merging import merge, unmerge
from linli.modules.cases.actions.more_time import ask_extension, grant_extension, refuse_extension
from linli.modules.cases.actions.notes import comment, see_reporter, urge
from linli.modules.cases.actions.reporters import add_words, change_contact

__all__ = [
    "accept", "add_words", "ask_extension", "assist", "cancel", "change_contact", "classify",
    "comment", "define_category", "define_limit", "dispatch", "file", "finish", "grant_extension",
    "helped", "join", "merge", "rate", "reassign", "refuse_extension", "reject", "reopen", "report",
    "resume", "return_case", "rework", "see_reporter", "suspend", "take", "unmerge", "urge",
    "verify",
]  # fmt: skip

"""What is written for lists: saved views, acts on ticked rows, exports; every write."""

from linli.platform.desk.actions.exporting import (
    ask_export,
    begin_export,
    cancel_export,
    expire_exports,
    fail_export,
    finish_export,
    forget_exports,
    give_up_exports,
    record_export,
    record_fetching,
)
from linli.platform.desk.actions.lists import do_ticked, forget_view, save_view

__all__ = [
    "ask_export", "begin_export", "cancel_export", "do_ticked", "expire_exports", "fail_export",
    "finish_export", "forget_exports", "forget_view", "give_up_exports", "record_export",
    "record_fetching", "save_view",
]  # fmt: skip

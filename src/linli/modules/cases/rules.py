"""What people can do with cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.platform.changes.public import Keep, Verbs, register


@register(
    keep=Keep.WITH_SUBJECT,
    public=("cases.report", "cases.rate", "cases.reopen", "cases.cancel", "cases.join"),
)
class Verb(Verbs):
    """Verbs of a case's life, in the order of that life."""

    VIEW = "cases.view", _("See cases")
    REPORT = "cases.report", _("Report")
    JOIN = "cases.join", _("Join an existing case")
    ACCEPT = "cases.accept", _("Accept")
    REJECT = "cases.reject", _("Reject as unfounded")
    FILE = "cases.file", _("File")
    CLASSIFY = "cases.classify", _("Correct category or place")
    DISPATCH = "cases.dispatch", _("Dispatch")
    TAKE = "cases.take", _("Take on")
    RETURN = "cases.return", _("Send back")
    REASSIGN = "cases.reassign", _("Reassign")
    ASSIST = "cases.assist", _("Ask for help")
    HELPED = "cases.helped", _("Report help given")
    SUSPEND = "cases.suspend", _("Suspend")
    RESUME = "cases.resume", _("Resume")
    ASK_EXTENSION = "cases.ask_extension", _("Ask for more time")
    GRANT_EXTENSION = "cases.grant_extension", _("Grant more time")
    REFUSE_EXTENSION = "cases.refuse_extension", _("Refuse more time")
    FINISH = "cases.finish", _("Finish the work")
    VERIFY = "cases.verify", _("Verify and close")
    REWORK = "cases.rework", _("Send back for rework")
    RATE = "cases.rate", _("Rate")
    REOPEN = "cases.reopen", _("Reopen")
    CANCEL = "cases.cancel", _("Withdraw")
    MERGE = "cases.merge", _("Merge into another case")
    UNMERGE = "cases.unmerge", _("Undo a merge")
    COMMENT = "cases.comment", _("Add a note")
    URGE = "cases.urge", _("Urge")
    CHANGE_CONTACT = "cases.change_contact", _("Change one's own contact")
    SEE_REPORTER = "cases.see_reporter", _("See the reporter's contact")
    SUPERVISE = "cases.supervise", _("Supervise late cases")
    REMIND = "cases.remind", _("Remind")
    ESCALATE = "cases.escalate", _("Raise to the next level")
    DEFINE_CATEGORY = "cases.define_category", _("Define categories")
    DEFINE_LIMIT = "cases.define_limit", _("Define time limits")

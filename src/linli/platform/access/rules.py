"""What can be done with accounts, posts and grants."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.platform.changes.verbs import Keep, Verbs, register


@register(keep=Keep.WITH_SUBJECT)
class Verb(Verbs):
    """Verbs of accounts and posts."""

    VIEW_STAFF = "access.view_staff", _("See posts and who holds them")
    OPEN_ACCOUNT = "access.open_account", _("Open an account")
    CHANGE_ACCOUNT = "access.change_account", _("Change an account")
    LOCK_ACCOUNT = "access.lock_account", _("Lock an account")
    UNLOCK_ACCOUNT = "access.unlock_account", _("Unlock an account")
    RESET_PASSWORD = "access.reset_password", _("Set a new first password")
    CHANGE_PASSWORD = "access.change_password", _("Change the own password")
    RESET_SECOND_FACTOR = "access.reset_second_factor", _("Remove a lost second factor")
    OPEN_POST = "access.open_post", _("Create a post")
    CHANGE_POST = "access.change_post", _("Change a post")
    CLOSE_POST = "access.close_post", _("Close a post")
    APPOINT = "access.appoint", _("Appoint a person to a post")
    RELEASE = "access.release", _("Release a person from a post")
    GRANT = "access.grant", _("Lend a role over a branch")
    REVOKE = "access.revoke", _("Take a lent role back")
    DEFINE_ROLE = "access.define_role", _("Define a role")
    SET_SIGN_IN_RULE = "access.set_sign_in_rule", _("Set what signing in asks for")
    SET_UP_SECOND_FACTOR = "access.set_up_second_factor", _("Set up the own second factor")
    REMOVE_SECOND_FACTOR = "access.remove_second_factor", _("Remove the own second factor")

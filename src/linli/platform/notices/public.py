"""What others use of the notices."""

from linli.platform.notices.actions import (
    forget_subject,
    mail_is_on,
    tell_accounts,
    tell_address,
    tell_posts,
    tell_supervisors,
)
from linli.platform.notices.gateway import texts_are_on
from linli.platform.notices.kinds import kind
from linli.platform.notices.reads import unread_count

__all__ = [
    "forget_subject",
    "kind",
    "mail_is_on",
    "tell_accounts",
    "tell_address",
    "tell_posts",
    "tell_supervisors",
    "texts_are_on",
    "unread_count",
]

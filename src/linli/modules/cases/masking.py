"""How a reporter is named where nobody asked for the contact with a reason."""

from __future__ import annotations

from linli.modules.cases.intake import Contact
from linli.platform.pages.formats import phone_mask


def masked_contact(contact: Contact) -> str:
    """Whom a report was taken for, as the trail keeps it: 张**, else 138****5678.

    The trail never forgets a name it was given, and many read it who may not see the contact.
    """
    if contact.name:
        return f"{contact.name[0]}**"
    return phone_mask(contact.phone) if contact.phone else ""

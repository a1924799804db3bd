"""What others use of the proofs of telephone numbers."""

from linli.platform.notices.public import texts_are_on
from linli.platform.phones.actions import MOBILE, Answer, TooOften, ask, confirm
from linli.platform.phones.reads import Pending, pending, proven_phone

__all__ = [
    "MOBILE", "Answer", "Pending", "TooOften", "ask", "confirm", "pending", "proven_phone",
    "texts_are_on",
]  # fmt: skip

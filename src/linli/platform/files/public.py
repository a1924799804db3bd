"""What others use of the files."""

from linli.platform.files.actions import (
    Checked,
    attach,
    attach_all,
    check_upload,
    check_uploads,
    drop_of,
    follow,
)
from linli.platform.files.models import Attachment
from linli.platform.files.owners import owner
from linli.platform.files.reads import Shown, address, of, shown

__all__ = [
    "Attachment",
    "Checked",
    "Shown",
    "address",
    "attach",
    "attach_all",
    "check_upload",
    "check_uploads",
    "drop_of",
    "follow",
    "of",
    "owner",
    "shown",
]

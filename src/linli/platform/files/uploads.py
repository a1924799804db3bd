"""How a file comes in: streamed to disk, counted on the way, never held in memory."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# What a request may carry beyond its files.
FORM_ALLOWANCE = 2 * 1024 * 1024
# Up to this many times the limit the rest is read and thrown away, so that the sender gets an
# answer at its field; beyond it the request is refused unread.
PATIENCE = 6


class RefusedUpload(UploadedFile):  # type: ignore[type-arg]  # not generic when run
    """Stands in for a file that was not kept; `reason` is "size", "request" or "disk"."""

    def __init__(self, name: str, size: int, reason: str) -> None:
        super().__init__(file=io.BytesIO(), name=name, size=size)
        self.reason = reason


class CarefulUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to temporary files and stops keeping them at the limits.

    Limits: settings.UPLOAD_LIMIT bytes a file, settings.UPLOADS_AT_ONCE times that a request. A
    file over a limit, or one the disk has no room for, arrives as a `RefusedUpload`.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0
        self.refused = ""
        self.counted = 0
        self.file: Any = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: ARG002, N803  named by Django
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """Refuse a request that is absurdly long before it is read."""
        del input_data
        if content_length > self._request_limit * PATIENCE:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        self.counted, self.refused, self.file = 0, "", None
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.refused = "disk"

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or only count it once the file is refused."""
        self.counted += len(raw_data)
        self.received += len(raw_data)
        if not self.refused and self.counted > settings.UPLOAD_LIMIT:
            self._refuse("size")
        elif not self.refused and self.received > self._request_limit:
            self._refuse("request")
        if not self.refused:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError:
                self._refuse("disk")

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The file as the view gets it."""
        if not self.refused:
            try:
                self.file.flush()
                return super().file_complete(file_size)
            except OSError:
                self._refuse("disk")
        return RefusedUpload(str(self.file_name), self.counted, self.refused)

    def upload_interrupted(self) -> None:
        """The sender went away."""
        if self.file is not None:
            self.file.close()

    @property
    def _request_limit(self) -> int:
        return int(settings.UPLOAD_LIMIT * settings.UPLOADS_AT_ONCE + FORM_ALLOWANCE)

    def _refuse(self, reason: str) -> None:
        self.refused = reason
        if self.file is not None:
            self.file.close()  # a temporary file goes when it is closed
            self.file = None

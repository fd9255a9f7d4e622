"""Taking what a browser sends: to the disk and never into the memory, and no more of a file than the limit."""

from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Write each file to a temporary one, and give up one that is too large as soon as it is, keeping the others.

    `too_large` names those that were given up.
    """

    def __init__(self, request: HttpRequest, most_bytes: int) -> None:
        super().__init__(request)
        self.most_bytes = most_bytes
        self.too_large: list[str] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write the next piece; skip the rest of a file that is too large."""
        if start + len(raw_data) > self.most_bytes:
            self.too_large.append(str(self.file_name))
            self.file.close()  # which removes it
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)


def uploads_bound(request: HttpRequest, most_bytes: int) -> list[str]:
    """Put a limit on each file of a request whose body nobody has read yet; return the names of those above it, once read."""
    handler: Any = BoundedUploadHandler(request, most_bytes)
    request.upload_handlers = [handler]
    return handler.too_large

"""Files on their way in: one that is larger than any import may be is let go while it comes, and said so."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

_MARK = "upload_too_large"


class BoundedUploadHandler(FileUploadHandler):
    """Stands before Django's own, which keep whatever comes; what is beyond the bound is read and dropped."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.IMPORT_MEGABYTES << 20:
            setattr(self.request, _MARK, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


def was_too_large(request: HttpRequest) -> bool:
    return bool(getattr(request, _MARK, False))

"""How much of what somebody uploads is kept while it arrives."""

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from assessments.uploads import LARGEST


class CappedFileUploadHandler(TemporaryFileUploadHandler):
    """Writes files to disk as they arrive, as Django's own does, but of one request never more than the largest file
    that is kept anywhere, and a byte by which to see that there was more. The rest is read and let go, so that the
    person gets an answer and not a broken connection. `size` of the file is what was sent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = LARGEST + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        fits = raw_data[: self.room]
        self.room -= len(fits)
        super().receive_data_chunk(fits, start)

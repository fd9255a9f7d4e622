"""A bucket of S3, or of a server that speaks like it, in place of a folder; used where FILES_S3_BUCKET names one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

# A page waits for it: rather say soon that the bucket is away than let the browser wait for minutes.
PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 3})


class BucketStorage(S3Storage):
    """Files in a bucket, whose failures are OSErrors like those of a disk."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"client_config": PATIENCE, **options})

    def _save(self, name: str, content: Any) -> str:
        with _as_disks_fail():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Return a file that was fetched whole: what fails does so here, and not halfway through an answer."""
        with _as_disks_fail():
            opened = super()._open(name, mode)
            opened.file  # noqa: B018  (reading the property fetches the object)
            return opened

    def delete(self, name: str) -> None:
        """Remove an object; one that is not there is fine."""
        with _as_disks_fail():
            super().delete(name)

    def listdir(self, name: str) -> Any:
        """Return the folders and names below a path."""
        with _as_disks_fail():
            return super().listdir(name)

    def get_modified_time(self, name: str) -> datetime:
        """Return when an object was stored."""
        with _as_disks_fail():
            stored_at: datetime = super().get_modified_time(name)
            return stored_at


@contextmanager
def _as_disks_fail() -> Iterator[None]:
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError, RetriesExceededError) as error:
        raise OSError(str(error)) from error

"""A bucket of S3, or of a server that speaks like it, in place of a folder; used where FILES_S3_BUCKET names one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


class BucketStorage(S3Storage):
    """Files in a bucket, whose failures are OSErrors like those of a disk."""

    def _save(self, name: str, content: Any) -> str:
        with _as_disks_fail():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _as_disks_fail():
            return super()._open(name, mode)


@contextmanager
def _as_disks_fail() -> Iterator[None]:
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise OSError(str(error)) from error

"""Clients of the archive's S3 interface."""

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_making = threading.Lock()


def s3_client(**options: Any) -> "S3Client":
    """Make a client with boto3's options; nothing is sent yet.

    All clients come from one session, which reads the service's description once (0.17 s of a core). A session is not
    safe for threads, its clients are (Boto3 guide, "Multithreading").
    """
    with _making:
        return _session().client("s3", **options)


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session()

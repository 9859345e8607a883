"""Which store is the archive, and where a recording's files lie in it."""

from gateway.settings import Settings
from gateway.storage.local import FolderStore
from gateway.storage.stores import Store


def archive_store(settings: Settings) -> Store:
    """Where archived recordings go: the S3 bucket when one is set, else the archive folder."""
    if settings.s3_bucket is None:
        return FolderStore(settings.archive_dir)
    from gateway.storage.s3 import S3Store  # boto3 is slow to load, and a folder does not need it

    return S3Store(settings, settings.s3_bucket)


def archive_key(settings: Settings, folder: str, name: str) -> str:
    """Key of file `name` of the recording in `folder`; the prefix belongs to the bucket alone."""
    prefix = settings.s3_prefix if settings.s3_bucket is not None else ""
    return f"{prefix}{folder}/{name}"

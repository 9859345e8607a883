"""Which store is the archive, and the keys of a recording's files in it."""

from gateway.settings import Settings
from gateway.storage.local import FolderStore
from gateway.storage.stores import Store


def archive_store(settings: Settings) -> Store:
    """Return the store for archived recordings: the S3 bucket if one is set, otherwise the archive folder."""
    if settings.s3_bucket is None:
        return FolderStore(settings.archive_dir)
    from gateway.storage.s3 import S3Store  # boto3 is slow to load, and a folder does not need it

    return S3Store(settings, settings.s3_bucket)


def archive_key(settings: Settings, folder: str, name: str) -> str:
    """Return the key of file `name` of the recording in `folder`; the prefix is used only in a bucket."""
    prefix = settings.s3_prefix if settings.s3_bucket is not None else ""
    return f"{prefix}{folder}/{name}"

"""The archive in an S3-compatible bucket (boto3).

`store` is the interface, `bucket` the connection and its errors in words, `upload` whole and multipart uploads, `locks`
Object Lock, `promises` what a bucket is checked for. An ETag is no digest (multipart uploads have none): what was
stored is read back and hashed by `gateway.storage.moves`.
"""

from gateway.storage.s3.store import S3Store

__all__ = ["S3Store"]

"""The archive in an S3-compatible bucket (boto3).

`store` is the interface, `bucket` the connection and its errors, `upload` whole and multipart uploads, `locks` Object
Lock, `requirements` what a bucket is checked for. An ETag is not a digest (multipart uploads have none):
`gateway.storage.moves` reads back and hashes what was stored.
"""

from gateway.storage.s3.store import S3Store

__all__ = ["S3Store"]

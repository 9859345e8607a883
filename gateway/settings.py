"""All settings, read once from the environment (`REELGATE_*`) or a `.env` file in the working folder.

Every process builds one `Settings` at start and passes it down; nothing else reads the environment. docs/settings.md is
generated from the descriptions here.
"""

import difflib
import math
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.core.errors import InvalidInputError
from gateway.core.printable import printable

PREFIX: Final = "REELGATE_"
_SECRETS: Final = Path("/run/secrets")
# Objects in these must be thawed for hours before they can be read (Amazon S3 User Guide, "archive storage classes").
_COLD_CLASSES: Final = frozenset({"GLACIER", "DEEP_ARCHIVE"})
# Read by the installer of guacd, docker-compose.yml and the tests; not settings of a process.
_ELSEWHERE: Final = frozenset(
    {"REELGATE_GUACD_ROOT", "REELGATE_GUACD_MIRROR", "REELGATE_LISTEN", "REELGATE_SCREENSHOTS"}
)
# Dates end with the year 9999.
_MOST_DAYS: Final = 36500
_DAY_SECONDS: Final = 24 * 3600
_DATABASES: Final = ("sqlite", "postgresql+psycopg")


class Settings(BaseSettings):
    """All settings. Every name is prefixed with `REELGATE_` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        # Containers get secrets as files named after the settings: /run/secrets/reelgate_database_url.
        secrets_dir=_SECRETS if _SECRETS.is_dir() else None,
    )

    data_dir: Annotated[Path, Field(description="Folder for all state: database, recordings, keys, logs.")] = Path(
        "var"
    )
    host: Annotated[str, Field(description="Address the web server listens on. TLS is required beyond loopback.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Field(ge=0, le=65535, description="Port of the web server; 0 takes a free one.")] = 8080
    public_url: Annotated[
        str | None,
        Field(
            pattern=r"^https?://[^/\s]+/?$",
            description="Public address, e.g. https://gate.example; default: loopback and this machine's own addresses.",
        ),
    ] = None
    tls_cert: Annotated[Path | None, Field(description="PEM certificate chain; required beyond loopback.")] = None
    tls_key: Annotated[Path | None, Field(description="PEM private key of the certificate.")] = None
    trusted_proxy: Annotated[
        str | None,
        Field(description="Address of a TLS-terminating proxy whose X-Forwarded-* headers are trusted."),
    ] = None

    database_url: Annotated[
        SecretStr | None,
        Field(description="postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME; default: SQLite in the data folder."),
    ] = None
    redis_url: Annotated[
        SecretStr | None,
        Field(description="External Redis, redis://, rediss:// or unix://; default: a private one."),
    ] = None
    guacd: Annotated[
        str | None,
        Field(
            pattern=r"^(.+:\d{1,5}|unix:/.+)$",
            description="HOST:PORT or unix:/PATH of an external guacd; default: a private one.",
        ),
    ] = None
    allowed_targets: Annotated[
        str,
        Field(
            description="Networks, addresses and names, comma-separated, that targets may have even though they are "
            "loopback, link-local or Reelgate's own services."
        ),
    ] = ""
    gateway_id: Annotated[
        str | None,
        Field(description="Unique name of this gateway; default: generated once and stored in the data folder."),
    ] = None
    secret_key_file: Annotated[
        Path | None,
        Field(description="File with the key that encrypts stored credentials; default: generated in the data folder."),
    ] = None

    keys_dir: Annotated[
        Path | None, Field(description="Folder of master and signing keys; default: `keys` in the data folder.")
    ] = None
    master_keys: Annotated[
        SecretStr | None,
        Field(description="Master keys (32 bytes each, base64), comma-separated, newest first; default: files."),
    ] = None

    s3_endpoint: Annotated[
        str | None,
        Field(pattern=r"^https?://\S+$", description="URL of the S3-compatible store; default: Amazon's."),
    ] = None
    s3_bucket: Annotated[str | None, Field(description="Bucket of the archive; default: a folder as archive.")] = None
    s3_region: Annotated[str, Field(description="Region of the bucket.")] = "us-east-1"
    s3_prefix: Annotated[str, Field(description="Prefix of every object key.")] = ""
    s3_access_key: Annotated[
        SecretStr | None, Field(description="Access key ID; default: the credentials boto3 finds.")
    ] = None
    s3_secret_key: Annotated[SecretStr | None, Field(description="Secret access key of `s3_access_key`.")] = None
    s3_storage_class: Annotated[
        str | None, Field(description="Storage class of archived objects, e.g. STANDARD_IA; default: the bucket's.")
    ] = None
    s3_encryption: Annotated[
        Literal["AES256", "aws:kms"] | None, Field(description="Server-side encryption requested from the store.")
    ] = None
    s3_kms_key_id: Annotated[str | None, Field(description="Key for aws:kms; default: the account's own.")] = None
    s3_part_bytes: Annotated[
        int, Field(ge=5 * 2**20, le=5 * 2**30, description="Files larger than this are uploaded in parts of this size.")
    ] = 16 * 2**20
    s3_upload_bytes_per_second: Annotated[
        int | None, Field(ge=16 * 2**10, description="Upload limit for this machine; default: no limit.")
    ] = None
    s3_download_bytes_per_second: Annotated[
        int | None, Field(ge=16 * 2**10, description="Download limit for this machine; default: no limit.")
    ] = None
    s3_require_versioning: Annotated[bool, Field(description="Reject a bucket without versioning.")] = True
    s3_require_object_lock: Annotated[bool, Field(description="Reject a bucket without Object Lock.")] = False
    archive_compression_level: Annotated[
        int,
        Field(
            ge=0, le=19, description="zstd level for archived originals; 0 stores them uncompressed. See archive.md."
        ),
    ] = 3

    archive_read_back_days: Annotated[
        float, Field(ge=0, description="Days within which every archived copy is read back; 0: only on request.")
    ] = 90
    timestamp_url: Annotated[
        str | None,
        Field(description="Time-stamping authority (RFC 3161) that stamps the audit trail's heads; default: none."),
    ] = None
    timestamp_ca: Annotated[Path | None, Field(description="PEM root certificates for checking its time stamps.")] = (
        None
    )
    audit_head_lock_days: Annotated[
        float,
        Field(ge=0, description="Days the audit trail's heads are locked in an archive with Object Lock; 0: no lock."),
    ] = 90

    hot_days: Annotated[
        float,
        Field(
            ge=0, le=_MOST_DAYS, description="Days a recording stays on hot disk after its archived copy is verified."
        ),
    ] = 30
    purge_grace_days: Annotated[
        float,
        Field(ge=0, le=_MOST_DAYS, description="Days between marking a recording for purge and erasing it."),
    ] = 14
    export_days: Annotated[
        float, Field(gt=0, le=365, description="Days an export's file is kept, unless the export says otherwise.")
    ] = 7
    sign_in_hours: Annotated[float, Field(gt=0, le=8760, description="Hours until a sign-in expires.")] = 12
    ticket_seconds: Annotated[
        float, Field(gt=0, le=_DAY_SECONDS, description="Seconds until an unused ticket expires.")
    ] = 30
    idle_limit_minutes: Annotated[
        float,
        Field(gt=0, le=525600, description="Minutes without operator input after which a session is closed."),
    ] = 60
    segment_bytes: Annotated[int, Field(ge=4096, description="A segment is closed at about this size.")] = 16 * 2**20
    segment_seconds: Annotated[float, Field(gt=0, le=_DAY_SECONDS, description="A segment is closed at this age.")] = (
        600
    )
    fsync_seconds: Annotated[
        float, Field(gt=0, le=3600, description="Seconds of a live recording that can be lost if the machine crashes.")
    ] = 1.0
    free_space_floor_bytes: Annotated[
        int,
        Field(ge=0, description="New sessions are refused while the data folder's disk has less free space than this."),
    ] = 512 * 2**20
    free_space_reserve_bytes: Annotated[
        int,
        Field(ge=0, description="Running sessions stop being recorded, by the target's policy, below this free space."),
    ] = 64 * 2**20
    web_dir: Annotated[
        Path, Field(description="Folder of the built web interface; default: `web/dist` beside the code.")
    ] = Path(__file__).resolve().parent.parent / "web" / "dist"
    metrics_token: Annotated[
        SecretStr | None,
        Field(description="Bearer token for metrics scrapers at /metrics."),
    ] = None
    confine: Annotated[
        Literal["auto", "require"],
        Field(description="require: refuse to start if the kernel cannot confine decoders (security.md)."),
    ] = "auto"
    worker_processes: Annotated[int, Field(ge=1, le=1024, description="Recordings processed at the same time.")] = 2
    ocr_engine: Annotated[str, Field(description="OCR engine; see text.md.")] = "auto"
    ocr_languages: Annotated[
        str, Field(pattern=r"^[\w+/-]+$", description="Tesseract language packs, joined by +.")
    ] = "eng"
    log_json: Annotated[bool, Field(description="Write log lines as JSON.")] = False
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        Field(description="Lowest level that is logged."),
    ] = "INFO"

    @field_validator("*")
    @classmethod
    def _finite(cls, value: object) -> object:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("it must be a finite number")
        return value

    @field_validator("s3_storage_class")
    @classmethod
    def _readable_at_once(cls, value: str | None) -> str | None:
        if value in _COLD_CLASSES:
            raise ValueError(
                f"{value} must be thawed before reading, but archived copies are read back: use GLACIER_IR or STANDARD_IA"
            )
        return value or None

    @field_validator("database_url")
    @classmethod
    def _supported(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_database(value.get_secret_value()):
            raise ValueError("it must be postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME; leave it out for SQLite")
        return value

    @field_validator("redis_url")
    @classmethod
    def _a_redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("it must start with redis://, rediss:// or unix://")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database in use; holds a secret, never log it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'reelgate.db'}"

    @property
    def archive_dir(self) -> Path:
        """The archive's folder if no S3 bucket is set."""
        return self.data_dir / "archive"

    @property
    def keys_folder(self) -> Path:
        """Folder of the key files (mode 0700). Back it up separately from the recordings (docs/evidence.md)."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def run_dir(self) -> Path:
        """Sockets and state of running processes (mode 0700)."""
        return self.data_dir / "run"


@lru_cache
def get_settings() -> Settings:
    """Return the process's settings. Raises InvalidInputError that names invalid ones, without secrets."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)
        raise InvalidInputError("; ".join(_wrong(one) for one in wrong)) from None
    except UnicodeDecodeError as error:
        raise InvalidInputError("the file .env, or a secret in /run/secrets, is not UTF-8 text") from error


def unknown_settings(names: Iterable[str] | None = None) -> list[str]:
    """Return one line for each REELGATE_ variable in the environment (or in `names`) that is not a setting."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    given = os.environ if names is None else names
    strange = sorted(
        name for name in given if name.upper().startswith(PREFIX) and name.upper() not in {*known, *_ELSEWHERE}
    )
    return [f"{name} is not a setting{_meant(name, known)}" for name in strange]


def _meant(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.8)
    return f"; did you mean {close[0]}?" if close else ": see docs/settings.md"


def _is_database(url: str) -> bool:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).drivername in _DATABASES
    except (ArgumentError, ValueError):
        return False


def _wrong(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    text = str(error["msg"]).removeprefix("Value error, ")
    said = f"{text[:1].lower()}{text[1:]}"
    field = Settings.model_fields.get(name)
    if field is not None and error["type"] == "string_pattern_mismatch":
        said = f"it does not fit ({field.description})"
    is_secret = field is None or "SecretStr" in str(field.annotation)
    value = "" if is_secret else f" is {printable(str(error['input']))!r}"
    return f"{PREFIX}{name.upper()}{value}: {said}"

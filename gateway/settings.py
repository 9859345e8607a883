"""All settings, read once from the environment (`REELGATE_*`) or a `.env` file in the working folder.

Callers: every process builds one `Settings` at its start and hands it down; nothing else reads the environment.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRETS: Final = Path("/run/secrets")
# Objects in these must be thawed for hours before they can be read (Amazon S3 User Guide, "archive storage classes").
_COLD_CLASSES: Final = frozenset({"GLACIER", "DEEP_ARCHIVE"})


class Settings(BaseSettings):
    """What can be set. Every name is prefixed `REELGATE_` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="REELGATE_",
        env_file=".env",
        extra="ignore",
        # Containers are given secrets as files, named as the settings: /run/secrets/reelgate_database_url.
        secrets_dir=_SECRETS if _SECRETS.is_dir() else None,
    )

    data_dir: Annotated[Path, Field(description="All state lives below this folder.")] = Path("var")
    host: Annotated[str, Field(description="Address the web server listens on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port of the web server.")] = 8080
    public_url: Annotated[
        str | None,
        Field(description="Address people type, e.g. https://gate.example; default: loopback and this machine's own."),
    ] = None
    tls_cert: Annotated[Path | None, Field(description="PEM certificate chain; needed beyond loopback.")] = None
    tls_key: Annotated[Path | None, Field(description="PEM private key of the certificate.")] = None
    trusted_proxy: Annotated[
        str | None,
        Field(description="Address of a TLS-terminating proxy in front whose X-Forwarded-* headers are believed."),
    ] = None

    database_url: Annotated[
        SecretStr | None, Field(description="postgresql+psycopg://... ; default: SQLite in the data folder.")
    ] = None
    redis_url: Annotated[SecretStr | None, Field(description="An outside Redis; default: a private one.")] = None
    guacd: Annotated[str | None, Field(description="host:port of an outside guacd; default: a private one.")] = None
    allowed_targets: Annotated[
        str,
        Field(
            description="Networks, addresses and names, joined by commas, that targets may have although they are "
            "loopback, link-local or Reelgate's own services."
        ),
    ] = ""
    gateway_id: Annotated[
        str | None,
        Field(description="Name of this gateway among several; default: made once, kept in the data folder."),
    ] = None
    secret_key_file: Annotated[
        Path | None, Field(description="Key that encrypts stored credentials; default: made in the data folder.")
    ] = None

    keys_dir: Annotated[
        Path | None, Field(description="Folder of master and signing keys; default: keys in the data folder.")
    ] = None
    master_keys: Annotated[
        SecretStr | None,
        Field(description="Master keys (32 bytes, base64) joined by commas, the newest first; default: files."),
    ] = None

    s3_endpoint: Annotated[str | None, Field(description="URL of the S3-compatible store.")] = None
    s3_bucket: Annotated[str | None, Field(description="Bucket of the archive; unset: an archive folder.")] = None
    s3_region: str = "us-east-1"
    s3_prefix: Annotated[str, Field(description="Put before every object key.")] = ""
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    s3_storage_class: Annotated[
        str | None, Field(description="Storage class of archived objects, e.g. STANDARD_IA; default: the bucket's.")
    ] = None
    s3_encryption: Annotated[
        Literal["AES256", "aws:kms"] | None, Field(description="Encryption asked of the store: AES256 or aws:kms.")
    ] = None
    s3_kms_key_id: Annotated[str | None, Field(description="Key for aws:kms; default: the account's own.")] = None
    s3_part_bytes: Annotated[
        int, Field(ge=5 * 2**20, le=5 * 2**30, description="Larger files go up in parts of this size.")
    ] = 16 * 2**20
    s3_upload_bytes_per_second: Annotated[
        int | None, Field(ge=16 * 2**10, description="Most this machine sends to the archive; default: no limit.")
    ] = None
    s3_download_bytes_per_second: Annotated[
        int | None, Field(ge=16 * 2**10, description="Most this machine reads from the archive; default: no limit.")
    ] = None
    s3_require_versioning: Annotated[bool, Field(description="Refuse a bucket without versioning.")] = True
    s3_require_object_lock: Annotated[bool, Field(description="Refuse a bucket without Object Lock.")] = False
    archive_compression_level: Annotated[
        int, Field(ge=0, le=19, description="zstd level for archived originals; 0: as they are. See docs/archive.md.")
    ] = 3

    hot_days: Annotated[
        float, Field(ge=0, description="Days a recording stays on hot disk once a verified archive copy exists.")
    ] = 30
    purge_grace_days: Annotated[
        float, Field(ge=0, description="Days between marking a recording for purge and erasing it.")
    ] = 14
    export_days: Annotated[
        float, Field(gt=0, le=365, description="Days the file of an export is kept, where nothing else is asked for.")
    ] = 7
    sign_in_hours: Annotated[float, Field(gt=0, description="Hours until a sign-in expires.")] = 12
    ticket_seconds: Annotated[float, Field(gt=0, description="Life of an unused ticket.")] = 30
    idle_limit_minutes: Annotated[
        float, Field(gt=0, description="A session without operator input this long is closed.")
    ] = 60
    segment_bytes: Annotated[int, Field(ge=4096, description="A segment is closed at about this size.")] = 16 * 2**20
    segment_seconds: Annotated[float, Field(gt=0, description="A segment is closed at this age.")] = 600
    fsync_seconds: Annotated[float, Field(gt=0, description="Most of a live recording a crash can cost.")] = 1.0
    free_space_floor_bytes: Annotated[
        int, Field(ge=0, description="No session is opened when the data folder's disk has less free than this.")
    ] = 512 * 2**20
    free_space_reserve_bytes: Annotated[
        int, Field(ge=0, description="Recording stops, by the target's policy, when that disk has less free than this.")
    ] = 64 * 2**20
    web_dir: Annotated[Path, Field(description="Folder of the built web pages.")] = (
        Path(__file__).resolve().parent.parent / "web" / "dist"
    )
    metrics_token: Annotated[
        SecretStr | None, Field(description="Bearer token a metrics scraper presents at /metrics.")
    ] = None
    worker_processes: Annotated[int, Field(ge=1, description="Recordings worked on at the same time.")] = 2
    ocr_engine: Annotated[str, Field(description="Engine that reads the screen; see docs/text.md.")] = "auto"
    ocr_languages: Annotated[str, Field(description="Tesseract language packs, joined by +.")] = "eng"
    log_json: Annotated[bool, Field(description="Log lines as JSON.")] = False
    log_level: str = "INFO"

    @field_validator("s3_storage_class")
    @classmethod
    def _readable_at_once(cls, value: str | None) -> str | None:
        if value in _COLD_CLASSES:
            raise ValueError(
                f"{value} cannot be read at once, which checking and playing need: use GLACIER_IR or STANDARD_IA"
            )
        return value or None

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database in use; holds a secret, never log it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'reelgate.db'}"

    @property
    def archive_dir(self) -> Path:
        """The archive's folder, where no S3 bucket is set."""
        return self.data_dir / "archive"

    @property
    def keys_folder(self) -> Path:
        """Folder of the key files (mode 0700); not for the same backup as the recordings (docs/evidence.md)."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def run_dir(self) -> Path:
        """Sockets and state of running processes (mode 0700)."""
        return self.data_dir / "run"


@lru_cache
def get_settings() -> Settings:
    """The process's settings."""
    return Settings()

"""A real S3-compatible server: SeaweedFS on loopback, with its dangerous defaults off.

The wheel is a third party's build of the Go program; its version and hash are pinned in the lock, for tests alone.
"""

import json
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import botocore.config
import botocore.exceptions

from gateway.supervisor.child import Child
from gateway.supervisor.probes import free_port
from tests.parts.running import Running

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SERVICES = ("s3", "master", "volume", "filer", "admin")
_PROBE_BUCKET = "ready-probe"
_PROBE_BODY = b"ready"


class S3Server(Running):
    """`client()` is an administrator's; `create_bucket()` costs some 0.2 s, a prefix in a shared bucket nothing.

    Data outlives `restart()` and `kill()` + `start()`.
    """

    region = "us-east-1"

    def __init__(self, folder: Path) -> None:
        self.access_key = "test-admin"
        self.secret_key = secrets.token_hex(16)
        self._folder = folder
        self._ports = {name: free_port() for name in (*_SERVICES, *(f"{service}.grpc" for service in _SERVICES))}
        self.url = f"http://127.0.0.1:{self._ports['s3']}"
        (folder / "data").mkdir()
        (folder / "s3.json").write_text(json.dumps(self._identities()))
        child = Child(
            name="s3",
            command=self._command(),
            env=self._env(),
            cwd=folder,
            is_ready=self._round_trip,
            # Ending gracefully takes up to half a minute; SIGKILL loses nothing acknowledged.
            stop_seconds=3,
        )
        super().__init__(child, log=folder / "weed.log")

    def client(self) -> "S3Client":
        """A boto3 client with the administrator's keys and short waits."""
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=botocore.config.Config(
                s3={"addressing_style": "path"}, retries={"max_attempts": 0}, connect_timeout=2, read_timeout=5
            ),
        )

    def create_bucket(self, *, object_lock: bool = False, versioned: bool = True) -> str:
        """Makes an empty bucket; returns its name."""
        name = f"test-{secrets.token_hex(6)}"
        client = self.client()
        client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=object_lock)
        if versioned and not object_lock:  # which turns it on by itself
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def settings(self, bucket: str, prefix: str = "") -> dict[str, str]:
        """As the settings `s3_*` have it, by environment variable."""
        return {
            "REELGATE_S3_ENDPOINT": self.url,
            "REELGATE_S3_BUCKET": bucket,
            "REELGATE_S3_PREFIX": prefix,
            "REELGATE_S3_REGION": self.region,
            "REELGATE_S3_ACCESS_KEY": self.access_key,
            "REELGATE_S3_SECRET_KEY": self.secret_key,
        }

    def run_lifecycle(self) -> None:
        """One pass of the lifecycle rules now; they run daily otherwise."""
        master = f"127.0.0.1:{self._ports['master']}.{self._ports['master.grpc']}"
        script = (
            f"lock\ns3.lifecycle.run-shard -shards 0-15 -s3 127.0.0.1:{self._ports['s3.grpc']} -runtime 10s\nunlock\n"
        )
        subprocess.run(
            [_weed(), "shell", f"-master={master}"],
            input=script,
            text=True,
            capture_output=True,
            check=True,
            timeout=60,
            env=self._env(),
        )

    def _round_trip(self) -> bool:
        """A put and a get that worked. /healthz turns 200 up to 0.3 s before reads do, on a loaded machine."""
        client = self.client()
        try:
            try:
                client.head_bucket(Bucket=_PROBE_BUCKET)
            except botocore.exceptions.ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                    return False
                client.create_bucket(Bucket=_PROBE_BUCKET)
            client.put_object(Bucket=_PROBE_BUCKET, Key="probe", Body=_PROBE_BODY)
            return client.get_object(Bucket=_PROBE_BUCKET, Key="probe")["Body"].read() == _PROBE_BODY
        except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError):
            return False
        finally:
            client.close()

    def _identities(self) -> dict[str, object]:
        keys = [{"accessKey": self.access_key, "secretKey": self.secret_key}]
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        return {"identities": [{"name": "admin", "credentials": keys, "actions": actions}]}

    def _env(self) -> dict[str, str]:
        return {
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder),
            # With 160 buckets it holds 220 MB. A limit that is near makes it collect garbage all the time, for half a core.
            "GOMEMLIMIT": "1GiB",
            # One volume a bucket instead of seven.
            "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
            # Without it a put with server-side encryption answers 500.
            "WEED_S3_SSE_KEY": "test-sse-key",
            # Without these the internal file port deletes locked versions for anyone.
            "WEED_JWT_FILER_SIGNING_KEY": "test-filer-write-key",
            "WEED_JWT_FILER_SIGNING_READ_KEY": "test-filer-read-key",
            "WEED_JWT_SIGNING_KEY": "test-volume-key",
        }

    def _command(self) -> tuple[str, ...]:
        folder, ports = self._folder, self._ports
        return (
            *(_weed(), f"-logdir={folder}", "mini", f"-dir={folder}/data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *(f"-{service}.port={ports[service]}" for service in _SERVICES),
            *(f"-{service}.port.grpc={ports[f'{service}.grpc']}" for service in _SERVICES),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={folder}/s3.json"),
            # Unsafe defaults, all off: phoning home, other front ends, buckets deleted full or made by a typing error.
            *("-master.telemetry=false", "-admin.ui=false", "-webdav=false"),
            *("-s3.allowDeleteBucketNotEmpty=false", "-s3.autoCreateBucket=false"),
            *(f"-filer.localSocket={folder}/filer.sock", f"-s3.localSocket={folder}/s3.sock"),
            # The default number of volumes is used up at the 74th bucket.
            *("-volume.max=5000", "-master.volumeSizeLimitMB=64"),
        )


def _weed() -> str:
    beside_python = Path(sys.executable).parent / "weed"
    found = str(beside_python) if beside_python.exists() else shutil.which("weed")
    assert found, "weed is missing: install the locked development requirements"
    return found

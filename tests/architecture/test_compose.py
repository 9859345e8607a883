"""docker-compose.yml keeps what it promises: pinned images, no root, guacd alone with the gateways, working secrets."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import redis
import yaml
from botocore.exceptions import ClientError
from cryptography.fernet import Fernet
from cryptography.x509 import load_pem_x509_certificate
from pydantic import SecretStr
from sqlmodel import select

from gateway.core.work import STORAGE_SAMPLE, Queue
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import StorageSample
from gateway.keys.master import LocalMasterKeys
from gateway.security import MAX_BODY_BYTES
from gateway.settings import Settings
from gateway.storage.s3 import S3Store
from gateway.storage.stores import LockedError, Required, Requirement, RequirementState
from gateway.supervisor import parts
from gateway.supervisor.child import Child
from gateway.supervisor.probes import answers_http, free_port, listening
from gateway.work.jobs import JobSender
from tests.parts.celery_worker import CeleryWorker
from tests.parts.database import upgrade
from tests.parts.long import rest_later
from tests.parts.running import Running, wait_until
from workers.schedule import waiting_jobs

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
GATEWAYS = {"gateway-1", "gateway-2"}
WORKERS = ("sealer", "renderer", "worker")


def networks(service: dict[str, Any]) -> set[str]:
    return set(service["networks"])


def secret_names(service: dict[str, Any]) -> set[str]:
    return {secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])}


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_to_a_version(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9/-]+:\d+\.\d+[\w.-]*", SERVICES[name]["image"])


def test_base_images_are_pinned_to_a_version() -> None:
    stages = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert stages
    assert all(re.fullmatch(r"[a-z]+:\d+\.\d+\.\d+-[\w-]+", stage) for stage in stages)


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_runs_as_root_or_can_gain_rights(name: str) -> None:
    service = SERVICES[name]
    user, group = service["user"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] is True
    assert "privileged" not in service


def test_guacd_is_reached_by_the_gateways_alone() -> None:
    shared = {
        name
        for name, service in SERVICES.items()
        if name != "guacd" and networks(service) & networks(SERVICES["guacd"])
    }
    assert shared == GATEWAYS


def test_only_the_proxy_is_published_and_on_loopback_unless_told_otherwise() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert SERVICES["proxy"]["ports"] == ["${REELGATE_LISTEN:-127.0.0.1:8443}:8443"]


def test_what_holds_data_cannot_reach_out() -> None:
    assert COMPOSE["networks"]["back"]["internal"] is True
    for name in ("database", "redis", "store"):
        assert networks(SERVICES[name]) == {"back"}


def test_everything_that_runs_on_is_watched() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate", "bucket"}
    assert all(SERVICES[name]["restart"] == "no" for name in ("migrate", "bucket"))


def test_gateways_believe_the_proxys_address_and_differ_in_name() -> None:
    address = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    environments = [SERVICES[name]["environment"] for name in sorted(GATEWAYS)]
    assert [environment["REELGATE_TRUSTED_PROXY"] for environment in environments] == [address, address]
    assert [environment["REELGATE_GATEWAY_ID"] for environment in environments] == ["gateway-1", "gateway-2"]


@pytest.mark.parametrize("name", SERVICES)
def test_settings_named_are_settings(name: str) -> None:
    environment = SERVICES[name].get("environment", {})
    given = {key for key in (*environment, *secret_names(SERVICES[name])) if key.lower().startswith("reelgate_")}
    assert {key.lower().removeprefix("reelgate_") for key in given} <= set(Settings.model_fields)


def test_the_same_workers_run_as_on_one_machine() -> None:
    nice = ("nice", "-n", str(parts.NICENESS), "celery")
    both = f"{Queue.RENDER},{Queue.WORK}"
    renderer, worker = ([one if word == both else word for word in parts.WORKER] for one in (Queue.RENDER, Queue.WORK))
    for name, arguments in {"sealer": parts.SEALER, "renderer": renderer, "worker": worker, "beat": parts.BEAT}.items():
        wanted = [*nice, *arguments]
        assert SERVICES[name]["command"][: len(wanted)] == wanted
    with_celery = {name for name, service in SERVICES.items() if "celery" in service.get("command", [])}
    alone = {child.name for child in parts.workers(Settings())}
    assert with_celery == alone | {"renderer"} == {*WORKERS, "beat"}


def test_every_queue_has_one_worker() -> None:
    taken = [
        queue
        for name in WORKERS
        for queue in SERVICES[name]["command"][SERVICES[name]["command"].index("--queues") + 1].split(",")
    ]
    assert sorted(taken) == sorted(Queue)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The secrets as `.ci/secrets` makes them."""
    folder = tmp_path_factory.mktemp("made")
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "secrets", folder / ".ci")
    subprocess.run([folder / ".ci" / "secrets", "gate.example"], check=True, capture_output=True)
    yield folder / "secrets"
    shutil.rmtree(folder)


def test_every_secret_named_is_made(made: Path) -> None:
    assert {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()} == {
        path.name for path in made.iterdir()
    }
    assert set.union(*(secret_names(service) for service in SERVICES.values())) == set(COMPOSE["secrets"])


def test_secrets_are_made_once(made: Path) -> None:
    again = subprocess.run([made.parent / ".ci" / "secrets", "gate.example"], check=False, capture_output=True)
    assert again.returncode == 1


def test_settings_read_the_secrets_made(made: Path) -> None:
    settings = Settings(_env_file=None, _secrets_dir=made)
    assert settings.database_url is not None
    password = (made / "database_password").read_text().strip()
    assert (
        settings.database_url.get_secret_value() == f"postgresql+psycopg://reelgate:{password}@database:5432/reelgate"
    )
    assert settings.s3_secret_key is not None
    Fernet((made / "credential_key").read_bytes().strip())
    assert len(LocalMasterKeys(settings).ids()) == 1
    certificate = load_pem_x509_certificate((made / "tls_certificate").read_bytes())
    assert certificate.subject.rfc4514_string() == "CN=gate.example"


@pytest.fixture
def redis_urls(made: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A redis-server with the command and the accounts made: its address for each of them, and for a stranger."""
    port = free_port()
    command = [word.replace("/run/secrets", str(made)) for word in SERVICES["redis"]["command"]]
    child = Child(
        name="redis",
        command=(*command, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)),
        is_ready=listening("127.0.0.1", port),
        log=tmp_path / "redis.log",
    )
    urls = {
        name: (made / f"redis_url_{name}").read_text().strip().replace("@redis:6379", f"@127.0.0.1:{port}")
        for name in ("gateway", "beat", "worker")
    }
    with Running(child):
        yield {**urls, "stranger": f"redis://127.0.0.1:{port}/0"}


def test_redis_lets_no_stranger_in(redis_urls: dict[str, str]) -> None:
    with redis.Redis.from_url(redis_urls["stranger"]) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


# For nobody; only for who takes jobs.
_FORBIDDEN = (
    *("CONFIG GET dir", "SHUTDOWN NOSAVE", "FLUSHALL", "KEYS *", "ACL LIST", "MONITOR"),
    *("REPLICAOF 127.0.0.1 1", "SAVE", "CLIENT LIST", "SLOWLOG GET", "RESTORE k 0 x", "DUMP k"),
    *("EVAL return(1) 0", "FUNCTION LIST", "SCRIPT FLUSH", "XADD s * a b", "RENAME a b", "SORT k", "INFO"),
    "LRANGE work 0 9",
)
_FOR_WORKERS = ("BRPOP work 1", "SCRIPT LOAD return(1)", "PUBLISH c m", "DEL work", "GET k")


@pytest.mark.parametrize("name", ["gateway", "beat", "worker"])
def test_redis_lets_nobody_do_what_sending_and_taking_jobs_does_not_need(redis_urls: dict[str, str], name: str) -> None:
    forbidden = _FORBIDDEN if name == "worker" else _FORBIDDEN + _FOR_WORKERS
    with redis.Redis.from_url(redis_urls[name]) as client:
        for command in forbidden:
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*command.split())


@pytest.mark.parametrize("sender", rest_later(["gateway", "beat"], {"beat"}))
def test_jobs_go_through_redis_with_no_more_rights_than_these(
    redis_urls: dict[str, str], tmp_path: Path, sender: str
) -> None:
    worker_settings = Settings(data_dir=tmp_path / "data", redis_url=SecretStr(redis_urls["worker"]))
    worker_settings.data_dir.mkdir()
    upgrade(worker_settings.database)
    sender_settings = worker_settings.model_copy(update={"redis_url": SecretStr(redis_urls[sender])})
    database, jobs = Database(worker_settings.database), JobSender(sender_settings)

    def sampled() -> bool:
        with database.read() as session:
            return session.exec(select(StorageSample)).first() is not None

    jobs.send(STORAGE_SAMPLE)
    if sender == "beat":
        assert waiting_jobs(sender_settings) == {STORAGE_SAMPLE}, "it sees what waits, and sends no more of it"
    with CeleryWorker(worker_settings) as worker:
        wait_until(sampled, "the job was done")
        answer = subprocess.run(
            [sys.executable, "-m", "celery", "-A", "workers.app", "inspect", "ping", "--timeout", "10"],
            env={**os.environ, **worker.child.env},
            check=False,
            capture_output=True,
            text=True,
        )
        assert "pong" in answer.stdout, answer.stderr
    jobs.close()
    database.close()
    log = (tmp_path / "data" / "worker.log").read_text()
    assert "no permissions" not in log.lower(), log


def test_everything_is_bounded(made: Path) -> None:
    """In memory, processes and what it writes to a folder in memory."""
    assert made
    for name, service in SERVICES.items():
        assert service["mem_limit"], name
        assert 0 < service["pids_limit"] <= 2048, name
        assert all(re.search(r"[:,]size=\d+[mg]\b", mount) for mount in service["tmpfs"]), name


def test_recordings_and_keys_are_where_they_are_needed() -> None:
    mounts = {name: {mount.split(":")[0] for mount in service.get("volumes", [])} for name, service in SERVICES.items()}
    assert {name for name, volumes in mounts.items() if "keys" in volumes} == {*GATEWAYS, "sealer", "worker"}
    assert {name for name, volumes in mounts.items() if "hot" in volumes} == {*GATEWAYS, *WORKERS}
    environment = SERVICES["worker"]["environment"]
    keys, data = Path(environment["REELGATE_KEYS_DIR"]), Path(environment["REELGATE_DATA_DIR"])
    assert data not in (keys, *keys.parents)


def test_workers_are_refused_where_decoders_cannot_be_confined() -> None:
    assert {SERVICES[name]["environment"]["REELGATE_CONFINE"] for name in WORKERS} == {"${REELGATE_CONFINE:-require}"}


def test_the_proxy_takes_no_larger_bodies_than_the_gateways_and_none_into_a_file() -> None:
    configuration = COMPOSE["configs"]["proxy"]["content"]
    sizes = dict(re.findall(r"(client_(?:max_body|body_buffer)_size)\s+(\d+)m;", configuration))
    assert {int(size) * 2**20 for size in sizes.values()} == {MAX_BODY_BYTES}
    assert len(sizes) == 2


def s3_client(made: Path, port: int) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="reelgate",
        aws_secret_access_key=(made / "reelgate_s3_secret_key").read_text().strip(),
        region_name="us-east-1",
    )


def test_the_store_takes_the_command_and_the_keys_made_and_gives_no_more_than_the_archive_needs(
    made: Path, tmp_path: Path
) -> None:
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    grpc = {f"{name}.port.grpc": free_port() for name in ports}
    command = [
        word.replace("/run/secrets", str(made)).replace("=/data", f"={tmp_path}").replace("=store", "=127.0.0.1")
        for word in SERVICES["store"]["command"]
    ]
    (tmp_path / "security.toml").write_bytes((made / "store_signing").read_bytes())
    child = Child(
        name="store",
        command=(
            *(str(Path(sys.executable).parent / "weed"), f"-logdir={tmp_path}", *command),
            *(f"-{name}.port={port}" for name, port in ports.items()),
            *(f"-{name}={port}" for name, port in grpc.items()),
            *(f"-s3.localSocket={tmp_path}/s3.sock", f"-filer.localSocket={tmp_path}/filer.sock"),
        ),
        cwd=tmp_path,
        is_ready=lambda: answers_http(f"http://127.0.0.1:{ports['s3']}/healthz"),
        log=tmp_path / "weed.log",
    )
    with Running(child):
        create_bucket(tmp_path, f"127.0.0.1:{ports['master']}.{grpc['master.port.grpc']}")
        client = s3_client(made, ports["s3"])
        wait_until(lambda: keeps(client, "recordings"), "the store keeps an object")
        archive = archive_in(made, tmp_path, f"http://127.0.0.1:{ports['s3']}")
        requirements = {
            check.requirement: (check.state, check.detail) for check in archive.check(Required(True, "the test"))
        }
        assert {
            requirement for requirement, (state, _) in requirements.items() if state is RequirementState.UNMET
        } == set(), requirements
        assert requirements[Requirement.OBJECT_LOCK][0] is RequirementState.MET
        locks_and_lets_go(archive, tmp_path)
        with pytest.raises(ClientError, match="AccessDenied"):
            client.create_bucket(Bucket="another")
        with pytest.raises(ClientError, match="AccessDenied"):
            client.delete_bucket(Bucket="recordings")


def archive_in(made: Path, folder: Path, url: str) -> S3Store:
    """As gateway and workers are told in the compose file."""
    settings = Settings(
        data_dir=folder,
        s3_endpoint=url,
        s3_bucket="recordings",
        s3_access_key="reelgate",
        s3_secret_key=SecretStr((made / "reelgate_s3_secret_key").read_text().strip()),
    )
    return S3Store(settings, "recordings")


def locks_and_lets_go(archive: S3Store, folder: Path) -> None:
    """Everything a recording's object goes through, until it is purged."""
    file = folder / "object"
    file.write_bytes(b"evidence")
    stored = archive.put(file, "r1/object")
    archive.set_legal_hold(stored.key, stored.version_id, on=True)
    with pytest.raises(LockedError):
        archive.delete(stored.key, stored.version_id)
    archive.set_legal_hold(stored.key, stored.version_id, on=False)
    until = utc_now() + timedelta(seconds=30)
    assert archive.set_retention(stored.key, stored.version_id, until) >= until - timedelta(seconds=1)
    with pytest.raises(LockedError):
        archive.delete(stored.key, stored.version_id)
    free = archive.put(file, "r2/object")
    archive.delete(free.key, free.version_id)
    assert [version.key for version in archive.versions("r")] == [stored.key]


def create_bucket(folder: Path, master: str) -> None:
    """As the compose file's one-shot service does, with the signing keys it is given."""
    script = re.search(r"echo '(.*)'", SERVICES["bucket"]["entrypoint"][2])
    assert script
    weed = Path(sys.executable).parent / "weed"
    subprocess.run(
        [weed, "shell", f"-master={master}"], input=script[1] + "\n", text=True, cwd=folder, check=True, timeout=60
    )


def keeps(client: "S3Client", bucket: str) -> bool:
    try:
        client.put_object(Bucket=bucket, Key="a/b", Body=b"evidence")
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
            raise
        return False
    listed = client.list_objects_v2(Bucket=bucket, Prefix="a/")["KeyCount"]
    return bool(listed == 1 and client.get_object(Bucket=bucket, Key="a/b")["Body"].read() == b"evidence")

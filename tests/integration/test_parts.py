"""The real services tests stand on: they work, they keep what they promise, and they survive being killed."""

from contextlib import suppress

import psycopg
import pytest
import redis
from botocore.exceptions import ClientError

from tests.parts.guacamole_client import GuacamoleClient
from tests.parts.guacd import Guacd
from tests.parts.redis_server import RedisServer
from tests.parts.running import wait_until
from tests.parts.s3 import S3Server


def test_redis_keeps_jobs_over_a_restart(redis_server: RedisServer) -> None:
    client = redis.Redis.from_url(redis_server.url)
    client.set("kept", "yes")
    redis_server.restart()
    assert client.get("kept") == b"yes"
    client.close()


def test_redis_listens_on_no_port(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.config_get("port") == {"port": "0"}


def test_guacd_comes_back_at_the_same_address(guacd: Guacd) -> None:
    guacd.kill()
    guacd.start()

    def version() -> str:
        with suppress(ConnectionResetError), GuacamoleClient(guacd.host, guacd.port) as client:
            client.send("select", "vnc")
            return client.wait_for(lambda instruction: instruction.opcode == "args").args[0]
        return ""  # the killed one's children have its port for a moment yet

    wait_until(lambda: version().startswith("VERSION_"), "guacd answers")


@pytest.mark.parametrize("protocol", ["rdp", "vnc", "ssh", "telnet"])
def test_guacd_speaks_every_protocol_offered(guacd: Guacd, protocol: str) -> None:
    with GuacamoleClient(guacd.host, guacd.port) as client:
        client.send("select", protocol)
        assert "hostname" in client.wait_for(lambda instruction: instruction.opcode == "args").args


def test_each_test_gets_an_empty_database(empty_postgres_url: str) -> None:
    with psycopg.connect(empty_postgres_url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_the_store_keeps_objects_over_kill_9(s3_server: S3Server, s3_bucket: str) -> None:
    s3_server.client().put_object(Bucket=s3_bucket, Key="a/b", Body=b"evidence")
    s3_server.kill()
    s3_server.start()
    assert s3_server.client().get_object(Bucket=s3_bucket, Key="a/b")["Body"].read() == b"evidence"


def test_the_store_refuses_a_wrong_key(s3_server: S3Server, s3_bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_server, "secret_key", "wrong")
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        s3_server.client().put_object(Bucket=s3_bucket, Key="a", Body=b"")

"""A real redis-server on a unix socket of its own."""

from pathlib import Path

from gateway.supervisor.redis import redis_server, redis_url, socket_folder
from tests.parts.running import Running


class RedisServer(Running):
    """`url` is redis-py's (`unix:///...`), as the setting `redis_url` has it."""

    def __init__(self, folder: Path) -> None:
        socket = socket_folder(folder) / "redis.sock"
        self.url = redis_url(socket)
        super().__init__(redis_server(socket, folder), log=folder / "redis.log")

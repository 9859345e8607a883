"""The lasting name of a gateway, by which its sessions are found again after a crash."""

import socket
import uuid

from gateway.settings import Settings


def gateway_id(settings: Settings) -> str:
    """The configured name, or one made once and kept in the data folder."""
    if settings.gateway_id:
        return settings.gateway_id
    path = settings.data_dir / "gateway-id"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        made = f"{socket.gethostname()[:40]}-{uuid.uuid4().hex[:8]}"
        path.write_text(made + "\n")
        return made

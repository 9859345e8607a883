"""What the gateway makes of one instruction of the operator. Given by `gateway.proxies.desktop.operator_input` to the relay."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one instruction turns into: bytes for the recording, written first, and bytes for guacd."""

    record: bytes
    forward: bytes
    is_user_input: bool = False

"""What an accepted instruction of the operator turns into."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """Bytes for the recording, written first, and bytes for guacd.

    `is_user_input`: a person did something, which restarts the idle limit.
    """

    record: bytes
    forward: bytes
    is_user_input: bool = False

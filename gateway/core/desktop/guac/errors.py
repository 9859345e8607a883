"""Errors in a Guacamole stream, with their offset."""


class GuacProtocolError(ValueError):
    """The peer (or the file) does not speak the Guacamole protocol; nothing after `offset` can be trusted."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(f"{reason} at byte {offset}")
        self.reason = reason
        self.offset = offset

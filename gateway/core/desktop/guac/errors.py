"""What can be wrong with a Guacamole stream. The offset says where in the stream it went wrong."""


class GuacProtocolError(ValueError):
    """The peer (or the file) does not speak the Guacamole protocol; nothing after `offset` can be trusted."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(f"{reason} at byte {offset}")
        self.reason = reason
        self.offset = offset

"""Errors a caller can do something about. Each says whose fault it is and what to do next."""


class ReelgateError(Exception):
    """Base of all errors that are shown to a person. `str(error)` is one clear line without a secret in it."""


class NotFoundError(ReelgateError):
    """What was named does not exist, or the asker may not know that it does."""


class GoneError(ReelgateError):
    """What was named was there and was erased for good."""


class ConflictError(ReelgateError):
    """The state of things does not allow the action now."""


class InvalidInputError(ReelgateError):
    """What was given cannot be used; the text says what would be."""


class UnavailableError(ReelgateError):
    """Something the action needs is not there at the moment (guacd, redis, the archive, disk space)."""


class DamagedError(ReelgateError):
    """Bytes are not what they are recorded to be; copying or deleting anything now would spoil evidence."""


class BusyError(UnavailableError):
    """There is too much to do at the moment; `retry_seconds` says when to ask again."""

    def __init__(self, text: str, retry_seconds: int) -> None:
        super().__init__(text)
        self.retry_seconds = retry_seconds


class TooManyTriesError(ReelgateError):
    """Asked too often; `retry_seconds` says when to ask again."""

    def __init__(self, text: str, retry_seconds: int) -> None:
        super().__init__(text)
        self.retry_seconds = retry_seconds

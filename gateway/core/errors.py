"""Errors a caller can act on. Each says what is wrong and what to do next."""


class ReelgateError(Exception):
    """Base of all errors shown to a person. `str(error)` is one clear line without secrets."""


class NotFoundError(ReelgateError):
    """Something named does not exist, or the user may not know that it does."""


class GoneError(ReelgateError):
    """Something named existed and was permanently erased."""


class ConflictError(ReelgateError):
    """The current state does not allow the action."""


class InvalidInputError(ReelgateError):
    """Invalid input; the text says what would be accepted, `field` (dotted, as in the body) where it was given."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class UnavailableError(ReelgateError):
    """Something the action needs is not available now (guacd, redis, the archive, disk space)."""


class DamagedError(ReelgateError):
    """Bytes differ from what was recorded; copying or deleting anything now would destroy evidence."""


class BusyError(UnavailableError):
    """The server is overloaded; try again after `retry_seconds`."""

    def __init__(self, text: str, retry_seconds: int) -> None:
        super().__init__(text)
        self.retry_seconds = retry_seconds


class TooManyAttemptsError(ReelgateError):
    """Too many requests; try again after `retry_seconds`."""

    def __init__(self, text: str, retry_seconds: int) -> None:
        super().__init__(text)
        self.retry_seconds = retry_seconds

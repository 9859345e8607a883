"""Why an instruction was not drawn."""


class UnusableInstructionError(Exception):
    """The instruction cannot be drawn. It is counted as skipped and leaves the display unchanged."""

"""Why an instruction was not drawn."""


class UnusableInstructionError(Exception):
    """The instruction's arguments cannot be drawn. It is counted as skipped; the display is as it was before it."""

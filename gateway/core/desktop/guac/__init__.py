"""The Guacamole wire protocol, sans-io: bytes in, instructions out.

Source: the protocol reference of the Guacamole manual.
"""

from gateway.core.desktop.guac.instruction import Instruction, encode
from gateway.core.desktop.guac.parser import (
    MAX_ELEMENTS,
    MAX_INSTRUCTION_BYTES,
    NEED_DATA,
    GuacParser,
    NeedData,
    WholeInstructions,
)

__all__ = [
    "MAX_ELEMENTS",
    "MAX_INSTRUCTION_BYTES",
    "NEED_DATA",
    "GuacParser",
    "Instruction",
    "NeedData",
    "WholeInstructions",
    "encode",
]

"""What the operator holds down at the target: keys, buttons, fingers. It is released when his input is locked."""

from typing import Final

from gateway.core.desktop.guac.instruction import encode
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.proxies.desktop.accepted import Accepted
from gateway.proxies.desktop.clock import GuacdClock

# Far more than a person has fingers, and than a keyboard reports at once.
MOST_HELD: Final = 64


class HeldInput:
    """Follow `key`, `mouse` and `touch` instructions. `record_keys`: whether keys are recorded."""

    def __init__(self, clock: GuacdClock, *, record_keys: bool) -> None:
        self._clock = clock
        self._record_keys = record_keys
        self._keys: dict[str, tuple[str, ...]] = {}  # by keysym, in the order in which they went down
        self._mouse = ("0", "0", "0")
        self._touches: dict[str, tuple[str, ...]] = {}

    def follow(self, opcode: str, args: tuple[str, ...]) -> bool:
        """Note what an instruction presses or releases; return False if it presses more than can be held.

        Such an instruction may not reach the target: it could not be released.
        """
        if opcode == Opcode.MOUSE:
            self._mouse = (args[0], args[1], args[2])
            return True
        held: dict[str, tuple[str, ...]] = self._keys if opcode == Opcode.KEY else self._touches
        if not float(args[-1]):
            held.pop(args[0], None)
        elif len(held) < MOST_HELD or args[0] in held:
            held[args[0]] = args
        else:
            return False
        return True

    def release(self) -> list[Accepted]:
        """Return what releases all of it, as if the operator had done so."""
        released: list[tuple[str, tuple[str, ...]]] = [(Opcode.KEY, (keysym, "0")) for keysym in reversed(self._keys)]
        x, y, mask = self._mouse
        if int(float(mask)):
            released.append((Opcode.MOUSE, (x, y, "0")))
        released += [(Opcode.TOUCH, (*args[:6], "0")) for args in self._touches.values()]
        for opcode, args in released:
            self.follow(opcode, args)
        return [self._accepted(opcode, args) for opcode, args in released]

    def _accepted(self, opcode: str, args: tuple[str, ...]) -> Accepted:
        recorded = opcode != Opcode.KEY or self._record_keys
        return Accepted(encode(opcode, *args, self._clock.now_ms() or 0) if recorded else b"", encode(opcode, *args))

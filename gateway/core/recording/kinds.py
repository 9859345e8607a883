"""Kinds of recordings: one row each. Everything that depends on what is recorded reads it here.

A new kind is a row in `KINDS` and four folders: `core/KIND` (its stream), `proxies/KIND` (how it comes in),
`workers/KIND` (its stages), `web/src/player/kinds/KIND`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.core.desktop.stream import DesktopStream
from gateway.core.errors import InvalidInputError
from gateway.core.export import ExportKind
from gateway.core.recording.layout import KEYFRAMES, SPANS, TEXT, VIDEO
from gateway.core.recording.states import SpanSource
from gateway.core.recording.stream import Stream
from gateway.core.work import StageName


@dataclass(frozen=True)
class Kind:
    """One kind. `name` is in the database, in manifests and in the API.

    `suffix` (without a dot) is that of segments and of the downloaded original, which has `media_type`. `stages` are in
    the order in which they run, `renditions` the files they may make, `sources` where its text comes from.
    `new_stream` reads an original. `exports` can be made from it; a bundle can be made from every kind. `workers` names the
    workers' module with the tables `STAGES` and `EXPORTS` of what this kind has alone: a name, as the gateway does not
    know the workers.
    """

    name: str
    suffix: str
    media_type: str
    stages: tuple[StageName, ...]
    renditions: tuple[str, ...]
    sources: tuple[SpanSource, ...]
    new_stream: Callable[[], Stream]
    exports: tuple[ExportKind, ...]
    workers: str


DESKTOP: Final = Kind(
    name="desktop",
    suffix="guac",
    media_type="application/octet-stream",
    stages=(StageName.SEAL, StageName.RENDER, StageName.OCR, StageName.TEXT, StageName.INDEX, StageName.TIER),
    renditions=(VIDEO, KEYFRAMES, SPANS, TEXT),
    sources=(SpanSource.SCREEN, SpanSource.KEYS, SpanSource.CLIPBOARD, SpanSource.FILE),
    new_stream=DesktopStream,
    exports=(ExportKind.BUNDLE, ExportKind.CLIP, ExportKind.REDACTED),
    workers="workers.desktop.kind",
)

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in (DESKTOP,)}


def kind_of(name: str) -> Kind:
    """Return the kind of this name. Raises InvalidInputError."""
    try:
        return KINDS[name]
    except KeyError as error:
        raise InvalidInputError(f"unknown kind of recording {name!r}; known are {', '.join(KINDS)}") from error

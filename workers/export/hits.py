"""Pictures of the moments at which a query's hits appeared on the screen."""

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from PIL import Image
from sqlmodel import Session

from gateway.core.recording.place import place_as_dict
from gateway.renditions.keyframes import KeyframeReader
from gateway.search.hits import Hit, all_hits
from gateway.search.scope import Scope

# Nobody looks through more pictures than this; the list says if there were more.
MAX_HITS: Final = 500


class FoundHits(NamedTuple):
    """The first hits of a query in its own order, and whether that is all of them."""

    hits: list[Hit]
    is_all: bool


def find(session: Session, query: str, recording_id: str) -> FoundHits:
    """Find hits of a query in one recording. Raises QueryError."""
    found = list(islice(all_hits(session, query, Scope.everything(recording_id)), MAX_HITS + 1))
    return FoundHits(found[:MAX_HITS], len(found) <= MAX_HITS)


def picture_name(hit: Hit, reader: KeyframeReader) -> tuple[str, int] | None:
    """Return the name of a hit's picture and the number of its keyframe; None for text that was never on the screen."""
    if hit.place is None or not reader.keyframes:
        return None
    keyframe = reader.at(hit.offset_ms)
    return f"hits/{keyframe.offset_ms:09d}ms.png", keyframe.number


def pictures(hits: list[Hit], reader: KeyframeReader) -> Iterator[tuple[str, bytes]]:
    """Yield each keyframe at which a hit appeared, once, by time: name and PNG."""
    request = {named[1]: named[0] for hit in hits if (named := picture_name(hit, reader)) is not None}
    if not request:
        return
    for keyframe, frame in reader.frames():
        if keyframe.number in request:
            out = io.BytesIO()
            Image.fromarray(frame).save(out, "PNG")
            yield request[keyframe.number], out.getvalue()
        if keyframe.number == max(request):
            return


def listed(query: str, found: FoundHits, reader: KeyframeReader | None) -> dict[str, Any]:
    """Return the hits with their pictures' names, as JSON values; `words` are the places of those that match."""
    return {
        "query": query,
        "is_all": found.is_all,
        "hits": [
            {
                "offset_ms": hit.offset_ms,
                "end_ms": hit.end_ms,
                "at": hit.at.isoformat(),
                "text": hit.text,
                "source": hit.source.value,
                "match": hit.match.value,
                "confidence": hit.confidence,
                "place": None if hit.place is None else place_as_dict(hit.place),
                "words": [place_as_dict(place) for place in hit.places],
                "picture": named[0] if reader is not None and (named := picture_name(hit, reader)) else None,
            }
            for hit in sorted(found.hits, key=lambda hit: hit.offset_ms)
        ],
    }

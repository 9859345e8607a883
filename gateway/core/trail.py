"""Check a hash chain of audit events, and report exactly where and how it is broken.

Pure: the rows come from `gateway.audit.check`. Two streams in order of event id are read side by side: the events, and
the signed checkpoints, which claim what the hash of an event was.

Breaks are told apart like this. A row whose columns do not match its own hash was changed. If a row does not follow the
previous one, it was inserted if the rows around it match each other, otherwise rows between were removed. A recomputed
hash does not match its signature, and a fabricated row has none. A missing tail is detected at a checkpoint.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final

FIRST_HASH: Final = "0" * 64
# How many rows put in between are still told from removed ones. Bounds what is remembered and read ahead.
_REACH: Final = 1000
# Clocks of several gateways differ a little, and one of them is set now and then.
_CLOCKS_APART: Final = timedelta(seconds=5)
_MOST_REMARKS: Final = 20


class BreakKind(StrEnum):
    """changed: columns or hash differ; forged: an event or a checkpoint that no key of this site signed."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    CUT = "cut"
    FORGED = "forged"


class SignatureState(StrEnum):
    """good: by a key of this site; wrong: names one but signs something else; unknown: names no key of this site."""

    GOOD = "good"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Link:
    """One event: the hashes it states (hex), the hash computed from its columns (`own_hash`), and its signature."""

    event_id: int
    at: datetime
    previous_hash: str
    hash: str
    own_hash: str
    signature: SignatureState = SignatureState.GOOD


@dataclass(frozen=True, slots=True)
class Claim:
    """A checkpoint: event `event_id` had this hash. `is_signed`: its signature is valid.

    `place` says where it is stored; empty: in the database, beside the events.
    """

    event_id: int
    at: datetime
    hash: str
    is_signed: bool = True
    place: str = ""

    def __str__(self) -> str:
        where = f", kept in {self.place}," if self.place else ""
        return f"signed checkpoint of {self.at:%Y-%m-%d %H:%M:%S}Z{where}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first event that does not fit; for a truncated trail the first missing one, with the time of the last."""

    kind: BreakKind
    event_id: int
    at: datetime | None
    detail: str


class Chain:
    """How far the chain has been checked: the last event's id, time and hash, and the number of events."""

    def __init__(self, claims: Iterable[Claim] = (), *, event_id: int = 0, head_hash: str = FIRST_HASH) -> None:
        self.event_id = event_id
        self.hash = head_hash
        self.at: datetime | None = None
        self.event_count = 0
        self.remarks: list[str] = []  # what is odd and no break, the first of them
        self._claims = iter(claims)
        self._claim = next(self._claims, None)
        # The hashes lately passed, each with the event behind it: where an inserted row was put.
        self._passed: OrderedDict[str, Link] = OrderedDict()

    def follow(self, links: Iterator[Link]) -> Break | None:
        """Return the first break, or None if every event fits and every checkpoint names one of them."""
        for link in links:
            found = self._mismatch(link, links) or self._disclaimed(link)
            if found is not None:
                return found
            self._passed[self.hash] = link
            if len(self._passed) > _REACH:
                self._passed.popitem(last=False)
            self._remark_time(link)
            self.event_id, self.hash, self.at = link.event_id, link.hash, link.at
            self.event_count += 1
        return self._cut()

    def _remark_time(self, link: Link) -> None:
        if self.at is not None and self.at - link.at > _CLOCKS_APART and len(self.remarks) < _MOST_REMARKS:
            back = round((self.at - link.at).total_seconds())
            self.remarks.append(
                f"event {link.event_id} of {link.at:%Y-%m-%d %H:%M:%S}Z is {back} s earlier than the previous one"
            )

    def _mismatch(self, link: Link, behind: Iterator[Link]) -> Break | None:
        if link.hash != link.own_hash:
            return Break(BreakKind.CHANGED, link.event_id, link.at, "its columns do not match its hash")
        if link.previous_hash == self.hash:
            return self._unsigned(link, behind)
        follower_comes = any(later.previous_hash == self.hash for later in islice(behind, _REACH))
        put_in = link if follower_comes else self._passed.get(link.previous_hash)
        if put_in is not None:
            detail = "the events before and after it match each other, but not it"
            return Break(BreakKind.INSERTED, put_in.event_id, put_in.at, detail)
        if self.event_count and link.event_id == self.event_id + 1:
            detail = f"its hash was recomputed: event {link.event_id} names another as its predecessor"
            return Break(BreakKind.CHANGED, self.event_id, self.at, detail)
        return Break(BreakKind.REMOVED, link.event_id, link.at, f"events between {self.event_id} and it are missing")

    def _unsigned(self, link: Link, behind: Iterator[Link]) -> Break | None:
        if link.signature is SignatureState.GOOD:
            return None
        if link.signature is SignatureState.UNKNOWN:
            return Break(BreakKind.FORGED, link.event_id, link.at, "it is not signed by a key of this site")
        if any(later.previous_hash == self.hash for later in islice(behind, _REACH)):
            return Break(BreakKind.INSERTED, link.event_id, link.at, "its signature is for another event")
        return Break(
            BreakKind.CHANGED, link.event_id, link.at, "its hash was recomputed: its signature is for another hash"
        )

    def _disclaimed(self, link: Link) -> Break | None:
        while self._claim is not None and self._claim.event_id <= link.event_id:
            claim, self._claim = self._claim, next(self._claims, None)
            if not claim.is_signed:
                return _forged(claim)
            if claim.event_id != link.event_id:
                detail = f"a {claim} names an event that is missing"
                return Break(BreakKind.REMOVED, claim.event_id, claim.at, detail)
            if claim.hash != link.hash:
                detail = f"a {claim} has another hash: the trail was recomputed up to here"
                return Break(BreakKind.CHANGED, link.event_id, link.at, detail)
        return None

    def _cut(self) -> Break | None:
        if self._claim is None:
            return None
        if not self._claim.is_signed:
            return _forged(self._claim)
        detail = f"the trail ends with event {self.event_id}, but a {self._claim} names event {self._claim.event_id}"
        return Break(BreakKind.CUT, self.event_id + 1, self.at, detail)


def _forged(claim: Claim) -> Break:
    where = f" in {claim.place}" if claim.place else ""
    detail = f"the checkpoint{where} that names it is not signed by a key of this site"
    return Break(BreakKind.FORGED, claim.event_id, claim.at, detail)

"""The order kind `watch`: a watch term's query on every recording there was when it was asked for, page by page.

A page's findings and the progress are one transaction, and a page counts only while this run holds the order and the
term asks the same: a worker may be killed at any point. Recordings that become searchable meanwhile are watched by their
index stage (`gateway.search.watch`).
"""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from gateway.db.models import Order
from gateway.db.repositories import leases, orders, recordings, watch_terms
from gateway.search import Hit
from gateway.search.watch import hits_in, keep
from workers.orders.work import OrderWork
from workers.running.lease import LeaseLostError
from workers.running.work import Publish

# Looking one recording through takes milliseconds: progress moves several times a second, and a stop is soon seen.
_PAGE_RECORDINGS: Final = 20


@dataclass(frozen=True)
class _Page:
    """Hits by recording, in the recordings that follow those of an earlier page."""

    hits: dict[str, list[Hit]]

    @property
    def is_last(self) -> bool:
        return len(self.hits) < _PAGE_RECORDINGS


def run(work: OrderWork) -> Publish:
    """Go on from where an earlier run came to, to the end. Each page publishes itself."""
    is_last = False
    while not is_last:
        page = _look(work)
        _publish(work, page)
        is_last = page.is_last

    def publish(_session: Session) -> None:
        """The last page is published already."""

    return publish


def _look(work: OrderWork) -> _Page:
    with work.context.database.read() as session:
        order = orders.get(session, work.order.id)
        ids = watch_terms.searchable_after(session, order.result["cursor"], _PAGE_RECORDINGS)
        return _Page({recording_id: hits_in(session, order.parameters["query"], recording_id) for recording_id in ids})


def _publish(work: OrderWork, page: _Page) -> None:
    """INVARIANT: findings and progress become visible together, and only while the order is ours.

    It is not once the term's query was changed or the term disabled: that ends the order. The term is locked first, as
    who changes it does.
    """
    with work.context.database.write() as session:
        term = watch_terms.get(session, work.order.parameters["watch_term_id"], lock=True)
        order = orders.get(session, work.order.id, lock=True)
        if not leases.is_held(order, work.order.lease_owner or ""):
            raise LeaseLostError("this work was ended or taken by another worker")
        for recording_id, hits in page.hits.items():
            recordings.get(session, recording_id, lock=True)
            keep(session, term.id, recording_id, hits)
        _advance(order, page)
        session.add(order)
    work.progress(order.result["done_count"] / max(1, order.result["total_count"]))


def _advance(order: Order, page: _Page) -> None:
    done = order.result["done_count"] + len(page.hits)
    # Recordings may have been purged since they were counted, or have come.
    total = done if page.is_last else max(done, order.result["total_count"])
    cursor = next(reversed(page.hits), order.result["cursor"])
    order.result = {"cursor": cursor, "done_count": done, "total_count": total}

"""Bodies of watch terms."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from gateway.api.schemas import Body, Listing, Schema
from gateway.core.work import WorkState
from gateway.search.tokens import clean

TermName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(clean)]
# Far above what a query may have, so that a long one gets the language's own message.
QueryText = Annotated[str, Field(max_length=5000), AfterValidator(clean)]


class WatchTermNew(Body):
    """A new watch term; docs/search.md describes the query language. `backlog`: also run on existing recordings."""

    name: TermName
    query: QueryText
    backlog: bool = False


class WatchTermChange(Body):
    """Fields to change; missing fields stay as they are. Existing findings stay, whatever the new query."""

    name: TermName | None = None
    query: QueryText | None = None
    disabled: bool | None = None


class WatchTermBacklog(Schema):
    """The run on existing recordings; counts are of recordings. `error`: why it waits or was stopped."""

    state: WorkState
    error: str | None
    done_count: int
    total_count: int


class WatchTermOut(Schema):
    """A watch term. `open_count`: findings without a verdict; `backlog`: None if never requested."""

    id: str
    name: str
    query: str
    created_by_name: str
    created_at: datetime
    disabled_at: datetime | None
    finding_count: int
    open_count: int
    backlog: WatchTermBacklog | None


class WatchTermListing(Listing[WatchTermOut]):
    """All watch terms. `recording_count`: recordings in a backlog run."""

    recording_count: int

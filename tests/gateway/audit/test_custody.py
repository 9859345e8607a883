"""Every tag has its place in chains of custody."""

from gateway.audit import AuditTag
from gateway.audit.custody import ELSEWHERE, TAGS, CustodyKind


def test_every_tag_is_of_a_kind_or_about_something_else() -> None:
    kinds = list(TAGS.values())
    assert TAGS.keys() == set(CustodyKind)
    assert set().union(*kinds) | ELSEWHERE == set(AuditTag)
    assert sum(map(len, kinds)) + len(ELSEWHERE) == len(AuditTag), "each tag stands in one place"

import pytest

from gateway.core.errors import InvalidInputError
from gateway.core.recording.kinds import DESKTOP, KINDS, Kind, kind_of
from gateway.core.work import STAGE_ORDER


def test_a_kind_is_found_by_its_name() -> None:
    assert kind_of("desktop") is DESKTOP
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInputError, match="unknown kind of recording 'telex'; known are desktop"):
        kind_of("telex")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_its_stages_are_in_their_order(kind: Kind) -> None:
    assert kind.suffix.isalnum()
    assert list(kind.stages) == [name for name in STAGE_ORDER if name in kind.stages]

"""Which policy applies, what follows from it, and what stands against erasing."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.core.errors import InvalidInputError
from gateway.core.policy.retention import (
    DEFAULT_POLICY,
    ObstacleKind,
    Policy,
    PurgeContext,
    RiskClass,
    Subject,
    changed,
    chosen,
    dates,
    obstacles,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DEFAULT = Policy(DEFAULT_POLICY, "Default", 365, 395)
VENDORS = Policy("vendors", "Vendors", 730, None, risk_class=RiskClass.VENDOR)
PLANT = Policy("plant", "Plant", 90, 100, target_group="plant")
PLANT_VENDORS = Policy("both", "Vendors in the plant", 900, 1000, target_group="plant", risk_class=RiskClass.VENDOR)
PRESS = Policy("press", "The press", 10, 20, target_id="press-1")
PRESS_VENDORS = Policy("press-v", "Vendors at the press", 11, 21, target_id="press-1", risk_class=RiskClass.VENDOR)
ALL = [PRESS_VENDORS, DEFAULT, PLANT, VENDORS, PRESS, PLANT_VENDORS]


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (Subject("db-1", "", RiskClass.STANDARD), "Default"),
        (Subject(None, "", RiskClass.STANDARD), "Default"),
        (Subject("db-1", "", RiskClass.VENDOR), "Vendors"),
        (Subject("db-1", "plant", RiskClass.STANDARD), "Plant"),
        (Subject("db-1", "plant", RiskClass.VENDOR), "Vendors in the plant"),
        (Subject("press-1", "plant", RiskClass.PRODUCTION), "The press"),
        (Subject("press-1", "plant", RiskClass.VENDOR), "Vendors at the press"),
        (Subject("press-1", "", RiskClass.VENDOR), "Vendors at the press"),
    ],
)
def test_the_most_specific_policy_wins_whatever_the_order(subject: Subject, name: str) -> None:
    assert chosen(ALL, subject).name == name
    assert chosen(reversed(ALL), subject).name == name


def test_without_a_default_nothing_is_decided() -> None:
    with pytest.raises(LookupError):
        chosen([PLANT], Subject("db-1", "", RiskClass.STANDARD))


def test_dates_count_from_the_end_and_never_purge_before_retention_is_over() -> None:
    assert dates(DEFAULT, NOW).retain_until_at == NOW + 365 * DAY
    assert dates(DEFAULT, NOW).purge_after_at == NOW + 395 * DAY
    assert dates(VENDORS, NOW).purge_after_at is None
    contradictory = Policy("x", "X", retain_for_days=30, delete_after_days=5)
    assert dates(contradictory, NOW).purge_after_at == NOW + 30 * DAY


@pytest.mark.parametrize(
    ("policy_id", "new", "words"),
    [
        (DEFAULT_POLICY, None, "cannot be removed"),
        (DEFAULT_POLICY, Policy(DEFAULT_POLICY, "Default", 1, 2, target_group="plant"), "remove its conditions"),
        ("new", Policy("new", "New", 1, 2), "at least one condition"),
        ("new", Policy("new", "New", 1, 2, target_group="plant"), "Plant already has these conditions"),
        ("new", Policy("new", "New", 10, 9, target_group="office"), "during their retention"),
    ],
)
def test_policies_that_contradict_are_refused(policy_id: str, new: Policy | None, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        changed(ALL, policy_id, new)


def test_a_policy_takes_the_place_of_its_former_self() -> None:
    new = Policy("plant", "Plant", 1, 2, target_group="plant")
    assert set(changed(ALL, "plant", new)) == {*ALL, new} - {PLANT}
    assert set(changed(ALL, "plant", None)) == set(ALL) - {PLANT}


FREE = PurgeContext(retain_until_at=NOW - DAY, policy_name="Default", locked_until_at=NOW)


@pytest.mark.parametrize(
    ("context", "kind", "words"),
    [
        (PurgeContext(is_open=True), ObstacleKind.OPEN, "not ended"),
        (PurgeContext(busy_with="stage ocr is running"), ObstacleKind.BUSY, "stage ocr is running"),
        (PurgeContext(held_for=("C-17", "C-18")), ObstacleKind.HELD, "on hold: C-17, C-18"),
        (
            PurgeContext(retain_until_at=NOW + DAY, policy_name="Plant"),
            ObstacleKind.RETAINED,
            "Plant keeps it until 2026",
        ),
        (PurgeContext(locked_until_at=NOW + DAY), ObstacleKind.LOCKED, "locked until 2026-06-02 12:00 UTC"),
        (PurgeContext(legal_hold=True), ObstacleKind.LOCKED, "legal hold"),
    ],
)
def test_each_obstacle_is_named(context: PurgeContext, kind: ObstacleKind, words: str) -> None:
    [found] = obstacles(context, NOW)
    assert found.kind is kind
    assert words in found.text


def test_what_is_over_stands_against_nothing_and_all_that_does_is_named() -> None:
    assert obstacles(FREE, NOW) == []
    everything = PurgeContext(
        is_open=True,
        busy_with="a",
        held_for=("b",),
        retain_until_at=NOW + DAY,
        locked_until_at=NOW + DAY,
        legal_hold=True,
    )
    assert {found.kind for found in obstacles(everything, NOW)} == set(ObstacleKind)

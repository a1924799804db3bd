"""The cast stands where the other tests think it stands."""

from __future__ import annotations

from tests.cast import Cast


def test_a_clerk_sees_the_own_community_only(cast: Cast) -> None:
    clerk = cast.actor("clerk")
    assert cast.grid.key in clerk.branch
    assert cast.other_community.key not in clerk.branch
    assert cast.other_community.key in cast.actor("street_officer").branch


def test_reach_own_and_strangers_hold_no_branch(cast: Cast) -> None:
    for name in ("urban_management", "stranger", "resident"):
        assert cast.city.key not in cast.actor(name).branch
    assert cast.actor("urban_management").post_id == cast.post("urban_management").pk

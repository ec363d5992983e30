"""`verify` on a pool of v4, which a file names by numbers too: no fault where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chain_of_others import Chain, standing_on
from spoiled import Fault, Said, Stands, is_found


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with standing_on("morpho4", tmp_path_factory.mktemp("v4")) as found:
        yield found


def test_what_apply_left_on_v4_has_no_fault(stands: Stands) -> None:
    """ "is 500 in the record and 500 in the file": a number stands in the one as text."""
    assert stands.found() == []


def other_fee(s: Stands) -> None:
    s.refile("fee = 500", "fee = 3000")


def other_spacing(s: Stands) -> None:
    s.refile("tick_spacing = 10", "tick_spacing = 60")


FAULTS: dict[Fault, Said] = {
    other_fee: [("venue.fee", "is 500 in the record and 3000 in the file")],
    other_spacing: [("venue.tick_spacing", "is 10 in the record and 60 in the file")],
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_number_that_is_another_is_named(stands: Stands, fault: Fault) -> None:
    fault(stands)
    is_found(stands, FAULTS[fault])

"""R33, HG-16: whoever looks after a deployment is told that its pool cannot look back far enough."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result


@pytest.mark.proves("HG-16")
def test_r33_the_doctor_and_verify_name_a_pool_that_cannot_look_back_far_enough(
    tandem: Callable[..., Result], market: Any
) -> None:
    covered = market.tandem.lens.call("history")[0]
    exchange = market.tandem.exchange
    exchange.config.send("setMarkPriceMarketTwapInterval", covered + 3_600, sender=exchange.owner)
    short = f"must look back {covered + 3_600}: nothing trades"
    doctor = tandem("doctor", "--json")
    assert doctor.exit_code == 1
    (line,) = [each for each in json.loads(doctor.stdout) if each["name"] == "outside"]
    assert line["state"] == "fail"
    assert short in line["found"]
    assert "observations" in line["todo"]
    verified = tandem("deploy", "verify", "--json")
    assert verified.exit_code == 1
    faults = {f["name"]: f["fault"] for f in json.loads(verified.stdout) if f["fault"]}
    assert short in faults.pop("venue history")
    assert list(faults) == ["CurieVenue"], "constructed again, its adapter refuses that pool"
    assert "curie: too few observations" in faults["CurieVenue"]

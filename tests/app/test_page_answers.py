"""What the page shows is the answer of what is asked now."""

from __future__ import annotations

import pytest
from browsing import Window

from tandem.protocol.deployment import Deployment, handles

pytestmark = pytest.mark.long


def test_what_is_shown_answers_what_is_asked_now(window: Window) -> None:
    """The last of it stops the market's opens."""
    found = Deployment.load(window.up.file)
    guardian = handles(window.engine, found).guardian
    said = window.scenario(
        "answers",
        guardian=found.roles["guardian"],
        guardianContract=guardian.address,
        pause="0x" + guardian.pause().data.hex(),
    )
    assert "fail 0" in said

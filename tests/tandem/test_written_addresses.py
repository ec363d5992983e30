"""An address that a person or a file writes: what its capitals say is heard."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tandem.client.accounts import address_of, find
from tandem.client.errors import AccountError
from tandem.client.session import Session
from tandem.errors import ConfigError
from tandem.protocol.recipe import load_recipe

RIGHT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
ONE_DIGIT_OFF = "0x70997970C51812dc3A010C7d01b50e0d17dc79C9"
ONE_CAPITAL_OFF = "0x70997970C51812dc3A010C7d01b50e0d17dc79c8"
WRONG = (ONE_DIGIT_OFF, ONE_CAPITAL_OFF, ONE_DIGIT_OFF[2:])


@pytest.mark.parametrize("text", [RIGHT, RIGHT.lower(), "0x" + RIGHT[2:].upper(), RIGHT[2:]])
def test_capitals_that_fit_or_say_nothing_pass(text: str) -> None:
    assert address_of(text) == RIGHT


@pytest.mark.parametrize("text", WRONG)
def test_an_address_whose_capitals_do_not_fit_gets_no_option_and_no_role(text: str) -> None:
    """`--to`, `offer-role` and `--account` took a digit that was copied wrong, and gave it new capitals:
    an option, or what closing it pays, went to nobody."""
    with pytest.raises(AccountError, match="capitals") as error:
        address_of(text)
    assert error.value.hint
    engine: Any = None  # nothing is asked
    with pytest.raises(AccountError, match="capitals"):
        find(engine, text, None)


@pytest.mark.parametrize("text", WRONG)
def test_a_deployment_file_is_held_to_the_same(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(
        f"name = 'x'\nchain_id = 1\n[roles]\nlister = '{text}'\n[venue]\ndeploy = true\n"
    )
    with pytest.raises(ConfigError, match=r"roles\.lister.*capitals"):
        load_recipe(file)


def test_a_receiver_that_is_empty_is_not_oneself() -> None:
    """`tandem close … --to "$UNSET"` paid whoever sent it."""
    session: Any = SimpleNamespace(who=SimpleNamespace(address=RIGHT))
    receiver = partial(Session.receiver, session)
    assert receiver(None) == RIGHT
    assert receiver(RIGHT.lower()) == RIGHT
    with pytest.raises(AccountError, match="no address"):
        receiver("")

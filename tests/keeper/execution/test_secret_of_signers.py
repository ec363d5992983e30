"""Nobody but the keeper is heard by a signer: whoever asked first would have the keeper refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from execution.signing import SECRET, asked
from execution.stand import Stand, due, now, stand
from keeper.execution.asking import Question, body
from keeper.journal import State
from keeper.standing import of_market
from tandem.model.svi import Slice, pack

__all__ = ["due", "now", "stand"]


def test_who_does_not_prove_the_secret_keeps_no_moment_from_the_keeper(
    stand: Stand, due: None
) -> None:
    """A program of the same machine asks first, for a slice of its own."""
    stand.tandem.engine.advance(1)
    mine = stand.slice()
    other = replace(mine, slice_word=pack(Slice(a=0.361, b=0.0, rho=0.0, m=0.0, s=0.1)))
    words = body(Question.of(stand.domain, [other]))
    port = stand.processes[0].port
    for secret, why in (
        (None, b"proves no secret"),
        ("another word of sixteen", b"another secret"),
    ):
        status, said = asked(port, "POST", words, secret)
        assert status == 401
        assert why in said
        assert SECRET.encode() not in said
    assert stand.ask(stand.signers[0], mine, domain=stand.domain) == [""]


@pytest.mark.parametrize("secret", ["", "another word of sixteen"])
def test_a_keeper_whose_secret_is_another_says_so_and_posts_nothing(
    stand: Stand, due: None, secret: str
) -> None:
    """In words that name both settings, and that a keeper warns of."""
    keeper = stand.keeper(stand.desk(stand.signers, secret=secret))
    done = keeper.cycle()
    assert [d.result.state for d in done] == [State.DROPPED] * 3
    assert stand.posted() == 0
    stand.tandem.engine.advance(1)
    snapshot, facts = keeper.observer.observe(keeper.account)
    (warned,) = [
        dict(each.fields)["reason"]
        for each in of_market(snapshot, facts, None)
        if each.event == "surfaces are not what they should be"
    ]
    for url in stand.signers:
        assert f"{url}: does not know this keeper: TANDEM_SURFACE__SIGNER_SECRETS" in warned
    assert "TANDEM_SIGNER__SECRET" in warned
    assert SECRET not in warned

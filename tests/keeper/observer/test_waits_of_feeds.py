"""Why spot is refused, and which feed is noted as failing, as `status` and `doctor` say it."""

from __future__ import annotations

from test_failing_feed import feed_of, keeper_of, noted

from tandem import venues
from tandem.engine import open_engine
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.protocol.waits import waits
from tandem.units import HOUR, WAD
from tandem.venues import Opening


def test_a_sequencer_that_is_down_is_no_feed_that_is_late() -> None:
    """AV-1, AV-2: "spot stale, or the sequencer down or just back" has three reasons. Fresh prices beside
    a sequencer that is down read "3 s old, STALE", and nobody was told of notes."""
    with open_engine("pyrevm") as engine:
        exchange = venues.recipe().open(engine, 2_500 * WAD, Opening())
        uptime = feed_of(engine, 0)
        t = deploy_tandem(engine, exchange, DeploySettings(sequencer_feed=uptime.address))
        engine.advance(2 * HOUR)
        exchange.set_index(2_500 * WAD)
        keeper = keeper_of(t)
        handles = keeper.observer.handles

        def said() -> dict[str, str]:
            return {each.name: each.found for each in waits(handles, handles.lens.snapshot())}

        assert said() == {}
        uptime.send("push", 1, sender=engine.accounts[0])
        assert "reported down" in said()["what needs spot"]
        assert noted(keeper) == ["a feed fails"]
        engine.advance(HOUR)
        exchange.set_index(2_500 * WAD)
        assert "noted as failing for 1.0 h" in said()["sequencer feed"]
        uptime.send("push", 0, sender=engine.accounts[0])
        assert "came back only just now" in said()["what needs spot"]

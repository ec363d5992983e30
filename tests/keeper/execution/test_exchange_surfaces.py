"""`[surface] kind = "exchange"`: what is signed is what an exchange quotes, and what is not quoted is not
signed unless the settings say so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from exchange import LocalExchange, Option, aged, local_exchange, option_of, smile

from keeper.assembly import surfaces_of
from keeper.cycle import Keeper
from keeper.execution.surface_desk import Demand, SurfaceDesk
from keeper.observer import Observer
from keeper.planner import Facts, PlannerSettings, plan
from keeper.policy import create
from keeper.tables import SurfaceTable
from tandem.engine import open_engine
from tandem.feeds.live import LiveSurfaces
from tandem.feeds.surface import ListedSlice, Modelled, SurfaceSpec
from tandem.model.svi import unpack
from tandem.protocol.deploy import deploy_tandem
from tandem.protocol.handles import handles_of
from tandem.protocol.series import next_expiry
from tandem.protocol.surface_signing import SurfaceDomain
from tandem.protocol.tandem import LOCAL_SIGNER_KEY, Tandem
from tandem.units import DAY, WAD
from tandem.venues.curie import deploy_curie


@pytest.fixture(scope="module")
def tandem() -> Iterator[Tandem]:
    with open_engine("pyrevm") as engine:
        found = deploy_tandem(engine, deploy_curie(engine, 2_500 * WAD))
        for days in (10, 30):
            found.list_expiry(next_expiry(engine.now(), days), (2_500, 5_000))
        yield found


def quoted() -> list[Option]:
    """Around the expiries that are listed, at twice the settings' level."""
    now = time.time()
    start = int(now) // DAY * DAY + 8 * 3_600
    return [
        option_of(now, start + days * DAY, strike, is_put, smile(0.0) * 2)
        for days in (8, 15, 40)
        for strike in (1_900.0, 2_100.0, 2_300.0, 2_450.0, 2_550.0, 2_700.0, 2_900.0, 3_200.0)
        for is_put in (False, True)
    ]


@pytest.fixture
def exchange() -> Iterator[LocalExchange]:
    with local_exchange(quoted) as made:
        yield made


def desk(tandem: Tandem, exchange: LocalExchange, **given: object) -> SurfaceDesk:
    table = SurfaceTable.model_validate(
        {"kind": "exchange", "exchange_url": exchange.url, "vol": 0.6, **given}
    )
    source = surfaces_of(table, "ETH")
    assert isinstance(source, LiveSurfaces)
    domain = SurfaceDomain(tandem.chain_id, tandem.surface.address, tandem.market.address)
    return SurfaceDesk(domain, (LOCAL_SIGNER_KEY,), source, note=source.note, end=source.close)


def due(tandem: Tandem, made: SurfaceDesk) -> dict[int, int]:
    return made.due(tandem.lens.snapshot(), {}, 0.6, Demand.TRADE)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_an_exchange_quotes_is_signed_and_the_contract_takes_it(
    tandem: Tandem, exchange: LocalExchange
) -> None:
    made = desk(tandem, exchange)
    assert due(tandem, made) == {}
    until(lambda: due(tandem, made))
    posts = due(tandem, made)
    assert len(posts) == 2
    for expiry, word in posts.items():
        assert float(unpack(word).vol(0.0)) == pytest.approx(2 * smile(0.0), abs=0.01)
        signed = made.signed(expiry, word, tandem.engine.now())
        tandem.surface.post_all([signed]).send(tandem.keeper)
    assert {each.expiry for each in tandem.surface.slices() if each.slice_word} == set(posts)


def test_who_closes_a_keeper_ends_what_asks_for_its_quotes(
    tandem: Tandem, exchange: LocalExchange
) -> None:
    """It asked on as long as the process lived, of a market that halted too."""
    made = desk(tandem, exchange)
    seen = Observer(tandem.engine, handles_of(tandem), PlannerSettings(), desk=made)
    asking = {each for each in threading.enumerate() if each.name == "option-quotes"}
    until(lambda: due(tandem, made))
    began = {each for each in threading.enumerate() if each.name == "option-quotes"} - asking
    assert began
    Keeper(seen, create("threshold")).close()
    until(lambda: not any(each.is_alive() for each in began))


@pytest.mark.parametrize(("otherwise", "posts"), [("nothing", 0), ("smile", 2)])
def test_without_quotes_the_settings_say_what_is_posted_and_the_plan_says_why(
    tandem: Tandem, exchange: LocalExchange, otherwise: str, posts: int
) -> None:
    exchange.options = lambda: aged(quoted(), 3_600)
    made = desk(tandem, exchange, otherwise=otherwise)
    due(tandem, made)
    until(made.note)
    said = due(tandem, made)
    assert len(said) == posts
    assert all(float(unpack(w).vol(0.0)) == pytest.approx(0.6, abs=1e-3) for w in said.values())
    facts = Facts(slices=said, surface_note=made.note())
    notes = plan(tandem.lens.snapshot(), facts, create("threshold")).notes
    assert [note for note in notes if "quotes" in note] == [made.note()]
    assert "too old" in made.note()
    assert ("modelled" if posts else "no surface is posted") in made.note()


class Half:
    """A source that says nothing of the first expiry."""

    def slices(
        self, time: int, realised_vol: float, expiries: list[int]
    ) -> tuple[ListedSlice, ...]:
        return Modelled(SurfaceSpec()).slices(time, realised_vol, expiries)[1:]


def test_an_expiry_that_its_source_says_nothing_of_is_left_out_and_the_others_are_posted(
    tandem: Tandem,
) -> None:
    domain = SurfaceDomain(tandem.chain_id, tandem.surface.address, tandem.market.address)
    made = SurfaceDesk(domain, (LOCAL_SIGNER_KEY,), Half())
    listed = sorted(each.expiry for each in tandem.lens.snapshot().expiries)
    assert list(due(tandem, made)) == listed[1:]


def test_an_asset_that_the_exchange_has_no_options_on_is_said(exchange: LocalExchange) -> None:
    table = SurfaceTable.model_validate({"kind": "exchange", "exchange_url": exchange.url})
    source = surfaces_of(table, "DOGE")
    assert isinstance(source, LiveSurfaces)
    until(source.note)
    assert "DOGE" in source.note()

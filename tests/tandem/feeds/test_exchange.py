"""What an exchange answers is believed row by row; what cannot be is left out, or refused by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from exchange import FORWARD, LocalExchange, Option, aged, local_exchange, sample, send, smile

from tandem.feeds import chain
from tandem.feeds.errors import QuotesError
from tandem.feeds.exchange import Quotes
from tandem.feeds.surface import Exchange

NOW = 1_767_369_600.0
"""2026-01-02 16:00 UTC."""


@pytest.fixture
def exchange() -> Iterator[LocalExchange]:
    with local_exchange(lambda: sample(NOW)) as made:
        yield made


def quotes(exchange: LocalExchange, asset: str = "ETH", now: float = NOW) -> Quotes:
    return Quotes(Exchange.DERIBIT, asset, exchange.url, clock=lambda: now)


def test_a_chain_that_is_quoted_is_fitted_to_the_smile_that_it_was_made_from(
    exchange: LocalExchange,
) -> None:
    found = quotes(exchange).chain()
    assert len(found) == 4 * 17 * 2
    assert found.dropped == 0
    assert set(found.forward) == {FORWARD}
    assert set(found.timestamp) == {int(NOW)}
    fitted = chain.smiles(found)
    assert len(fitted.expiry) == 4
    assert fitted.atm_vol == pytest.approx(smile(0.0), abs=0.002)
    assert all(datetime.fromtimestamp(e, UTC).hour == 8 for e in fitted.expiry.tolist())


def test_what_is_listed_is_asked_for_once_an_hour_and_quotes_each_time(
    exchange: LocalExchange,
) -> None:
    now = [NOW]
    source = Quotes(Exchange.DERIBIT, "ETH", exchange.url, oldest=7_200.0, clock=lambda: now[0])
    for _ in range(3):
        source.chain()
    lists = [each for each in exchange.asked if each.endswith("get_instruments")]
    assert (len(lists), len(exchange.asked)) == (1, 4)
    now[0] += 3_600
    source.chain()
    assert len([e for e in exchange.asked if e.endswith("get_instruments")]) == 2


def _spoilt(change: Callable[[Option], Option], every: int = 5) -> list[Option]:
    return [change(each) if i % every == 0 else each for i, each in enumerate(sample(NOW))]


@pytest.mark.parametrize(
    "change",
    [
        lambda o: replace(o, bid=o.mark * 1.2, ask=o.mark * 1.1),
        lambda o: replace(o, forward=None),
        lambda o: replace(o, iv=None),
        lambda o: replace(o, iv=0.0),
        lambda o: replace(o, made=o.made - 600),
        lambda o: replace(o, made=o.made + 600),
        lambda o: replace(o, bid=o.mark * 1.01),
        lambda o: replace(o, mark=float("nan")),
    ],
    ids=[
        "crossed", "no forward", "no volatility", "worth nothing", "stale", "of a time to come",
        "marked under its bid", "no number",
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_believed_is_left_out_and_the_smile_is_that_of_the_others(
    exchange: LocalExchange, change: Callable[[Option], Option]
) -> None:
    exchange.options = lambda: _spoilt(change)
    found = quotes(exchange).chain()
    assert found.dropped == len(range(0, 136, 5))
    assert chain.smiles(found).atm_vol == pytest.approx(smile(0.0), abs=0.002)


def test_a_chain_is_as_old_as_its_oldest_quote(exchange: LocalExchange) -> None:
    exchange.options = lambda: _spoilt(lambda o: replace(o, made=o.made - 60))
    assert set(quotes(exchange).chain().timestamp) == {int(NOW) - 60}


def test_rows_that_are_all_stale_crossed_or_of_another_currency_are_no_source(
    exchange: LocalExchange,
) -> None:
    exchange.options = lambda: aged(sample(NOW), 121)
    with pytest.raises(QuotesError, match="136 too old"):
        quotes(exchange).chain()
    exchange.options = lambda: [replace(o, bid=2 * o.mark, ask=o.mark) for o in sample(NOW)]
    with pytest.raises(QuotesError, match="136 crossed"):
        quotes(exchange).chain()
    exchange.options = lambda: [replace(o, asset="BTC") for o in sample(NOW)]
    with pytest.raises(QuotesError):
        quotes(exchange).chain()
    exchange.options = list
    with pytest.raises(QuotesError):
        quotes(exchange).chain()


def test_an_answer_about_another_currency_than_was_asked_for_is_no_source(
    exchange: LocalExchange,
) -> None:
    def bitcoin(handler: BaseHTTPRequestHandler, path: str, body: bytes) -> None:
        send(handler, body.replace(b"ETH", b"BTC"))

    exchange.broken = bitcoin
    with pytest.raises(QuotesError):
        quotes(exchange).chain()


def test_options_of_another_currency_among_ours_are_left_out(exchange: LocalExchange) -> None:
    exchange.mixed = True
    exchange.options = lambda: [
        *sample(NOW),
        *(replace(o, asset="BTC", forward=60_000.0) for o in sample(NOW)),
    ]
    assert set(quotes(exchange).chain().forward) == {FORWARD}


def test_volatility_that_is_no_more_in_percent_is_refused_and_not_posted(
    exchange: LocalExchange,
) -> None:
    """At a hundredth of the volatility every option would be sold for nothing."""
    exchange.options = lambda: [replace(o, iv=(o.iv or 0) / 10) for o in sample(NOW)]
    with pytest.raises(QuotesError, match="from what their volatility"):
        quotes(exchange).chain()
    exchange.options = lambda: [
        replace(o, mark=o.mark * FORWARD, bid=None, ask=None) for o in sample(NOW)
    ]
    with pytest.raises(QuotesError, match="from what their volatility"):
        quotes(exchange).chain()


def _status(code: int, text: bytes) -> Callable[[BaseHTTPRequestHandler, str, bytes], None]:
    return lambda handler, path, body: send(handler, text, code)


@pytest.mark.parametrize(
    "broken",
    [
        _status(429, b'{"error":{"code":10028,"message":"too_many_requests"}}'),
        _status(429, b"slow down"),
        _status(503, b"<html>maintenance</html>"),
        _status(200, b"<html>maintenance</html>"),
        _status(200, b""),
        _status(200, b"null"),
        _status(200, b'{"jsonrpc":"2.0","result":null}'),
        _status(200, b'{"jsonrpc":"2.0","result":[null]}'),
        _status(200, b'{"jsonrpc":"2.0","result":{"a":1}}'),
        _status(200, b"[1, 2, 3]"),
        lambda handler, path, body: send(handler, body[: len(body) // 2]),
        lambda handler, path, body: handler.connection.close(),
    ],
)
@pytest.mark.parametrize("from_the_first", [True, False])
def test_an_answer_that_is_none_is_named(
    exchange: LocalExchange,
    broken: Callable[[BaseHTTPRequestHandler, str, bytes], None],
    from_the_first: bool,
) -> None:
    source = quotes(exchange)
    if not from_the_first:
        source.chain()
    exchange.broken = broken
    with pytest.raises(QuotesError, match="deribit") as caught:
        source.chain()
    assert caught.value.hint
    assert len(caught.value.message) < 250
    assert exchange.url not in caught.value.message
    exchange.broken = None
    assert len(source.chain()) == 136


def test_a_recorded_chain_that_the_exchange_quotes_again_is_fitted_as_the_file_is(
    recorded_chain: Path,
) -> None:
    """The exchange's own marks and volatilities, forwards that are null and quotes that lack, by the real
    parsing code: the smiles are those that a replay makes of the file."""
    frame = pl.read_parquet(recorded_chain)
    moments = frame["timestamp"].unique().sort()
    for moment in (moments[10], moments[200], moments[-1]):
        rows = frame.filter(pl.col("timestamp") == moment)
        at = int(moment.replace(tzinfo=UTC).timestamp())
        given = [_option(row, at) for row in rows.iter_rows(named=True)]
        began = time.monotonic()
        with local_exchange(lambda given=given: given) as exchange:
            live = chain.smiles(quotes(exchange, now=at).chain())
        assert time.monotonic() - began < 10
        filed = chain.smiles(_filed(recorded_chain, at))
        assert list(live.expiry) == list(filed.expiry)
        assert np.abs(live.atm_vol - filed.atm_vol).max() < 0.002


def _filed(path: Path, at: int) -> chain.Chain:
    whole = chain.load(path)
    keep = whole.timestamp == at
    columns = {
        name: getattr(whole, name)[keep]
        for name in (
            "timestamp",
            "expiry",
            "strike",
            "is_put",
            "mark_iv",
            "vega",
            "open_interest",
            "forward",
        )
    }
    return replace(whole, **columns)


def _option(row: dict[str, object], at: int) -> Option:
    def number(name: str) -> float | None:
        value = row[name]
        assert value is None or isinstance(value, float)
        return None if value is None or np.isnan(value) else value

    expiry = row["expiry"]
    assert isinstance(expiry, datetime)
    return Option(
        int(expiry.timestamp()), number("strike") or 0.0, row["option_type"] == "put",
        number("forward"), number("mark_iv"), number("bid_price"), number("ask_price"),
        number("mark_price") or 0.0, at,
    )  # fmt: skip

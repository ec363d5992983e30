"""What an index answers: pages that stay put, filters, how far it is, and nothing that could be written."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.conftest import Index
from keeper.index.api import LOOPBACK, Api
from keeper.index.asked import MOST
from keeper.index.serving import Follower
from keeper.index.store import Store, StoreError, stores
from tandem.protocol.happenings import KINDS

Life = Callable[[], None]
ORIGIN = "http://127.0.0.1:8550"


@pytest.fixture
def follower(index: Index, life: Life) -> Follower:
    """Up to date, and looking no further by itself."""
    life()
    made = Follower(index.reader(), index.market.deployment.chain_id, "local", lambda _: None)
    made.reader.follow()
    return made


def api_of(follower: Follower, where: str, **how: Any) -> Api:
    _, reading = stores(where, follower.reader.store.market)
    return Api(lambda: follower.standing, reading, **how)


@pytest.fixture
def client(follower: Follower, index: Index) -> TestClient:
    api = api_of(follower, index.where, origins=frozenset({ORIGIN}), hosts=LOOPBACK)
    return TestClient(api.app, base_url="http://127.0.0.1:8560")


def events(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/events", params={k.rstrip("_"): v for k, v in query.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def every_page(client: TestClient, meanwhile: Life = lambda: None, **query: Any) -> list[Any]:
    found, before = [], None
    while True:
        said = events(client, **query, **({"before": before} if before else {}))
        found += said["events"]
        before = said["next"]
        if before is None:
            return found
        meanwhile()


def place(row: dict[str, Any]) -> tuple[int, int]:
    return row["block"], row["index"]


def test_pages_hold_every_event_once_newest_first(client: TestClient, index: Index) -> None:
    found = every_page(client, limit=3)
    assert [place(row) for row in found] == [row[:2] for row in reversed(index.rows())]
    (first,) = [row for row in index.rows() if row[:2] == place(found[0])]
    assert (found[0]["hash"], found[0]["tx"], found[0]["data"]) == (first[2], first[3], first[8])
    assert found[0]["args"] == json.loads(first[9])


def test_pages_stay_put_while_blocks_come(
    client: TestClient, index: Index, follower: Follower
) -> None:
    before = index.rows()

    def meanwhile() -> None:
        index.another()
        follower.reader.follow()

    found = every_page(client, meanwhile, limit=7)
    assert [place(row) for row in found] == [row[:2] for row in reversed(before)]
    assert len(index.rows()) > len(before)


def test_each_filter_leaves_what_it_names(client: TestClient, index: Index) -> None:
    rows = index.rows()
    for kind in KINDS:
        said = {place(row) for row in every_page(client, kind=kind, limit=4)}
        assert said == {row[:2] for row in rows if row[5] == kind}
    trader = index.market.tandem.trader
    said = {place(row) for row in every_page(client, account=trader, limit=4)}
    assert said == {row[:2] for row in rows if trader.lower() in row[-1]}
    assert said
    low, high = rows[3][0], rows[-4][0]
    said = {place(row) for row in every_page(client, from_=low, to=high, limit=5)}
    assert said == {row[:2] for row in rows if low <= row[0] <= high}
    last = rows[-6]
    said = {place(row) for row in every_page(client, after=f"{last[0]}-{last[1]}")}
    assert said == {row[:2] for row in rows[-5:]}


def test_health_says_how_far_it_is_and_how_old(client: TestClient, follower: Follower) -> None:
    said = client.get("/health")
    assert said.status_code == 200
    found = said.json()
    assert (found["behind"], found["fault"], found["chain_id"]) == (0, "", 31_337)
    assert found["age_seconds"] < 30
    assert (
        found["hash"]
        == follower.reader.node.request("eth_getBlockByNumber", [hex(found["block"]), False])[
            "hash"
        ]
    )


def test_a_node_that_is_away_is_said_by_health_and_what_was_read_stays(
    client: TestClient, follower: Follower
) -> None:
    from tandem.engine.node import NodeDownError

    class Away:
        def request(self, method: str, params: list[Any]) -> Any:
            raise NodeDownError("no node answers", "")

        def request_many(self, asked: Any) -> list[Any]:
            raise NodeDownError("no node answers", "")

    follower.reader.node = Away()
    thread = threading.Thread(target=follower.run)
    thread.start()
    deadline = time.monotonic() + 10
    while client.get("/health").status_code != 503 and time.monotonic() < deadline:
        time.sleep(0.02)
    follower.ended.set()
    thread.join(5)
    said = client.get("/health")
    assert (said.status_code, said.json()["fault"]) == (503, "no node answers")
    assert events(client)["events"]


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", "limit"), (f"limit={MOST + 1}", "limit"), ("limit=-1", "limit"), ("limit=1e3", "limit"),
        ("limit=٣", "limit"), ("limit=", "limit"), ("limit=5&limit=6", "limit"),
        ("kind=nothing", "kind"), ("kind=trade,trade%27--", "kind"), ("kind=", "kind"),
        ("account=0x12", "account"), ("account=%27%20OR%201=1--", "account"),
        ("account=0x" + "g" * 40, "account"),

        ("from=-1", "from"), ("from=99999999999999999999", "from"), ("to=abc", "to"), ("from=5&to=4", "to"),
        ("before=1", "before"), ("before=1-2-3", "before"), ("after=x-y", "after"),
        ("before=9999999999999999-1", "before"), ("sql=1", "sql"),
        ("%00=1", "\0"), ("market=other", "market"),
    ],
)  # fmt: skip
def test_a_parameter_that_is_wrong_is_refused_by_name(
    client: TestClient, query: str, named: str
) -> None:
    said = client.get(f"/events?{query}")
    assert said.status_code == 400, said.text
    assert said.json()["parameter"] == named


def test_a_question_without_end_is_refused(client: TestClient) -> None:
    assert client.get("/events?kind=" + "a" * 5_000).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_there_is_no_way_to_write(client: TestClient, method: str, index: Index) -> None:
    before = index.rows()
    assert client.request(method, "/events").status_code == 405
    assert client.request(method, "/health").status_code == 405
    assert index.rows() == before


def test_what_pages_are_read_through_cannot_write(index: Index, follower: Follower) -> None:
    _, reading = stores(index.where, follower.reader.store.market)
    with pytest.raises(StoreError, match="readonly"):
        reading().ask("DELETE FROM tandem_index_events")
    assert index.rows()


def test_postgres_lets_readers_write_as_little(index: Index, life: Life, database: str) -> None:
    there = Index(index.market, database, index.made)
    there.reader().follow()
    _, reading = stores(database, there.reader().store.market)
    with pytest.raises(StoreError, match="read-only"):
        reading().ask("DELETE FROM tandem_index_events")


def test_only_the_page_that_was_named_may_read_across_origins(
    client: TestClient, follower: Follower, index: Index
) -> None:
    allowed = "access-control-allow-origin"
    assert client.get("/events", headers={"Origin": ORIGIN}).headers[allowed] == ORIGIN
    for other in ("http://evil.example", "null", f"{ORIGIN}.evil.example", "http://127.0.0.1:8551"):
        assert allowed not in client.get("/events", headers={"Origin": other}).headers
    plain = TestClient(api_of(follower, index.where).app, base_url="http://127.0.0.1:8560")
    assert allowed not in plain.get("/events", headers={"Origin": ORIGIN}).headers


def test_only_who_calls_it_by_a_name_of_this_machine_is_answered(client: TestClient) -> None:
    for name in ("evil.example", "evil.example:8560", "127.0.0.1.evil.example", ""):
        assert client.get("/events", headers={"Host": name}).status_code == 403
    for name in ("localhost", "localhost:8560", "[::1]:8560"):
        assert client.get("/events", headers={"Host": name}).status_code == 200


def test_before_anything_was_read_it_says_so(index: Index) -> None:
    writing = index.reader().store
    api = Api(lambda: None, lambda: Store(writing._connect, writing.market, is_postgres=False))
    client = TestClient(api.app, base_url="http://127.0.0.1:1")
    assert client.get("/health").status_code == client.get("/events").status_code == 503


def test_an_answer_that_is_kept_is_no_older_than_the_block(
    client: TestClient, index: Index, follower: Follower
) -> None:
    first = events(client)
    assert events(client) == first
    index.another()
    follower.reader.follow()
    second = events(client)
    assert second["tip"]["block"] > first["tip"]["block"]
    assert place(second["events"][0]) > place(first["events"][0])


def test_a_reorg_is_in_the_next_answer(
    client: TestClient, index: Index, follower: Follower
) -> None:
    mark = index.market.engine.request("evm_snapshot", [])
    index.another()
    follower.reader.follow()
    gone = events(client)["events"][0]
    index.market.engine.request("evm_revert", [mark])
    index.market.engine.sync()
    follower.reader.follow()
    assert gone["hash"] not in {row["hash"] for row in events(client)["events"]}

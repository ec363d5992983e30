"""A file with several markets: planned, applied and verified one after the other, however often it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain, Request
from click.testing import CliRunner, Result
from cut_off import SEND, CutError, cut, facts

from tandem.errors import ConfigError
from tandem.protocol.deploy_journal import journal_of
from tandem.protocol.deployment import Deployment
from tandem.protocol.recipe import Recipe, load_recipes
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.terminal.deploying import carry_out, carry_out_all
from tandem.terminal.group import main
from tandem.terminal.planning import planned

EACH = 17
"""Contracts of a market on this venue."""


def nobody(_: str) -> None:
    """Says nothing."""


@dataclass(slots=True)
class Two:
    """Two markets of one file on a chain of others: the second has another timelock."""

    chain: Chain
    file: Path
    recipes: tuple[Recipe, ...]

    @property
    def asked(self) -> list[tuple[Recipe, Path]]:
        return [(each, self.file.with_name(f"{each.name}.json")) for each in self.recipes]

    @property
    def paths(self) -> list[Path]:
        return [path for _, path in self.asked]

    @property
    def nonce(self) -> int:
        return self.chain.engine().nonce(self.chain.deployer)

    def all(
        self, *, replace: bool = False, said: Callable[[str], None] = nobody, **how: Any
    ) -> list[dict[str, Any]]:
        """What then stands, but for the block."""
        engine = self.chain.engine(**how)
        found = carry_out_all(engine, self.asked, self.chain.deployer, replace=replace, said=said)
        return [facts(each) for each in found]


def made(chain: Chain, folder: Path) -> Two:
    text = chain.file.read_text()
    head, rest = text.split("[venue]")
    venue, settings = rest.split("[settings]")
    markets = "".join(f"[markets.{name}.venue]{venue}" for name in ("one", "two"))
    file = folder / "there.toml"
    file.write_text(
        f"{head}[settings]{settings}{markets}[markets.two.settings]\ntimelock = 180_000\n"
    )
    return Two(chain, file, load_recipes(file))


@pytest.fixture
def two(chain: Chain, tmp_path: Path) -> Two:
    return made(chain, tmp_path)


@pytest.fixture(scope="module")
def undisturbed(standing: Chain, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    with standing.undone():
        return made(standing, tmp_path_factory.mktemp("once")).all()


@pytest.fixture
def tandem(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("TANDEM_RPC", chain.node.url)
    monkeypatch.setenv("TANDEM_KEY", LOCAL_KEEPER_KEY)
    return lambda *words: CliRunner(mix_stderr=False).invoke(main, ["deploy", *words])


def test_a_plan_is_what_apply_then_does_and_verify_finds(
    two: Two, tandem: Callable[..., Result]
) -> None:
    """The second market begins with the number after the first one's last."""
    told = tandem("plan", str(two.file))
    assert told.exit_code == 0, told.output
    said = " ".join(told.stdout.split())
    assert "from its transaction 0 on" in said
    assert f"from its transaction {EACH} on" in said
    shown = json.loads(tandem("plan", str(two.file), "--json").stdout)
    each = [shown["markets"][name] for name in ("one", "two")]
    assert int(shown["needed"]) == sum(int(one["needed"]) for one in each)
    done = tandem("apply", str(two.file), "--yes", "--out", str(two.file.with_suffix(".json")))
    assert done.exit_code == 0, done.output
    assert two.nonce == 2 * EACH
    for one, path in zip(each, two.paths, strict=True):
        assert {c["name"]: c["address"] for c in one["contracts"]} == {
            name: part.address for name, part in Deployment.load(path).contracts.items()
        }
        assert not journal_of(path, "").exists()
    record = str(two.file.with_suffix(".json"))
    found = tandem("verify", "--deployment", record, "--json")
    assert found.exit_code == 0, found.stdout
    findings = json.loads(found.stdout)
    assert list(findings) == ["there-one", "there-two"]
    assert all("file" in {f["name"] for f in listed} for listed in findings.values())


def test_each_is_held_to_its_own_market_of_the_file(
    two: Two, tandem: Callable[..., Result]
) -> None:
    """Found beside the record or named; a value of the one is a fault of the other."""
    two.all()
    record = str(two.file.with_suffix(".json"))
    one, other = two.paths
    for words in (
        ("--deployment", str(other)),
        ("--deployment", record, "--market", "two"),
        ("--deployment", str(other), "--recipe", str(two.file)),
    ):
        assert tandem("verify", *words).exit_code == 0
    two.file.write_text(two.file.read_text().replace("180_000", "180_001"))
    assert tandem("verify", "--deployment", str(one)).exit_code == 0
    found = tandem("verify", "--deployment", record)
    assert found.exit_code == 1
    (fault,) = [line for line in found.stdout.splitlines() if line.startswith("FAIL")]
    assert "settings.timelock" in fault
    assert found.stdout.index("[there-two]") < found.stdout.index("settings.timelock")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("at", [1, EACH, EACH + 1, 2 * EACH])
@pytest.mark.parametrize("heard", [False, True])
def test_ended_in_either_it_ends_where_an_undisturbed_one_does(
    two: Two, undisturbed: list[dict[str, Any]], at: int, heard: bool
) -> None:
    with pytest.raises(CutError):
        two.all(between=cut(at, heard=heard))
    assert two.all() == undisturbed
    assert two.nonce == 2 * EACH
    assert not any(journal_of(path, "").exists() for path in two.paths)


def ends_at(line: str) -> Callable[[str], None]:
    def said(text: str) -> None:
        if text == line:
            raise CutError("cut off")

    return said


def test_ended_between_the_two_it_goes_on_with_the_second(
    two: Two, undisturbed: list[dict[str, Any]]
) -> None:
    with pytest.raises(CutError):
        two.all(said=ends_at("[there-two]"))
    one, other = two.paths
    assert one.exists()
    assert not other.exists()
    told: list[str] = []
    assert two.all(said=told.append) == undisturbed
    assert "there-one stands already" in told
    assert two.nonce == 2 * EACH


def test_where_both_stand_they_are_refused_or_replaced(
    two: Two, undisturbed: list[dict[str, Any]]
) -> None:
    """Replaced as a whole, even where it ends in between; what they said is kept beside."""
    two.all()
    with pytest.raises(ConfigError, match=r"there-one\.json describes a deployment already"):
        two.all()
    assert two.nonce == 2 * EACH
    with pytest.raises(CutError):
        two.all(replace=True, said=ends_at("[there-two]"))
    found = two.all(replace=True)
    assert two.nonce == 4 * EACH
    assert [each["first"] for each in found] == [2 * EACH, 3 * EACH]
    kept = [Deployment.load(path.with_suffix(".before-1.json")) for path in two.paths]
    assert [facts(each) for each in kept] == undisturbed


def test_what_is_begun_goes_first(two: Two) -> None:
    """Its numbers are taken: the other market begins after them."""
    (_, (second, path)) = two.asked
    with pytest.raises(CutError):
        carry_out(
            two.chain.engine(between=cut(3, heard=True)),
            second,
            two.chain.deployer,
            path,
            replace=False,
            said=nobody,
        )
    found = two.all()
    assert [each["first"] for each in found] == [EACH, 0]
    assert two.nonce == 2 * EACH


def test_money_for_both_is_asked_for_before_anything_is_sent(two: Two) -> None:
    """What is enough for one is not enough for two."""
    needed = costs_of(two)
    two.chain.node.rpc("anvil_setBalance", two.chain.deployer, hex(int(needed * 1.5)))
    with pytest.raises(ConfigError, match="deploying takes up to"):
        two.all()
    assert two.nonce == 0


def costs_of(two: Two) -> int:
    """What one of them takes at most, wei."""
    return int(planned(two.chain.engine(), two.recipes[0], two.chain.deployer).data["needed"])


def test_one_of_them_alone(two: Two, tandem: Callable[..., Result]) -> None:
    record = str(two.file.with_suffix(".json"))
    done = tandem("apply", str(two.file), "--market", "two", "--yes", "--out", record)
    assert done.exit_code == 0, done.output
    one, other = two.paths
    assert not one.exists()
    assert Deployment.load(other).first == 0
    wrong = tandem("verify", "--deployment", record, "--market", "one")
    assert wrong.exit_code != 0
    assert "there is no market one" in wrong.stderr
    assert "there are two" in wrong.stderr
    odd = tandem("apply", str(two.file), "--market", "three", "--yes")
    assert "has no market 'three'" in odd.stderr


def test_a_count_that_lags_between_two_markets_shifts_no_address(
    two: Two, undisturbed: list[dict[str, Any]]
) -> None:
    """The second market was to begin with the first one's last number: its journal said so, for good, and who
    deployed was told to begin anew."""
    sent, lies = [0], [0]

    def behind(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            sent[0] += method == SEND
            answer = ask(method, params)
            if method == "eth_getTransactionCount" and sent[0] == EACH and lies[0] < 3:
                lies[0] += 1
                return hex(int(answer, 16) - 1)
            return answer

        return request

    assert two.all(between=behind) == undisturbed
    assert lies == [3]
    assert two.nonce == 2 * EACH

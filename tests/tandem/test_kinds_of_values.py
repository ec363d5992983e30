"""Every value of a deployment file is of its kind, or is refused by its name: none is met later as an error
of the program. And which file a record is held to."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tandem.engine.artifacts import ROOT
from tandem.errors import ConfigError
from tandem.protocol.deployment import FOLDER, Deployment
from tandem.protocol.recipe import load_recipe, load_recipes
from tandem.protocol.recipe_checks import MOST_MEMBERS, NoRolesError
from tandem.protocol.reviewing import reviewed
from tandem.terminal.group import main

LOCAL = FOLDER / "local.toml"
PLACE = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"
WHOLE: dict[str, Any] = {
    "name": "there",
    "chain_id": 31337,
    "asset": "ETH",
    "roles": {"owner": PLACE, "guardian": PLACE, "lister": PLACE, "signers": [PLACE]},
    "settings": {
        "data_fees": PLACE,
        "second_feed": PLACE,
        "sequencer_feed": PLACE,
        "max_age": 4_000,
        "min_price": 100,
        "imputed_cost": 1,
        "loss_cap": 1,
        "timelock": 7_200,
    },
    "terms": {"hour": 60_000},
    "venue": {"kind": "aave", "deploy": True, "price": 2_500, "depth_usd": 10**6, "decimals": 8},
}
NAMED: dict[str, Any] = WHOLE | {
    "venue": {"kind": "morpho4", "usdc": PLACE, "feed": PLACE, "pool": PLACE, "fee": 500}
}
SEVERAL: dict[str, Any] = {
    **{key: WHOLE[key] for key in ("name", "chain_id", "roles")},
    "markets": {"eth": {key: WHOLE[key] for key in ("asset", "venue", "settings", "terms")}},
}
ODD: list[Any] = [
    [],
    [PLACE],
    [[PLACE]],
    [[0, [1, 7], 3]],
    {},
    {"a": 1},
    True,
    -1,
    1.5,
    "",
    "x",
    PLACE,
]


def written(value: Any) -> str:
    """As TOML has it, in a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value)


def places(table: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a value stands, and where those in it do."""
    if above:
        yield above
    if isinstance(table, dict | list):
        for key, value in table.items() if isinstance(table, dict) else enumerate(table):
            yield from places(value, (*above, key))


def with_value(table: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = json.loads(json.dumps(table))
    inside = changed
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    return changed


@pytest.mark.parametrize("table", [WHOLE, NAMED, SEVERAL], ids=["opened", "named", "several"])
def test_whatever_stands_in_the_place_of_a_value_is_taken_or_named(
    tmp_path: Path, table: dict[str, Any]
) -> None:
    file, refused = tmp_path / "there.toml", 0
    for place in places(table):
        for odd in ODD:
            changed = with_value(table, place, odd)
            file.write_text("\n".join(f"{k} = {written(v)}" for k, v in changed.items()))
            said = refusal(file)
            assert said is None or said.message.startswith(str(file)), said
            assert said is None or said.hint
            refused += said is not None
    assert refused > 100


def refusal(file: Path) -> ConfigError | None:
    """Of a file, None where it is taken."""
    try:
        load_recipes(file)
    except ConfigError as error:
        return error
    return None


def changed_file(folder: Path, before: str, after: str) -> Path:
    file, text = folder / "there.toml", LOCAL.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    return file


SETTINGS = "timelock = 172800"
SIGNERS = 'signers = ["0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"]'


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("deploy = true", "deploy = true\ndecimals = []", "venue.decimals = []"),
        ("deploy = true", "deploy = true\ndecimals = {a = 1}", "venue.decimals = {'a': 1}"),
        ("deploy = true", "deploy = true\ndecimals = 18.0", "venue.decimals = Decimal('18.0')"),
        *(
            (SETTINGS, f"{key} = {value}", f"settings.{key} = [")
            for key in ("second_feed", "sequencer_feed", "data_fees")
            for value in ("[]", f'["{PLACE}"]')
        ),
        (SETTINGS, "timelock = [0, [1, 7], 3]", "settings.timelock = [0, [1, 7], 3] is no number"),
        (SETTINGS, "max_age = 0x" + "f" * 9_000, "settings.max_age is a number that no chain"),
        (SETTINGS, "max_age = 1" + "0" * 5_000, "cannot be read: Exceeds the limit"),
        (SIGNERS, f'signers = [["{PLACE}"]]', "roles.signers = ['0x15d3"),
        ("[venue]", '[venue]\nusdc = ["0x"]\n', "unknown venue.usdc"),
    ],
)
def test_a_value_of_another_kind_is_named_and_ends_with_two(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    """Each was an error of the program, or an encoder's that named nothing."""
    file = changed_file(tmp_path, before, after)
    with pytest.raises(ConfigError, match=re.escape(said)):
        load_recipe(file)
    done = CliRunner(mix_stderr=False).invoke(main, ["deploy", "plan", str(file)])
    assert done.exit_code == 2
    assert str(file) in done.stderr


@pytest.mark.parametrize(
    "key", ["min_price", "imputed_cost", "margin_least", "loss_cap", "max_age"]
)
@pytest.mark.parametrize(("value", "said"), [("-1", "is less than nothing"), ("1e70", "")])
def test_a_setting_that_fits_no_word_is_named(
    tmp_path: Path, key: str, value: str, said: str
) -> None:
    """It ended at a word of 78 digits, which an encoder named."""
    if (key, value) == ("max_age", "1e70"):
        return  # it has no decimals, and fits
    file = changed_file(tmp_path, SETTINGS, f"{key} = {value}")
    with pytest.raises(ConfigError, match=rf"there\.toml: settings\.{key} = .*{said}"):
        load_recipe(file)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[terms]", "[terms]\nhalf_spread = -1", "term half_spread = -1 is out of bounds"),
        ("[terms]", "[terms]\nhalf = 1", "unknown term 'half'"),
        ("[venue]", '[venue]\nkind = "cury"', "no venue is called 'cury'"),
        ("[venue]", '[venue]\nkind = "curie+"', "no venue is called ''"),
        ("[venue]", '[venue]\nkind = "curie+curie"', "venue.kind: "),
    ],
)
def test_a_name_or_a_bound_that_is_wrong_is_said_of_its_file(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    there = LOCAL.read_text().splitlines()
    text = "\n".join(line for line in there if not line.startswith("kind = "))
    file = tmp_path / "there.toml"
    file.write_text(text.replace(before, after, 1))
    with pytest.raises(ConfigError, match=re.escape(said)) as caught:
        load_recipe(file)
    assert caught.value.message.startswith(f"{file}: ")


def test_what_lies_too_deep_to_be_read_is_named(tmp_path: Path) -> None:
    file = changed_file(tmp_path, SETTINGS, "max_age = " + "[" * 5_000)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    try:
        with pytest.raises(ConfigError, match=r"there\.toml cannot be read: "):
            load_recipe(file)
    finally:
        sys.setrecursionlimit(before)


def test_more_signers_than_a_role_has_are_counted(tmp_path: Path) -> None:
    """Forty were refused by the Guardian, which gives no reason."""
    counted = re.search(r"MAX_MEMBERS: constant\(uint256\) = (\d+)", _contract("modules/roles.vy"))
    assert counted is not None
    assert int(counted[1]) == MOST_MEMBERS
    for many, fits in ((MOST_MEMBERS, True), (MOST_MEMBERS + 1, False), (40, False)):
        named = ", ".join(f'"0x{n + 1:040x}"' for n in range(many))
        file = changed_file(tmp_path, SIGNERS, f"signers = [{named}]")
        if fits:
            assert len(load_recipe(file).roles["signers"]) == many
            continue
        with pytest.raises(ConfigError, match=rf"roles\.signers has {many} members"):
            load_recipe(file)


def _contract(path: str) -> str:
    return (ROOT / "contracts" / path).read_text()


def test_a_file_that_an_editor_marked_as_utf_8_is_read(tmp_path: Path) -> None:
    """The mark was an "Invalid statement (at line 1, column 1)"."""
    file = tmp_path / "there.toml"
    file.write_bytes(b"\xef\xbb\xbf" + LOCAL.read_bytes())
    assert load_recipe(file) == load_recipe(LOCAL)
    file.write_bytes(b"\xef\xbb\xbf" + b'name = "there"\n# \xff\n')
    with pytest.raises(ConfigError, match="line 2 is not UTF-8"):
        load_recipe(file)


# ---- the file beside a record


def beside(folder: Path, roles: str) -> tuple[Path, Deployment]:
    """A record of Base's first market, and the repository's file of both."""
    text = (FOLDER / "base.toml").read_text()
    assert "[roles]" in text
    (folder / "base.toml").write_text(re.sub(r"(?m)^\[roles\].*$", f"[roles]\n{roles}", text))
    return folder / "base-eth.json", Deployment(
        "base-eth", 8453, 1, PLACE, 0, {}, {"kind": "aave"}, {}, {}
    )


def named(*places: str) -> str:
    """Owner, guardian, lister and two signers, the first of whom is the last of `places`, by a digit each."""
    owner, guardian, lister, signer = (f'"0x{each * 40}"' for each in places)
    signers = f'signers = [{signer}, "0x{"5" * 40}"]'
    return f"owner = {owner}\nguardian = {guardian}\nlister = {lister}\n{signers}"


@pytest.mark.parametrize("case", ["1134 guardian", "1214 lister", "1231 signers", "5234 signers"])
def test_an_owner_has_no_other_role_on_a_chain_of_others(tmp_path: Path, case: str) -> None:
    """What he may do alone rests on what others can refuse; at home one account may be all of them."""
    places, other = case.split()
    record, found = beside(tmp_path, named(*places))
    said = rf"roles\.owner and roles\.{other} are one address, 0x.* on chain 8453"
    with pytest.raises(ConfigError, match=said) as caught:
        reviewed(None, record, found)
    assert "name another" in caught.value.hint
    at_home = (tmp_path / "base.toml").read_text().replace("chain_id = 8453", "chain_id = 31337")
    (tmp_path / "base.toml").write_text(at_home)
    assert reviewed(None, record, found) is not None


def test_a_file_beside_a_record_that_nobody_filled_in_is_not_what_was_reviewed(
    tmp_path: Path,
) -> None:
    """It told who verifies to name whose the roles are."""
    record, found = beside(tmp_path, "")
    with pytest.raises(NoRolesError, match=r"^base\.toml beside the record is not") as caught:
        reviewed(None, record, found)
    assert "--recipe" in caught.value.hint
    with pytest.raises(ConfigError, match="left out: on chain 8453"):
        reviewed(tmp_path / "base.toml", record, found)
    record, found = beside(tmp_path, f'guardian = "{PLACE}"')
    with pytest.raises(ConfigError, match=r"roles\.owner, roles\.lister, roles\.signers left out"):
        reviewed(None, record, found)
    record, found = beside(tmp_path, named(*"1234"))
    filled = reviewed(None, record, found)
    assert filled is not None
    assert filled.name == "base-eth"


def test_a_file_is_the_table_that_it_was_made_of() -> None:
    """Of the tests above: what they write is what they mean."""
    text = "\n".join(f"{k} = {written(v)}" for k, v in WHOLE.items())
    assert tomllib.loads(text) == WHOLE

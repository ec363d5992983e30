"""The quick ABI codec says what eth_abi says, and leaves to eth_abi whatever is odd."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError, EncodingError
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.engine.abi import decode_values, encode_values
from tandem.engine.words import Codec, Odd, codec
from tandem.errors import EngineError
from tandem.protocol.bindings.market import OptionMinted

SNAPSHOT = "(uint256,(int256,uint64),bool,address,(uint256,uint256[],int256[],bytes32)[])"
EXAMPLES: list[tuple[tuple[str, ...], tuple[Any, ...]]] = [
    (("uint256", "int24"), (2**256 - 1, -(2**23))),
    (("(uint256,uint8,bytes32)[]", "bool"), (((1, 255, b"\x07" * 32), (2, 0, bytes(32))), True)),
    (("uint256[3]", "address"), ((1, 2, 3), "0x" + "ab" * 20)),
    (
        (SNAPSHOT, "uint256[]"),
        (
            (9, (-3, 4), False, "0x" + "01" * 20, ((1, (2, 3), (-4,), b"\x01" * 32), (5, (), (), bytes(32)))),
            (8, 8),
        ),
    ),
]  # fmt: skip


def _covered(kinds: tuple[str, ...]) -> Codec:
    found = codec(kinds)
    assert found is not None
    return found


@pytest.mark.parametrize(("kinds", "values"), EXAMPLES)
def test_both_ways_as_eth_abi_does(kinds: tuple[str, ...], values: tuple[Any, ...]) -> None:
    quick, data = _covered(kinds), encode(kinds, values)
    assert quick.write(values) == data
    assert quick.read(data, 0) == decode(kinds, data) == values


def _values(depth: int) -> st.SearchStrategy[tuple[str, Any]]:
    """A type and a value of it."""
    bits = st.sampled_from([8, 24, 40, 128, 256])
    unsigned = bits.flatmap(lambda b: st.tuples(st.just(f"uint{b}"), st.integers(0, 2**b - 1)))
    signed = bits.flatmap(
        lambda b: st.tuples(st.just(f"int{b}"), st.integers(-(2 ** (b - 1)), 2 ** (b - 1) - 1))
    )
    plain = st.one_of(
        unsigned,
        signed,
        st.tuples(st.just("bool"), st.booleans()),
        st.tuples(st.just("bytes32"), st.binary(min_size=32, max_size=32)),
        st.tuples(st.just("address"), st.binary(min_size=20, max_size=20).map(lambda b: f"0x{b.hex()}")),
    )  # fmt: skip
    if depth == 0:
        return plain
    inner = _values(depth - 1)
    tuples = st.lists(inner, min_size=1, max_size=4).map(
        lambda parts: (f"({','.join(k for k, _ in parts)})", tuple(v for _, v in parts))
    )
    lists = st.tuples(inner, st.integers(0, 3)).map(lambda p: (f"{p[0][0]}[]", (p[0][1],) * p[1]))
    fixed = st.tuples(inner, st.integers(1, 3)).map(
        lambda p: (f"{p[0][0]}[{p[1]}]", (p[0][1],) * p[1])
    )
    return st.one_of(plain, tuples, lists, fixed)


@settings(max_examples=300, deadline=None)
@given(st.lists(_values(2), min_size=1, max_size=4), st.data())
def test_any_type_and_any_damage(parts: list[tuple[str, Any]], data: st.DataObject) -> None:
    kinds, values = tuple(k for k, _ in parts), tuple(v for _, v in parts)
    quick, encoded = _covered(kinds), encode(kinds, values)
    assert quick.write(values) == encoded
    assert quick.read(encoded, 0) == values
    cut = encoded[: data.draw(st.integers(0, len(encoded) - 1))]
    place = data.draw(st.integers(0, len(encoded) - 1))
    flipped = encoded[:place] + bytes([encoded[place] ^ 0x81]) + encoded[place + 1 :]
    for damaged in (cut, flipped):
        try:
            found = quick.read(damaged, 0)
        except Odd:
            continue
        assert found == decode(kinds, damaged, strict=False)


@pytest.mark.parametrize(
    ("kinds", "values"),
    [(("uint8",), (256,)), (("address",), ("0x12",)), (("uint256",), (True,)), (("bool",), (1,))],
)
def test_a_wrong_value_is_eth_abis_to_refuse(
    kinds: tuple[str, ...], values: tuple[Any, ...]
) -> None:
    with pytest.raises(Odd):
        _covered(kinds).write(values)
    with pytest.raises(EncodingError):
        encode_values(kinds, values)


def test_short_data_is_eth_abis_to_refuse() -> None:
    with pytest.raises(DecodingError):
        decode_values(("uint256", "uint256"), bytes(33))


def test_short_data_stays_an_error_when_ape_has_been_imported() -> None:
    code = (
        "import ape; from eth_abi.exceptions import DecodingError;"
        "from tandem.engine.abi import decode_values\n"
        "try: decode_values(('uint256', 'uint256'), bytes(33))\n"
        "except DecodingError: raise SystemExit(7)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7


def test_text_is_left_to_eth_abi() -> None:
    assert codec(("string",)) is None
    assert decode_values(("string",), encode_values(("string",), ["hedged"])) == ("hedged",)


def test_thirty_two_bytes_may_be_given_as_deployment_files_have_them() -> None:
    """As text, like an address; text that is none is refused as ever."""
    word = bytes(range(32))
    assert encode_values(("bytes32",), ("0x" + word.hex(),)) == word
    for odd in ("0x" + word.hex()[2:], "0xzz", "word"):
        with pytest.raises((EncodingError, TypeError, ValueError)):
            encode_values(("bytes32",), (odd,))


@pytest.mark.parametrize(
    ("topics", "data"), [(2, b""), (2, b"\xff" * 31), (0, bytes(256)), (3, bytes(256))]
)
def test_a_log_without_the_form_of_one_is_told_by_name(topics: int, data: bytes) -> None:
    """eth_abi's errors, and python's, went through whoever suppresses what a node says wrongly."""
    kind = OptionMinted.TYPE
    with pytest.raises(EngineError, match="are no log of OptionMinted"):
        kind.decode([kind.topic, *[bytes(32)] * topics], data)

"""The page takes words apart as the contract does that makes them, and follows it where it changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.word_layouts import LIB, gate_word, losses


def changed(folder: Path, name: str, before: str, after: str) -> Path:
    """A copy of the libraries in which one of them is another."""
    for source in LIB.glob("*.vy"):
        text = source.read_text().replace("from ..interfaces", "from contracts.interfaces")
        (folder / source.name).write_text(text)
    text = (folder / name).read_text()
    assert before in text
    (folder / name).write_text(text.replace(before, after))
    return folder / name


def test_the_gate_s_word_is_laid_out_as_its_own_header_says() -> None:
    """bits 0..11 the gate, 12..39 an hour's opens, 40..79 what the venue can pay, 80..119 what lies there,
    120..163 spot, and from 208 on the anchor"""
    header = (LIB / "gate_word.vy").read_text()
    said = [(int(a), int(b)) for a, b in re.findall(r"(\d+)\.\.(\d+)", header)]
    parts = gate_word()
    read = [(part["low"], part["low"] + part["width"] - 1) for part in parts.values()]
    assert read == [said[0], said[1], said[2], said[3], said[4], said[7]]
    assert list(parts) == ["limit", "hour", "purse", "equity", "spot", "anchor"]
    assert (parts["purse"]["scale"], parts["equity"]["scale"], parts["limit"]["scale"]) == (
        10_000,
        10_000,
        1,
    )


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("before", "after", "name", "expected"),
    [
        ("EQUITY: constant(uint256) = 80", "EQUITY: constant(uint256) = 82", "equity", (82, 40, 10_000)),
        ("MASK_40: constant(uint256) = 2**40", "MASK_40: constant(uint256) = 2**38", "purse",
         (40, 38, 10_000)),
        ("CENT: constant(uint256) = 10_000", "CENT: constant(uint256) = 1_000", "purse", (40, 40, 1_000)),
        ("limit=word & MASK_12", "limit=(word >> PACE) & MASK_12", "limit", (12, 12, 1)),
    ],
)  # fmt: skip
def test_another_layout_of_the_contract_is_another_of_the_page(
    tmp_path: Path, before: str, after: str, name: str, expected: tuple[int, int, int]
) -> None:
    part = gate_word(changed(tmp_path, "gate_word.vy", before, after))[name]
    assert (part["low"], part["width"], part["scale"]) == expected


def test_losses_follow_their_contract_and_a_step_is_a_power_of_two(tmp_path: Path) -> None:
    assert losses() == {"width": 32, "bias": 2**30, "bits": 59}
    step = "STEP: constant(int256) = 2**59"
    assert losses(changed(tmp_path, "losses.vy", step, step.replace("59", "57")))["bits"] == 57


def test_a_step_that_is_none_is_refused(tmp_path: Path) -> None:
    step = "STEP: constant(int256) = 2**59"
    with pytest.raises(ValueError, match="no power of two"):
        losses(changed(tmp_path, "losses.vy", step, f"{step} - 1"))

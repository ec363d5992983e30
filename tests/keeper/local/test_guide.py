"""What `tandem up` prints to be pasted can be pasted."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from keeper.local import guide
from keeper.local.process import folder_of, journal_in


def test_a_path_with_a_space_and_a_dollar_is_pasted_whole(tmp_path: Path) -> None:
    """`export TANDEM_DEPLOYMENT=/tmp/my market/…` named a file that is not there."""
    file = tmp_path / "my $market's" / "dep.json"
    market: Any = SimpleNamespace(
        node=SimpleNamespace(url="http://127.0.0.1:9545"),
        deployment=SimpleNamespace(chain_id=31_337),
        spot=2_500.0,
        speed=10.0,
        series=lambda: "ETH-27MAR26-3000-6000-C",
    )
    exports = [
        line.strip()
        for line in guide.text(market, file, guide.Beside(tmp_path / "keeper.sqlite", ""))
        if "export " in line
    ]
    assert len(exports) == 2
    shown = ["-c", "\n".join([*exports, 'printf %s "$TANDEM_DEPLOYMENT"'])]
    done = subprocess.run(["bash", *shown], capture_output=True, text=True, check=True)
    assert done.stdout == str(file)


def test_the_keeper_s_journal_is_named_in_a_command_that_reads_it(tmp_path: Path) -> None:
    """It lies in none of the places in which `tandem journal` looks."""
    market: Any = SimpleNamespace(
        node=SimpleNamespace(url="http://127.0.0.1:9545"),
        deployment=SimpleNamespace(chain_id=31_337, address=lambda _: "0x"),
        spot=2_500.0,
        speed=10.0,
        series=lambda: "ETH-27MAR26-3000-6000-C",
    )
    journal = journal_in(folder_of(9_545))
    beside = guide.Beside(journal, "")
    (line,) = [each for each in guide.text(market, tmp_path, beside) if "tandem journal" in each]
    assert shlex.split(line) == ["tandem", "journal", "--file", str(journal)]
    assert guide.facts(market, tmp_path, beside)["journal"] == str(journal)
    assert journal.parts[-4:] == ("out", "up", "9545", "keeper.sqlite")

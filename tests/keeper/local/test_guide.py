"""What `tandem up` prints to be pasted can be pasted."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from keeper.local import guide


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
    exports = [line.strip() for line in guide.text(market, file) if "export " in line]
    assert len(exports) == 2
    shown = ["-c", "\n".join([*exports, 'printf %s "$TANDEM_DEPLOYMENT"'])]
    done = subprocess.run(["bash", *shown], capture_output=True, text=True, check=True)
    assert done.stdout == str(file)

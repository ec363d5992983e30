"""A broken law shows its figures; a broken copy has markets of its own."""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite(
    "gate_laws", "gates", "laws", "ledger", "lps", "machine", "marks", "rogues", "stage", "surroundings",
    "traders",
)  # fmt: skip


@pytest.fixture
def fresh() -> Iterator[None]:
    """Each machine's market is built anew inside, and again afterwards."""
    from stage import Stage  # what is rewritten is imported after it was said

    kept = dict(Stage.bases)
    Stage.bases.clear()
    yield
    Stage.bases.clear()
    Stage.bases.update(kept)

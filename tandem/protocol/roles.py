"""Who may do what in one deployment."""

from __future__ import annotations

from dataclasses import dataclass

from tandem.engine.base import Engine


@dataclass(frozen=True, slots=True)
class Roles:
    """Who may do what; on a local chain, accounts of anvil's public mnemonic."""

    deployer: str
    guardian: str
    lister: str
    signers: tuple[str, ...]
    owner: str = ""  # of the Guardian: sets terms, gives roles; the deployer where empty

    @classmethod
    def local(cls, engine: Engine) -> Roles:
        """Deployer 0, keeper 3 (guardian and lister as well), signer 4."""
        people = engine.accounts
        return cls(people[0], people[3], people[3], (people[4],))

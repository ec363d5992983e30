"""A set of two venues that say what they are told, with nothing around it: its router is an account."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

from harnesses import harness
from several import FACES, LIAR

from tandem.engine import open_engine
from tandem.engine.artifacts import Artifact, compile_vyper
from tandem.engine.base import NOBODY, Contract, Engine
from tandem.protocol import terms
from tandem.units import DAY, WAD

PRICE = 2_500 * WAD
GAS = "unit/venue_set/DearGas.vy"
HALF = "unit/venue_set/HalfSaid.vy"


@dataclass(slots=True)
class Alone:
    """Whoever sends here is router, owner and guardian at once. behind: who answers for each face."""

    engine: Engine
    who: str
    guardian: Contract
    splitter: Contract
    set: Contract
    faces: list[Contract]
    behind: list[Contract]

    def says(self, place: int, view: str, kind: int, word: int = 0, at: int = 0) -> None:
        """One of them answers this from now on: `word` is put in the place `at`."""
        face = self.faces[place]
        (method,) = face.abi.functions[view]
        face.send("lie", method.selector, kind, at, word, sender=self.who)

    def has(self, *usd: int) -> None:
        """What lies at each, USD."""
        for one, amount in zip(self.behind, usd, strict=True):
            one.send("set_equity", amount * WAD, sender=self.who)

    def fill(self, order: int, least: int = 0) -> Any:
        """Within a tenth of the price."""
        worst = PRICE * 11 // 10 if order > 0 else PRICE * 9 // 10
        best = 0 if order > 0 else 2**256 - 1
        told = (order, worst, best, 0, False, 0, least, False)
        return self.set.send("fill", *told, sender=self.who).returned

    def legs(self, order: int) -> list[int]:
        worst = PRICE * 11 // 10 if order > 0 else PRICE * 9 // 10
        return list(self.set.call("legs", order, worst))


def faced() -> Artifact:
    """With the functions of the venue behind it."""
    face = harness(FACES)
    abi = copy(face.abi)
    abi.functions = harness(LIAR).abi.functions | face.abi.functions
    return Artifact("TwoFaced", abi, face.bytecode)


def alone(*, dear: bool = False, grains: tuple[int, int] = (1, 1)) -> Alone:
    """dear: with gas that costs what it is told, before the Splitter. grains: of their base tokens."""
    engine = open_engine("pyrevm")
    who = engine.accounts[0]
    told = (who, [who], [], [], 2 * DAY, terms.defaults(), who, 2)
    guardian = engine.deploy(compile_vyper("Guardian"), *told, sender=who)
    splitter = engine.deploy(compile_vyper("Splitter"), NOBODY, sender=who)
    if dear:
        splitter = engine.deploy(harness(GAS), splitter, sender=who)
    behind = [engine.deploy(harness(LIAR), *[who] * 6, 0, 0, 0, sender=who) for _ in range(2)]
    place = engine.next_address(who, 6)
    faces = [engine.deploy(faced(), place, sender=who) for _ in range(2)]
    for face, one, grain in zip(faces, behind, grains, strict=True):
        face.send("aim", one, sender=who)
        face.send("count_in", grain, sender=who)
    made = engine.deploy(compile_vyper("VenueSet"), who, guardian, who, splitter, faces, sender=who)
    assert made.address == place
    return Alone(engine, who, guardian, splitter, made, faces, behind)

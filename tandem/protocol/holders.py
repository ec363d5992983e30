"""Who holds a role on a chain of others: an owner that no single key moves, and signers that are keys."""

from __future__ import annotations

from collections.abc import Iterator

from tandem.engine.backend import BaseEngine
from tandem.engine.base import LOCAL_CHAINS
from tandem.engine.safe import threshold_of
from tandem.protocol.finding import Finding
from tandem.protocol.recipe import Recipe
from tandem.protocol.recipe_settings import ADDRESSES

LEAST_SIGNERS = 2
DELEGATION = b"\xef\x01\x00"
"""How the code of a key begins that acts by a contract's code (EIP-7702): the key signs as before."""
KEPT = "is who deploys: that key is to hold nothing, deploy with one that is nobody's else"
UNREADABLE = "no threshold can be read: nobody here can tell who signs for it"


def is_key(code: bytes) -> bool:
    """Whether one key alone acts for an account with that code."""
    return not code or code.startswith(DELEGATION)


def holders(engine: BaseEngine, recipe: Recipe, deployer: str = "") -> Iterator[Finding]:
    """The owner and each signer that the file names, with its fault, and whoever else may hold no role;
    nothing on a chain of one's own. deployer: who is to keep none, "" where nobody deploys. Raises
    EngineError where the node does not answer."""
    if recipe.chain_id in LOCAL_CHAINS:
        return
    if owner := recipe.roles.get("owner", ""):
        yield _owner(engine, recipe, owner)
    for role in ("guardian", "lister"):
        who = recipe.roles.get(role, "")
        if place := _place(recipe, who):
            yield Finding(f"roles.{role}", who, f"is {place} of the same file: nobody acts for it")
        if who == deployer:
            yield Finding(f"roles.{role}", who, KEPT)
    for who in recipe.roles.get("signers", []):
        fault = "has code, and a surface takes what keys sign: none would ever be posted"
        fault = "" if is_key(engine.code(who)) else fault
        yield Finding("roles.signers", who, KEPT if who == deployer else fault)


def _owner(engine: BaseEngine, recipe: Recipe, owner: str) -> Finding:
    """Who answers as a Safe is asked how many sign for it; of any other contract nobody can tell."""
    fault = note = ""
    code = engine.code(owner)
    if not code:
        fault = "has no code: one key would own everything"
    elif is_key(code):
        fault = "is a key that acts by a contract's code: one key would own everything"
    elif place := _place(recipe, owner):
        fault = f"is {place} of the same file: nobody signs for it"
    elif (signatures := threshold_of(engine, owner)) is None:
        note = UNREADABLE
    elif signatures < LEAST_SIGNERS:
        fault = "is a Safe that one signature moves"
    return Finding("roles.owner", owner, fault, note)


def _place(recipe: Recipe, who: str) -> str:
    """What else a file names an account as; "" for nothing."""
    named = {f"settings.{key}": getattr(recipe.settings, key) for key in sorted(ADDRESSES)}
    named = {f"venue.{key}": value for key, value in recipe.addresses.items()} | named
    return next((place for place, value in named.items() if value.lower() == who.lower()), "")

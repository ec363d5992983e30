"""Who moves the floor: every function that somebody outside may call, and which of the four words it
reaches. Read off the syntax: nothing here is a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import z3

from proofs.lemma import Goal, lemma
from proofs.sources import Module, Sources

WORDS = {"modules/money": "_money", "modules/book": "totals"}

# Door -> the lemma about it, and the writers of the four words that it reaches. What it does reach is read
# off the code, and compared.
DOORS: Mapping[str, Mapping[str, tuple[str, set[str]]]] = {
    "Market": {
        "mint": ("SV-10", {"_store"}),
        "close": ("SV-10", {"_store"}),
        "list_expiry": ("SV-16", {"_open", "_free", "_store"}),
        "settle": ("SV-8", {"_set_aside", "_free", "_store"}),
        "redeem": ("SV-9", {"_paid"}),
    },
    "Vault": {
        "deposit": ("SV-11", {"_pull"}),
        "mint": ("SV-11", {"_pull"}),
        "process": ("SV-14", {"_set_aside"}),
        "poke": ("SV-14", {"_set_aside"}),
        "redeem": ("SV-12", {"_release", "_push"}),
        "withdraw": ("SV-12", {"_release", "_push"}),
        "collect": ("SV-11", {"_pull"}),
        "pay": ("SV-9", {"_push"}),
        "lend": ("SV-11", {"_push"}),
        "restore": ("SV-11", {"_pull"}),
    },
}


def walk(node: Any) -> Iterator[Any]:
    yield node
    for child in node.get_children():
        yield from walk(child)


def written(module: Module, word: str) -> set[str]:
    """The functions of a module that write a variable of its own."""
    found: set[str] = set()
    for name, function in module.functions.items():
        for s in walk(function):
            if type(s).__name__ in ("Assign", "AugAssign"):
                target = s.target
                owner = getattr(getattr(target, "value", None), "id", "")
                if getattr(target, "attr", "") == word and owner == "self":
                    found.add(name)
    return found


def calls(sources: Sources, place: str) -> Iterator[str]:
    """The functions of the same contract that one calls by name: "module.function"."""
    name, _, fn = place.rpartition(".")
    module = sources.module(name)
    for node in walk(module.functions[fn]):
        if type(node).__name__ != "Call" or type(node.func).__name__ != "Attribute":
            continue
        owner, called = getattr(node.func.value, "id", ""), node.func.attr
        if owner == "self":
            yield f"{name}.{called}"
        elif owner in module.imports:
            other = sources.module(module.imports[owner])
            if called in other.functions:
                yield f"{other.name}.{called}"


def reach(sources: Sources, place: str) -> set[str]:
    """All that a function may run, itself included."""
    found, left = set[str](), [place]
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            left += calls(sources, here)
    return found


def doors(sources: Sources, contract: str) -> Iterator[tuple[str, str]]:
    """What somebody outside may call and may change something by: its name, and where it stands."""
    module = sources.module(contract)
    exported = {
        item.attr: module.imports[item.value.id]
        for node in module.tree.body
        if type(node).__name__ == "ExportsDecl"
        for item in getattr(node.annotation, "elements", [node.annotation])
    }
    places = dict.fromkeys(module.functions, contract) | exported
    for name, where in places.items():
        function = sources.module(where).functions.get(name)
        if function is None:
            continue  # a public variable
        marks = {d.id for d in function.decorator_list if hasattr(d, "id")}
        if "external" in marks and not marks & {"view", "pure"}:
            yield name, f"{where}.{name}"


def outside(sources: Sources, places: set[str]) -> set[str]:
    """What of other contracts these functions call."""
    found: set[str] = set()
    for place in places:
        name, _, fn = place.rpartition(".")
        for node in walk(sources.module(name).functions[fn]):
            if type(node).__name__ in ("StaticCall", "ExtCall"):
                found.add(node.value.func.attr)
    return found


@lemma(
    "SV-18",
    "Nothing but the doors of SV-8 to SV-16 and SV-19 moves the floor; no venue, price or model enters it.",
    broken=("modules/lending.vy", "money._pull(msg.sender, amount)", "money._release(amount)"),
    proves=("FL-1", "FL-9"),
    laws=("floor",),
)
def nothing_else_moves_the_floor(sources: Sources) -> Iterator[Goal]:
    """The words are written in their own modules alone (a variable is private to its module), by functions
    that only these doors reach; another contract has no way to them but through these."""
    movers = {
        f"{place}.{fn}"
        for place, word in WORDS.items()
        for fn in written(sources.module(place), word)
    }
    for contract, stated in DOORS.items():
        for name, place in doors(sources, contract):
            took = {m.rpartition(".")[2] for m in reach(sources, place) & movers}
            same = took == stated.get(name, ("", set[str]()))[1]
            yield Goal([], z3.BoolVal(same), f"{contract}.{name} moves what it says")
        missing = {*stated} - {name for name, _ in doors(sources, contract)}
        yield Goal([], z3.BoolVal(not missing), f"the doors of {contract} are there")
    asked = outside(sources, reach(sources, "Market.floor"))
    yield Goal([], z3.BoolVal(asked == {"funds"}), "the floor asks the Vault's account alone")
    funds = outside(sources, reach(sources, "Vault.funds"))
    yield Goal([], z3.BoolVal(not funds), "and that asks nobody")

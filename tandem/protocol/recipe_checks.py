"""What a deployment file may not ask for on a chain of others, each refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from tandem.engine.base import LOCAL_CHAINS
from tandem.errors import ConfigError
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, ETHER, WAD

ROLES = ("owner", "guardian", "lister", "signers")
MOST_MEMBERS = 16
"""Of a role, that the Guardian counts."""
MOST_AGE, MOST_GRACE = 3 * DAY, DAY
"""Seconds."""
MOST_LOST, LEAST_PERIOD = WAD // 10, 7 * DAY
"""Of NAV, and seconds in which as much is forgotten: past them a venue that takes all gets more of it."""
R = TypeVar("R")


class NoRolesError(ConfigError):
    """A file for a chain of others that names nobody's roles: nobody has filled it in."""


def each_of(where: str, places: Mapping[str, str], made: Callable[[str, str], R]) -> list[R]:
    """One of each market. places: where it stands, by its name. What is said of all of them stands in what
    they share: the file is blamed for it, and no market. Raises ConfigError."""
    found, faults = list[R](), dict[str, ConfigError]()
    for market, place in places.items():
        try:
            found.append(made(market, place))
        except ConfigError as error:
            faults[error.message.removeprefix(place)] = error
    if not faults:
        return found
    said, first = next(iter(faults.items()))
    if len(places) > 1 and len(faults) == 1 and not found:
        raise type(first)(f"{where}{said}", first.hint) from first
    raise first


def check_bounds(where: str, settings: Mapping[str, Any], asset: str) -> None:
    """Between which prices a feed is believed stands for good, and the defaults are ether's: of another asset
    its own, on any chain."""
    left = [f"settings.{key}" for key in ("min_price", "max_price") if key not in settings]
    if asset != ETHER and left:
        raise ConfigError(
            f"{where}: {', '.join(left)} left out, and the market is on {asset}",
            "no price outside them is ever believed: a tenth of today's and ten times it, say",
        )


def check_prices(where: str, settings: DeploySettings) -> None:
    """Between the bounds there must be a price."""
    if settings.min_price >= settings.max_price:
        low, high = (Decimal(each) / WAD for each in (settings.min_price, settings.max_price))
        raise ConfigError(
            f"{where}: settings.min_price = {low} is not under settings.max_price = {high}",
            "no price would ever be believed: a tenth of today's and ten times it, say",
        )


def check_ages(where: str, settings: DeploySettings) -> None:
    """How old a price may be, and how long opens wait for a sequencer that is back: both stand for good."""
    ages = "the heartbeat of its feed and a tenth"
    grace = "an hour, say: nothing is opened or closed in it"
    bounds = (
        ("max_age", MOST_AGE, ages),
        ("ether_max_age", MOST_AGE, ages),
        ("grace", MOST_GRACE, grace),
    )
    for key, most, todo in bounds:
        value = getattr(settings, key)
        if value is not None and value > most:
            raise ConfigError(
                f"{where}: settings.{key} = {value} is more than {most} seconds",
                f"set it to {todo}",
            )


def check_signatures(where: str, settings: DeploySettings, roles: Mapping[str, Any]) -> None:
    """A surface that needs more signatures than there are signers is never posted."""
    signers = len(roles.get("signers", ["the deployer"]))
    if not 1 <= settings.signatures <= signers:
        raise ConfigError(
            f"{where}: {settings.signatures} signature(s) are asked of {signers} signer(s)",
            "settings.signatures is at least 1 and at most the length of roles.signers",
        )


def check_signers(where: str, roles: Mapping[str, Any]) -> None:
    """Who signs twice is one signer, and a role has so many members at the most."""
    signers = list(roles.get("signers", []))
    if len(signers) > MOST_MEMBERS:
        raise ConfigError(
            f"{where}: roles.signers has {len(signers)} members, and a role has {MOST_MEMBERS} at the most",
            f"name {MOST_MEMBERS} or fewer",
        )
    twice = next((each for n, each in enumerate(signers) if each in signers[:n]), None)
    if twice is not None:
        raise ConfigError(
            f"{where}: roles.signers has {twice} twice", "name each once: each signs for itself"
        )


def check_roles(where: str, roles: Mapping[str, Any], chain_id: int) -> None:
    """Roles are the deployer's where nobody was named, and an owner may have others': for a chain of one's
    own alone."""
    left = [f"roles.{key}" for key in ROLES if not roles.get(key)]
    if left and chain_id not in LOCAL_CHAINS:
        raise (NoRolesError if len(left) == len(ROLES) else ConfigError)(
            f"{where}: {', '.join(left)} left out: on chain {chain_id} they would be the deployer's",
            "name whose they are: the owner a contract that needs two signatures or more",
        )
    for role in ROLES[1:] if chain_id not in LOCAL_CHAINS else ():
        if roles["owner"] in ([roles[role]] if isinstance(roles[role], str) else roles[role]):
            raise ConfigError(
                f"{where}: roles.owner and roles.{role} are one address, {roles['owner']}, "
                f"on chain {chain_id}",
                "name another for one of them: what the owner may do alone rests on what others can refuse",
            )


def check_public(where: str, settings: DeploySettings, chain_id: int, *, is_opened: bool) -> None:
    """Where one signature is enough, one key writes the surface; and a venue that is opened is made of
    stand-ins, whose money anybody makes: both for a chain of one's own alone."""
    if chain_id in LOCAL_CHAINS:
        return
    if is_opened:
        raise ConfigError(
            f"{where}: venue.deploy = true on chain {chain_id}, which is not your own",
            "name the addresses of the chain's venue; stand-ins are for chains "
            + " and ".join(map(str, sorted(LOCAL_CHAINS))),
        )
    if settings.signatures == 1:
        raise ConfigError(
            f"{where}: one signature alone is enough for a surface, on chain {chain_id}",
            "name two signers or more in roles.signers, and set settings.signatures to at least 2",
        )


def check_losses(where: str, settings: DeploySettings, chain_id: int) -> None:
    """What venues may take before they get no margin stands for good: a cap of all that LPs have, or one
    that is forgotten by the second, is none."""
    if chain_id in LOCAL_CHAINS:
        return
    for key, is_bad, bound in (
        ("loss_cap", settings.loss_cap > MOST_LOST, "0.1 at most"),
        ("loss_period", settings.loss_period < LEAST_PERIOD, f"{LEAST_PERIOD} seconds at least"),
    ):
        if is_bad:
            raise ConfigError(
                f"{where}: settings.{key} lets a venue take more than LPs are told, on chain {chain_id}",
                f"set it to {bound}, or leave it out: 0.03 in 21 days",
            )

"""Who acts: a key, an account of Ape's, one that the node holds, or one that is only watched."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from eth_utils.address import is_address

from tandem.client.errors import AccountError, LockedError
from tandem.engine.abi import checksum, is_miscopied
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer

LOCAL_TRADER = 1
"""Of a development node's accounts: who acts there when nobody is named."""
TEST = "TEST::"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """One account. signer: None where the node signs (is_held) or nobody here does."""

    address: str
    origin: str
    signer: Signer | None = None
    is_held: bool = False

    @property
    def can_send(self) -> bool:
        return self.signer is not None or self.is_held


def address_of(text: str) -> str:
    """An address that a person wrote, with its checksum capitals. Raises AccountError, also where the
    capitals that were written do not fit: whom a wrong digit names has nobody's key."""
    if not is_address(text):
        raise AccountError(f"{text!r} is no address", "0x and forty hex digits")
    if is_miscopied(text):
        raise AccountError(
            f"{text!r} is no address: its capitals do not fit its digits",
            "a digit is wrong: copy it again from where it came",
        )
    return checksum(text)


def find(engine: RemoteEngine, named: str | Signer | None, key: Signer | None) -> Account | None:
    """Whoever is named: a signer, an address, Ape's alias, TEST::n of a development node. Else the
    settings' key, else on a development node its own trader, else nobody. Raises AccountError."""
    if isinstance(named, Signer):
        return Account(named.address, "the signer given", named)
    if named is None and key is not None:
        return Account(key.address, "TANDEM_KEY", key)
    if named is None:
        return _test(engine, LOCAL_TRADER) if engine.is_development else None
    if key is not None and named.lower() == key.address.lower():
        return Account(key.address, "TANDEM_KEY", key)
    if is_address(named):
        return _address(engine, address_of(named))
    if named.upper().startswith(TEST) and engine.is_development:
        number = named[len(TEST) :]
        if not number.isdecimal() or len(number) > 9 or int(number) >= len(engine.accounts):
            raise AccountError(f"there is no account {named}", f"{TEST}0 to {TEST}9 exist")
        return _test(engine, int(number))
    return _of_ape(named)


def _test(engine: RemoteEngine, number: int) -> Account:
    return Account(engine.accounts[number], f"{TEST}{number} of the development node", is_held=True)


def _address(engine: RemoteEngine, address: str) -> Account:
    """Held where the node says so; a development node that impersonates says nothing and signs."""
    held = [] if not engine.is_development else engine.request("eth_accounts", [])
    is_held = address in {checksum(each) for each in held}
    return Account(address, "held by the node" if is_held else "watched", is_held=is_held)


def _of_ape(alias: str) -> Account:
    """Ape is imported here and nowhere else: it takes seconds."""
    import ape
    from ape.exceptions import ApeException

    from tandem.engine.ape_chain import signer_of

    accounts: Any = ape.accounts
    try:
        loaded: Any = accounts.test_accounts[alias] if alias.isdecimal() else accounts.load(alias)
    except (ApeException, LookupError, ValueError):  # a ValueError for what can be no alias
        known = ", ".join(sorted(accounts.aliases)) or "none"
        raise AccountError(
            f"Ape knows no account {alias!r}",
            f"it knows: {known}; `ape accounts import ALIAS` adds one, TANDEM_KEY needs none",
        ) from None
    sign = signer_of(loaded)

    def unlocked(act: Callable[[], T]) -> T:
        return _unlocked(alias, loaded, act)

    def sign_typed(data: dict[str, Any]) -> tuple[int, int, int]:
        from eth_account.messages import encode_typed_data

        signed = unlocked(lambda: loaded.sign_message(encode_typed_data(full_message=data)))
        if signed is None:
            raise LockedError(f"the account {alias!r} did not sign", "confirm when Ape asks")
        return signed.v, int.from_bytes(signed.r, "big"), int.from_bytes(signed.s, "big")

    signer = Signer(
        checksum(str(loaded.address)),
        lambda fields: unlocked(lambda: sign(fields)),
        sign_typed,
    )
    return Account(signer.address, f"Ape's {alias}", signer)


def _unlocked(alias: str, loaded: Any, sign: Callable[[], T]) -> T:
    """What Ape signs; without a question where the environment has the passphrase. Raises LockedError
    where it cannot sign, for want of one."""
    from ape.exceptions import ApeException
    from click.exceptions import Abort

    passphrase = f"APE_ACCOUNTS_{alias}_PASSPHRASE"
    try:
        if passphrase in os.environ and hasattr(loaded, "set_autosign"):
            loaded.set_autosign(True)
        return sign()
    except (ApeException, Abort, EOFError) as error:
        said = str(error) or "no passphrase was given"
        raise LockedError(
            f"the account {alias!r} is locked: {said}",
            f"run on a terminal and type its passphrase, or put `env '{passphrase}=…'` before the command",
        ) from None

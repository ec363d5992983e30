"""Why the client does not do something, one class for each thing that a caller may handle."""

from __future__ import annotations

from tandem.errors import ConfigError, Reverted, TandemError
from tandem.protocol.reverts import explain


class ClientError(TandemError):
    """Base of what the client finds wrong before or after it asks the chain."""


class SeriesUnknownError(ClientError):
    """The series is not listed here."""


class BalanceError(ClientError):
    """The account holds too little of what the transaction takes."""


class NothingPaidError(ClientError):
    """A close would pay nothing, and what is kept costs nothing."""


class NeverWorthError(ClientError):
    """An option would cost more than it can ever pay."""


class AllowanceError(ClientError):
    """The Vault may not take what the transaction costs."""


class GasError(ClientError):
    """The account cannot pay for the gas, or the transaction runs out of it."""


class RoleError(ClientError):
    """The account lacks the role that the verb needs."""


class ListingError(ClientError):
    """An expiry or its strikes cannot be listed as they are."""


class AccountError(ConfigError):
    """There is no account, or not the one that was named."""


class LockedError(AccountError):
    """The account is there and does not sign."""


class NotMinedError(ClientError):
    """A transaction was sent and is in no block yet. hash: what to look for."""

    def __init__(self, message: str, hint: str, hash: str) -> None:  # noqa: A002 (what it is called everywhere)
        super().__init__(message, hint)
        self.hash = hash


class ReplacedError(NotMinedError):
    """Another transaction used the nonce of the one that was sent."""


class DroppedError(NotMinedError):
    """No node knows the transaction any more."""


class NodesDisagreeError(ClientError):
    """Two nodes say what cannot both be true."""


class RefusedError(ClientError, Reverted):
    """The chain refuses the transaction. reason: its own words."""

    def __init__(self, reason: str, data: bytes = b"") -> None:
        meaning = explain(reason)
        TandemError.__init__(self, f"{meaning.what} [{meaning.code}]", meaning.todo)
        self.reason = reason
        self.data = data


class StaleError(RefusedError):
    """The price feed or the volatility surface is too old to trade on."""


class PriceMovedError(RefusedError):
    """The price left the bound that was set for it."""


class DeadlineError(RefusedError):
    """The deadline has passed."""


_KINDS: dict[str, type[RefusedError]] = {
    "market: deadline passed": DeadlineError,
    "market: premium over max": PriceMovedError,
    "market: payout under min": PriceMovedError,
    "market: surface stale": StaleError,
    "spot: stale": StaleError,
}
_UNKNOWN = frozenset(
    ("book: expiry not listed", "book: strike not listed")
)  # fmt: skip


def refused(reason: str, data: bytes = b"") -> ClientError:
    """The error for a refusal of the chain, in words."""
    if reason in _UNKNOWN:
        return SeriesUnknownError(
            f"{explain(reason).what} [{reason}]", "`tandem chain` prints what is listed"
        )
    return _KINDS.get(reason, RefusedError)(reason, data)

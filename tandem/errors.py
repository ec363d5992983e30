"""One small tree of exceptions. A message says what happened, a hint says what to do next."""

from __future__ import annotations


class TandemError(Exception):
    """Base of every error that Tandem raises on purpose."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class SetupError(TandemError):
    """Something that `make setup` installs is missing or does not fit."""


class ConfigError(TandemError):
    """A setting is missing, unknown or out of bounds."""


class DomainError(TandemError):
    """A model was asked for a value outside its domain."""


class EngineError(TandemError):
    """A chain engine could not be started, reached or understood."""


class UnforeseenError(TandemError):
    """What nobody foresaw, again and again: a process that ends by it is one that crashed, and another one
    begins anew."""


class Reverted(TandemError):
    """A call or a transaction that the chain refused."""

    def __init__(self, reason: str, data: bytes = b"", hint: str = "") -> None:
        super().__init__(reason, hint)
        self.reason = reason
        self.data = data

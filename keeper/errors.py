"""The one exception tree. Every message says what went wrong, every hint what to do next."""


class TandemError(Exception):
    """Base of all errors that Tandem raises on purpose."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

"""Refusals a person can act on; each becomes a user error of the API with a stable code (docs/errors.md)."""

from collections.abc import Sequence
from enum import StrEnum

Path = Sequence[str | int]


class ErrorCode(StrEnum):
    """Why something was refused. Stable: clients branch on these."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    INVALID_CURSOR = "INVALID_CURSOR"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    CODE_EXPIRED = "CODE_EXPIRED"
    WEAK_PASSWORD = "WEAK_PASSWORD"
    REPORTING_CYCLE = "REPORTING_CYCLE"
    UNIT_CYCLE = "UNIT_CYCLE"
    OVERLAPPING_LINE = "OVERLAPPING_LINE"
    BAD_DATES = "BAD_DATES"
    NOT_EMPTY = "NOT_EMPTY"
    ORPHAN = "ORPHAN"
    HEADLESS_UNIT = "HEADLESS_UNIT"
    FIELD_LOCKED = "FIELD_LOCKED"
    REQUIRED = "REQUIRED"
    CONFIRMATION_REQUIRED = "CONFIRMATION_REQUIRED"
    UNAVAILABLE = "UNAVAILABLE"


class DomainError(Exception):
    """A refusal with one sentence for people, a code, and the path of the input at fault."""

    code = ErrorCode.BAD_USER_INPUT

    def __init__(self, message: str, path: Path = (), *, code: ErrorCode | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(str(step) for step in path)
        if code is not None:
            self.code = code


class Invalid(DomainError):
    """The input cannot be taken as it is."""


class NotFound(DomainError):
    """There is no such thing, or the viewer may not know of it: the same answer."""

    code = ErrorCode.NOT_FOUND

    def __init__(
        self, message: str = "There is no such thing here, or it is not visible to you.", path: Path = ()
    ) -> None:
        super().__init__(message, path)


class Forbidden(DomainError):
    """The viewer may see it, but not do this."""

    code = ErrorCode.FORBIDDEN


class Conflict(DomainError):
    """It has changed since the viewer read it; `current` is the row as it is now."""

    code = ErrorCode.CONFLICT

    def __init__(self, message: str, path: Path = (), *, current: object = None) -> None:
        super().__init__(message, path)
        self.current = current


class RateLimited(DomainError):
    """Too often; `retry_after` is in seconds."""

    code = ErrorCode.RATE_LIMITED

    def __init__(self, message: str, retry_after: int, path: Path = ()) -> None:
        super().__init__(message, path)
        self.retry_after = retry_after


class Unauthenticated(DomainError):
    """Nobody is signed in, and this needs somebody."""

    code = ErrorCode.UNAUTHENTICATED

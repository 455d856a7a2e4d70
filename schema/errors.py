"""User errors: why a mutation changed nothing, told in its payload."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import strawberry

from execution.lengths import at_most
from models import errors
from models.errors import ErrorCode

PATH_MAX = 21  # steps: `input` and the deepest that variables go


@strawberry.interface(description="Why a mutation changed nothing.")
class UserError:
    message: str = strawberry.field(description="One sentence for people, with what to do.")
    code: ErrorCode = strawberry.field(description="Stable; branch on this.")
    path: list[str] | None = strawberry.field(
        description="Where in `input` the fault lies; null if nowhere in particular.", metadata=at_most(PATH_MAX)
    )


@strawberry.federation.type(shareable=True, description="The input cannot be taken as it is.")
class ValidationError(UserError):
    pass


@strawberry.federation.type(shareable=True, description="There is no such thing, or it is not visible to the viewer.")
class NotFoundError(UserError):
    pass


@strawberry.federation.type(shareable=True, description="The viewer may see it, but not do this.")
class ForbiddenError(UserError):
    pass


@strawberry.federation.type(shareable=True, description="It has changed since the viewer read it.")
class ConflictError(UserError):
    pass


@strawberry.federation.type(shareable=True, description="Too often.")
class RateLimitedError(UserError):
    retry_after: int = strawberry.field(description="Seconds to wait.")


TYPES: list[type[Any]] = [ValidationError, NotFoundError, ForbiddenError, ConflictError, RateLimitedError]

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


def user_error(error: errors.DomainError) -> UserError:
    """A refusal as the API shows it."""
    shown: dict[str, Any] = {
        "message": error.message,
        "code": error.code,
        "path": ["input", *error.path] if error.path else None,
    }
    match error:
        case errors.RateLimited():
            return RateLimitedError(retry_after=error.retry_after, **shown)
        case errors.NotFound():
            return NotFoundError(**shown)
        case errors.Forbidden():
            return ForbiddenError(**shown)
        case errors.Conflict():
            return ConflictError(**shown)
        case _:
            return ValidationError(**shown)


def answers(
    payload: Callable[..., R],
) -> Callable[[Callable[Concatenate[S, P], Awaitable[R]]], Callable[Concatenate[S, P], Awaitable[R]]]:
    """Makes a mutation answer a refusal with `payload(errors=[…])`; anything else that goes wrong rises."""

    def wrap(resolver: Callable[Concatenate[S, P], Awaitable[R]]) -> Callable[Concatenate[S, P], Awaitable[R]]:
        @functools.wraps(resolver)
        async def answer(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return await resolver(self, *args, **kwargs)
            except errors.Unauthenticated:
                raise
            except errors.DomainError as error:
                return payload(errors=[user_error(error)])

        return answer

    return wrap


def failed() -> Any:
    """The `errors` field of a payload."""
    return strawberry.field(default_factory=list, description="Empty when it was done.")

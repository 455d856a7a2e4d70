"""The limits of a request, and the error that names the one it broke."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, Node

BAD_USER_INPUT = "BAD_USER_INPUT"
GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"


@dataclass(frozen=True)
class Limits:
    """What one request may ask for; every figure is the highest that still passes."""

    text_bytes: int = 100_000
    tokens: int = 4_000  # comments count
    nesting: int = 30  # braces and brackets in one another
    depth: int = 12  # fields in one another; `edges`, `node`, `nodes` and `pageInfo` do not count
    introspection_depth: int = 16  # below `__schema` and `__type`, which do not count as depth
    introspection: int = 60_000  # values that describe the schema; the standard query has 45,000, whatever the schema
    aliases: int = 30  # each time their fragment is spread
    root_fields: int = 20
    repeats: int = 100  # selections of one field in one object; validation compares each with each
    directives: int = 5  # on one field, fragment or operation
    fragments: int = 50
    page: int = 100  # `first` and `last`
    page_default: int = 20  # what a connection is taken to give without either
    nodes: int = 10_000  # page sizes and lengths of lists multiplied down each path, the paths summed
    objects: int = 50_000  # every object on every page, single relations and items of lists too
    list_items: int = 200  # in a variable or a literal
    variable_nesting: int = 20


ENORMOUS = 2**31 - 1  # where figures stop growing; GraphQL and JSON can still carry it

TRUSTED = Limits(
    text_bytes=ENORMOUS,
    tokens=ENORMOUS,
    nesting=ENORMOUS,
    depth=ENORMOUS,
    introspection_depth=ENORMOUS,
    introspection=ENORMOUS,
    aliases=ENORMOUS,
    root_fields=ENORMOUS,
    repeats=ENORMOUS,
    directives=ENORMOUS,
    fragments=ENORMOUS,
    nodes=ENORMOUS,
    objects=ENORMOUS,
)
"""For documents that were reviewed before they were deployed: only pages and variables, which come from outside."""


class LimitExceeded(GraphQLError):
    """A request that asks for more than a limit allows; the extensions name the limit and both figures."""

    def __init__(
        self,
        limit: str,
        message: str,
        *,
        measured: int,
        allowed: int,
        code: str = QUERY_TOO_COMPLEX,
        nodes: Sequence[Node] | Node | None = None,
        **more: Any,
    ) -> None:
        extensions = {"code": code, "limit": limit, "measured": measured, "allowed": allowed, **more}
        super().__init__(message, nodes, extensions=extensions)
        self.limit = limit
        self.measured = measured
        self.allowed = allowed


def refusal(code: str, message: str, nodes: Sequence[Node] | Node | None = None) -> GraphQLError:
    """An error for a request that is wrong rather than too large."""
    return GraphQLError(message, nodes, extensions={"code": code})

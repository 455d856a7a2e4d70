"""Validation that stops early and does not guess what a client may have meant."""

from collections.abc import Collection
from typing import Any

from graphql import ASTValidationRule, DocumentNode, GraphQLError, GraphQLSchema, specified_rules
from graphql import validate as validate_all
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from execution.limits import GRAPHQL_VALIDATION_FAILED

ERRORS_MAX = 5

STRAWBERRY_RULES: tuple[type[ASTValidationRule], ...] = (MaybeNullValidationRule, OneOfInputValidationRule)
"""What Strawberry adds to any set of rules."""


def validate(
    schema: GraphQLSchema,
    document: DocumentNode,
    rules: Collection[type[ASTValidationRule]] = specified_rules,
    max_errors: int = ERRORS_MAX,
) -> list[GraphQLError]:
    """What is wrong with a document; past `max_errors` one more says that there may be others.

    Messages suggest no names, so that nobody learns the schema by guessing. Each error has an `extensions.code`.
    """
    errors = validate_all(schema, document, (*rules, *STRAWBERRY_RULES), max_errors, hide_suggestions=True)
    for error in errors:
        error.extensions = {"code": GRAPHQL_VALIDATION_FAILED, **(error.extensions or {})}
    return errors


class QuietExecutor(StrawberryGraphQLCoreExecutionContext):
    """The reference executor without suggestions in errors about variables; for `execution_context_class`."""

    @classmethod
    def build(cls, *args: Any, **kwargs: Any) -> Any:
        """As the parent's, `hide_suggestions` set."""
        # graphql-core leaves open what the result's context is.
        return super().build(*args, **{**kwargs, "hide_suggestions": True})  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

"""Documents that have been parsed, weighed and validated before, kept for the next request."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError
from strawberry import Schema
from strawberry.extensions import SchemaExtension

from execution.inputs import is_token_limit, parse_text
from execution.limits import GRAPHQL_PARSE_FAILED, QUERY_TOO_COMPLEX, Limits
from execution.survey import Survey
from execution.validation import ERRORS_MAX, validate

ENTRIES_MAX = 512
TEXT_MAX = 4_000_000  # characters of all texts together; a document in memory is many times its text


@dataclass(frozen=True)
class Known:
    """A valid document, and what its requests are checked with."""

    document: DocumentNode
    survey: Survey


class InvalidDocument(Exception):
    """A document that cannot be run, and what is wrong with it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class Documents:
    """A bounded cache of documents by schema and text, and the Strawberry extension that uses it.

    Give `documents.extension` to the schema's extensions. The same text gives the same document, and so the same
    operation objects, as long as it stays; the least recently used goes first.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        entries: int = ENTRIES_MAX,
        text: int = TEXT_MAX,
        max_errors: int = ERRORS_MAX,
    ) -> None:
        self.limits = limits or Limits()
        self.max_errors = max_errors
        self.hits = 0
        self.misses = 0
        self.text = 0  # characters kept
        self._entries_max = entries
        self._text_max = text
        self._known: OrderedDict[tuple[Schema, str], Known] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def known(self, schema: Schema, text: str) -> Known | None:
        """The document of this text, if it is kept, for a look that does not count as its use."""
        return self._known.get((schema, text))

    def find(self, schema: Schema, text: str) -> Known | None:
        """The document of this text, if it is kept."""
        known = self._known.get((schema, text))
        if known is None:
            self.misses += 1
        else:
            self.hits += 1
            self._known.move_to_end((schema, text))
        return known

    def keep(self, schema: Schema, text: str, known: Known) -> None:
        """Keep a valid document, and let go of the oldest where there are too many."""
        if len(text) > self._text_max:
            return
        if (schema, text) not in self._known:
            self.text += len(text)
        self._known[schema, text] = known
        while len(self._known) > self._entries_max or self.text > self._text_max:
            (_, oldest), _ = self._known.popitem(last=False)
            self.text -= len(oldest)

    def ready(
        self, schema: Schema, text: str, operation_name: str | None, variables: Mapping[str, object] | None
    ) -> Known:
        """A document that is valid and within the limits as this request uses it. Raises `InvalidDocument`."""
        known = self.find(schema, text)
        try:
            document = known.document if known else parse_text(text, self.limits)
            survey = known.survey if known else Survey(document, core_schema(schema), self.limits)
            survey.check(operation_name, variables)
        except GraphQLError as error:
            raise InvalidDocument([error]) from None
        if known is None:
            if errors := validate(core_schema(schema), document, max_errors=self.max_errors):
                raise InvalidDocument(errors)
            known = Known(document, survey)
            self.keep(schema, text, known)
        return known

    def extension(self) -> SchemaExtension:
        """An extension for one request."""
        return DocumentExtension(self)


class DocumentExtension(SchemaExtension):
    """Takes a request's document from the cache, or weighs and validates it and puts it there."""

    def __init__(self, documents: Documents) -> None:
        super().__init__()
        self._documents = documents
        self._known: Known | None = None

    def on_parse(self) -> Iterator[None]:
        """Spare the parser a known text, and bound its work on an unknown one."""
        context = self.execution_context
        if context.graphql_document is None and context.query:
            self._known = self._documents.find(context.schema, context.query)
            if self._known:
                context.graphql_document = self._known.document
            else:
                context.parse_options = {"max_tokens": self._documents.limits.tokens}
        yield
        for error in context.pre_execution_errors or ():
            if isinstance(error, GraphQLSyntaxError):
                code = QUERY_TOO_COMPLEX if is_token_limit(error) else GRAPHQL_PARSE_FAILED
                error.extensions = {"code": code}

    def on_validate(self) -> Iterator[None]:
        """Check this request against the limits; of an unknown document its validity, too."""
        context = self.execution_context
        document, survey = context.graphql_document, None
        if document is not None and context.pre_execution_errors is None:
            try:
                survey = self._known.survey if self._known else self._survey(document)
                # The public property names the first of several operations where the request named none.
                survey.check(context._provided_operation_name, context.variables)  # pyright: ignore[reportPrivateUsage]
                errors = [] if self._known else self._validate(document)
            except GraphQLError as error:
                errors = [error]
            context.pre_execution_errors = errors or None
            context.validation_rules = ()  # Strawberry is not to apply them again
        yield
        if document and survey and context.query and not self._known and not context.pre_execution_errors:
            self._documents.keep(context.schema, context.query, Known(document, survey))

    def _survey(self, document: DocumentNode) -> Survey:
        return Survey(document, core_schema(self.execution_context.schema), self._documents.limits)

    def _validate(self, document: DocumentNode) -> list[GraphQLError]:
        context = self.execution_context
        return validate(core_schema(context.schema), document, context.validation_rules, self._documents.max_errors)


def core_schema(schema: Schema) -> GraphQLSchema:
    """The graphql-core schema of a Strawberry schema."""
    return schema._schema  # pyright: ignore[reportPrivateUsage]  # Strawberry has no public way to it

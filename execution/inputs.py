"""What comes in from outside, checked before anything is made of it: the document's text and the variables."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast

from graphql import DocumentNode, GraphQLSyntaxError, Node, parse

from execution.limits import BAD_USER_INPUT, GRAPHQL_PARSE_FAILED, LimitExceeded, Limits, refusal

# Strings and comments are matched whole, closed or not, so that no text is looked at twice. The quantifiers are
# possessive (`*+`): nothing is ever tried again.
_PUNCTUATION = re.compile(
    r'"""(?:\\"""|(?!""").)*+(?:""")?|"(?:\\.|[^"\\\n\r])*+"?|#[^\n\r]*+|[{}\[\]]',
    re.DOTALL,
)


def check_text(text: str, limits: Limits) -> None:
    """Refuse a text that would be dear to parse: too long, nested too deep, or no valid Unicode.

    Raises `LimitExceeded`, or `GraphQLError` for a text that cannot be stored or sent on.
    """
    # A text of more characters than bytes allowed needs no encoding to be refused.
    size = len(text) if text.isascii() or len(text) > limits.text_bytes else len(_encoded(text))
    if size > limits.text_bytes:
        message = f"The document has {size:,} bytes; at most {limits.text_bytes:,} are allowed. Split it."
        raise LimitExceeded("text_bytes", message, measured=size, allowed=limits.text_bytes)
    depth = _nesting(text, limits.nesting)
    if depth > limits.nesting:
        message = f"Braces and brackets are nested more than {limits.nesting} deep. Ask for less at once."
        raise LimitExceeded("nesting", message, measured=depth, allowed=limits.nesting)


def parse_text(text: str, limits: Limits) -> DocumentNode:
    """The document; call `check_text` first.

    Raises `LimitExceeded` for too many tokens, `GraphQLError` with `GRAPHQL_PARSE_FAILED` for a syntax error.
    """
    try:
        return parse(text, max_tokens=limits.tokens)
    except GraphQLSyntaxError as error:
        if is_token_limit(error):
            message = f"The document has more than {limits.tokens:,} tokens, comments included. Split it."
            raise LimitExceeded("tokens", message, measured=limits.tokens + 1, allowed=limits.tokens) from None
        error.extensions = {"code": GRAPHQL_PARSE_FAILED}
        raise


def is_token_limit(error: GraphQLSyntaxError) -> bool:
    """Whether the parser stopped at its limit of tokens, not at a mistake."""
    return "Document contains more than" in error.message and error.message.endswith("tokens. Parsing aborted.")


def check_variables(variables: Mapping[str, object] | None, limits: Limits) -> None:
    """Refuse variables that nest too deep, hold too long a list, or a text that cannot be stored."""
    pending: list[tuple[object, _Place]] = [(value, (None, key)) for key, value in (variables or {}).items()]
    while pending:
        value, place = pending.pop()
        if isinstance(value, str):
            check_string(value, place)
        elif isinstance(value, Mapping):
            items = cast("Mapping[str, object]", value).items()
            pending += _below(items, place, limits)
        elif isinstance(value, list | tuple):
            values = cast("list[object]", value)
            check_list(len(values), limits, f"${_path(place)}")
            pending += _below(enumerate(values), place, limits)


def check_list(length: int, limits: Limits, where: str, node: Node | None = None) -> None:
    """Refuse a list of more items than allowed."""
    if length > limits.list_items:
        message = f"{where} has {length:,} items; at most {limits.list_items:,} are allowed. Send them in parts."
        allowed = limits.list_items
        raise LimitExceeded("list_items", message, measured=length, allowed=allowed, code=BAD_USER_INPUT, nodes=node)


def check_string(text: str, place: "_Place | Node") -> None:
    """Refuse a text with NUL, which no database takes, or with half a surrogate pair, which nothing can encode."""
    if "\0" not in text and (text.isascii() or _is_encodable(text)):
        return
    where, node = ("A string", place) if isinstance(place, Node) else (f"${_path(place)}", None)
    message = f"{where} holds a NUL or an unpaired surrogate; send valid Unicode without U+0000."
    raise refusal(BAD_USER_INPUT, message, node)


# Where a value stands: the place of what holds it, and its key. Paths are written out only for an error.
_Place: TypeAlias = "tuple[_Place | None, str | int]"


def _below(items: Iterable[tuple[str | int, object]], place: _Place, limits: Limits) -> list[tuple[object, _Place]]:
    below: list[tuple[object, _Place]] = [(value, (place, key)) for key, value in items]
    if below and (depth := len(_steps(below[0][1]))) > limits.variable_nesting:
        message = f"${_path(place)[:100]} nests values more than {limits.variable_nesting} deep. Send less at once."
        allowed = limits.variable_nesting
        raise LimitExceeded("variable_nesting", message, measured=depth, allowed=allowed, code=BAD_USER_INPUT)
    for _, (_, key) in below:
        if isinstance(key, str):
            check_string(key, place)
    return below


def _steps(place: _Place) -> list[str | int]:
    steps: list[str | int] = []
    at: _Place | None = place
    while at is not None:
        at, step = at
        steps.append(step)
    return steps[::-1]


def _path(place: _Place) -> str:
    return ".".join(str(step) for step in _steps(place)).encode("utf-8", "replace").decode()


def _nesting(text: str, enough: int) -> int:
    """How deep braces and brackets nest, or the first depth beyond `enough`."""
    depth = deepest = 0
    for found in _PUNCTUATION.finditer(text):
        match found.group():
            case "{" | "[":
                depth += 1
                deepest = max(deepest, depth)
                if deepest > enough:
                    break
            case "}" | "]":
                depth -= 1
            case _:
                pass
    return deepest


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise refusal(BAD_USER_INPUT, "The document holds an unpaired surrogate; send valid Unicode.") from None


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

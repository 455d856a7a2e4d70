"""What comes in: texts that are dear to parse, and variables that nobody should hold."""

import time
from typing import Any

import pytest
from graphql import GraphQLError

from execution.inputs import check_text, check_variables
from execution.limits import LimitExceeded, Limits
from tests.execution.weighing import code, exceeded, refused, weigh


def test_text_is_measured_in_bytes() -> None:
    check_text("#" * 100_000, Limits())
    check_text("#" + "é" * 49_999, Limits())

    for text in ("#" * 100_001, "#" + "é" * 50_000, "#" + "é" * 200_000):
        with pytest.raises(LimitExceeded) as caught:
            check_text(text, Limits())
        assert caught.value.limit == "text_bytes"
        assert code(caught.value) == "QUERY_TOO_COMPLEX"


def test_tokens_are_counted_comments_included() -> None:
    assert exceeded("{ " + "name " * 20_000 + "}")[0] in ("text_bytes", "tokens")
    assert exceeded("{" + " a" * 19_998 + "}") == ("tokens", 4_001, 4_000)
    assert exceeded("{ viewer { id } }" + "\n#" * 4_000) == ("tokens", 4_001, 4_000)


def test_braces_are_counted_before_anything_is_parsed() -> None:
    check_text("{" * 30 + "}" * 30, Limits())

    for text in ("{" * 31, "{" * 50_000 + "}" * 50_000, "[" * 100_000, "{[" * 16):
        with pytest.raises(LimitExceeded) as caught:
            check_text(text, Limits())
        assert (caught.value.limit, caught.value.measured) == ("nesting", 31)


def test_a_hundred_thousand_braces_are_too_long_already() -> None:
    assert exceeded("{" * 100_001)[0] == "text_bytes"


def test_braces_in_strings_and_comments_do_not_count() -> None:
    many = "{[" * 40

    for text in (f'"{many}"', f'"\\"{many}"', f'"""{many} \\""" " {many}"""', f"#{many}\r", f"#{many}\n{{}}"):
        check_text(text, Limits())
    for text in (f'""{many}', f'"" "" {many}', f"#\n{many}", f'"\n{many}', f'"""{many}""" {many}'):
        with pytest.raises(LimitExceeded):
            check_text(text, Limits())


@pytest.mark.parametrize("piece", ['\\"', '"""', '\\"""', '"\n', '"a', "#", '"\\', '""" \\"""'])
def test_no_text_is_dear_to_scan(piece: str) -> None:
    text = (piece * 100_000)[:99_999]

    started = time.process_time()
    check_text(text, Limits())

    assert time.process_time() - started < 1


@pytest.mark.parametrize("text", ["{ viewer { id } } # \ud800", '{ a(b: "\udfff") }'])
def test_half_a_surrogate_pair_is_refused(text: str) -> None:
    assert code(refused(text)) == "BAD_USER_INPUT"


def test_a_syntax_error_has_its_code() -> None:
    error = refused("{ viewer { id }")

    assert code(error) == "GRAPHQL_PARSE_FAILED"
    assert error.locations


def test_a_list_in_a_variable_has_an_end() -> None:
    check_variables({"input": {"tags": ["x"] * 200}}, Limits())

    with pytest.raises(LimitExceeded) as caught:
        check_variables({"input": {"all": [{"tags": ["x"] * 201}]}}, Limits())

    assert (caught.value.limit, code(caught.value)) == ("list_items", "BAD_USER_INPUT")
    assert "$input.all.0.tags has 201 items" in caught.value.message


def test_a_list_in_the_document_has_an_end() -> None:
    weigh("{ feed(filterBy: {names: [" + '"x" ' * 200 + "]}) { totalCount } }")
    assert exceeded("{ feed(filterBy: {names: [" + '"x" ' * 201 + "]}) { totalCount } }")[:2] == ("list_items", 201)


def deep(levels: int, make: Any) -> Any:
    value: Any = "end"
    for _ in range(levels):
        value = make(value)
    return value


def in_a_list(value: Any) -> Any:
    return [value]


def in_an_object(value: Any) -> Any:
    return {"inner": value}


@pytest.mark.parametrize("make", [in_a_list, in_an_object])
def test_variables_nest_only_so_deep(make: Any) -> None:
    check_variables({"input": deep(19, make)}, Limits())

    for levels in (20, 100_000):
        with pytest.raises(LimitExceeded) as caught:
            check_variables({"input": deep(levels, make)}, Limits())
        assert (caught.value.limit, caught.value.measured) == ("variable_nesting", 21)


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ({"body": "a\0b"}, "$body"),
        ({"body": "\ud800"}, "$body"),
        ({"input": {"tags": ["ok", "\udc00"]}}, "$input.tags.1"),
        ({"input": {"a\0": 1}}, "$input"),
        ({"input": {"\ud800": 1}}, "$input"),
    ],
)
def test_text_that_cannot_be_stored_is_refused(variables: dict[str, Any], where: str) -> None:
    with pytest.raises(GraphQLError) as caught:
        check_variables(variables, Limits())

    assert code(caught.value) == "BAD_USER_INPUT"
    assert caught.value.message.startswith(f"{where} ")


def test_text_of_all_languages_is_welcome() -> None:
    check_variables({"body": "Grüezi 你好 👋🏽 \u202b שלום", "n": 1, "f": 1.5, "none": None, "yes": True}, Limits())
    check_variables(None, Limits())


def test_a_string_in_the_document_is_checked_too() -> None:
    error = refused('{ suggest(prefix: "a\\u0000b") { id } }')

    assert code(error) == "BAD_USER_INPUT"
    assert error.locations

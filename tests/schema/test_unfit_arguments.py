"""A variable that may be null where an argument may not: the client's mistake, told with its place."""

from __future__ import annotations

import pytest

from tests.conftest import Ask
from tests.factories.people import a_person


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ('query ($v: Int = 1) { orgChart(rootId: "x", depth: $v) { isTruncated } }', "depth"),
        ("query ($v: Boolean = true) { viewer { person { id @include(if: $v) } } }", "if"),
        (
            "mutation ($v: Boolean = true) {"
            ' createPost(input: { kind: DISCUSSION, body: "x", isDraft: $v }) { errors { code } } }',
            "input.isDraft",
        ),
    ],
)
async def test_a_null_where_none_may_be_is_bad_input(ask: Ask, text: str, argument: str) -> None:
    ann = await a_person("Ann")

    [error] = (await ask.text(ann, text, {"v": None})).errors

    assert error["path"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": argument}

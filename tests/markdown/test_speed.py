"""No text takes long: the time grows with its length, whatever it is made of."""

from __future__ import annotations

import time

import pytest

from execution.ids import encode_id
from models.feed import BODY_MAX
from models.keys import uuid7
from resolvers.markdown import BRACKETS_MAX, CELLS_MAX, LINES_MAX, rendered

PERSON = encode_id("Person", uuid7())
WORST = 0.25  # seconds of the processor for the longest text
GROWTH = 2.5  # times as long for twice the length
NOISE = 0.004  # seconds
TRIES = 4

PATTERNS = {
    "words": "Lorem ipsum dolor sit amet ",
    "stars": "*a **b ",
    "nested emphasis": "*_",
    "strokes": "~~a ~",
    "backticks": "`a``b",
    "rising backticks": "`" * 7 + " ",
    "brackets": "[",
    "closing brackets": "a]",
    "links": "[a](b)",
    "open links": "[a](<b",
    "reference definitions": "[a]: b\n",
    "references": "[a][b]\n",
    "quotes": "> ",
    "nested quotes": ">" * 30 + "a\n",
    "lists": "- a\n",
    "nested lists": "- " * 15 + "a\n",
    "deeper lists": "  - a\n    - b\n",
    "table": "a|b\n-|-\n1|2\n",
    "wide table": "|a" * 50 + "\n" + "|-" * 50 + "\n",
    "pipes": "|",
    "entities": "&amp;&#60;&x",
    "angles": "<a<",
    "autolinks": "<https://x.example/a>",
    "open autolinks": "<https://x",
    "addresses": "https://x.example/a ",
    "addresses without space": "https://x",
    "schemes": "://",
    "closing addresses": "https://x.example/))))))))",
    "backslashes": "\\",
    "escapes": "\\*\\[",
    "headings": "# a\n",
    "underlined headings": "a\n=\n",
    "fences": "```\n",
    "tildes": "~~~\na\n",
    "code by spaces": "    a\n\n",
    "lines": "\n",
    "breaks": "a  \n",
    "rules": "***\n",
    "tags": "#a ",
    "long tags": "#" + "a" * 60 + " ",
    "number signs": "#",
    "tags of marks": "#a" + "\u0301" * 20 + " ",
    "tags of emoji": "#\U0001f468\u200d\U0001f469\u200d\U0001f467 ",
    "mentions": f"@[{PERSON}] ",
    "open mentions": "@[",
    "broken mentions": f"@[{PERSON[:-1]}!] ",
    "mentions in links": f"[@[{PERSON}](x)](y) ",
    "at signs": "@",
    "html": "<b>&quot;",
    "comments": "<!-- ",
    "wide letters": "\U00020000",
    "spaces": " ",
    "tabs": "\t",
}


AT_A_LIMIT = {
    "lists": "- a\n" * LINES_MAX,
    "quotes": "> a\n" * LINES_MAX,
    "headings": "# a\n\n" * (LINES_MAX // 2),
    "reference definitions": "[a]: b\n" * BRACKETS_MAX + "a\n" * (LINES_MAX - BRACKETS_MAX),
    "cells": "a|b\n-|-\n" + "1|2\n" * (CELLS_MAX - 2),
    "brackets": "[" * BRACKETS_MAX + "]" * BRACKETS_MAX,
}
"""Texts that are just not too much of something: more of it would be left as written."""


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS.keys())
def test_twice_the_text_takes_twice_the_time(pattern: str) -> None:
    half, whole = text(pattern, BODY_MAX // 2), text(pattern, BODY_MAX)
    times = list[tuple[float, float]]()
    for _ in range(TRIES):  # others use the same machine: one quiet moment is enough
        times.append((seconds(half), seconds(whole)))
        if times[-1][1] <= min(GROWTH * times[-1][0] + NOISE, WORST):
            return

    pytest.fail(", ".join(f"{a * 1000:.1f} ms became {b * 1000:.1f} ms" for a, b in times))


@pytest.mark.parametrize("text", AT_A_LIMIT.values(), ids=AT_A_LIMIT.keys())
def test_the_most_of_anything_takes_little_time(text: str) -> None:
    assert min(seconds(text) for _ in range(TRIES)) <= WORST


def text(pattern: str, length: int) -> str:
    return (pattern * (length // len(pattern) + 1))[:length]


def seconds(text: str) -> float:
    """How long a text takes the processor, the least of some tries."""
    best = float("inf")
    for _ in range(TRIES):
        rendered.cache_clear()
        start = time.process_time()
        rendered(text)
        best = min(best, time.process_time() - start)
    return best

"""Markdown as HTML: what people mean by it, nothing that runs, and no text that takes long."""

from __future__ import annotations

import pytest

from resolvers.markdown import BRACKETS_MAX, CELLS_MAX, to_html


def test_it_shows_what_people_mean() -> None:
    html = to_html("**bold** [site](https://x.example)\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |")

    assert "<strong>bold</strong>" in html
    assert '<a href="https://x.example" rel="noopener noreferrer nofollow">site</a>' in html
    assert "<li>one</li>" in html
    assert "<td>1</td>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "[x](vbscript:x)",
        "![x](https://x.example/pixel.gif)",
        '[x](https://x.example "onmouseover=alert(1)")',
        "<style>*{display:none}</style>",
        "`<b>`",
    ],
)
def test_nothing_in_it_runs_or_loads(text: str) -> None:
    html = to_html(text)

    for bad in ("<script", "<img", "<style", 'href="javascript', 'href="data', 'href="vbscript', "onerror=alert(1)>"):
        assert bad not in html


@pytest.mark.parametrize("pattern", ["[", "![", "[a][", "[a](", "[x\n"])
def test_brackets_beyond_a_limit_stay_as_written(pattern: str) -> None:
    text = pattern * (BRACKETS_MAX + 1)

    assert "<a" not in to_html(text)


def test_cells_beyond_a_limit_stay_as_written() -> None:
    assert "<table" in to_html("a|b\n-|-\n1|2")
    assert "<table" not in to_html("a|b\n-|-\n" + "1|2\n" * CELLS_MAX)

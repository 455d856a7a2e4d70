"""Markdown as HTML: what people mean by it, tables, code, addresses, tags and people."""

from __future__ import annotations

import pytest

from execution.ids import encode_id
from models.keys import uuid7
from resolvers.markdown import BRACKETS_MAX, CELLS_MAX, LINES_MAX, rendered, to_html


def test_it_shows_what_people_mean() -> None:
    html = to_html("**bold** [site](https://x.example)\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |")

    assert "<strong>bold</strong>" in html
    assert '<a href="https://x.example" rel="noopener noreferrer nofollow">site</a>' in html
    assert "<li>one</li>" in html
    assert "<td>1</td>" in html


@pytest.mark.parametrize("pattern", ["[", "![", "[a][", "[a](", "[x\n"])
def test_brackets_beyond_a_limit_stay_as_written(pattern: str) -> None:
    text = pattern * (BRACKETS_MAX + 1)

    assert "<a" not in to_html(text)


def test_cells_beyond_a_limit_stay_as_written() -> None:
    assert "<table" in to_html("a|b\n-|-\n1|2")
    assert "<table" not in to_html("a|b\n-|-\n" + "1|2\n" * CELLS_MAX)


def test_lines_beyond_a_limit_stay_as_written() -> None:
    assert "<li>" in to_html("- a\n" * LINES_MAX)
    assert "<li>" not in to_html("- a\n" * (LINES_MAX + 1))


def test_code_is_shown_as_written() -> None:
    html = to_html("`<b> #tag` and\n\n```python\nprint('#tag')\n```")

    assert "<code>&lt;b&gt; #tag</code>" in html
    assert "<code class=\"language-python\">print('#tag')\n</code>" in html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://x.example/a_b_c.", "https://x.example/a_b_c"),
        ("(http://x.example/a_(b))", "http://x.example/a_(b)"),
        ("**https://x.example**", "https://x.example"),
        ("<https://x.example/?a=1&b=2>", "https://x.example/?a=1&amp;b=2"),
        ("https://x.example/?a=1&b=2, and", "https://x.example/?a=1&amp;b=2"),
    ],
)
def test_an_address_links_itself(text: str, address: str) -> None:
    assert f'<a href="{address}" rel="noopener noreferrer nofollow">{address}</a>' in to_html(text)


@pytest.mark.parametrize("text", ["xhttps://x.example", "ftp://x.example", "https://", "`https://x.example`", "a://b"])
def test_what_is_no_address_of_the_web_does_not(text: str) -> None:
    assert "<a" not in to_html(text)


def test_an_address_in_a_link_is_no_link_of_its_own() -> None:
    assert to_html("[https://a.example](https://b.example)").count("<a ") == 1


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#One #two-three #four_five", ("one", "two-three", "four_five")),
        ("(#a), **#b**; “#c”", ("a", "b", "c")),
        ("#Büro #हिन्दी #日本", ("büro", "हिन्दी", "日本")),
        ("#a #A #Ａ", ("a",)),
        ("#2026plan #42 #-x ## #", ("2026plan",)),
        ("a#b /#c &#100; [#d](e) \\#f", ()),
        ("# heading\n#tag", ("tag",)),
        ("#" + "a" * 61, ()),
        ("#a- #b_ #c.", ("a", "b", "c")),
    ],
)
def test_words_with_a_number_sign_are_tags(text: str, tags: tuple[str, ...]) -> None:
    assert rendered(text).tags == tags


def test_a_tag_leads_to_its_page() -> None:
    link = '<a class="tag" href="/tags/b%C3%BCro" rel="noopener noreferrer nofollow">#Büro</a>'

    assert link in to_html("In the #Büro")


def test_people_are_named_once_each_in_their_order() -> None:
    ann, bob = uuid7(), uuid7()
    texts = [f"@[{encode_id('Person', key)}]" for key in (bob, ann, bob)]

    assert rendered(" ".join(texts)).people == (bob, ann)
    assert rendered(f"@[{encode_id('Post', ann)}] @[{ann}] @Ann ann@[x]").people == ()


def test_strangers_read_no_names() -> None:
    assert to_html(f"Ask @[{encode_id('Person', uuid7())}]") == '<p>Ask <span class="mention">@someone</span></p>\n'

"""Markdown to HTML that is safe to show: rendered on the server, cleaned by an allow list."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}, "th": {"align"}, "td": {"align"}}
SCHEMES = {"http", "https", "mailto"}

KEPT = 250  # rendered texts: a feed shows the same few to everybody, and a text may become many times its length
BRACKETS_MAX = 400  # beyond, the search for each one's partner takes quadratic time, and links are left as written
CELLS_MAX = 2_000  # beyond, tables are left as written


@lru_cache(maxsize=KEPT)
def to_html(text: str) -> str:
    """Markdown as HTML without scripts, styles, images, foreign schemes or raw HTML. Takes milliseconds at worst."""
    markdown = _parser(links=text.count("[") <= BRACKETS_MAX, tables=text.count("|") <= CELLS_MAX)
    return nh3.clean(
        markdown.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


@lru_cache
def _parser(*, links: bool, tables: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable("strikethrough")
    parser.disable("image")
    if tables:
        parser.enable("table")
    if not links:
        parser.disable(["link", "reference"])
    return parser

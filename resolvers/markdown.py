"""Markdown to HTML that is safe to show: rendered on the server, cleaned by an allow list."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from resolvers.markdown_rules import Env, extend

TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "span"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "code": {"class"},
    "th": {"align"},
    "td": {"align"},
    "span": {"data-mention", "data-name"},
}
CLASSES = {"a": {"tag"}}
SCHEMES = {"http", "https", "mailto"}

KEPT = 250  # rendered texts: a feed shows the same few to everybody, and a text may become many times its length
BRACKETS_MAX = 400  # beyond, the search for each one's partner takes quadratic time, and links are left as written
CELLS_MAX = 2_000  # beyond, tables are left as written
LINES_MAX = 2_000  # beyond, nothing but paragraphs is made of lines, each of which may begin a thing of its own

SOMEONE = '<span class="mention">@someone</span>'
"""In the place of whom the reader may not see."""

PLACE = re.compile(r'<span data-(mention|name)="([0-9a-f-]{36})"></span>')


@dataclass(frozen=True)
class Place:
    """Where the name of a person is to stand; `in_link` where it cannot be a link of its own."""

    person: uuid.UUID
    in_link: bool


@dataclass(frozen=True)
class Rendered:
    """A text as HTML, in pieces: safe HTML, and places for names. `people` and `tags` in the order they are named.

    Tags are folded names. `everyone`: it says `@everyone` or `@here`. Nothing of it depends on who reads it.
    """

    pieces: tuple[str | Place, ...]
    people: tuple[uuid.UUID, ...]
    tags: tuple[str, ...]
    everyone: bool

    def html(self, name: Callable[[Place], str]) -> str:
        """The whole, with what `name` gives, itself safe HTML, in each place."""
        return "".join(piece if isinstance(piece, str) else name(piece) for piece in self.pieces)


@lru_cache(maxsize=KEPT)
def rendered(text: str) -> Rendered:
    """Markdown as HTML without scripts, styles, images, foreign schemes or raw HTML. Takes milliseconds at worst."""
    markdown = _parser(
        links=text.count("[") <= BRACKETS_MAX,
        tables=text.count("|") <= CELLS_MAX,
        blocks=text.count("\n") <= LINES_MAX,
    )
    told: Env = {}
    html = nh3.clean(
        markdown.render(text, told),
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    people, tags = tuple(told.get("people", ())), tuple(told.get("tags", ()))
    return Rendered(tuple(_pieces(html)), people, tags, bool(told.get("everyone")))


def named_in(text: str) -> tuple[uuid.UUID, ...]:
    """The people whom a text names, in that order: most texts name none, and need not be read for that."""
    return rendered(text).people if "@" in text else ()


def names_everyone(text: str) -> bool:
    """Whether a text says `@everyone` or `@here`."""
    return "@" in text and rendered(text).everyone


def to_html(text: str) -> str:
    """Markdown as HTML for whoever reads it, strangers too: people are not named."""
    return rendered(text).html(lambda place: SOMEONE)


def _pieces(html: str) -> list[str | Place]:
    # Splitting by a pattern of two groups gives triples: what stands before it, and the two.
    parts = PLACE.split(html)
    pieces: list[str | Place] = [parts[0]]
    for kind, person, behind in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pieces += [Place(uuid.UUID(person), kind == "name"), behind]
    return pieces


@lru_cache
def _parser(*, links: bool, tables: bool, blocks: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable("strikethrough")
    parser.disable("image")
    if tables and blocks:
        parser.enable("table")
    if not blocks:
        parser.disable(["blockquote", "code", "fence", "heading", "hr", "lheading", "list", "reference"])
    if not links:
        parser.disable(["link", "reference"])
    return extend(parser)

"""What Atrium's Markdown has beyond CommonMark: people named as `@[id]`, `#tags`, and addresses that link themselves.

Each is a rule of the parser, so that nothing is recognised inside code, and a backslash before it leaves it as written.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from execution.ids import InvalidId, decode_id
from models.emoji import PICTURE, TEXT
from models.tags import TAG_MAX, tag_key

MENTION = re.compile(r"@\[([A-Za-z0-9_-]{23,120})\]")
EVERYONE = re.compile(r"@(?:everyone|here)(?![\w-]|\.\w)", re.IGNORECASE)
NO_EVERYONE_AFTER = re.compile(r"[\w.@/+-]")
NO_TAG_AFTER = re.compile(r"[\w/&#=?]")
EMOJI = re.compile(f"[{TEXT}{PICTURE}\U0001f1e6-\U0001f1ff]")
JOINTS = "_-\u200c\u200d\ufe0e\ufe0f\u20e3"
ADDRESS = re.compile(r"://[^\s<>\"'`{}|\\^\[\]]{1,2000}")
BEFORE_ADDRESS = re.compile(r"(?:^|[^A-Za-z0-9])(https?)$")
BEHIND_ADDRESS = ".,;:!?*_~"

Env = MutableMapping[str, Any]
"""What the rules tell of a text: `people`, a dict of the keys that it names, `tags`, one of the folded words, and
`everyone`, where it names all at once."""


def extend(parser: MarkdownIt) -> MarkdownIt:
    """Teach a parser these rules."""
    parser.inline.ruler.before("link", "mention", _mention)
    parser.inline.ruler.before("link", "everyone", _everyone)
    parser.inline.ruler.before("link", "tag", _tag)
    parser.inline.ruler.before("link", "address", _address)
    parser.add_render_rule("mention", _shown_mention)
    parser.add_render_rule("tag", _shown_tag)
    return parser


def _mention(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "@":
        return False
    found = MENTION.match(state.src, state.pos, state.posMax)
    person = _person(found[1]) if found else None
    if found is None or person is None:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.meta = {"person": person, "in_link": state.linkLevel > 0}
        state.env.setdefault("people", {})[person] = None
    state.pos = found.end()
    return True


def _everyone(state: StateInline, silent: bool) -> bool:
    """`@everyone` or `@here`, which shows as written: whom it names is for the place where it is said."""
    pos = state.pos
    if state.src[pos] != "@" or (pos and NO_EVERYONE_AFTER.match(state.src[pos - 1])):
        return False
    found = EVERYONE.match(state.src, pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("text", "", 0).content = found[0]
        state.env["everyone"] = True
    state.pos = found.end()
    return True


def _person(id: str) -> uuid.UUID | None:
    try:
        kind, key = decode_id(id)
    except InvalidId:
        return None
    return key if kind == "Person" else None


def _tag(state: StateInline, silent: bool) -> bool:
    pos = state.pos
    if state.src[pos] != "#" or state.linkLevel or (pos and NO_TAG_AFTER.match(state.src[pos - 1])):
        return False
    word = _word(state.src[pos + 1 : min(state.posMax, pos + 2 + TAG_MAX)])
    key = tag_key(word)
    if not key or len(word) > TAG_MAX or len(key) > TAG_MAX:
        return False
    if not silent:
        token = state.push("tag", "", 0)
        token.content, token.meta = word, {"key": key}
        state.env.setdefault("tags", {})[key] = None
    state.pos = pos + 1 + len(word)
    return True


def _word(text: str) -> str:
    """The tag that a text begins with; empty for what is a number only, as in "see #12"."""
    end, is_word = 0, False
    for character in text:
        is_picture = EMOJI.match(character) is not None
        if not (character.isalnum() or is_picture or (end and _joins(character))):
            break
        is_word = is_word or is_picture or not character.isnumeric()
        end += 1
    return text[:end].rstrip("_-") if is_word else ""


def _joins(character: str) -> bool:
    """Whether it may stand inside a word: joints, skin tones, and the marks that many scripts write vowels with."""
    return character in JOINTS or unicodedata.category(character) in ("Mn", "Mc", "Sk")


def _address(state: StateInline, silent: bool) -> bool:
    """An address as people paste it; the scheme stands before the colon already, as ordinary text."""
    pos = state.pos
    if state.src[pos] != ":" or state.linkLevel:
        return False
    before = BEFORE_ADDRESS.search(state.src[max(0, pos - 6) : pos])
    if not before or not (silent or state.pending.endswith(before[1])):
        return False
    found = ADDRESS.match(state.src, pos, state.posMax)
    if not found:
        return False
    rest = _without_end(found[0])
    url = state.md.normalizeLink(before[1] + rest)
    if len(rest) <= len("://") or not state.md.validateLink(url):
        return False
    if not silent:
        state.pending = state.pending[: -len(before[1])]
        state.push("link_open", "a", 1).attrs = {"href": url}
        state.push("text", "", 0).content = before[1] + rest
        state.push("link_close", "a", -1)
    state.pos = pos + len(rest)
    return True


def _without_end(address: str) -> str:
    """An address without what ends the sentence that it stands in."""
    opened, closed = address.count("("), address.count(")")
    end = len(address)
    while end:
        if address[end - 1] == ")" and closed > opened:
            closed -= 1
        elif address[end - 1] not in BEHIND_ADDRESS:
            break
        end -= 1
    return address[:end]


def _shown_mention(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    """A place for the name, which is put in for each viewer; no text can write such an element."""
    token = tokens[index]
    kind = "name" if token.meta["in_link"] else "mention"
    return f'<span data-{kind}="{token.meta["person"]}"></span>'


def _shown_tag(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    token = tokens[index]
    return f'<a class="tag" href="/tags/{quote(token.meta["key"], safe="")}">#{escape(token.content)}</a>'

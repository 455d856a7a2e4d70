"""Markdown without its signs: the words of a text, and of its links, as they are read."""

from __future__ import annotations

import re
from html import unescape

SIGNS = re.compile(r"[\\`*_~#>|\[\]<&=+-]|^[ \t]*\d+[.)]", re.MULTILINE)
"""Where none of these stands, a text is plain as it is."""

LINES = re.compile(
    r"""^[ \t]*(?:
        (?:`{3,}|~{3,})[^\n]*$                                  # the fences of code
        | \[[^\]\n]+\]:[ \t]*\S[^\n]*$                          # what a link's name stands for
        | \|?[ \t]*:?-{2,}[ \t:|-]*$                             # rules, below headings, and between rows
        | (?:[*_=][ \t]*){3,}$
        | (?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|\#{1,6}(?=[ \t]))[ \t]*)+   # quotes, lists, headings
    )""",
    re.MULTILINE | re.VERBOSE,
)
MENTION = re.compile(r"@\[[A-Za-z0-9_-]{23,120}\]")
LINK = re.compile(
    r"""\[(?<!\\.)((?:[^\[\]\\\n]|\\.)*)\](?:
        \((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)
        | \[[^\]\n]*\]
    )""",
    re.VERBOSE,
)
ADDRESS = re.compile(r"<((?:https?://|mailto:)[^\s<>]*)>")
EMPHASIS = re.compile(r"[*_~`]+")
BARS = re.compile(r"(?<!\\)\|")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
BREAK = re.compile(r"\\$", re.MULTILINE)


def plain(markdown: str) -> str:
    """The text of Markdown: no signs, no addresses of links, nobody's key; addresses that stand as text stay.

    It is for finding and for showing what was found, not exact: what is unusual keeps a sign too many.
    """
    if not SIGNS.search(markdown):
        return markdown
    text = LINES.sub("", markdown)
    if "[" in text:
        text = LINK.sub(r"\1", MENTION.sub("@…", text).replace("![", "["))
    if "<" in text:
        text = ADDRESS.sub(r"\1", text)
    text = EMPHASIS.sub(_emphasis, text)
    if "|" in text:
        text = BARS.sub(" ", text)
    if "\\" in text:
        text = ESCAPED.sub(r"\1", BREAK.sub("", text))
    return unescape(text) if "&" in text else text


def _emphasis(run: re.Match[str]) -> str:
    """Nothing where these signs begin or end something; within a word, or between spaces, they are what they are."""
    before, behind = run.string[run.start() - 1 : run.start()], run.string[run.end() : run.end() + 1]
    begins = behind.strip() and not before.isalnum()
    ends = before.strip() and not behind.isalnum()
    return "" if (begins or ends) and before != "\\" else run[0]

"""What a file holds of people, which is no business of a questionnaire: told by names of fields and by addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import cast

from models.text import EMAIL, EMAIL_MAX

_ABOUT_PEOPLE = re.compile(
    r"respon[ds]|participant|answers|submission|e.?mail|\bip\b|ip_?addr|person|user|author", re.IGNORECASE
)
"""Names of fields that tell who answered, or what: `respondents`, `userAgent`, `ip_address`."""
_V4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_V6_MAX = 45  # characters


def about_people(name: str, value: object) -> list[str]:
    """What of people a field holds, by its name and all that is below it; empty for nothing that one can tell."""
    kinds: set[str] = set()
    for field, text in _texts({name: value}):
        if _ABOUT_PEOPLE.search(field):
            kinds.add("data of respondents")
        if any(EMAIL.fullmatch(word) for word in text.split() if "@" in word and len(word) <= EMAIL_MAX):
            kinds.add("e-mail addresses")
        if _has_ip_address(text):
            kinds.add("IP addresses")
    return sorted(kinds)


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Every text below a value, with the field that it stands in; a field's name counts as a text as well."""
    pending: list[tuple[str, object]] = [("", value)]
    while pending:
        name, one = pending.pop()
        if isinstance(one, dict):
            fields = cast("dict[str, object]", one)
            pending += fields.items()
            yield from ((field, field) for field in fields)
        elif isinstance(one, list):
            pending += [(name, item) for item in cast("list[object]", one)]
        elif isinstance(one, str):
            yield name, one


def _has_ip_address(text: str) -> bool:
    if _V4.search(text):
        return True
    try:
        return ":" in text and len(text) <= _V6_MAX and bool(ipaddress.ip_address(text.strip()))
    except ValueError:
        return False

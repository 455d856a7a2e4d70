"""Who hunts for leaks. A domain's factories say by these names from whom a secret is hidden."""

from __future__ import annotations

from enum import StrEnum


class Outsider(StrEnum):
    """Somebody from whom things are hidden."""

    ELSEWHERE = "a member of another unit"
    HEAD = "the head of another unit"
    ADMIN = "an administrator of another unit"
    MOVED = "somebody who has moved to another unit"
    GUEST = "a guest"
    TOKEN = "an insider's token that may read nothing"
    LEFT = "somebody who has left"
    ANONYMOUS = "nobody"


ALL = frozenset(Outsider)
STRANGERS = frozenset({Outsider.GUEST, Outsider.TOKEN, Outsider.LEFT, Outsider.ANONYMOUS})
"""Those who may not know the people and units of the company."""

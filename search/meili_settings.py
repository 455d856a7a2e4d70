"""The settings of the index, declared in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from search.engine import HITS_MAX
from search.meili_documents import SHOWN
from search.spelling import allowed

Table = dict[str, Any]

STAMPED = ("installation", "built")
"""What the stamp says: whose index it is, and the format in which all is in it, 0 before all is."""

DECLARED: dict[str, Any] = {
    "searchableAttributes": ["title", "others", "keywords", "body", "more", "stems"],
    "displayedAttributes": [*SHOWN, *STAMPED],
    "filterableAttributes": ["audiences", "id", "kind", "moment", "open", "signs"],
    "sortableAttributes": ["id", "moment"],
    # Whole words come before beginnings of others, whatever they stand in; of what matches alike the newest is first.
    "rankingRules": ["words", "typo", "proximity", "exactness", "attribute", "sort", "moment:desc"],
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {
            "oneTypo": next(n for n in range(1, 30) if allowed("a" * n) >= 1),
            "twoTypos": next(n for n in range(1, 30) if allowed("a" * n) >= 2),
        },
        "disableOnWords": [],
        "disableOnAttributes": ["stems"],
        "disableOnNumbers": True,  # from 1.15 on
    },
    "stopWords": [],
    "synonyms": {},
    "pagination": {"maxTotalHits": HITS_MAX},
    "facetSearch": False,
    "searchCutoffMs": 800,
}


def differing(found: Mapping[str, Any]) -> dict[str, Any]:
    """What of the declared settings an index has otherwise; what its server does not know is left out."""
    return {
        name: _known(wanted, found[name])
        for name, wanted in DECLARED.items()
        if name in found and not _is_same(_known(wanted, found[name]), found[name])
    }


def _known(wanted: Any, found: Any) -> Any:
    if not (wanted and isinstance(wanted, dict) and isinstance(found, dict)):
        return cast(Any, wanted)
    return {name: value for name, value in cast(Table, wanted).items() if name in found}


def _is_same(wanted: Any, found: Any) -> bool:
    if wanted and isinstance(wanted, dict) and isinstance(found, dict):
        return all(_is_same(value, cast(Table, found).get(name)) for name, value in cast(Table, wanted).items())
    return wanted == found

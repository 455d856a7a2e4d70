"""Parts of the statements of an export."""

from __future__ import annotations

from models.positions import EVER


def listed(select: str) -> str:
    """The rows of a sub-select as a list of objects."""
    return f"ARRAY(SELECT row_to_json(x) FROM ({select}) x)"


def days(alias: str) -> str:
    """Both days of a fact: since ever is the first day that there is, for good is null."""
    since, until = f"{alias}.valid_from", f"{alias}.valid_to"
    return (
        f"CASE WHEN isfinite({since}) THEN {since} ELSE '{EVER}' END AS valid_from,"
        f" nullif({until}, 'infinity') AS valid_to"
    )


def handle(*values: str) -> str:
    """An id for a row whose own key nobody has seen: out of what there is only once."""
    return f"md5(concat_ws('/', {', '.join(values)}))::uuid"

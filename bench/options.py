"""Words of the command line that name a value, such as `beside=http://127.0.0.1:9000/graphql`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

KNOWN = ("beside", "mapping", "pid", "peer")


def given() -> dict[str, str]:
    """The values by name. Ends the bench where a name is not known."""
    return read(sys.argv[1:])


def read(words: Sequence[str]) -> dict[str, str]:
    """The same of these words; those that name nothing are for others."""
    found = dict(word.split("=", 1) for word in words if "=" in word)
    if unknown := found.keys() - {*KNOWN}:
        sys.exit(
            f"There is no {', '.join(sorted(unknown))}: the bench knows {', '.join(f'{name}=' for name in KNOWN)}."
        )
    return found

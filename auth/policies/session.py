"""What a session or token may do with sessions and tokens; whose they are is settled by whose row is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from auth.viewer import Viewer


def can_manage(viewer: Viewer) -> bool:
    """List sessions and tokens, and change the password."""
    return viewer.allows("session:write")


def can_give(viewer: Viewer, scopes: Collection[str] | None) -> bool:
    """Make a token with these scopes (None: all rights): nobody gives more than they hold."""
    return viewer.scopes is None or (scopes is not None and viewer.scopes.issuperset(scopes))


def can_revoke(viewer: Viewer, access: uuid.UUID, scopes: Collection[str] | None) -> bool:
    """End a session or token of their own: itself, or what it could have made."""
    return access == viewer.access_id or can_give(viewer, scopes)

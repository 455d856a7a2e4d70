"""The viewer: who is asking, as an immutable snapshot that every scope and policy reads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from models.audiences import COMPANY
from models.session import AccessKind, Role

SCOPES = frozenset(
    f"{domain}:{right}"
    for domain, rights in {
        "people": ("read", "write"),
        "org": ("read", "write"),
        "feed": ("read", "write"),
        "groups": ("read", "write"),
        "chat": ("read", "write"),
        "surveys": ("read", "write"),
        "search": ("read",),
        "session": ("write",),
        "admin": ("read", "write"),
    }.items()
    for right in rights
)
"""What a token may be limited to. A token never has more than its person's rights."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, within a unit and its sub-units, or everywhere where `unit_id` is None."""

    role: Role
    unit_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person who is signed in.

    `audiences` holds the ids of all audiences of a bounded kind that they belong to: the company, their unit and those
    above it, their location, groups and rules. Lists and conversations are asked of the database instead.
    Of the groups that they have joined, `leads` are those in which they are owner or moderator, `owns` the former.
    `scopes` is None for a session, and for a token that carries all the person's rights. `today` is the organisation's
    day, on which the lines are looked at; whoever asks outside of any day leads nobody.
    """

    person_id: uuid.UUID
    name: str = ""
    is_guest: bool = False
    unit_path: tuple[uuid.UUID, ...] = ()
    joined: frozenset[uuid.UUID] = frozenset()
    headed: frozenset[uuid.UUID] = frozenset()
    leads: frozenset[uuid.UUID] = frozenset()
    owns: frozenset[uuid.UUID] = frozenset()
    grants: frozenset[Grant] = frozenset()
    scopes: frozenset[str] | None = None
    access_id: uuid.UUID | None = None
    access_kind: AccessKind | None = None
    expires_at: datetime | None = None
    epoch: int = 0
    audiences: frozenset[uuid.UUID] = frozenset()
    today: date | None = None

    def allows(self, scope: str) -> bool:
        """Whether the session or token reaches this far; what its person may do is asked apart."""
        return self.scopes is None or scope in self.scopes

    def everywhere(self, *roles: Role) -> bool:
        """Whether they hold one of the roles without a limit to a unit."""
        return any(grant.unit_id is None and grant.role in roles for grant in self.grants)

    def units_of(self, *roles: Role) -> frozenset[uuid.UUID]:
        """The units within which they hold one of the roles; a head moderates their unit by rule."""
        granted = frozenset(g.unit_id for g in self.grants if g.unit_id is not None and g.role in roles)
        return granted | self.headed if Role.MODERATOR in roles else granted


def viewer(identity: asyncpg.Record) -> Viewer:
    """The viewer that a record of `models.session.identity_…` tells of."""
    guest: bool = identity["is_guest"]
    path = () if guest else tuple(identity["unit_path"])
    joined = frozenset(identity["joined"])
    grants = zip(identity["roles"], identity["role_units"], strict=True)
    return Viewer(
        person_id=identity["person_id"],
        name=identity["name"],
        is_guest=guest,
        unit_path=path,
        joined=joined,
        headed=frozenset(identity["headed"]),
        leads=frozenset(identity["leads"]),
        owns=frozenset(identity["owns"]),
        grants=frozenset(Grant(Role(role), unit) for role, unit in grants),
        scopes=None if identity["scopes"] is None else frozenset(identity["scopes"]),
        access_id=identity["access_id"],
        access_kind=AccessKind(identity["kind"]) if identity["kind"] else None,
        expires_at=identity["expires_at"],
        epoch=identity["auth_epoch"],
        audiences=joined.union(path, () if guest else (COMPANY,)),
    )

"""What changes of the org chart do to accounts: closed on leaving, as new on coming back, an administrator kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from auth import sessions
from models import db, delegates
from models.audiences import AudienceKind
from models.errors import Conflict
from models.groups import Membership, MembershipStatus
from models.session import Access, Credential, OneTimeCode, Role, RoleGrant
from resolvers import conversation_members
from resolvers.context import Context
from resolvers.heirs import heirs
from subscriptions.people import PersonDeactivated
from subscriptions.session import AccessRevoked, RightsChanged

ADMINS = "roles:admin"
"""The stream on whose lock changes of who is an administrator wait for each other, so that the last one stays."""

# Whoever is known to leave one day is no administrator to count on.
OTHER_ADMIN = """
SELECT EXISTS (
    SELECT 1 FROM role_grant g JOIN person p ON p.id = g.person_id
    WHERE g.role = 'ADMIN' AND g.unit_id IS NULL AND p.active AND p.id <> $1
      AND NOT EXISTS (SELECT 1 FROM person_term t WHERE t.person_id = p.id AND t.valid_from <= $2 AND t.valid_to > $2
        AND t.valid_to < 'infinity'
        AND NOT EXISTS (SELECT 1 FROM person_term n WHERE n.person_id = p.id AND n.valid_from = t.valid_to))
)
"""
RETURNING = "SELECT person_id FROM person_term WHERE person_id = ANY($1::uuid[]) AND valid_from > $2"
# Rows are locked in one order, so that two who change the rights of the same people do not wait in a ring.
NEW_EPOCH = """
UPDATE person p SET auth_epoch = p.auth_epoch + 1
FROM (SELECT id FROM person WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE) x WHERE p.id = x.id
"""
FORGET_SHARED = """
DELETE FROM audience_member m USING audience a
WHERE m.person_id = $1 AND a.id = m.audience_id AND a.kind <> ALL($2::text[])
"""
OWN = [AudienceKind.LOCATION.value, AudienceKind.CONVERSATION.value]
"""What is not shared with a person by name: where they work, and of conversations none is left but direct ones."""


async def keep_an_admin(id: uuid.UUID, what: str, day: date) -> None:
    """Raise `Conflict` where nobody else is an administrator from a day on. Wants the lock of `ADMINS`."""
    is_admin = await RoleGrant.filter(person_id=id, role=Role.ADMIN, unit_id=None).exists()
    if is_admin and not await db.value(OTHER_ADMIN, id, day):
        raise Conflict(
            f"This is the last active administrator and cannot be {what}: nobody could administer the company any more."
            " Give somebody else, who stays, the role ADMIN first."
        )


async def close(ctx: Context, people: Iterable[uuid.UUID]) -> None:
    """End all that was open of these, who are not active any more; their content stays. Wants a transaction."""
    left = list(people)
    returning = {row[0] for row in await db.rows(RETURNING, left, ctx.today())} if left else set[uuid.UUID]()
    for id in left:
        await OneTimeCode.filter(person_id=id).delete()
        for revoked in await sessions.revoke_all(id):
            ctx.emit(AccessRevoked(revoked.person, revoked.access))
        if id in returning:
            await start_anew(id)
        ctx.emit(PersonDeactivated(id))
        ctx.emit(RightsChanged(id))
    await conversation_members.closed(ctx, left)
    await rights_changed(ctx, await heirs(ctx, left))


async def start_anew(id: uuid.UUID) -> None:
    """Let nothing of before come back with a person: no way in, no role, nothing that was shared with them by name."""
    await Membership.filter(person_id=id, status__not=MembershipStatus.BANNED).delete()
    for model in (Credential, Access, OneTimeCode, RoleGrant):
        await model.filter(person_id=id).delete()
    await delegates.forget(id)
    await db.execute(FORGET_SHARED, id, OWN)


async def rights_changed(ctx: Context, people: Iterable[uuid.UUID]) -> None:
    """Have every snapshot of these people's rights looked at anew. Wants a transaction."""
    ids = sorted(set(people))
    if ids:
        await db.execute(NEW_EPOCH, ids)
    for id in ids:
        ctx.emit(RightsChanged(id))

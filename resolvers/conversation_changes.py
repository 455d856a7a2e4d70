"""What owners change of a conversation: its title, purpose and rules, and whether it goes on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from auth.policies import chat as policy
from models.audiences import Audience
from models.conversations import RETENTION_DAYS_MAX, Conversation, ReceiptPolicy
from models.errors import Invalid
from resolvers import retention
from resolvers.client_ids import expect
from resolvers.context import Context
from resolvers.conversations import acting, clean_purpose, clean_title
from subscriptions.chat import ConversationChanged

KEEPING = "change this conversation: that is for its owner, and nobody's in a direct one"


@dataclass(frozen=True)
class Retention:
    """For how many days messages are kept; None: for ever."""

    days: int | None


@dataclass(frozen=True)
class ConversationEdit:
    """What is to be different; None: stays as it is. A group's title that becomes empty goes."""

    title: str | None = None
    purpose: str | None = None
    receipts: ReceiptPolicy | None = None
    retention: Retention | None = None


async def update_conversation(
    ctx: Context, id: uuid.UUID, edit: ConversationEdit, *, expected_version: int | None = None
) -> Any:
    """Change a group or a channel. It. Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`."""
    if edit.retention is not None:
        _check(edit.retention)
    async with acting(ctx, id, policy.can_keep, KEEPING) as changed:
        expect(changed, expected_version)
        if edit.title is not None:
            changed.title = clean_title(edit.title, changed.kind)
        if edit.purpose is not None:
            changed.purpose = clean_purpose(edit.purpose)
        if edit.receipts is not None:
            changed.receipts = edit.receipts
        if edit.retention is not None:
            changed.retention_days = edit.retention.days
            await retention.follow(ctx, id)
        await _save(ctx, changed)
    return await ctx.loaders["conversations"].load(id)


async def archive_conversation(ctx: Context, id: uuid.UUID, *, archive: bool) -> Any:
    """Have nothing in a group or a channel change any more, or let it live on; as it is already is fine. It.

    Raises `NotFound` or `Forbidden`.
    """
    async with acting(ctx, id, policy.can_keep, KEEPING, archived=True) as changed:
        if (changed.archived_at is not None) != archive:
            changed.archived_at = ctx.now() if archive else None
            await Audience.filter(id=id).update(read_only=archive)
            await _save(ctx, changed)
    return await ctx.loaders["conversations"].load(id)


async def _save(ctx: Context, changed: Conversation) -> None:
    changed.version += 1
    columns = ["title", "purpose", "receipts", "retention_days", "archived_at", "version"]
    await changed.save(update_fields=columns)
    ctx.emit(ConversationChanged(changed.id))


def _check(retention: Retention) -> None:
    if retention.days is not None and not 1 <= retention.days <= RETENTION_DAYS_MAX:
        raise Invalid(
            f"Messages are kept for 1 to {RETENTION_DAYS_MAX:,} days, or with null for ever.", ["retentionDays"]
        )

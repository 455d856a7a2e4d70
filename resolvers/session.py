"""Signing in and out, choosing a password, and the sessions and tokens of the viewer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from auth import accounts, codes, sessions, throttle
from auth.accounts import Account
from auth.passwords import check_strength
from auth.policies import session as policy
from auth.sessions import Revoked
from auth.viewer import SCOPES, Grant, Viewer
from execution.paging import InvalidPage, Keyset, Order, Page
from models.errors import Conflict, DomainError, ErrorCode, Forbidden, Invalid, NotFound
from models.session import Access, AccessKind, Role
from models.text import clean_line
from resolvers.context import Context
from resolvers.lists import PageArgs, refused
from subscriptions.events import person_stream
from subscriptions.session import AccessRevoked

TOKEN_NAME_MAX = 100  # characters
TOKENS_MAX = 50  # live tokens that one person has made

NEWEST = Order("accesses", ("created_at", "id"), "DESC")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, and the secret that shows it from now on; for a session the cookie carries it."""

    viewer: Viewer
    secret: str = field(repr=False)
    kind: AccessKind
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A new token, and its secret: this once."""

    token: Access
    secret: str = field(repr=False)


async def sign_in(
    ctx: Context, login: str, password: str, wants: AccessKind, *, limits: throttle.Limits = throttle.LIMITS
) -> SignedIn:
    """Open a session or a token for whoever knows the password. Raises `Invalid` or `RateLimited`.

    Unknown, wrong, deactivated, without a password: one answer, after the same work. Must not run in a transaction.
    """
    account = await accounts.by_login(login)
    attempt = await throttle.attempt(login, account.id if account else None, ctx.request.ip, ctx.now(), limits)
    stored = account.password_hash if account and account.active and not attempt.is_spent else None
    if not await ctx.services.hasher.verify(stored, password) or account is None or stored is None:
        await attempt.failed(ctx.now())
        raise _bad_credentials()
    await attempt.succeeded()
    kept = await ctx.services.hasher.hash(password) if ctx.services.hasher.needs_rehash(stored) else stored
    async with ctx.transaction(*_streams(ctx, account.id, wants)):
        if not await accounts.replace_password(account.id, stored, kept):
            raise _bad_credentials()  # it was changed while we looked at it
        signed_in = await _open(ctx, account, wants, _bad_credentials())
    return _enter(ctx, signed_in)


async def activate_account(ctx: Context, code: str, password: str, wants: AccessKind) -> SignedIn:
    """Choose a password by a one-time code, which ends all that was open before, and sign in. Raises `Invalid`."""
    coded = await codes.look(code, ctx.now())
    account = await accounts.by_id(coded.person) if coded else None
    if account is None or not account.active:
        raise _code_expired()
    check_strength(password, path=["password"], about=account.about)
    hashed = await ctx.services.hasher.hash(password)
    async with ctx.transaction(*_streams(ctx, account.id, wants)):
        if await codes.redeem(code, ctx.now()) is None:
            raise _code_expired()
        await accounts.keep_password(account.id, hashed, ctx.now())
        _tell(ctx, await sessions.revoke_all(account.id))
        signed_in = await _open(ctx, account, wants, _code_expired())
    await throttle.clear(account.id, *account.logins)
    return _enter(ctx, signed_in)


async def sign_out(ctx: Context) -> None:
    """End the session or token that asks."""
    ctx.session_secret = ""  # a cookie of a session that has long ended goes too
    me = ctx.me
    async with ctx.transaction(person_stream(me.person_id)):
        _tell(ctx, await sessions.revoke([me.access_id] if me.access_id else []))
    ctx.viewer = None
    ctx.forget()


async def change_password(ctx: Context, current: str, new: str) -> None:
    """Replace the viewer's password; ends what else signing in has opened. Raises `Invalid` or `RateLimited`."""
    me = ctx.me
    if not policy.can_manage(me):
        raise Forbidden("This token may not change the password. Sign in, or use one with the scope session:write.")
    account = await accounts.by_id(me.person_id)
    check_strength(new, path=["newPassword"], about=account.about if account else ())
    if new == current:
        message = "The new password is the one you have. Choose another."
        raise Invalid(message, ["newPassword"], code=ErrorCode.WEAK_PASSWORD)
    attempt = await throttle.attempt(str(me.person_id), me.person_id, ctx.request.ip, ctx.now())
    stored = account.password_hash if account and not attempt.is_spent else None
    if not await ctx.services.hasher.verify(stored, current) or stored is None:
        await attempt.failed(ctx.now())
        message = "This is not your current password. Check it; after many attempts, wait 15 minutes."
        raise Invalid(message, ["currentPassword"], code=ErrorCode.BAD_CREDENTIALS)
    await attempt.succeeded()
    hashed = await ctx.services.hasher.hash(new)
    async with ctx.transaction(person_stream(me.person_id)):
        if not await accounts.replace_password(me.person_id, stored, hashed, ctx.now()):
            raise Conflict("The password was changed at the same moment from elsewhere. Sign in with that one.")
        _tell(ctx, await sessions.revoke_all(me.person_id, except_=me.access_id, named_tokens=False))


async def create_token(ctx: Context, name: str, scopes: Sequence[str] | None, expires_at: datetime) -> CreatedToken:
    """Make a token of the viewer's, with all their rights where `scopes` is None. Raises `Invalid` or `Forbidden`."""
    me = ctx.me
    name = clean_line(name, most=TOKEN_NAME_MAX, path=["name"], what="The token's name")
    _check_scopes(me, scopes)
    is_limited = me.scopes is not None
    if is_limited and me.expires_at and expires_at > me.expires_at:
        raise Invalid(
            "A token with limited scopes makes none that outlives it. Choose an earlier moment.", ["expiresAt"]
        )
    async with ctx.transaction(person_stream(me.person_id)):
        if await sessions.named_tokens(me.person_id, ctx.now()) >= TOKENS_MAX:
            raise Invalid(f"You have {TOKENS_MAX} tokens, and that is the most. Revoke one that is not in use.")
        origin = {"ip": ctx.request.ip, "user_agent": ctx.request.user_agent}
        made_by = me.access_id if is_limited else None
        secret, token = await sessions.open_token(
            me.person_id, name, scopes, expires_at, now=ctx.now(), made_by=made_by, **origin
        )
    return CreatedToken(token, secret)


async def revoke_access(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """End one of the viewer's sessions or tokens. Raises `NotFound` or `Forbidden`."""
    me = ctx.me
    async with ctx.transaction(person_stream(me.person_id)):
        found = await Access.filter(id=id, person_id=me.person_id).first()
        if found is None:
            raise NotFound("You have no such session or token; it may have ended already.", ["id"])
        scopes: list[str] | None = cast(Any, found).scopes  # ArrayField does not say what it holds
        if not policy.can_revoke(me, found.id, scopes):
            raise Forbidden("This token may end only tokens with no more scopes than its own.", ["id"])
        _tell(ctx, await sessions.revoke([id]))
    if id == me.access_id and me.access_kind == AccessKind.SESSION:
        ctx.session_secret = ""
    return id


async def accesses(ctx: Context, kind: AccessKind, args: PageArgs) -> Page:
    """The viewer's live sessions or tokens, newest first; signing in makes ones without a name. Raises `Forbidden`."""
    if not policy.can_manage(ctx.me):
        raise Forbidden("This token may not list sessions and tokens. Use one with the scope session:write.")
    window, keyset = args.window(), Keyset(NEWEST, ctx.sealer, binding=kind)
    try:
        position = keyset.position(window)
    except InvalidPage as error:
        raise refused(error) from None
    rows = await sessions.live(ctx.me.person_id, kind, ctx.now(), limit=window.limit, after=position)
    return keyset.page(window, rows)


def roles(ctx: Context) -> list[Grant]:
    """The viewer's roles: those granted, what everybody is, and moderator of the units they head."""
    me = ctx.me
    by_rule = {Grant(Role.GUEST if me.is_guest else Role.MEMBER), *(Grant(Role.MODERATOR, unit) for unit in me.headed)}
    order = list(Role)
    return sorted(me.grants | by_rule, key=lambda grant: (order.index(grant.role), str(grant.unit_id or "")))


def _check_scopes(me: Viewer, scopes: Sequence[str] | None) -> None:
    for i, scope in enumerate(scopes or ()):
        if scope not in SCOPES:
            raise Invalid(f"There is no such scope. Choose among {', '.join(sorted(SCOPES))}.", ["scopes", i])
    if not policy.can_give(me, scopes):
        raise Forbidden("A token cannot make one that reaches further than itself.", ["scopes"])


async def _open(ctx: Context, account: Account, wants: AccessKind, refusal: DomainError) -> SignedIn:
    """A new session in the place of the one that asks, or a token. Raises `refusal` where the person has left."""
    person, now, ip, user_agent = account.id, ctx.now(), ctx.request.ip, ctx.request.user_agent
    if wants == AccessKind.SESSION:
        is_admin = account.is_privileged
        secret, access = await sessions.open_session(person, now=now, ip=ip, user_agent=user_agent, is_admin=is_admin)
        if old := _old_session(ctx):
            _tell(ctx, await sessions.revoke([old]))
    else:
        ends = now + sessions.SESSION_LIFETIME
        secret, access = await sessions.open_token(person, "", None, ends, now=now, ip=ip, user_agent=user_agent)
    viewer = await sessions.again(access.id, now)
    if viewer is None:
        raise refusal
    return SignedIn(viewer, secret, wants, access.expires_at)


def _enter(ctx: Context, signed_in: SignedIn) -> SignedIn:
    """Have the rest of the operation asked by who has signed in."""
    ctx.viewer = signed_in.viewer
    ctx.forget()
    if signed_in.kind == AccessKind.SESSION:
        ctx.session_secret = signed_in.secret
    return signed_in


def _old_session(ctx: Context) -> uuid.UUID | None:
    return ctx.viewer.access_id if ctx.viewer and ctx.viewer.access_kind == AccessKind.SESSION else None


def _streams(ctx: Context, person: uuid.UUID, wants: AccessKind) -> set[str]:
    """Where signing in is told of: the person's stream, and that of whoever the browser belonged to so far."""
    people = {person}
    if wants == AccessKind.SESSION and ctx.viewer:
        people.add(ctx.viewer.person_id)
    return {person_stream(one) for one in people}


def _tell(ctx: Context, revoked: Iterable[Revoked]) -> None:
    for one in revoked:
        ctx.emit(AccessRevoked(one.person, one.access))


def _bad_credentials() -> Invalid:
    message = (
        "This login and password do not belong together, or the account cannot be used."
        " Check both; after many attempts, wait 15 minutes."
    )
    return Invalid(message, code=ErrorCode.BAD_CREDENTIALS)


def _code_expired() -> Invalid:
    message = "This code is mistyped, used up or expired. Check it, or ask for a new one."
    return Invalid(message, ["code"], code=ErrorCode.CODE_EXPIRED)

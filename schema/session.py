"""Who is signed in: the viewer, their sessions and tokens, and the ways in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from execution.fields import batched, column, computed, relation
from execution.lengths import at_most
from execution.rows import read
from models.session import AccessKind, Role
from resolvers import session as actions
from resolvers.context import Context
from resolvers.lists import PageArgs
from schema.bookmarks import ViewerBookmarks
from schema.connections import Connection, connection
from schema.conversation_reading import ViewerConversations
from schema.delegates import ViewerDelegates
from schema.errors import UserError, answers, failed
from schema.experts import ViewerExperts
from schema.follows import ViewerFollows
from schema.mentions import ViewerMentions
from schema.nodes import Info, access_id, access_key
from schema.pins import ViewerPins
from schema.publishing import ViewerDrafts
from schema.readings import ViewerReadings
from schema.refs import OrgUnitRef, PersonRef
from schema.seen import ViewerSeen
from schema.tags import ViewerTags


@strawberry.type(description="A role of the viewer.")
class RoleGrant:
    role: Role = column("What it allows.")
    scope: OrgUnitRef | None = relation("units", key="unit_id", description="Within this unit; null: everywhere.")


async def are_current(ctx: Context, rows: list[Any]) -> Sequence[bool]:
    return [ctx.viewer is not None and read(row, "id") == ctx.viewer.access_id for row in rows]


@strawberry.type(description="A browser's session.")
class Session:
    id: strawberry.ID = computed(lambda row: access_id(read(row, "id")), description="For `revokeAccess`.")
    created_at: datetime = column("When it was opened.")
    last_used_at: datetime = column("When it was last used, to the minute.")
    expires_at: datetime = column("When it ends at the latest.")
    user_agent: str = column("The browser, as it names itself.")
    is_current: bool = batched(are_current, description="Whether this request came by it.")


@strawberry.type(description="A token for programs.")
class Token:
    id: strawberry.ID = computed(lambda row: access_id(read(row, "id")), description="For `revokeAccess`.")
    name: str = column("What its owner calls it; empty where signing in made it.")
    scopes: list[str] | None = column("How far it reaches; null: as far as its person.", most=20)
    created_at: datetime = column("When it was made.")
    last_used_at: datetime = column("When it was last used, to the minute.")
    expires_at: datetime = column("When it ends.")


@strawberry.type(description="A secret, shown this once.")
class TokenSecret:
    secret: str = strawberry.field(description="Send it as: Authorization: Bearer <secret>")
    expires_at: datetime = strawberry.field(description="When it ends.")


@strawberry.type(description="Whoever asks, with what is theirs alone.")
class Viewer(
    ViewerBookmarks,
    ViewerSeen,
    ViewerPins,
    ViewerFollows,
    ViewerDrafts,
    ViewerDelegates,
    ViewerReadings,
    ViewerTags,
    ViewerMentions,
    ViewerConversations,
    ViewerExperts,
):
    person: PersonRef | None = relation("people", key="person_id", description="The person.")

    @strawberry.field(description="Their roles; at most 100.", metadata=at_most(100))
    def roles(self, info: Info) -> list[RoleGrant]:
        return actions.roles(info.context)  # pyright: ignore[reportReturnType]

    @connection(description="Their open sessions, newest first. Scope session:write.", backward=False)
    async def sessions(self, info: Info, *, page: PageArgs) -> Connection[Session]:
        return await actions.accesses(info.context, AccessKind.SESSION, page)  # pyright: ignore[reportReturnType]

    @connection(description="Their valid tokens, newest first. Scope session:write.", backward=False)
    async def tokens(self, info: Info, *, page: PageArgs) -> Connection[Token]:
        return await actions.accesses(info.context, AccessKind.TOKEN, page)  # pyright: ignore[reportReturnType]


@strawberry.input(description="A login and its password.")
class SignInInput:
    login: str = strawberry.field(description="An e-mail address or an employee id.")
    password: str = strawberry.field(description="The password.")
    wants: AccessKind = strawberry.field(
        default=AccessKind.SESSION, description="SESSION sets a cookie; TOKEN gives a secret in the answer, once."
    )


@strawberry.input(description="A one-time code and the password to be.")
class ActivateAccountInput:
    code: str = strawberry.field(description="As printed or mailed; case, spaces and dashes do not matter.")
    password: str = strawberry.field(description="12 to 128 characters, not easily guessed.")
    wants: AccessKind = strawberry.field(default=AccessKind.SESSION, description="As in `signIn`.")


@strawberry.input(description="A token to be.")
class CreateTokenInput:
    name: str = strawberry.field(description="What it is for; 1 to 100 characters.")
    expires_at: datetime = strawberry.field(description="At most one year ahead.")
    scopes: list[str] | None = strawberry.field(
        default=None, description="How far it reaches; null: as far as the viewer."
    )


@strawberry.input(description="A session or token to end.")
class RevokeAccessInput:
    id: strawberry.ID = strawberry.field(description="Of a session or a token.")


@strawberry.input(description="The password that is, and the one to be.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The password that is.")
    new_password: str = strawberry.field(description="12 to 128 characters, not easily guessed.")


@strawberry.type(description="What became of `signIn`.")
class SignInPayload:
    viewer: Viewer | None = strawberry.field(default=None, description="Whoever is signed in now.")
    token: TokenSecret | None = strawberry.field(default=None, description="The token, where one was asked for.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `activateAccount`.")
class ActivateAccountPayload:
    viewer: Viewer | None = strawberry.field(default=None, description="Whoever is signed in now.")
    token: TokenSecret | None = strawberry.field(default=None, description="The token, where one was asked for.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `signOut`.")
class SignOutPayload:
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `createToken`.")
class CreateTokenPayload:
    token: Token | None = strawberry.field(default=None, description="The token.")
    secret: str | None = strawberry.field(default=None, description="Its secret, shown this once.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `revokeAccess`.")
class RevokeAccessPayload:
    revoked_id: strawberry.ID | None = strawberry.field(default=None, description="The id that has ended.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `changePassword`.")
class ChangePasswordPayload:
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(description="Whoever asks; null where nobody is signed in.")
    def viewer(self, info: Info) -> Viewer | None:
        return info.context.viewer  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Sign in by password.")
    @answers(SignInPayload)
    async def sign_in(self, info: Info, input: SignInInput) -> SignInPayload:
        signed_in = await actions.sign_in(info.context, input.login, input.password, input.wants)
        return SignInPayload(viewer=info.context.viewer, token=_shown(signed_in))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="End the session or token that this request came by.")
    @answers(SignOutPayload)
    async def sign_out(self, info: Info) -> SignOutPayload:
        await actions.sign_out(info.context)
        return SignOutPayload()

    @strawberry.mutation(description="Choose a password by a one-time code, and sign in.")
    @answers(ActivateAccountPayload)
    async def activate_account(self, info: Info, input: ActivateAccountInput) -> ActivateAccountPayload:
        signed_in = await actions.activate_account(info.context, input.code, input.password, input.wants)
        return ActivateAccountPayload(viewer=info.context.viewer, token=_shown(signed_in))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Make a token, with no more rights than one's own.")
    @answers(CreateTokenPayload)
    async def create_token(self, info: Info, input: CreateTokenInput) -> CreateTokenPayload:
        made = await actions.create_token(info.context, input.name, input.scopes, input.expires_at)
        return CreateTokenPayload(token=made.token, secret=made.secret)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="End a session or token of one's own; its streams end at once.")
    @answers(RevokeAccessPayload)
    async def revoke_access(self, info: Info, input: RevokeAccessInput) -> RevokeAccessPayload:
        await actions.revoke_access(info.context, access_key(input.id, ["id"]))
        return RevokeAccessPayload(revoked_id=input.id)

    @strawberry.mutation(description="Change one's password; other sessions end. Scope session:write.")
    @answers(ChangePasswordPayload)
    async def change_password(self, info: Info, input: ChangePasswordInput) -> ChangePasswordPayload:
        await actions.change_password(info.context, input.current_password, input.new_password)
        return ChangePasswordPayload()


def _shown(signed_in: actions.SignedIn) -> TokenSecret | None:
    if signed_in.kind is not AccessKind.TOKEN:
        return None
    return TokenSecret(secret=signed_in.secret, expires_at=signed_in.expires_at)

"""Identity from end to end, below GraphQL: passwords, throttling, sessions, tokens, one-time codes."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from auth import accounts, codes, secrets, sessions, throttle
from auth.passwords import Hasher, check_strength
from auth.viewer import Grant, Viewer
from execution.cursors import Sealer
from models import db
from models.errors import DomainError, ErrorCode, Forbidden, Invalid, NotFound, RateLimited, Unauthenticated
from models.org import OrgUnit
from models.people import Person
from models.session import Access, AccessKind, CodePurpose, Credential, Role, RoleGrant
from resolvers import session
from resolvers.context import Context, Request, Services
from resolvers.lists import PageArgs
from search.postgres import PostgresEngine
from subscriptions.bus import LocalBus
from subscriptions.live import Hub

pytestmark = pytest.mark.usefixtures("database")

GOOD = "seven lemons under the stairs"
OTHER = "a kettle sings before breakfast"
SESSION, TOKEN = AccessKind.SESSION, AccessKind.TOKEN
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class TurnedClock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(scope="module")
def hasher() -> Iterator[Hasher]:
    cheap = Hasher(memory_kib=64, time=1)
    yield cheap
    cheap.close()


@pytest.fixture
def services(clock: TurnedClock, hasher: Hasher) -> Services:
    bus = LocalBus()
    return Services(
        clock=clock,
        sealer=Sealer([b"k" * 32]),
        bus=bus,
        hub=Hub(bus),
        engine=PostgresEngine(),
        hasher=hasher,
        declared={},
        public_url="",
    )


class Door:
    """Makes contexts, as the HTTP layer does for each operation."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def __call__(self, viewer: Viewer | None = None, ip: str = "192.0.2.1") -> Context:
        return Context(self.services, viewer, Request(ip=ip, user_agent="Firefox"))

    async def holding(self, secret: str) -> Context:
        """The context of whoever shows this secret."""
        return self(await sessions.identify(secret, self.services.clock.now()))

    async def signed_in(self, login: str = "ann@firm.example", wants: AccessKind = SESSION) -> Context:
        return await self.holding((await session.sign_in(self(), login, GOOD, wants)).secret)


@pytest.fixture
def door(services: Services) -> Door:
    return Door(services)


async def a_person(
    hasher: Hasher,
    name: str = "Ann",
    *,
    password: str | None = GOOD,
    active: bool = True,
    is_guest: bool = False,
    roles: Sequence[Role] = (),
) -> Person:
    email, number = f"{name.lower()}@firm.example", f"E-{name}"
    person = await Person.create(
        name=name, email=email, employee_id=number, active=active, is_guest=is_guest, created_at=START, updated_at=START
    )
    if password:
        await accounts.keep_password(person.id, await hasher.hash(password), START)
    for role in roles:
        await RoleGrant.create(person_id=person.id, role=role)
    return person


async def refused(action: Awaitable[object]) -> DomainError:
    with pytest.raises(DomainError) as caught:
        await action
    return caught.value


async def revoked() -> list[uuid.UUID]:
    """The accesses whose end was told of."""
    return [r[0] for r in await db.rows("SELECT subject_id FROM event WHERE kind = 'AccessRevoked' ORDER BY id")]


# --- passwords and secrets


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 129,
        "P@ssw0rd!2024",
        "passwordpassword",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "Summer2024!!!!",
        "iloveyouforever",
        "aaaaaaaaaaaaaaa",
        "310119853101198",
        "Nussbaumer2026!",
        "the ann.nussbaumer way",
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_strength(password, path=["password"], about=["Ann Nussbaumer", "ann.nussbaumer@firm.example", None])

    assert caught.value.code == ErrorCode.WEAK_PASSWORD
    assert caught.value.path == ("password",)
    assert password not in caught.value.message


@pytest.mark.parametrize(
    "password", [GOOD, OTHER, "x7Kq9Lm2Vb4T", "ночью все кошки серы", "毎朝コーヒーを二杯飲みます。"]
)
def test_a_password_of_ones_own_is_taken(password: str) -> None:
    check_strength(password, path=["password"], about=["Ann Nussbaumer", "ann@firm.example"])


def test_what_cannot_be_stored_is_no_password() -> None:
    with pytest.raises(Invalid):
        check_strength("half a character \ud800", path=["password"])


async def test_the_hasher_knows_a_password_however_it_is_typed(hasher: Hasher) -> None:
    hashed = await hasher.hash("caf\u00e9 con leche, por favor")

    assert hashed.startswith("$argon2id$")
    assert await hasher.verify(hashed, "cafe\u0301 con leche, por favor")
    assert not await hasher.verify(hashed, GOOD)
    assert not await hasher.verify(None, GOOD)
    assert not await hasher.verify(hashed, "x" * 129)
    with pytest.raises(Invalid):
        await hasher.hash("x" * 129)


def test_a_mistyped_token_is_known_without_the_database() -> None:
    token = secrets.new_token()
    wrong = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]

    assert token.startswith("atr_") and secrets.well_formed(token)
    assert secrets.well_formed(secrets.new_session())
    assert not any(secrets.well_formed(text) for text in (wrong, token[:-1], token + "x", "", "atr_", "é" * 43))


def test_a_code_is_read_as_people_type_it() -> None:
    code = secrets.new_code()

    assert secrets.typed_code(code) == code.replace("-", "")
    assert secrets.typed_code(f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}\n") == (
        code.replace("-", "")
    )
    assert secrets.typed_code("U" * 20) is None
    assert secrets.typed_code(code[:-1]) is None


# --- signing in


@pytest.mark.parametrize("login", ["ann@firm.example", " Ann@FIRM.example ", "E-Ann"])
async def test_one_signs_in_by_address_or_employee_id(door: Door, hasher: Hasher, login: str) -> None:
    ann = await a_person(hasher)
    ctx = door()

    signed_in = await session.sign_in(ctx, login, GOOD, SESSION)

    assert ctx.me.person_id == ann.id and ctx.session_secret == signed_in.secret
    assert (await door.holding(signed_in.secret)).me.access_id == signed_in.viewer.access_id
    kept = await Access.get(person_id=ann.id)
    assert (kept.user_agent, kept.ip, kept.expires_at) == ("Firefox", "192.0.2.1", START + timedelta(days=30))
    assert signed_in.secret not in repr(signed_in) and kept.secret_hash == secrets.digest(signed_in.secret)


async def test_a_program_gets_a_token_and_no_cookie(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = door()

    signed_in = await session.sign_in(ctx, "ann@firm.example", GOOD, TOKEN)

    assert signed_in.secret.startswith("atr_") and ctx.session_secret is None
    assert (await door.holding(signed_in.secret)).me.scopes is None


async def test_one_answer_to_every_failure(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    await a_person(hasher, "Bob", active=False)
    await a_person(hasher, "Cem", password=None)
    await a_person(hasher, "Gus", is_guest=True, active=False)
    tries = [("ann@firm.example", OTHER), ("bob@firm.example", GOOD), ("E-Cem", GOOD), ("nobody@firm.example", GOOD)]
    odd = [("gus@firm.example", GOOD), ("", GOOD), ("a\x00b", GOOD), ("\ud800", GOOD), ("x" * 9000, "y" * 9000)]

    answers = [await refused(session.sign_in(door(), login, password, SESSION)) for login, password in tries + odd]

    assert {(a.code, a.message, a.path) for a in answers} == {(ErrorCode.BAD_CREDENTIALS, answers[0].message, ())}
    assert await Access.all().count() == 0


async def test_an_old_hash_is_made_anew_at_sign_in(door: Door, hasher: Hasher) -> None:
    ann = await a_person(hasher, password=None)
    dearer = Hasher(memory_kib=128, time=1)
    await accounts.keep_password(ann.id, await dearer.hash(GOOD), START)
    dearer.close()

    await session.sign_in(door(), "E-Ann", GOOD, SESSION)

    assert not hasher.needs_rehash((await Credential.get(person_id=ann.id)).password_hash)
    await session.sign_in(door(), "E-Ann", GOOD, SESSION)


async def test_signing_in_rotates_the_session_of_the_browser(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    await a_person(hasher, "Bob")
    anns = await door.signed_in()
    old = anns.me.access_id

    await session.sign_in(anns, "bob@firm.example", GOOD, SESSION)

    assert await revoked() == [old]
    assert await Access.all().count() == 1


async def test_a_password_changed_while_it_is_looked_at_opens_nothing(door: Door, hasher: Hasher) -> None:
    ann = await a_person(hasher)
    attempts = [session.sign_in(door(), "E-Ann", GOOD, SESSION) for _ in range(3)]

    *answers, _ = await asyncio.gather(
        *attempts, accounts.keep_password(ann.id, await hasher.hash(OTHER), START), return_exceptions=True
    )

    opened = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(opened) == await Access.all().count()
    assert all(isinstance(answer, Invalid) for answer in answers if answer not in opened)


# --- throttling


@pytest.mark.parametrize("login", ["ann@firm.example", "nobody@firm.example"])
async def test_of_a_thousand_guesses_at_once_ten_are_evaluated(door: Door, hasher: Hasher, login: str) -> None:
    await a_person(hasher)

    async def guess(n: int) -> DomainError:
        return await refused(
            session.sign_in(door(ip=f"10.0.{n // 250}.{n % 250}"), login, f"guess number {n}", SESSION)
        )

    answers = await asyncio.gather(*(guess(n) for n in range(1000)))

    assert sum(answer.code == ErrorCode.BAD_CREDENTIALS for answer in answers) <= 10
    assert {a.code for a in answers} == {ErrorCode.BAD_CREDENTIALS, ErrorCode.RATE_LIMITED}


@pytest.mark.parametrize("login", ["ann@firm.example", "nobody@firm.example"])
async def test_each_failure_after_the_third_doubles_the_wait(
    door: Door, hasher: Hasher, clock: TurnedClock, login: str
) -> None:
    await a_person(hasher)
    waits: list[int] = []

    for n in range(10):
        assert (await refused(session.sign_in(door(), login, OTHER, SESSION))).code == ErrorCode.BAD_CREDENTIALS
        if n >= 2:
            answer = await refused(session.sign_in(door(), login, OTHER, SESSION))
            assert isinstance(answer, RateLimited)
            waits.append(answer.retry_after)
            clock.turn(seconds=answer.retry_after)

    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert waits[7] == 15 * 60 - sum(waits[:7])


async def test_success_clears_the_account_but_not_the_address(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    for login in ("E-Ann", "E-Ann", "nobody@firm.example"):
        await refused(session.sign_in(door(), login, OTHER, SESSION))

    await session.sign_in(door(), "E-Ann", GOOD, SESSION)

    left = {r["key"].split(":")[0]: r["failures"] for r in await db.rows("SELECT * FROM login_throttle")}
    assert left["address"] == 3
    assert await db.value("SELECT count(*) FROM login_throttle WHERE key LIKE 'login:%'") == 1  # nobody's
    for _ in range(20):
        await session.sign_in(door(), "E-Ann", GOOD, SESSION)


async def test_two_logins_of_a_person_have_the_places_of_one(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    await a_person(hasher)
    for _ in range(10):
        await refused(session.sign_in(door(), "ann@firm.example", OTHER, SESSION))
        clock.turn(seconds=60)

    answer = await refused(session.sign_in(door(), "E-Ann", GOOD, SESSION))

    assert answer.code == ErrorCode.BAD_CREDENTIALS
    clock.turn(minutes=15)
    await session.sign_in(door(), "E-Ann", GOOD, SESSION)


@pytest.mark.parametrize(
    ("first", "second"), [("192.0.2.7", "::ffff:192.0.2.7"), ("::1", "::2"), ("2001:db8::1", "2001:db8::ffff:2")]
)
async def test_an_address_has_room_for_fifty_failures(door: Door, first: str, second: str) -> None:
    for n in range(50):
        await refused(session.sign_in(door(ip=first), f"nobody{n}@firm.example", OTHER, SESSION))

    answer = await refused(session.sign_in(door(ip=second), "another@firm.example", OTHER, SESSION))

    assert isinstance(answer, RateLimited) and answer.retry_after == 15 * 60
    elsewhere = await refused(session.sign_in(door(ip="198.51.100.1"), "another@firm.example", OTHER, SESSION))
    assert elsewhere.code == ErrorCode.BAD_CREDENTIALS


async def test_an_attempt_is_not_counted_where_it_could_be_undone(door: Door) -> None:
    ctx = door()
    with pytest.raises(RuntimeError):
        async with ctx.transaction():
            await session.sign_in(ctx, "ann@firm.example", GOOD, SESSION)


async def test_old_counts_are_purged(door: Door, clock: TurnedClock) -> None:
    await refused(session.sign_in(door(), "nobody@firm.example", OTHER, SESSION))

    assert await throttle.purge(clock.now()) == 0
    assert await throttle.purge(clock.now() + throttle.WINDOW) == 3


# --- sessions


async def test_a_session_lives_by_use_for_fourteen_days_and_thirty_in_all(
    door: Door, hasher: Hasher, clock: TurnedClock
) -> None:
    await a_person(hasher)
    secret = (await session.sign_in(door(), "E-Ann", GOOD, SESSION)).secret

    for _ in range(2):
        clock.turn(days=13)
        assert (await door.holding(secret)).viewer
    clock.turn(days=4)

    assert (await door.holding(secret)).viewer is None
    assert await sessions.purge(clock.now()) == 1


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SECURITY, Role.HR])
async def test_the_session_of_a_privileged_person_idles_twelve_hours(
    door: Door, hasher: Hasher, clock: TurnedClock, role: Role
) -> None:
    await a_person(hasher, roles=[role])
    secret = (await session.sign_in(door(), "E-Ann", GOOD, SESSION)).secret

    clock.turn(hours=11)
    assert (await door.holding(secret)).viewer
    clock.turn(hours=11)
    assert (await door.holding(secret)).viewer
    clock.turn(hours=12)

    assert (await door.holding(secret)).viewer is None


async def test_use_is_noted_once_a_minute(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    await a_person(hasher)
    secret = (await session.sign_in(door(), "E-Ann", GOOD, TOKEN)).secret

    clock.turn(seconds=59)
    await door.holding(secret)
    assert (await Access.get(name="")).last_used_at == START
    clock.turn(seconds=1)
    await asyncio.gather(*(door.holding(secret) for _ in range(5)))

    used = await Access.get(name="")
    assert (used.last_used_at, used.idle_until) == (clock.now(), None)


async def test_deactivation_ends_what_is_open(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher)
    ctx = await door.signed_in()
    assert ctx.me.access_id and await sessions.again(ctx.me.access_id, clock.now())

    await Person.filter(id=ann.id).update(active=False)

    assert await sessions.again(ctx.me.access_id, clock.now()) is None


async def test_signing_out_ends_the_session_and_tells(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()
    access = ctx.me.access_id

    await session.sign_out(ctx)

    assert (ctx.viewer, ctx.session_secret) == (None, "")
    assert await revoked() == [access] and await Access.all().count() == 0
    stranger = door()
    assert isinstance(await refused(session.sign_out(stranger)), Unauthenticated)
    assert stranger.session_secret == ""


async def test_sessions_are_listed_newest_first_from_where_one_was(
    door: Door, hasher: Hasher, clock: TurnedClock
) -> None:
    await a_person(hasher)
    await a_person(hasher, "Bob")
    await door.signed_in("bob@firm.example")
    for _ in range(2):
        clock.turn(minutes=1)
        await door.signed_in()
    clock.turn(minutes=1)
    ctx = await door.signed_in()

    first = await session.accesses(ctx, SESSION, PageArgs(first=2))
    rest = await session.accesses(ctx, SESSION, PageArgs(first=2, after=first.page_info.end_cursor))

    assert [r["created_at"] for r in [*first.nodes, *rest.nodes]] == [START + timedelta(minutes=n) for n in (3, 2, 1)]
    assert first.nodes[0]["id"] == ctx.me.access_id
    assert "secret_hash" not in dict(first.nodes[0])
    assert (first.page_info.has_next_page, rest.page_info.has_next_page) == (True, False)


# --- tokens


async def test_a_session_makes_a_token_that_reaches_no_further_than_its_scopes(
    door: Door, hasher: Hasher, clock: TurnedClock
) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    made = await session.create_token(ctx, " deploy\n bot ", ["feed:write", "feed:read"], START + timedelta(days=365))

    me = (await door.holding(made.secret)).me
    assert me.scopes == {"feed:read", "feed:write"} and not me.allows("org:read")
    assert [(r["name"], r["scopes"]) for r in (await session.accesses(ctx, TOKEN, PageArgs())).nodes] == [
        ("deploy bot", ["feed:read", "feed:write"])
    ]
    assert made.secret not in repr(made)


async def test_a_token_gives_and_ends_only_what_its_scopes_cover(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()
    until = START + timedelta(days=9)
    wide = await session.create_token(ctx, "wide", ["feed:read", "feed:write", "org:read"], until)
    bot = await door.holding((await session.create_token(ctx, "bot", ["feed:read", "feed:write"], until)).secret)

    narrow = await session.create_token(bot, "narrow", ["feed:read"], until)

    for scopes in (["org:read"], ["feed:read", "org:read"], None):
        assert isinstance(await refused(session.create_token(bot, "more", scopes, until)), Forbidden)
    for access in (wide.token.id, ctx.me.access_id):
        assert access and isinstance(await refused(session.revoke_access(bot, access)), Forbidden)
    assert isinstance(await refused(session.accesses(bot, TOKEN, PageArgs(first=1))), Forbidden)
    assert isinstance(await refused(session.change_password(bot, GOOD, OTHER)), Forbidden)
    assert await session.revoke_access(bot, narrow.token.id) == narrow.token.id
    assert bot.me.access_id and await session.revoke_access(bot, bot.me.access_id)
    assert await revoked() == [narrow.token.id, bot.me.access_id]


@pytest.mark.parametrize(
    ("name", "scopes", "days", "path"),
    [
        ("", None, 1, ("name",)),
        ("\u200b", None, 1, ("name",)),
        ("x" * 101, None, 1, ("name",)),
        ("bot", ["feed:read", "feed:everything"], 1, ("scopes", "1")),
        ("bot", None, 0, ("expiresAt",)),
        ("bot", None, 367, ("expiresAt",)),
    ],
)
async def test_a_token_has_a_name_known_scopes_and_an_end(
    door: Door, hasher: Hasher, name: str, scopes: list[str] | None, days: int, path: tuple[str, ...]
) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    answer = await refused(session.create_token(ctx, name, scopes, START + timedelta(days=days)))

    assert (answer.code, answer.path) == (ErrorCode.BAD_USER_INPUT, path)


async def test_a_person_has_fifty_tokens_at_most(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()
    until = START + timedelta(days=1)

    contexts = [door(ctx.viewer) for _ in range(55)]
    made = await asyncio.gather(
        *(session.create_token(one, "bot", [], until) for one in contexts), return_exceptions=True
    )

    assert sum(isinstance(one, Invalid) for one in made) == 5
    clock.turn(days=1)
    await session.create_token(ctx, "bot", [], until + timedelta(days=1))


async def test_nobody_ends_the_session_of_another(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    await a_person(hasher, "Bob")
    bobs = (await door.signed_in("bob@firm.example")).me.access_id

    assert bobs and isinstance(await refused(session.revoke_access(await door.signed_in(), bobs)), NotFound)
    assert isinstance(await refused(session.revoke_access(await door.signed_in(), uuid.uuid4())), NotFound)


async def test_ending_the_own_session_ends_the_cookie(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    await session.revoke_access(ctx, ctx.me.access_id or uuid.uuid4())

    assert ctx.session_secret == ""


# --- choosing a password


async def test_a_changed_password_ends_what_else_signing_in_has_opened(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx, elsewhere = await door.signed_in(), await door.signed_in()
    program = await door.signed_in(wants=TOKEN)
    bot = await session.create_token(ctx, "bot", None, START + timedelta(days=9))

    await session.change_password(ctx, GOOD, OTHER)

    assert set(await revoked()) == {elsewhere.me.access_id, program.me.access_id}
    assert {a.id for a in await Access.all()} == {ctx.me.access_id, bot.token.id}
    assert (await refused(session.sign_in(door(), "E-Ann", GOOD, SESSION))).code == ErrorCode.BAD_CREDENTIALS
    await session.sign_in(door(), "E-Ann", OTHER, SESSION)


async def test_a_password_is_changed_only_by_who_knows_it(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    answers = [
        await refused(session.change_password(ctx, current, new))
        for current, new in ((OTHER, OTHER + "!"), (GOOD, "password1234"), (GOOD, GOOD), (GOOD, "x" * 5000))
    ]

    assert [(a.code.value, a.path) for a in answers] == [
        ("BAD_CREDENTIALS", ("currentPassword",)),
        *[("WEAK_PASSWORD", ("newPassword",))] * 3,
    ]
    assert await revoked() == []


async def test_guessing_the_current_password_is_throttled(door: Door, hasher: Hasher) -> None:
    await a_person(hasher)
    ctx = await door.signed_in()

    answers = [await refused(session.change_password(ctx, f"guess number {n}", OTHER)) for n in range(4)]

    assert [a.code for a in answers] == [ErrorCode.BAD_CREDENTIALS] * 3 + [ErrorCode.RATE_LIMITED]


async def test_an_invited_person_activates_their_account(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher, password=None)
    code = await codes.issue(ann.id, CodePurpose.ACTIVATE, clock.now())
    clock.turn(days=13)
    ctx = door()

    weak = await refused(session.activate_account(ctx, code, "password1234", SESSION))
    signed_in = await session.activate_account(ctx, code.lower(), GOOD, SESSION)

    assert (weak.code, weak.path) == (ErrorCode.WEAK_PASSWORD, ("password",))
    assert ctx.me.person_id == ann.id and ctx.session_secret == signed_in.secret
    assert (await refused(session.activate_account(door(), code, GOOD, SESSION))).code == ErrorCode.CODE_EXPIRED
    await session.sign_in(door(), "E-Ann", GOOD, SESSION)


async def test_a_code_is_used_once_however_many_try(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher, password=None)
    code = await codes.issue(ann.id, CodePurpose.ACTIVATE, clock.now())

    answers = await asyncio.gather(
        *(session.activate_account(door(), code, GOOD, TOKEN) for _ in range(20)), return_exceptions=True
    )

    assert [isinstance(a, session.SignedIn) for a in answers].count(True) == 1
    assert sum(isinstance(a, Invalid) and a.code == ErrorCode.CODE_EXPIRED for a in answers) == 19
    assert await Access.all().count() == 1


async def test_a_reset_ends_all_that_was_open(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher)
    ctx = await door.signed_in()
    bot = await session.create_token(ctx, "bot", None, START + timedelta(days=9))
    for _ in range(3):
        await refused(session.sign_in(door(), "E-Ann", OTHER, SESSION))

    signed_in = await session.activate_account(
        door(), await codes.issue(ann.id, CodePurpose.RESET, clock.now()), OTHER, SESSION
    )

    assert set(await revoked()) == {ctx.me.access_id, bot.token.id}
    assert [a.id for a in await Access.all()] == [signed_in.viewer.access_id]
    await session.sign_in(door(), "E-Ann", OTHER, SESSION)


async def test_codes_expire_and_void_each_other(door: Door, hasher: Hasher, clock: TurnedClock) -> None:
    ann, bob = await a_person(hasher), await a_person(hasher, "Bob", active=False)
    voided = await codes.issue(ann.id, CodePurpose.ACTIVATE, clock.now())
    expired = await codes.issue(ann.id, CodePurpose.RESET, clock.now())
    bobs = await codes.issue(bob.id, CodePurpose.ACTIVATE, clock.now())
    clock.turn(minutes=30)

    answers = [
        await refused(session.activate_account(door(), code, OTHER, SESSION))
        for code in (voided, expired, bobs, secrets.new_code(), "", "\ud800", "x" * 9000)
    ]

    assert {(a.code, a.message) for a in answers} == {(ErrorCode.CODE_EXPIRED, answers[0].message)}
    assert await codes.purge(clock.now()) == 1


async def test_of_codes_issued_at_once_one_stays(hasher: Hasher, clock: TurnedClock) -> None:
    ann = await a_person(hasher)

    issued = await asyncio.gather(*(codes.issue(ann.id, CodePurpose.RESET, clock.now()) for _ in range(10)))

    assert [await codes.look(code, clock.now()) is not None for code in issued].count(True) == 1


async def test_roles_are_those_granted_and_those_by_rule(door: Door, hasher: Hasher) -> None:
    ann = await a_person(hasher, roles=[Role.HR])
    await a_person(hasher, "Gus", is_guest=True)
    unit = await OrgUnit.create(name="Labs", head_id=ann.id, created_at=START)

    assert session.roles(await door.signed_in()) == [
        Grant(Role.HR),
        Grant(Role.MODERATOR, unit.id),
        Grant(Role.MEMBER),
    ]
    assert session.roles(await door.signed_in("gus@firm.example")) == [Grant(Role.GUEST)]

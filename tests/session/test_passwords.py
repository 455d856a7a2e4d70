"""Passwords and secrets."""

from __future__ import annotations

import pytest

from auth import secrets
from auth.passwords import Hasher, check_strength
from models.errors import ErrorCode, Invalid
from tests.session.door import GOOD, OTHER

pytestmark = pytest.mark.usefixtures("database")


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

"""Global ids: opaque, stable, with one spelling each."""

import base64
from typing import Any
from uuid import UUID, uuid4

import pytest

from execution.ids import InvalidId, decode_id, encode_id

KEY = UUID("0198c0de-0000-7000-8000-000000000001")


@pytest.mark.parametrize("type_name", ["Person", "A", "OrgUnit2", "X" * 61])
def test_an_id_names_its_type_and_key(type_name: str) -> None:
    key = uuid4()

    assert decode_id(encode_id(type_name, key)) == (type_name, key)


def test_an_id_is_stable_and_short() -> None:
    assert encode_id("Person", KEY) == "AZjA3gAAcACAAAAAAAAAAVBlcnNvbg"
    assert encode_id("Person", KEY) != encode_id("Group", KEY)


TEXT = encode_id("Person", KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        str(KEY),
        "UGVyc29uOjE=",
        TEXT + "=",
        TEXT + "==",
        TEXT + "\n",
        " " + TEXT,
        TEXT[:10] + "\n" + TEXT[10:],
        TEXT[:-1] + "h",  # the last character holds two bits that mean nothing
        TEXT[:-1],
        TEXT[:22],
        TEXT + "A" * 200,
        TEXT.replace("A", "Ä"),
        "\ud800" * 30,
        base64.urlsafe_b64encode(KEY.bytes + b"person").decode().rstrip("="),
        base64.urlsafe_b64encode(KEY.bytes + b"Per son").decode().rstrip("="),
        base64.urlsafe_b64encode(KEY.bytes + b"Person\n").decode().rstrip("="),
        base64.urlsafe_b64encode(KEY.bytes + b"P\xff").decode().rstrip("="),
    ],
)
def test_whatever_else_is_no_id(text: Any) -> None:
    with pytest.raises(InvalidId):
        decode_id(text)

"""Writing in somebody's name: allowed by them, bounded by their rights, and never hidden."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from atrium.worker import fire
from execution.ids import encode_id
from models.delegates import DELEGATES_MAX, Delegate
from models.feed import Post, PostStatus
from models.groups import Visibility
from models.log import LoggedEvent
from models.people import Person
from models.session import Role
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.changes import an_hr
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person, a_unit
from tests.factories.session import a_role
from tests.factories.tags import a_tag
from tests.posts.telling import a_draft, a_written, as_seen, codes, in_feed, said


async def a_pair() -> tuple[Person, Person]:
    """Lea, who leads, and Del, who may write in her name."""
    lea, del_ = await a_person("Lea"), await a_person("Del")
    await Delegate.create(person_id=lea.id, delegate_id=del_.id, created_at=NOW)
    return lea, del_


async def test_a_delegate_writes_in_the_leaders_name_and_everybody_sees_who_wrote(ask: Ask) -> None:
    [lea, del_], bob = await a_pair(), await a_person("Bob")

    post = await a_written(ask, del_, "From the top", on_behalf_of_id=global_id(lea))

    seen = await as_seen(ask, bob, post)
    assert seen and (seen["author"]["name"], seen["writtenBy"]["name"]) == ("Lea", "Del")
    assert (await LoggedEvent.get()).actor_id == del_.id


async def test_nobody_writes_in_a_name_without_leave(ask: Ask) -> None:
    lea, bob = await a_person("Lea"), await a_person("Bob")

    data = await ask(bob, "posts/create_post", kind="IDEA", body="x", on_behalf_of_id=global_id(lea))

    assert codes(data["createPost"]) == ["FORBIDDEN"]
    assert "Ask them" in said(data["createPost"])
    assert await Post.all().count() == 0


async def test_nobody_writes_for_somebody_who_has_left(ask: Ask) -> None:
    lea, del_ = await a_pair()
    await Person.filter(id=lea.id).update(active=False)

    data = await ask(del_, "posts/create_post", kind="IDEA", body="x", on_behalf_of_id=global_id(lea))

    assert codes(data["createPost"]) == ["FORBIDDEN"]


async def test_the_leaders_rights_count_and_not_the_delegates(ask: Ask) -> None:
    lea, del_ = await a_pair()
    unit = await a_unit(head=lea)
    await Person.filter(id=lea.id).update(unit_id=unit.id)
    await a_role(del_, Role.COMMUNICATOR)
    hers = {"kind": "ANNOUNCEMENT", "body": "x", "on_behalf_of_id": global_id(lea)}

    to_unit = await ask(del_, "posts/create_post", **hers, audience={"orgUnitId": global_id(unit)})
    to_all = await ask(del_, "posts/create_post", **hers, audience={"company": True})

    assert (codes(to_unit["createPost"]), codes(to_all["createPost"])) == ([], ["FORBIDDEN"])


async def test_restricted_tags_are_the_leaders_to_give_and_not_the_delegates(ask: Ask) -> None:
    lea, del_ = await a_pair()
    await a_tag("official", kept=True, restricted=True)
    new = {"kind": "IDEA", "body": "#official", "on_behalf_of_id": global_id(lea)}
    role = await a_role(del_, Role.COMMUNICATOR)
    refused = await ask(del_, "posts/create_post", **new)
    await role.delete()
    await a_role(lea, Role.COMMUNICATOR)

    let = await ask(del_, "posts/create_post", **new)

    assert (codes(refused["createPost"]), codes(let["createPost"])) == (["FORBIDDEN"], [])


async def test_a_delegate_names_no_group_that_they_do_not_know_of(ask: Ask) -> None:
    lea, del_ = await a_pair()
    secret = await a_group("Plot", owner=lea, visibility=Visibility.SECRET)

    data = await ask(
        del_,
        "posts/create_post",
        kind="IDEA",
        body="x",
        on_behalf_of_id=global_id(lea),
        audience={"groupId": global_id(secret)},
    )

    assert codes(data["createPost"]) == ["NOT_FOUND"]


async def test_both_see_and_publish_what_is_drafted(ask: Ask) -> None:
    lea, del_ = await a_pair()
    draft = await a_draft(ask, del_, on_behalf_of_id=global_id(lea))

    lists = [(await ask(who, "publishing/drafts", first=9))["viewer"]["drafts"]["totalCount"] for who in (lea, del_)]
    data = await ask(lea, "publishing/publish_post", post_id=global_id(draft))

    assert (lists, codes(data["publishPost"])) == ([1, 1], [])


async def test_who_is_withdrawn_keeps_no_hand_on_what_they_wrote(ask: Ask) -> None:
    lea, del_ = await a_pair()
    draft = await a_draft(ask, del_, on_behalf_of_id=global_id(lea))
    post = await a_written(ask, del_, on_behalf_of_id=global_id(lea))

    await ask(lea, "delegates/withdraw_delegate", person_id=global_id(del_))

    edited = await ask(del_, "posts/edit_post", post_id=global_id(post), body="Sabotage")
    assert codes(edited["editPost"]) == ["FORBIDDEN"]
    assert await as_seen(ask, del_, draft) is None
    seen = await as_seen(ask, lea, post)
    assert seen and seen["writtenBy"]["name"] == "Del"


async def test_what_a_withdrawn_delegate_scheduled_comes_back(ask: Ask, clock: TurnedClock) -> None:
    lea, del_ = await a_pair()
    at = (clock.now() + timedelta(hours=1)).isoformat()
    post = await a_written(ask, del_, scheduled_at=at, on_behalf_of_id=global_id(lea))
    await ask(lea, "delegates/withdraw_delegate", person_id=global_id(del_))

    clock.turn(hours=2)
    await fire(ask.services)

    seen = await as_seen(ask, lea, post)
    assert seen and (seen["status"], await in_feed(ask, del_)) == ("DRAFT", [])
    assert "no longer lets" in seen["returnedReason"]


async def test_the_leader_publishes_what_a_withdrawn_delegate_has_drafted(ask: Ask) -> None:
    lea, del_ = await a_pair()
    draft = await a_draft(ask, del_, on_behalf_of_id=global_id(lea))
    await ask(lea, "delegates/withdraw_delegate", person_id=global_id(del_))

    data = await ask(lea, "publishing/publish_post", post_id=global_id(draft))

    assert codes(data["publishPost"]) == []
    assert (await Post.get()).status == PostStatus.PUBLISHED


@pytest.mark.parametrize("who", ["Lea", "Del"])
async def test_who_comes_back_to_the_company_writes_in_no_name_and_nobody_in_theirs(ask: Ask, who: str) -> None:
    lea, del_ = await a_pair()
    hana, back = await an_hr(), global_id(lea if who == "Lea" else del_)
    await ask(hana, "org/record_leave", person_id=back)
    await ask(hana, "org/rehire_person", person_id=back, title="Nurse")

    data = await ask(del_, "posts/create_post", kind="IDEA", body="Hello", on_behalf_of_id=global_id(lea))

    assert codes(data["createPost"]) == ["FORBIDDEN"]
    assert await Delegate.all().count() == 0


async def test_allowing_twice_is_allowing_once_and_so_is_withdrawing(ask: Ask) -> None:
    lea, del_ = await a_person("Lea"), await a_person("Del")
    about = {"person_id": global_id(del_)}

    for operation in ("delegates/allow_delegate", "delegates/withdraw_delegate"):
        for _ in range(2):
            [payload] = (await ask(lea, operation, **about)).values()
            assert payload["errors"] == []

    assert [e.kind for e in await LoggedEvent.all().order_by("id")] == ["DelegateAllowed", "DelegateWithdrawn"]
    assert await Delegate.all().count() == 0


async def test_delegates_and_principals_are_told_to_each_of_the_two(ask: Ask) -> None:
    lea, del_ = await a_pair()

    hers = (await ask(lea, "delegates/delegates", first=9))["viewer"]
    his = (await ask(del_, "delegates/delegates", first=9))["viewer"]

    assert [p["name"] for p in hers["delegates"]["nodes"]] == [p["name"] for p in _of(his)] + ["Del"]
    assert [p["name"] for p in his["principals"]["nodes"]] == ["Lea"]


async def test_neither_oneself_nor_guests_nor_who_has_left_are_delegates(ask: Ask) -> None:
    lea, gil, gone = await a_person("Lea"), await a_guest("Gil"), await a_person("Gone", active=False)

    got = [
        codes((await ask(lea, "delegates/allow_delegate", person_id=global_id(one)))["allowDelegate"])
        for one in (lea, gil, gone)
    ]

    assert got == [["BAD_USER_INPUT"], ["FORBIDDEN"], ["FORBIDDEN"]]


async def test_a_guest_lets_nobody_write_in_their_name(ask: Ask) -> None:
    gil, ann = await a_guest("Gil"), await a_person("Ann")

    data = await ask(gil, "delegates/allow_delegate", person_id=global_id(ann))

    assert codes(data["allowDelegate"]) == ["NOT_FOUND"]


async def test_there_are_only_so_many_delegates(ask: Ask) -> None:
    lea, last = await a_person("Lea"), await a_person("Last")
    for i in range(DELEGATES_MAX):
        await Delegate.create(person_id=lea.id, delegate_id=(await a_person(f"D{i}")).id, created_at=NOW)

    data = await ask(lea, "delegates/allow_delegate", person_id=global_id(last))

    assert codes(data["allowDelegate"]) == ["BAD_USER_INPUT"]
    assert await Delegate.all().count() == DELEGATES_MAX


def _of(viewer: dict[str, Any]) -> list[dict[str, Any]]:
    return viewer["delegates"]["nodes"]


async def test_who_cannot_be_seen_cannot_be_withdrawn_and_looks_like_nobody(ask: Ask) -> None:
    guest, stranger = await a_guest(), await a_person("Stranger")
    unknown = encode_id("Person", uuid.uuid4())

    told = [await ask(guest, "delegates/withdraw_delegate", person_id=id) for id in (global_id(stranger), unknown)]

    assert [codes(data["withdrawDelegate"]) for data in told] == [["NOT_FOUND"]] * 2
    assert told[0] == told[1]

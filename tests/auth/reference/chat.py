"""What the conditions on conversations, and on what is said in them, mean."""

from __future__ import annotations

from models.conversations import ConversationKind, ConversationRole
from tests.auth.reference.registry import Asker, on_rooms, on_sayings
from tests.auth.reference.standing import belongs
from tests.auth.rooms import Room, Saying


@on_rooms("chat.readable_conversations")
def sees_room(asker: Asker, room: Room) -> bool:
    return asker.may_ask("chat:read") and (is_in(asker, room) or finds(asker, room))


@on_rooms("chat.can_gather")
def gathers(asker: Asker, room: Room) -> bool:
    return asker.may_ask("chat:write") and not asker.person.is_guest


@on_rooms("chat.can_keep_up")
def keeps_up(asker: Asker, room: Room) -> bool:
    return asker.may_ask("chat:write") and is_in(asker, room)


@on_rooms("chat.can_take_part")
def takes_part(asker: Asker, room: Room) -> bool:
    return keeps_up(asker, room) and not room.archived


@on_rooms("chat.can_write")
def writes(asker: Asker, room: Room) -> bool:
    if not takes_part(asker, room):
        return False
    return room.kind != ConversationKind.DIRECT or all(is_active(asker, one.person) for one in room.partners)


@on_rooms("chat.can_add")
def adds(asker: Asker, room: Room) -> bool:
    return takes_part(asker, room) and room.kind != ConversationKind.DIRECT and not asker.person.is_guest


@on_rooms("chat.can_join")
def joins_room(asker: Asker, room: Room) -> bool:
    if is_in(asker, room) or room.archived:
        return False
    return asker.may_ask("chat:write") and finds(asker, room)


@on_rooms("chat.can_leave")
def leaves_room(asker: Asker, room: Room) -> bool:
    return keeps_up(asker, room) and room.kind != ConversationKind.DIRECT


@on_rooms("chat.can_keep")
def keeps(asker: Asker, room: Room) -> bool:
    mine = room.partner(asker.person.id)
    return leaves_room(asker, room) and mine is not None and mine.role == ConversationRole.OWNER


@on_rooms("chat.can_dismiss")
def dismisses(asker: Asker, room: Room) -> bool:
    return keeps(asker, room) and not room.archived


@on_sayings("chat.readable_messages")
def hears(asker: Asker, saying: Saying) -> bool:
    mine = saying.room.partner(asker.person.id)
    return asker.may_ask("chat:read") and mine is not None and saying.sequence > mine.since


@on_sayings("chat.can_see_message_history")
def sees_message_history(asker: Asker, saying: Saying) -> bool:
    return hears(asker, saying) and not saying.removed


@on_sayings("chat.can_take_part_in_message")
def takes_part_in_message(asker: Asker, saying: Saying) -> bool:
    return sees_message_history(asker, saying) and writes(asker, saying.room)


@on_sayings("chat.can_edit_message")
def edits_message(asker: Asker, saying: Saying) -> bool:
    return takes_part_in_message(asker, saying) and saying.author == asker.person.id


@on_sayings("chat.can_delete_message")
def deletes_message(asker: Asker, saying: Saying) -> bool:
    keeps_order = sees_message_history(asker, saying) and dismisses(asker, saying.room)
    return edits_message(asker, saying) or keeps_order


def is_in(asker: Asker, room: Room) -> bool:
    return room.partner(asker.person.id) is not None


def finds(asker: Asker, room: Room) -> bool:
    """Whether it is a channel of where the asker belongs, who is of the company."""
    if room.kind != ConversationKind.CHANNEL or room.home is None or asker.person.is_guest:
        return False
    return belongs(asker, room.home)


def is_active(asker: Asker, id: object) -> bool:
    return any(person.id == id and person.active for person in asker.world.people)

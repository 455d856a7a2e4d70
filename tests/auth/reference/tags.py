"""What the conditions on tags and mentions mean."""

from __future__ import annotations

from models.feed import PostStatus
from models.session import Role
from tests.auth.reference.chat import sees_message_history
from tests.auth.reference.feed import sees, sees_comment
from tests.auth.reference.registry import Asker, on_calls, on_labels
from tests.auth.worlds import Call, Label


@on_labels("tags.readable")
def knows_tag(asker: Asker, label: Label) -> bool:
    if not asker.may_ask("feed:read"):
        return False
    if label.kept and not asker.person.is_guest:
        return True
    if asker.person.id == label.creator or asker.person.id in label.followers:
        return True
    return any(sees(asker, post) for post in asker.world.posts if post.id in label.posts)


@on_labels("tags.can_follow")
def follows_tag(asker: Asker, label: Label) -> bool:
    return asker.may_ask("feed:write")


@on_labels("tags.can_keep")
def keeps_tag(asker: Asker, label: Label) -> bool:
    offices = [one for one in asker.world.offices if one.person == asker.person.id and one.unit is None]
    keeps = any(one.role in (Role.COMMUNICATOR, Role.ADMIN) for one in offices)
    return keeps and asker.may_ask("feed:write") and not asker.person.is_guest


@on_calls("mentions.readable")
def reads_mention(asker: Asker, call: Call) -> bool:
    if call.person != asker.person.id:
        return False
    if any(post.id == call.subject and sees(asker, post) for post in asker.world.posts):
        return True
    if any(saying.id == call.subject and sees_message_history(asker, saying) for saying in asker.world.sayings):
        return True
    comments = [one for one in asker.world.comments if one.id == call.subject]
    return any(sees_comment(asker, one) and one.status != PostStatus.REMOVED for one in comments)

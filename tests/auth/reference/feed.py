"""What the conditions on posts, comments and what they said before mean."""

from __future__ import annotations

from models.feed import PostStatus
from models.session import Role
from tests.auth.reference.chat import sees_message_history
from tests.auth.reference.registry import Asker, on_comments, on_pasts, on_people, on_posts, on_units
from tests.auth.reference.standing import belongs, holds_office, is_archived, moderates, reads, speaks_for
from tests.auth.rooms import Saying
from tests.auth.worlds import Entry, Past, Somebody, Unit


@on_posts("feed.readable_posts")
def sees(asker: Asker, post: Entry) -> bool:
    if not asker.may_ask("feed:read"):
        return False
    match post.status:
        case PostStatus.PUBLISHED:
            return reads(asker, post.audience)
        case PostStatus.IN_REVIEW:
            return is_own(asker, post) or (belongs(asker, post.audience) and moderates(asker, post.audience))
        case PostStatus.DRAFT | PostStatus.SCHEDULED:
            return is_own(asker, post)
        case PostStatus.REMOVED:
            return False


@on_comments("feed.readable_comments")
def sees_comment(asker: Asker, comment: Entry) -> bool:
    gone = comment.status == PostStatus.REMOVED and not comment.kept
    return asker.may_ask("feed:read") and not gone and reads(asker, comment.audience)


@on_posts("feed.can_post")
def posts_there(asker: Asker, post: Entry) -> bool:
    return asker.may_ask("feed:write") and belongs(asker, post.audience) and not is_archived(asker, post.audience)


@on_posts("feed.can_announce")
def announces_there(asker: Asker, post: Entry) -> bool:
    return posts_there(asker, post) and speaks_for(asker, post.audience)


@on_posts("feed.can_edit_post")
def edits(asker: Asker, post: Entry) -> bool:
    if not (asker.may_ask("feed:write") and sees(asker, post) and is_own(asker, post)):
        return False
    return post.status != PostStatus.PUBLISHED or not is_archived(asker, post.audience)


@on_posts("feed.can_delete_post")
def deletes(asker: Asker, post: Entry) -> bool:
    if edits(asker, post):
        return True
    return asker.may_ask("feed:write") and sees(asker, post) and stands(asker, post) and moderates(asker, post.audience)


@on_posts("feed.can_judge_post")
def judges(asker: Asker, post: Entry) -> bool:
    waits = post.status == PostStatus.IN_REVIEW and asker.person.id not in (post.author, post.writer)
    return waits and posts_there(asker, post) and moderates(asker, post.audience)


@on_posts("feed.can_curate_post")
def curates(asker: Asker, post: Entry) -> bool:
    return posts_there(asker, post) and stands(asker, post) and moderates(asker, post.audience)


@on_posts("feed.can_close_post")
def closes(asker: Asker, post: Entry) -> bool:
    if not (asker.may_ask("feed:write") and stands(asker, post) and reads(asker, post.audience)):
        return False
    return is_own(asker, post) or curates(asker, post)


@on_posts("feed.can_require_reading")
def requires(asker: Asker, post: Entry) -> bool:
    return announces_there(asker, post) and stands(asker, post)


@on_posts("feed.can_see_reach")
def sees_reach(asker: Asker, post: Entry) -> bool:
    if not (asker.may_ask("feed:read") and post.status == PostStatus.PUBLISHED and reads(asker, post.audience)):
        return False
    return is_own(asker, post) or (belongs(asker, post.audience) and speaks_for(asker, post.audience))


@on_posts("feed.can_oversee_reading")
def oversees_reading(asker: Asker, post: Entry) -> bool:
    if not (asker.may_ask("feed:read") and post.status == PostStatus.PUBLISHED and reads(asker, post.audience)):
        return False
    return is_own(asker, post) or speaks_for(asker, post.audience) or holds_office(asker, post.audience, Role.HR)


@on_posts("feed.can_publish_post")
def publishes(asker: Asker, post: Entry) -> bool:
    waits = post.status in (PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.IN_REVIEW)
    return asker.may_ask("feed:write") and waits and is_own(asker, post)


@on_posts("feed.can_move_post")
def moves(asker: Asker, post: Entry) -> bool:
    return publishes(asker, post) or closes(asker, post)


@on_posts("feed.can_share_post")
def shares(asker: Asker, post: Entry) -> bool:
    there = post.status == PostStatus.PUBLISHED and reads(asker, post.audience)
    return asker.may_ask("feed:write") and there


@on_posts("feed.can_see_post_history")
def sees_post_history(asker: Asker, post: Entry) -> bool:
    keeps_order = belongs(asker, post.audience) and moderates(asker, post.audience)
    return sees(asker, post) and (is_own(asker, post) or keeps_order)


@on_comments("feed.can_see_comment_history")
def sees_comment_history(asker: Asker, comment: Entry) -> bool:
    keeps_order = belongs(asker, comment.audience) and moderates(asker, comment.audience)
    there = sees_comment(asker, comment) and comment.status != PostStatus.REMOVED
    return there and (comment.author == asker.person.id or keeps_order)


@on_pasts("feed.readable_revisions")
def sees_past(asker: Asker, past: Past) -> bool:
    if isinstance(past.of, Saying):
        return False
    is_post = past.of.under is None
    return sees_post_history(asker, past.of) if is_post else sees_comment_history(asker, past.of)


@on_pasts("revisions.readable")
def sees_any_past(asker: Asker, past: Past) -> bool:
    return sees_message_history(asker, past.of) if isinstance(past.of, Saying) else sees_past(asker, past)


@on_units("feed.can_moderate_unit")
def moderates_unit(asker: Asker, unit: Unit) -> bool:
    return asker.may_ask("feed:write") and not asker.person.is_guest and moderates(asker, unit.id)


@on_people("delegates.can_be_delegate")
def is_fit_to_write_for(asker: Asker, person: Somebody) -> bool:
    from_inside = asker.may_ask("feed:write") and not asker.person.is_guest
    return from_inside and person.active and not person.is_guest and person.id != asker.person.id


@on_posts("feed.can_take_part")
@on_comments("feed.can_take_part_in_comment")
def takes_part(asker: Asker, entry: Entry) -> bool:
    return posts_there(asker, entry) and stands(asker, entry)


@on_posts("feed.can_comment")
def comments_on(asker: Asker, post: Entry) -> bool:
    return takes_part(asker, post) and not post.closed


@on_comments("feed.can_edit_comment")
def edits_comment(asker: Asker, comment: Entry) -> bool:
    mine = comment.author == asker.person.id
    return asker.may_ask("feed:write") and stands(asker, comment) and reads(asker, comment.audience) and mine


@on_comments("feed.can_delete_comment")
def deletes_comment(asker: Asker, comment: Entry) -> bool:
    if edits_comment(asker, comment):
        return True
    allowed = asker.may_ask("feed:write") and moderates(asker, comment.audience)
    return allowed and stands(asker, comment) and reads(asker, comment.audience)


def stands(asker: Asker, entry: Entry) -> bool:
    """Whether it is there for its audience, in which things may still change."""
    return entry.status == PostStatus.PUBLISHED and not is_archived(asker, entry.audience)


def is_own(asker: Asker, post: Entry) -> bool:
    lets = (post.author, asker.person.id) in asker.world.delegates
    return post.author == asker.person.id or (post.writer == asker.person.id and lets)

"""Who finds conversations, reads and writes in them, and keeps them. No role gives sight of any."""

from auth.conditions import Column, InAudience, Unset, by_viewer, granted, is_member
from auth.history import SinceJoining
from auth.related import Of, Own, Some
from models.conversations import Conversation, ConversationKind, ConversationMember, ConversationRole
from models.people import Person

in_conversation = InAudience("id")
is_direct = Column("kind", ConversationKind.DIRECT)
is_channel = Column("kind", ConversationKind.CHANNEL)
is_live = Unset("archived_at")
is_left = is_direct & Some(
    "id", ConversationMember, "conversation_id", Of("person_id", Person, ~Column("active", True))
)  # one of the two has left the company
owns = Own("id", ConversationMember, "conversation_id", Column("role", ConversationRole.OWNER))
belongs_at_home = InAudience("home_id")
at_home = is_member & is_channel & belongs_at_home  # guests find none: they are put into conversations

readable_conversations = granted("chat:read") & (in_conversation | at_home)

can_gather = granted("chat:write") & is_member  # people into a group, or a channel
can_keep_up = granted("chat:write") & in_conversation  # mark what one has read, mute it
can_take_part = granted("chat:write") & in_conversation & is_live  # react, pin
can_write = can_take_part & ~is_left
can_add = can_take_part & ~is_direct & is_member
can_join = granted("chat:write") & is_live & at_home & ~in_conversation
can_leave = granted("chat:write") & in_conversation & ~is_direct
can_keep = granted("chat:write") & in_conversation & ~is_direct & owns  # rename, archive, wake, set how long it is kept
can_dismiss = can_keep & is_live

is_removed = Column("removed", True)
is_here = InAudience("conversation_id")
is_open = Of("conversation_id", Conversation, can_write)
is_own = by_viewer("author_id")

readable_messages = granted("chat:read") & is_here & SinceJoining()

can_edit_message = readable_messages & ~is_removed & is_own & is_open
can_delete_message = (
    readable_messages & ~is_removed & (is_own & is_open | Of("conversation_id", Conversation, can_dismiss))
)
can_take_part_in_message = readable_messages & ~is_removed & is_open  # react, reply, pin
can_see_message_history = readable_messages & ~is_removed

# What was done already: doing it again is no fault, and changes nothing.
was_deleted = readable_messages & is_removed & (is_own & is_open | Of("conversation_id", Conversation, can_dismiss))

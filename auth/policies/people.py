"""Who may see and change people."""

from auth.conditions import Column, OfViewer, SharesAudience, Within, by_viewer, granted, has_role, is_guest, is_member
from auth.policies.org import has_begun
from auth.related import Own, Some
from auth.standing import Leads
from models.conversations import ConversationMember
from models.follows import Block
from models.session import Role

is_partner = Some(
    "id",
    ConversationMember,
    "person_id",
    Own("conversation_id", ConversationMember, "conversation_id", OfViewer(lambda viewer: True)),
)  # they are in a conversation with the viewer

# A guest's sight is an allow list of its own, never "everything but". Every token may read who its own person is.
readable = by_viewer("id") | granted("people:read") & (
    is_member & has_begun | is_guest & (SharesAudience("id") | is_partner)
)

is_active = Column("active", True)
manages = has_role(Role.HR, Role.ADMIN, unit="unit_id")

is_led = Leads("id") | Within("unit_id", lambda viewer: viewer.headed)  # in the solid line, or in a unit of theirs

# Either has blocked the other. Each has a condition of its own inside: facts are told apart by it.
is_parted = Own("id", Block, "person_id", OfViewer(lambda viewer: True), person="blocker_id") | Own(
    "id", Block, "blocker_id", OfViewer(lambda viewer: True)
)
is_colleague = is_active & Column("is_guest", False) & Column("planned", False)
# As somebody who knows about a thing. Who does not want that looks as one who does not know.
suggestible = readable & is_colleague & Column("suggested", True) & ~by_viewer("id") & ~is_parted

can_update = granted("people:write") & is_active & (by_viewer("id") | manages)
can_employ = granted("people:write") & manages  # have somebody join, leave, come back
can_place = granted("org:write") & manages  # change posts and lines
can_deactivate = granted("people:write") & is_active & manages & ~by_viewer("id")

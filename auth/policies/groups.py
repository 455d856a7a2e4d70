"""Who may know of groups, join them, and lead them. A group's audience has its key, so who is in it reads it."""

from auth.conditions import Among, Column, InAudience, OfViewer, Unset, granted, is_member
from auth.related import Own
from models.groups import JoinPolicy, Membership, MembershipStatus, Visibility
from models.session import Role

in_group = InAudience("id")
is_invited = Own("id", Membership, "group_id", Column("status", MembershipStatus.INVITED))
is_banned = Own("id", Membership, "group_id", Column("status", MembershipStatus.BANNED))
is_by_invitation = Column("join_policy", JoinPolicy.INVITE)
is_secret = Column("visibility", Visibility.SECRET)
is_open = Column("visibility", Visibility.OPEN)
is_live = Unset("archived_at")
administers = OfViewer(lambda viewer: viewer.everywhere(Role.ADMIN))
leads = Among("id", lambda viewer: viewer.leads)
owns = Among("id", lambda viewer: viewer.owns)

# No role gives sight: neither an administrator nor a head knows of a secret group that they are not in.
readable = granted("groups:read") & (in_group | is_member & ~is_secret | is_invited)

can_see_members = in_group | is_member & is_open
can_create = granted("groups:write") & is_member
can_join = granted("groups:write") & is_live & ~in_group & ~is_banned & (is_invited | is_member & ~is_by_invitation)
can_leave = granted("groups:write") & in_group
can_lead = granted("groups:write") & is_live & leads  # let people and posts in, and take them out
can_welcome = granted("groups:write") & is_live & in_group & administers  # say whether newcomers come into it
can_update = granted("groups:write") & is_live & owns
can_own = granted("groups:write") & owns  # also what an archived group allows: to wake it, to delete it

"""What an audience's state allows: rows of it are read by those who belong to it, and of an open one by the company."""

from auth.conditions import Column, InAudience, OfViewer, Unset, Within, granted, in_audience, is_member
from auth.related import Of
from models.audiences import Audience
from models.session import Role

is_open = Of("audience_id", Audience, Column("open", True))
is_live = Of("audience_id", Audience, Column("read_only", False))

may_read = in_audience | is_member & is_open
may_write = in_audience & is_live

# Rules of groups are seen with their group; those with a name by whom they concern and by who may make them.
makes_rules = is_member & OfViewer(lambda viewer: viewer.everywhere(Role.COMMUNICATOR, Role.HR, Role.ADMIN))
readable_rules = granted("feed:read") & ~Unset("name") & (makes_rules | InAudience("id"))
can_make_rules = granted("feed:write") & makes_rules

# Whoever leads units makes rules for groups of theirs that mean nobody outside these.
leads_unit = Within("id", lambda viewer: viewer.headed)
leads_unit_of = Within("unit_id", lambda viewer: viewer.headed)

"""Who sees a field of a person's profile, who writes it, and who says which fields there are."""

from auth.conditions import Column, Condition, OfViewer, Unset, by_viewer, granted, is_member
from auth.policies import people
from auth.standing import Leads, on_unit_path
from models.profiles import FieldVisibility
from models.session import Role

# Of a person whom the viewer sees. Each includes those before it, so that a stricter visibility never shows more.
readable_self: Condition = by_viewer("id")
readable_hr = readable_self | people.manages
readable_manager = readable_hr | Leads("id")
readable_unit = readable_manager | on_unit_path("unit_id")
readable_public: Condition = OfViewer(lambda viewer: True)

SEEN_BY: dict[FieldVisibility, Condition] = {
    FieldVisibility.PUBLIC: readable_public,
    FieldVisibility.UNIT: readable_unit,
    FieldVisibility.MANAGER: readable_manager,
    FieldVisibility.HR: readable_hr,
    FieldVisibility.SELF: readable_self,
}
"""The one place that says who sees a field of each visibility."""

can_update_locked = people.can_update & people.manages

# One set of fields for the whole company: a role for a single unit is not enough.
keeps_fields = is_member & OfViewer(lambda viewer: viewer.everywhere(Role.HR, Role.ADMIN))
is_public = Column("visibility", FieldVisibility.PUBLIC)

# What a company asks of its people is not for guests, except where the answers are.
readable_fields = granted("people:read") & (Unset("deleted_at") & (is_member | is_public) | keeps_fields)
can_keep_fields = granted("people:write") & keeps_fields

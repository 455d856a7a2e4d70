"""Who may see and change units: everybody of the company sees them, no guest does."""

from auth.conditions import Within, granted, has_role, is_member
from models.session import Role

# Every token may read its person's roles, and so the units that these are for.
in_office = Within("id", lambda viewer: viewer.units_of(*Role))

readable = is_member & (granted("org:read") | in_office)

can_update = granted("org:write") & has_role(Role.HR, Role.ADMIN, unit="id")

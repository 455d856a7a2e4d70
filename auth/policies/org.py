"""Who may see units: everybody of the company, no guest."""

from auth.conditions import granted, has_role, is_member
from models.session import Role

readable = is_member

can_update = granted("org:write") & has_role(Role.HR, Role.ADMIN, unit="id")

"""Who may follow and block whom."""

from auth.conditions import by_viewer, granted
from auth.policies import people

can_follow = granted("people:write") & people.is_active & ~by_viewer("id")
can_unfollow = granted("people:write")
can_block = granted("people:write") & ~by_viewer("id")

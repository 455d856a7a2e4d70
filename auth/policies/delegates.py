"""Whom people may let write in their name."""

from auth.conditions import Column, by_viewer, granted, is_member
from auth.policies import people

can_be_delegate = granted("feed:write") & is_member & people.is_active & Column("is_guest", False) & ~by_viewer("id")

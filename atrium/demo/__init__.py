"""The demonstration company: pure, deterministic generators of people, units, posts and comments."""

"""Changes of the org chart: each a value (`kinds`), made in one way (`apply`), by HR, by commands and by drafts."""

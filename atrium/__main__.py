"""`python -m atrium`: the commands."""

from atrium.commands import app

app(prog_name="atrium")

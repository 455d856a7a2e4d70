"""The commands, one module for what belongs together. Exit codes: 0 done, 1 done with row errors, 2 not done."""

from __future__ import annotations

import typer

from atrium.commands import checks, data, demo, exports, imports, people, serve, units

app = typer.Typer(
    name="atrium",
    help="The backend of a company's own social network.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("migrate")(serve.migrate)
app.command("serve-socket", hidden=True)(serve.serve_socket)
app.command("demo")(demo.demo)
app.command("token")(people.token)
app.add_typer(people.app)
app.add_typer(units.app)
app.add_typer(imports.app)
app.command("export")(exports.export)
app.command("reindex")(data.reindex)
app.command("backup")(data.backup)
app.command("restore")(data.restore)
app.command("sdl")(checks.sdl)
app.command("doctor")(checks.doctor)

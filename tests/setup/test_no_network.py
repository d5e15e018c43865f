"""After set-up no command opens a network socket: each runs without a network, with its system calls watched."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IN_CI = os.environ.get("CI") == "true"
WEAROFF = (sys.executable, "-m", "wearoff")
#: A namespace of its own has no way out; root makes one directly, others map themselves to root in it first.
NAMESPACE = ("unshare", "--net") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--net")
STRACE = ("strace", "-f", "-qq", "-e", "trace=socket,connect,bind,sendto,sendmsg")


@cache
def _works(command: Sequence[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0


def watched(arguments: Sequence[str], folder: Path) -> list[str]:
    """Run a command without a network and return the system calls that asked for one."""
    log = folder / "system-calls.txt"
    if not (_works(NAMESPACE) and _works(STRACE)):
        why = "unshare and strace are needed to watch a command: apt-get install util-linux strace"
        pytest.fail(why) if IN_CI else pytest.skip(why)
    command = [*NAMESPACE, *STRACE, "-o", str(log), *arguments]
    env = os.environ | {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return re.findall(r"^.*AF_(?:INET6?|PACKET)\b.*$", log.read_text(encoding="utf-8"), re.MULTILINE)


def test_no_test_reaches_beyond_this_machine() -> None:
    with pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 443), timeout=1)


def test_the_watch_sees_a_socket(tmp_path: Path) -> None:
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
    assert len(watched([sys.executable, "-c", code], tmp_path)) == 1


def test_there_is_no_way_out_of_the_namespace(tmp_path: Path) -> None:
    code = """import socket, sys
s = socket.socket(); s.settimeout(5)
try: s.connect(("192.0.2.1", 443))
except OSError as error: sys.exit(0 if error.errno == 101 else f"another error: {error}")
sys.exit("it answered")"""
    assert watched([sys.executable, "-c", code], tmp_path)


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("models", "verify")], ids=" ".join)
def test_small_commands(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert watched([*WEAROFF, *arguments], tmp_path) == []


def test_fetching_models_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = ROOT / "src" / "wearoff" / "models" / "files"
    monkeypatch.setenv("WEAROFF_MODELS", str(shutil.copytree(files, tmp_path / "models")))
    assert watched([*WEAROFF, "models", "fetch"], tmp_path) == []


def test_forecast(tmp_path: Path) -> None:
    line = {
        "id": "a",
        "region": "glabella",
        "scale": "lines",
        "today": "2026-05-20",
        "treatments": [{"day": "2026-03-01"}],
        "observations": [{"day": "2026-04-01", "effect": 0.6, "sd": 0.08}],
    }
    (tmp_path / "people.jsonl").write_text(json.dumps(line) + "\n")
    assert watched([*WEAROFF, "forecast", "people.jsonl"], tmp_path) == []


def test_measure_and_report(tmp_path: Path) -> None:
    photos = sorted(path for path in (ROOT / "src/wearoff/sample/photos").rglob("*") if path.suffix == ".jpg")
    folder = tmp_path / "photos"
    folder.mkdir()
    for photo in photos[:2]:
        shutil.copy(photo, folder)
    assert watched([*WEAROFF, "measure", "photos", "--json"], tmp_path) == []
    assert watched([*WEAROFF, "report", "photos", "--today", "2026-11-22"], tmp_path) == []
    assert (folder / "wearoff-report" / "report.html").is_file()


def test_demo(tmp_path: Path) -> None:
    assert watched([*WEAROFF, "demo", "--out", "demo"], tmp_path) == []
    assert (tmp_path / "demo" / "report.html").is_file()

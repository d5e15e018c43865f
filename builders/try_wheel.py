"""Install the built wheel as a user would, into a scratch environment with an empty home, and run it there.

    python builders/try_wheel.py dist/wearoff-0.1.0-py3-none-any.whl

Takes the newest versions of the dependencies, not the locked ones: that is what a plain `pip install` brings.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

UNWANTED = ("django", "mitsuba", "mediapipe", "opencv_python-", "torch")


def run(*command: object, cwd: Path, env: dict[str, str]) -> str:
    """Run a command; its last words are shown when it fails."""
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(word) for word in command)} returned {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main(wheel: Path) -> None:
    """Install, look at what came along, verify the models, run the sample person."""
    with tempfile.TemporaryDirectory(prefix="wearoff-wheel-") as work:
        home = Path(work) / "home"
        home.mkdir()
        scratch = Path(work) / "venv"
        env = {key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "WEAROFF"))}
        env |= {"HOME": str(home), "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
        programs = scratch / ("Scripts" if os.name == "nt" else "bin")
        uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', '')}")
        if uv:
            env["UV_CACHE_DIR"] = run(uv, "cache", "dir", cwd=home, env=dict(os.environ)).strip()
            run(uv, "venv", "--quiet", "--python", sys.executable, scratch, cwd=home, env=env)
            run(uv, "pip", "install", "--quiet", "--python", programs / "python", wheel, cwd=home, env=env)
        else:
            venv.create(scratch, with_pip=True)
            run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=home, env=env)

        (packages,) = scratch.glob("[lL]ib/**/site-packages")
        installed = sorted(path.name.lower() for path in packages.glob("*.dist-info"))
        if unwanted := [name for name in installed if name.startswith(UNWANTED)]:
            sys.exit(f"a plain installation brings {unwanted}")
        megabytes = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file()) / 1e6
        print(f"installed: {len(installed)} packages, {megabytes:.0f} MB")
        print(run(programs / "wearoff", "models", "verify", cwd=home, env=env).strip().splitlines()[-1])
        print(run(programs / "wearoff", "demo", "--out", home / "demo", cwd=home, env=env).strip())


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())

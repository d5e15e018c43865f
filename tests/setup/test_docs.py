"""The docs say what is so: links lead somewhere, commands exist, every exit code is explained."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from wearoff import errors
from wearoff.cli import _parser

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as common Markdown viewers make them."""
    headings = re.findall(r"^#+\s+(.+)$", text_of(page), re.MULTILINE)
    kept = [re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings]
    return set(kept)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    prose = re.sub(r"```.*?```|`[^`]*`", "", text_of(page), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)", prose) + re.findall(r'(?:src|href)="([^"]+)"', prose):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def shell_lines() -> list[tuple[Path, str]]:
    """Return every command line that a page shows, in indented or fenced blocks and between backquotes."""
    lines = []
    for page in PAGES:
        text = text_of(page)
        lines += [(page, line.strip("$ ")) for line in re.findall(r"^(?: {4}|\$ )\S.*$", text, re.MULTILINE)]
        lines += [
            (page, line) for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
        ]
        lines += [(page, line) for line in re.findall(r"`([^`\n]+)`", text)]
    return lines


def test_make_verbs_in_the_docs_exist() -> None:
    verbs = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    used = {(page.name, verb) for page, line in shell_lines() for verb in re.findall(r"^make ([a-z-]+)", line)}
    assert used, "no page shows a make verb"
    assert {(page, verb) for page, verb in used if verb not in verbs} == set()


def test_wearoff_commands_in_the_docs_exist() -> None:
    actions = [action for action in _parser()._actions if action.choices]
    commands = {str(name) for action in actions for name in action.choices or ()}
    used = {(page.name, name) for page, line in shell_lines() for name in re.findall(r"^wearoff ([a-z]+)", line)}
    assert used, "no page shows a command"
    assert {(page, name) for page, name in used if name not in commands} == set()


def test_every_verb_of_the_makefile_is_explained_by_make_help() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert [verb for verb in phony.group(1).split() if f"make {verb} " not in done.stdout] == []


def test_every_exit_code_is_documented() -> None:
    page = text_of(ROOT / "docs" / "reference" / "exit-codes.md")
    documented = {int(code): name for code, name in re.findall(r"^\| (\d+) \| `?(\w*)`? ?\|", page, re.MULTILINE)}
    family = [errors.WearoffError, *errors.WearoffError.__subclasses__()]
    assert {kind.exit_code: kind.code for kind in family}.items() <= documented.items()
    assert {0, 2, 130} <= documented.keys()


def test_decisions_are_numbered_once() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [record.name[:4] for record in records]
    assert len(numbers) == len(set(numbers))
    assert [record.name for record in records if not text_of(record).startswith(f"# {record.name[:4]}")] == []

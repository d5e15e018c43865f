"""One family of errors, each with a stable exit code and a sentence that says what to do.

A bad photo is a value (`wearoff.photo.Rejected`); what stands here stops a whole command.
The exit codes are documented in `docs/reference/exit-codes.md` and never change their meaning.
"""

from __future__ import annotations


class WearoffError(Exception):
    """A command cannot go on; `message` says what is wrong, `advice` what to do about it."""

    exit_code = 1
    code = "error"

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class InputError(WearoffError):
    """What was given cannot be used: no such folder, a broken table, not one photo that can be measured."""

    exit_code = 3
    code = "input"


class ModelsError(WearoffError):
    """A model file is missing or is not the one whose hash is pinned."""

    exit_code = 4
    code = "models"


class OutputError(WearoffError):
    """The result cannot be written: disk full, no permission."""

    exit_code = 5
    code = "output"

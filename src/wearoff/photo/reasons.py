"""Why a photo cannot be measured, and what to do about it; the codes are stable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wearoff.photo.dating import Taken


class Reason(StrEnum):
    """Every cause for which a photo is rejected, at any stage; a code never changes its meaning."""

    # the file
    UNREADABLE_FILE = "unreadable_file"
    EMPTY_FILE = "empty_file"
    NOT_AN_IMAGE = "not_an_image"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    ANIMATED = "animated"
    UNSUPPORTED = "unsupported"
    DUPLICATE = "duplicate"
    # the day
    NO_DAY = "no_day"
    TWO_DAYS = "two_days"
    DAY_IN_FUTURE = "day_in_future"
    # the person
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    OTHER_PERSON = "other_person"
    TURNED_AWAY = "turned_away"
    FACE_TOO_SMALL = "face_too_small"
    FACE_CUT_OFF = "face_cut_off"
    EYES_COVERED = "eyes_covered"
    FACE_COVERED = "face_covered"
    # the picture
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    RETOUCHED = "retouched"

    @property
    def words(self) -> str:
        """What is wrong, in a few plain words that can stand behind the name of the file."""
        return _WORDS[self][0]

    @property
    def advice(self) -> str:
        """One short sentence: what to do about it. The photo may be months old: "take it again" is no advice."""
        return _WORDS[self][1]


_WORDS: dict[Reason, tuple[str, str]] = {
    Reason.UNREADABLE_FILE: (
        "cannot be opened",
        "Check that the file is still there and that you are allowed to open it.",
    ),
    Reason.EMPTY_FILE: ("the file is empty", "Copy the photo from your phone again."),
    Reason.NOT_AN_IMAGE: ("not a photo", "Use the photo itself, as a JPEG, HEIC, PNG, WebP or TIFF file."),
    Reason.TRUNCATED: ("the file breaks off before its end", "Copy the photo from your phone again."),
    Reason.DAMAGED: ("the file is damaged", "Copy the photo from your phone again."),
    Reason.TOO_LARGE: ("the picture is too large", "Use the photo as your phone saved it, not an enlarged copy."),
    Reason.ANIMATED: ("a moving picture, not a photo", "Use a still photo."),
    Reason.UNSUPPORTED: (
        "this kind of picture cannot be measured",
        "Save the original photo as JPEG, HEIC, PNG, WebP or TIFF.",
    ),
    Reason.DUPLICATE: ("the same photo is here twice", "Nothing to do: it is counted once."),
    Reason.NO_DAY: (
        "the day it was taken is not known",
        "Write the file and its day into dates.csv, for example: IMG_1.jpg,2026-03-01",
    ),
    Reason.TWO_DAYS: (
        "it names two different days",
        "Write the file and the right day into dates.csv, for example: IMG_1.jpg,2026-03-01",
    ),
    Reason.DAY_IN_FUTURE: (
        "its day lies in the future",
        "Write the file and the right day into dates.csv.",
    ),
    Reason.NO_FACE: (
        "no face was found",
        "Use a photo from the front, with the whole face in the picture.",
    ),
    Reason.SEVERAL_FACES: ("there is more than one face", "Crop the photo so that only your face is left."),
    Reason.OTHER_PERSON: (
        "it seems to show somebody else",
        "Keep the photos of each person in a folder of their own.",
    ),
    Reason.TURNED_AWAY: (
        "the head is turned too far",
        "Use a photo in which you look straight into the camera, chin level.",
    ),
    Reason.FACE_TOO_SMALL: (
        "the face is too small to see its lines",
        "Use the original photo, or one from closer: your face should fill about half of it.",
    ),
    Reason.FACE_CUT_OFF: (
        "part of the face is outside the picture",
        "Use a photo with the whole face in it, from hairline to chin.",
    ),
    Reason.EYES_COVERED: ("the eyes are covered", "Use a photo without glasses or sunglasses."),
    Reason.FACE_COVERED: (
        "too much of the face is covered",
        "Use a photo in which hair, hands and masks leave your face free.",
    ),
    Reason.BLURRED: (
        "the face is blurred",
        "Use a sharper photo; next time hold the phone still and tap on your face to focus.",
    ),
    Reason.TOO_DARK: ("the face is too dark", "Use a lighter photo; next time turn your face towards a window."),
    Reason.TOO_BRIGHT: (
        "the face is too bright to see its lines",
        "Use another photo; next time step out of the sun and switch the flash off.",
    ),
    Reason.RETOUCHED: (
        "the skin looks smoothed by a filter",
        "Switch the beauty filter off, or use the photo before it was edited.",
    ),
}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A photo that cannot be measured: its file, the reason, a detail, and what to do; false in a boolean test.

    `detail` says what is special about this file and may be empty; an empty `advice` becomes that of the reason.
    """

    file: str
    reason: Reason
    detail: str = ""
    advice: str = ""
    taken: Taken | None = None
    sha256: str | None = None

    def __post_init__(self) -> None:
        if not self.advice:
            object.__setattr__(self, "advice", self.reason.advice)

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        what = f"{self.reason.words} ({self.detail})" if self.detail else self.reason.words
        return f"{self.file}: {what}. {self.advice}"

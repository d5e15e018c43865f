"""What a person came for, in words: when to come back, how much is left, when to take the next photos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from wearoff.course import AreaCourse, NoteKind
from wearoff.plan import Window, day_in_words
from wearoff.plan.plan import LABEL_INTERVAL_DAYS
from wearoff.report.study import Study
from wearoff.report.words import (
    EXPRESSION_NAMES,
    EXPRESSION_ORDER,
    below_words,
    counted,
    listed,
    percent,
    span,
    week_day,
)
from wearoff.terms import EffectScale

AID = "A measuring aid, not a diagnosis."
_SAID_BY_THE_ANSWER = {NoteKind.NO_TREATMENT, NoteKind.NO_OBSERVATION, NoteKind.ALREADY_GONE}


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its words: what it is, the figure, and what it means with its interval or its why."""

    label: str
    figure: str
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer: a label, the figure in large type, a lead, the reasons; then further facts.

    `caution` stands beside the figure where it does not rest on the person's own photos; `steps` says what to do where
    there is no date.
    """

    label: str
    figure: str
    lead: str
    why: str
    caution: str
    facts: tuple[Fact, ...]
    steps: tuple[str, ...]


def answer(study: Study) -> Answer:
    """Return the answer of a study."""
    whole, window = study.course.overall, study.plan.maintenance
    if whole is None or window is None:
        return Answer(
            "When it wears off",
            "No date yet",
            study.plan.reason or study.course.reason,
            _what_is_known(study),
            "",
            (),
            steps(study),
        )
    gone = whole.wear_off.median <= study.today
    return Answer(
        "Your maintenance date" if study.course.from_person else "Maintenance date, from other people’s results",
        "From now on" if gone else f"Around {week_day(window.best, study.today)}",
        _lead(window, study, gone),
        window.reason,
        "" if study.course.from_person else _caution(study),
        (_today(whole, study), _photo(study)),
        steps(study),
    )


def _lead(window: Window, study: Study, gone: bool) -> str:
    if gone:
        level = below_words(study.keep)
        return (
            f"It is most likely below {level} by now. The first day that fits is {week_day(window.best, study.today)}."
        )
    return f"Any day from {span(window.start, window.end, study.today)} is a good one."


def _today(whole: AreaCourse, study: Study) -> Fact:
    now = whole.effect_today
    between = f"most likely between {percent(now.lo90)} and {percent(now.hi90)}"
    if not study.course.from_person:
        return Fact("Left today, in other people", f"about {percent(now.mean)}", f"At this time {between}.")
    best = float(whole.curve.mean.max())
    what = "movement" if whole.main_scale is EffectScale.EXCURSION else "expression lines"
    words = f"This share of your {what} is still held back, {between}."
    since = (study.today - whole.treated_on).days
    if best > now.mean + 0.03 and int(whole.curve.mean.argmax()) < since:
        words += f" At its best it was about {percent(best)}."
    return Fact("Left today", f"about {percent(now.mean)}", words)


def _caution(study: Study) -> str:
    if study.baseline_day is None and study.timepoints:
        return "Your own photos can’t tell yet: there is none from before the treatment to hold them against."
    return "Your own photos can’t tell yet what this treatment does."


def _photo(study: Study) -> Fact:
    plan = study.plan
    if study.baseline_day is None:
        return Fact(
            "Next photo day",
            "at the next treatment",
            "Take a full set on that day, before the injections. All later photos are held against it; without it they "
            "can’t show an effect.",
        )
    if plan.next_photo is not None:
        return Fact("Next photo day", day_in_words(plan.next_photo.day, study.today), plan.next_photo.reason)
    if plan.benefit_photo is not None:
        return Fact("Next photo day", day_in_words(plan.benefit_photo.day, study.today), plan.benefit_photo.reason)
    return Fact(
        "Next photo day",
        "before the next treatment",
        "Another photo now would hardly move the date. Take a full set on the day of your next treatment, before the "
        "injections: it is what all later photos are held against.",
    )


def _what_is_known(study: Study) -> str:
    if not study.timepoints:
        return "There is no photo that could be measured."
    seen = [e for e in EXPRESSION_ORDER if any(e in t.photos for t in study.timepoints)]
    names = listed([EXPRESSION_NAMES[e].lower() for e in seen])
    told = f"There are photos of {counted(len(study.timepoints), 'day')}: {names}."
    if study.treatments:
        return told
    return f"{told} They show how your lines look, but not what a treatment did."


def steps(study: Study) -> tuple[str, ...]:
    """Say what to do so that a date can be given, or given from the person's own photos; empty where nothing lacks."""
    out = []
    kinds = {n.kind for n in study.course.notes}
    if not study.treatments:
        out.append(
            "Write the day of your treatment into a file treatments.csv beside the photos: “day” in its first line, "
            "the day in its second, for example 2026-03-02. Photos from before that day are what the later ones are "
            "held against."
        )
    if study.treatments and (study.baseline_day is None or NoteKind.NO_BASELINE in kinds):
        out.append(
            "Look for photos from before the treatment, with the brows raised, frowning and smiling, and add them. "
            "If there are none, take them on the day of the next treatment, before the injections."
        )
    if not study.course.from_person:
        missing = [e for e in EXPRESSION_ORDER if not any(e in t.photos for t in study.timepoints)]
        if missing:
            names = listed([EXPRESSION_NAMES[e].lower() for e in missing])
            out.append(f"Take a full set on one day, in the same light. These are missing: {names}.")
        elif study.treatments and study.baseline_day is not None:
            out.append("Take a full set now: at rest, brows raised, frowning and smiling, in the light of the first.")
    return tuple(out)


def further_notes(study: Study) -> list[str]:
    """Return what is to be said about photos and course beyond what the answer says already."""
    return [n.text for n in study.course.notes if n.kind not in _SAID_BY_THE_ANSWER] + list(study.notes)


def label_line(study: Study) -> str:
    """Say the least interval that labels name, from the latest treatment on; empty where there is none."""
    past = [t.day for t in study.treatments if t.day <= study.today]
    if not past:
        return ""
    earliest = max(past) + timedelta(days=LABEL_INTERVAL_DAYS)
    weeks = LABEL_INTERVAL_DAYS // 7
    verb = "is" if earliest > study.today else "was"
    return (
        f"Label practice is at least {weeks} weeks between treatments; for you that {verb} "
        f"{day_in_words(earliest, study.today)}."
    )


def plan_lines(study: Study) -> list[tuple[str, str]]:
    """Return the lines of the plan that still lie ahead, each with its why."""
    plan, today = study.plan, study.today
    out = []
    if plan.maintenance is not None:
        out.append((f"Next treatment: {week_day(plan.maintenance.best, today)}", plan.maintenance.reason))
    photo_days = (plan.next_photo, plan.benefit_photo) if study.baseline_day is not None else ()
    for photos in dict.fromkeys(p for p in photo_days if p is not None):
        out.append((f"Photos: {week_day(photos.day, today)}", photos.reason))
    if plan.exercise_free is not None and plan.exercise_free.until >= today:
        out.append((f"No hard exercise until {week_day(plan.exercise_free.until, today)}", plan.exercise_free.reason))
    label = label_line(study)
    if label:
        out.append(("Least interval", label))
    return out

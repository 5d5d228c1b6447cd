"""A journey: a whole talk as data, so that every channel can play the same one.

A step is something that somebody does, with what people must see because of it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sees:
    """A message that reaches a person in private, or a group: all of `has`, nothing of `lacks`.

    Lines of choices count as text. `at` is the street's time when it arrives: `2026-11-24T06:00`.
    """

    to: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    at: str = ""
    group: bool = False


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody writes; `photo` goes along, `edits` corrects their last message."""

    who: str
    text: str = ""
    seen: tuple[Sees, ...] = ()
    group: str = ""
    """The group it is said in; private when empty. The bot is spoken to where `@小二` stands."""
    photo: bool = False
    edits: bool = False
    silent: bool = False
    """Whether the speaker must get no answer where they spoke."""


@dataclass(frozen=True, slots=True)
class Presses:
    """Somebody presses a choice of the last message they saw there, by a piece of its label."""

    who: str
    label: str
    seen: tuple[Sees, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class SentAgain:
    """The platform delivers the last message of somebody once more."""

    who: str
    seen: tuple[Sees, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """Time passes: a span (`+2h`) or until a moment (`=2026-11-24T06:30`)."""

    time: str
    seen: tuple[Sees, ...] = ()
    nobody: tuple[str, ...] = ()
    """People and groups who must hear nothing meanwhile."""


@dataclass(frozen=True, slots=True)
class Happens:
    """Something strikes that no resident does: see below."""

    what: str
    seen: tuple[Sees, ...] = ()


RESTART = "!restart"
"""The process is killed and started again."""
DATABASE_GOES = "!database down"
DATABASE_COMES = "!database up"
LINE_BREAKS = "!line down"
"""The platform keeps what people say, if it does, and delivers it when the line is back."""
LINE_COMES = "!line up"
BLOCKS, UNBLOCKS = "!blocked ", "!unblocked "
"""Before a name: nothing that is said unasked reaches this person."""


Step = Says | Presses | SentAgain | Waits | Happens


@dataclass(frozen=True, slots=True)
class Journey:
    """A talk with a name that says what the resident got out of it."""

    name: str
    steps: tuple[Step, ...]
    start: str = "2026-11-23T09:00"

    @property
    def names(self) -> frozenset[str]:
        """Who speaks in it, and who is looked at, groups too."""
        found = {one.to for step in self.steps for one in step.seen}
        for step in self.steps:
            match step:
                case Says() | Presses() | SentAgain():
                    found |= {step.who, step.group}
                case Waits():
                    found |= set(step.nobody)
                case Happens():
                    pass
        return frozenset(found - {""})


def sees(to: str, *has: str, lacks: tuple[str, ...] = (), at: str = "") -> Sees:
    """Somebody sees a message in private."""
    return Sees(to, has, lacks, at)


def group_sees(group: str, *has: str, lacks: tuple[str, ...] = (), at: str = "") -> Sees:
    """Everybody in a group sees a message."""
    return Sees(group, has, lacks, at, group=True)


def says(
    who: str, text: str, *answer: str, more: tuple[Sees, ...] = (), lacks: tuple[str, ...] = ()
) -> Says:
    """Somebody writes in private and is answered there with all of `answer`."""
    own = (Sees(who, answer, lacks),) if answer or lacks else ()
    return Says(who, text, (*own, *more))


def says_in(
    group: str,
    who: str,
    text: str,
    *answer: str,
    more: tuple[Sees, ...] = (),
    lacks: tuple[str, ...] = (),
) -> Says:
    """Somebody writes in a group and is answered there with all of `answer`."""
    own = (Sees(group, answer, lacks, group=True),) if answer or lacks else ()
    return Says(who, text, (*own, *more), group=group)


def unanswered(who: str, text: str, *, group: str = "", more: tuple[Sees, ...] = ()) -> Says:
    """Somebody writes and the bot keeps silent."""
    return Says(who, text, more, group=group, silent=True)


def presses(who: str, label: str, *answer: str, more: tuple[Sees, ...] = ()) -> Presses:
    """Somebody presses a choice in private."""
    own = (Sees(who, answer),) if answer else ()
    return Presses(who, label, (*own, *more))


def presses_in(
    group: str, who: str, label: str, *answer: str, more: tuple[Sees, ...] = ()
) -> Presses:
    """Somebody presses a choice of the last card in a group."""
    own = (Sees(group, answer, group=True),) if answer else ()
    return Presses(who, label, (*own, *more), group=group)

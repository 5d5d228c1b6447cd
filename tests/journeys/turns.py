"""Which journey is played on which engine, and in which mode: by turns, or all of them.

Each channel plays every fourth journey on PostgreSQL, where it takes two to three times as long,
and each journey is played there on one channel or two; modes go round in the same way. Scripts play
every journey on both engines, and `make soak` plays the whole product.
"""

import os
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import product

import pytest

from tests.journeys.journey import Journey
from tests.journeys.talks import JOURNEYS
from tests.journeys.talks_reaching import CONTACT, LEFT, LOST
from tests.stores import EngineKind

ALL = (*JOURNEYS, LEFT, LOST, CONTACT)
"""In a fixed order."""
WHOLE = "JOURNEYS_WHOLE"
"""The environment's name for playing the whole product."""


ENGINES = (EngineKind.SQLITE, EngineKind.SQLITE, EngineKind.SQLITE, EngineKind.POSTGRESQL)
"""They go round from one journey to the next, and from one channel to the next."""


class Turn(IntEnum):
    """The channels; of four that stand side by side one plays a journey on PostgreSQL."""

    PAGE = 0
    TELEGRAM = 1
    WECHAT = 2
    WECHAT_WITHOUT_MEANS = 3
    KF = 4
    WECOM = 5


def in_turn(
    journeys: Iterable[Journey], turn: Turn, modes: Sequence[str] = ()
) -> pytest.MarkDecorator:
    """Return the parameters `journey`, `database` and, where there are modes, `mode` of a test."""
    names = ("journey", "database", "mode")[: 3 if modes else 2]
    played = [
        pytest.param(*values, id=" ".join([journey.name, *values[1:]]))
        for journey in journeys
        for values in _ways(journey, turn, modes)
    ]
    return pytest.mark.parametrize(names, played, indirect=["database"])


def _ways(
    journey: Journey, turn: Turn, modes: Sequence[str]
) -> Iterable[tuple[Journey, EngineKind, str] | tuple[Journey, EngineKind]]:
    """Return on which engine and in which mode this channel plays the journey."""
    place = ALL.index(journey)
    if os.environ.get(WHOLE):
        return product([journey], EngineKind, modes) if modes else product([journey], EngineKind)
    engine = ENGINES[(place + turn) % len(ENGINES)]
    return [(journey, engine, modes[place % len(modes)]) if modes else (journey, engine)]

"""Which journey is played on which engine, and in which mode: by turns, or all of them.

Each channel plays every other journey on the other engine, so that of two channels that stand
side by side one plays it on SQLite and one on PostgreSQL; modes go round in the same way.
`make soak` plays the whole product.
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


class Turn(IntEnum):
    """The channels; two that stand side by side play a journey on different engines."""

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
    place, engines = ALL.index(journey), list(EngineKind)
    if os.environ.get(WHOLE):
        return product([journey], engines, modes) if modes else product([journey], engines)
    engine = engines[(place + turn) % len(engines)]
    return [(journey, engine, modes[place % len(modes)]) if modes else (journey, engine)]

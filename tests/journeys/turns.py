"""Which journey is played on which engine: each channel takes every other one on the other.

Over the channels each journey is played on both engines; the channels are counted here.
`make soak` plays all of them on both.
"""

from collections.abc import Iterable
from enum import IntEnum

import pytest

from tests.journeys.journey import Journey
from tests.journeys.runner_wechat import MODES
from tests.journeys.talks import JOURNEYS
from tests.journeys.talks_reaching import CONTACT, LEFT, LOST
from tests.stores import EngineKind

ALL = (*JOURNEYS, LEFT, LOST, CONTACT)
"""In a fixed order."""


class Turn(IntEnum):
    """The channels; two that stand side by side play a journey on different engines."""

    PAGE = 0
    TELEGRAM = 1
    WECHAT = 2
    WECHAT_WITHOUT_MEANS = 3
    KF = 4
    WECOM = 5


def in_turn(journeys: Iterable[Journey], turn: Turn) -> pytest.MarkDecorator:
    """Return the parameters `journey` and `database` of a test of this channel."""
    played = [
        pytest.param(journey, engine_of(journey, turn), id=journey.name) for journey in journeys
    ]
    return pytest.mark.parametrize(("journey", "database"), played, indirect=["database"])


def mode_of(journey: Journey) -> str:
    """Return in which mode of WeChat's the journey is played when it is played once."""
    return MODES[ALL.index(journey) % len(MODES)]


def engine_of(journey: Journey, turn: Turn) -> EngineKind:
    """Return what a channel plays the journey on when it plays it once."""
    return list(EngineKind)[(ALL.index(journey) + turn) % len(EngineKind)]

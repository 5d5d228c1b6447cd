"""All journeys."""

from tests.journeys import (
    talks_law,
    talks_learning,
    talks_questions,
    talks_reaching,
    talks_street,
    talks_tickets,
)

JOURNEYS = (
    *talks_tickets.TALKS,
    *talks_street.TALKS,
    *talks_questions.TALKS,
    *talks_law.TALKS,
    *talks_learning.TALKS,
    *talks_reaching.TALKS,
)

"""All journeys."""

from tests.journeys import talks_reaching, talks_street, talks_tickets

JOURNEYS = (*talks_tickets.TALKS, *talks_street.TALKS, *talks_reaching.TALKS)

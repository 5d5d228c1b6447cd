"""What the operator set for the street: names, numbers, hours; facts that texts are built from."""

from dataclasses import dataclass, field
from datetime import time


@dataclass(frozen=True, slots=True)
class EmergencyNumbers:
    """Local emergency numbers; an empty one is not shown, and none is ever invented."""

    gas: str = ""
    lift: str = ""
    water: str = ""
    examples: bool = False
    """Whether the numbers are made up for the demonstration, and must be marked so."""


@dataclass(frozen=True, slots=True)
class Street:
    """The street office this bot serves."""

    name: str
    office_phone: str = ""
    duty_from: time = time(8, 30)
    duty_until: time = time(17, 30)
    emergency: EmergencyNumbers = field(default_factory=EmergencyNumbers)
    demo: bool = False
    page_url: str = ""
    """Where people reach the page, without a slash at the end."""

"""Whether an aircraft can be planned to fly."""

from __future__ import annotations

from enum import StrEnum


class Availability(StrEnum):
    """Whether an aircraft can be planned to fly, what keeps it most first."""

    OUT_OF_SERVICE = "out_of_service"
    """It is parked, in transit, quarantined or retired, by its own record."""

    GROUNDED = "grounded"
    """A work order says that it is on the ground for it (AOG), or something on it is overdue."""

    IN_MAINTENANCE = "in_maintenance"
    """Work on it has begun and is not released (145.A.50)."""

    FLYING = "flying"
    AVAILABLE = "available"

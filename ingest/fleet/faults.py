"""What is wrong in the sample fleet on purpose, for the tour and the reports to find.

Each constant names the thing at fault; docs/sample-fleet.md tells how to find it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

ORPHAN_REQUIREMENT: Final = "REQ-28-DEFUEL"
"""A requirement that no design satisfies and no test case verifies."""

UNAPPROVED_ITEM: Final = "BRAKE"
UNAPPROVED_DASH: Final = "01P"
"""The part number H2-BRAKE-01P: made to the design, but approved as an alternate by nobody."""

UNAPPROVED_AIRCRAFT: Final = "MSN-10002"
UNAPPROVED_SLOT: Final = ("MLG-R", "BRAKE-2")
"""The aircraft that differs from its design, and where: a brake of the part number above."""

UNAPPROVED_AT: Final = datetime(2024, 5, 14, 9, tzinfo=UTC)
"""When it was fitted."""

GAP_SERIAL: Final = "SIDEST-00001"
"""A life-limited side stay that for seven weeks is installed nowhere, nor in stock, nor in a shop."""

GAP_BEGINS: Final = datetime(2023, 9, 5, 7, tzinfo=UTC)
GAP_ENDS: Final = datetime(2023, 10, 24, 15, tzinfo=UTC)
"""The interval of that gap."""

OPEN_DIRECTIVE: Final = "AD-2025-0137"
OPEN_DIRECTIVE_ON: Final = (OPEN_DIRECTIVE, "MSN-10003")
"""A directive that applies and is overdue, and the aircraft that has not complied with it."""

UNVALIDATED_MODEL_VERSION: Final = "MV-STACK-RUL-3"
"""A model version that was validated on no dataset."""

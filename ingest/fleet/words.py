"""The vocabulary of the sample fleet: suppliers, bases, sentences. Invented, but of the trade."""

# ruff: noqa: E501 — one row of a table is one line

from __future__ import annotations

from typing import Final, NamedTuple

TYPE: Final = "AMPEL360 BWB-H2"
MAKER_CAGE: Final = "9A360"

SUPPLIERS: Final = {
    "9A360": ("AMPEL360 Aircraft", "Toulouse", "FR"),
    "9A21K": ("Klimair Systems", "Lindenberg", "DE"),
    "9A75C": ("Corriente Turbomáquinas", "Sevilla", "ES"),
    "9B24L": ("Lumen Aero Batteries", "Grenoble", "FR"),
    "9C28P": ("Cryopump Nord", "Trondheim", "NO"),
    "9C28S": ("Sensorik Kryo", "Dresden", "DE"),
    "9C28T": ("Tanque Frío Composites", "Getafe", "ES"),
    "9C28V": ("Valvole Criogeniche", "Torino", "IT"),
    "9E24P": ("Avon Power Conversion", "Bristol", "GB"),
    "9E71D": ("Ducted Drive Propulsors", "Derby", "GB"),
    "9E76M": ("Motoren Werke Allgäu", "Kempten", "DE"),
    "9F26H": ("Halo Fire Safety", "Vernon", "FR"),
    "9G32L": ("Levallois Landing Systems", "Pau", "FR"),
    "9G32W": ("Wheel and Carbon", "Coventry", "GB"),
    "9H45U": ("Usage Health Analytics", "Southampton", "GB"),
    "9K53B": ("Composite Bodies Nantes", "Nantes", "FR"),
    "9K57W": ("Winglines", "Stade", "DE"),
    "9L33N": ("Nordlys Lighting", "Aarhus", "DK"),
    "9M27A": ("Actuation Moderna", "Vitoria", "ES"),
    "9N34G": ("Gyro Navigation", "Valence", "FR"),
    "9P72F": ("Göta Cell Flight", "Göteborg", "SE"),
    "9R23C": ("Radio Cabin Recorders", "Ulm", "DE"),
    "9S25X": ("Safety and Interiors Exeter", "Exeter", "GB"),
    "9T79R": ("Thermal Ram Exchange", "Eindhoven", "NL"),
    "9V42M": ("Vantage Modular Avionics", "Frankfurt", "DE"),
    "9X35Q": ("Oxyquest", "Plaisir", "FR"),
    "9H4RD": ("Hardware Fasteners Rodez", "Rodez", "FR"),
    "9S3AL": ("Seal and Bearing Sömmerda", "Sömmerda", "DE"),
    "9W1RE": ("Wire Harness Works", "Cork", "IE"),
}  # fmt: skip
"""CAGE code to name, town and country; all invented."""

DETAIL_MAKERS: Final = ("9H4RD", "9S3AL", "9W1RE")


class Base(NamedTuple):
    """A place where aircraft are built, flown from or maintained."""

    code: str
    town: str
    country: str
    role: str
    icao: str
    latitude: str
    longitude: str
    time_zone: str


BASES: Final = (
    Base(
        "FAL", "Toulouse", "FR", "final assembly line", "LFBO", "43.6291", "1.3638", "Europe/Paris"
    ),
    Base(
        "FACT", "Hamburg", "DE", "component factory", "EDHI", "53.5353", "9.8356", "Europe/Berlin"
    ),
    Base(
        "LAB",
        "Braunschweig",
        "DE",
        "test laboratory",
        "EDVE",
        "52.3192",
        "10.5561",
        "Europe/Berlin",
    ),
    Base(
        "MUC",
        "München",
        "DE",
        "line and base maintenance",
        "EDDM",
        "48.3538",
        "11.7861",
        "Europe/Berlin",
    ),
    Base(
        "CPH",
        "København",
        "DK",
        "line and base maintenance",
        "EKCH",
        "55.6179",
        "12.6560",
        "Europe/Copenhagen",
    ),
    Base(
        "LIS",
        "Lisboa",
        "PT",
        "line and base maintenance",
        "LPPT",
        "38.7813",
        "-9.1359",
        "Europe/Lisbon",
    ),
    Base("SHOP", "Dublin", "IE", "component shop", "EIDW", "53.4213", "-6.2701", "Europe/Dublin"),
)
"""The factories, the laboratory, three stations, the shop."""


class Measuring(NamedTuple):
    """A sort of tool that measures, and the standard it is calibrated against."""

    noun: str
    reach: str
    unit: str
    standard: str


TOOLS: Final = (
    Measuring("torque wrench", "5–60", "N·m", "torque transducer RS-5418"),
    Measuring("torque wrench", "40–340", "N·m", "torque transducer RS-5419"),
    Measuring("insulation tester", "0–10", "GΩ", "resistance decade RS-102"),
    Measuring("hydrogen leak detector", "1–1000", "ppm", "reference gas 100 ppm RS-881"),
    Measuring("cryogenic thermometer", "14–325", "K", "platinum thermometer RS-2214"),
    Measuring("vacuum gauge", "1e-5–1e3", "mbar", "spinning rotor gauge RS-77"),
    Measuring("ultrasonic flaw detector", "0–500", "mm", "reference block RS-V1"),
)
"""What each base measures with."""

STATIONS: Final = ("MUC", "CPH", "LIS")
AIRPORTS: Final = ("EDDM", "EKCH", "LPPT", "LFBO", "EHAM", "LEMD", "ENGM", "LIRF", "EIDW", "LSZH")
OPERATORS: Final = ("Aurora Regional", "Baltic Clean Air", "Costa Verde Airlines")


class Measure(NamedTuple):
    """A characteristic that every item is specified by."""

    key: str
    category: str
    sentence: str
    method: str
    why: str


MEASURES: Final = (
    Measure("MASS", "physical", "The {noun} shall have a mass of no more than {mass} kg when installed.", "inspection", "The mass budget of ATA {chapter} leaves no more."),
    Measure("ENV", "environmental", "The {noun} shall meet its performance in the environment of RTCA DO-160G categories for zone {zone}.", "test", "Zone {zone} sees vibration, humidity and temperature beyond the cabin."),
    Measure("REL", "reliability", "The {noun} shall achieve a mean time between unscheduled removals of at least {mtbur} flight hours.", "analysis", "The dispatch reliability of 99.4 % is shared out by chapter."),
    Measure("FUNC", "functional", "The {noun} shall perform its function in all modes of the {system} system.", "test", "Its system is to {function}."),
)  # fmt: skip
LIFE_MEASURE: Final = Measure("LIFE", "life", "The {noun} shall be retired at {life} at the latest.", "analysis", "Fatigue and cold cycling tests with a scatter factor of three.")  # fmt: skip

SYSTEM_SENTENCES: Final = (
    ("FUNC", "functional", "The {noun} system shall {function} in every phase of flight.", "test"),
    ("AVAIL", "safety", "Total loss of the {noun} system shall be no more frequent than its assurance level {dal} allows.", "analysis"),
    ("ANNUN", "functional", "The {noun} system shall report every fault that needs crew or maintenance action.", "test"),
    ("ACCESS", "maintainability", "Every replaceable unit of the {noun} system shall be exchanged within two hours.", "demonstration"),
)  # fmt: skip

DEFECTS: Final = (
    ("no fault found on bench, connector pins cleaned", "minor"),
    ("internal leak beyond limit", "major"),
    ("bearing wear beyond limit", "major"),
    ("built-in test reports intermittent fault", "minor"),
    ("insulation resistance below limit", "major"),
    ("seal extruded after cold soak", "major"),
    ("chafed harness at clamp", "minor"),
    ("response time out of tolerance", "minor"),
    ("corrosion at mounting flange", "minor"),
    ("contamination in inlet filter", "minor"),
)

REMOVAL_REASONS: Final = ("pilot report", "built-in test message", "trend alert", "check finding", "robbery avoided by exchange")  # fmt: skip
DETAILS: Final = ("housing", "seal set", "bearing", "harness", "bracket", "connector", "fastener kit", "gasket")  # fmt: skip

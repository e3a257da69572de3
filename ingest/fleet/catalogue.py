"""What the type is made of: its systems by ATA chapter and the serialised items in them.

The AMPEL360 BWB-H2 is invented; chapters follow ATA iSpec 2200, with the hydrogen power units in the
chapters of engines, since that is where operators look for them.
"""

# ruff: noqa: E501 — one row of a table is one line

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple


class System(NamedTuple):
    """One ATA chapter of the type."""

    chapter: str
    noun: str
    function: str
    dal: str
    special: str
    """The paragraph of the certification basis that drives it."""


class Item(NamedTuple):
    """One kind of serialised item: a line-replaceable unit, or a component of one."""

    key: str
    noun: str
    ata: str
    parent: str
    """The key of the item it is installed in; empty for the airframe."""
    slots: str
    """The places in its parent, parted by spaces."""
    mass_kg: str
    mtbur_fh: int
    """Mean flight hours between unscheduled removals; 0 when it stays for good."""
    life: str
    """Hard life such as `12000FH`, `18000FC` or `3650D`; empty when on condition."""
    maker: str
    """The CAGE code of its maker."""

    @property
    def chapter(self) -> str:
        """The ATA chapter, two digits."""
        return self.ata[:2]

    @property
    def limit(self) -> tuple[int, str] | None:
        """The hard life as number and unit (FH, FC or D), or None."""
        unit = self.life.lstrip("0123456789")
        return (int(self.life.removesuffix(unit)), unit) if self.life else None


SYSTEMS: Final = (
    System("21", "air conditioning and pressurisation", "keep the cabin breathable", "B", "CS 25.841"),
    System("22", "auto flight", "fly the selected path", "A", "CS 25.1329"),
    System("23", "communications", "let the crew talk and be heard", "C", "CS 25.1307"),
    System("24", "electrical power", "distribute ±540 V and 28 V power", "A", "SC-H2-11"),
    System("25", "equipment and furnishings", "protect and serve occupants", "D", "CS 25.561"),
    System("26", "fire and hydrogen detection", "find and fight fire and leaks", "A", "SC-H2-05"),
    System("27", "flight controls", "control a tailless blended wing body", "A", "CS 25.671"),
    System("28", "liquid hydrogen fuel", "store and deliver hydrogen at 20 K", "A", "SC-H2-01"),
    System("29", "hydraulic power", "power gear and brakes", "B", "CS 25.1435"),
    System("30", "ice protection", "keep lifting surfaces and probes clear", "B", "CS 25.1419"),
    System("31", "indicating and recording", "tell the crew and keep the record", "A", "CS 25.1322"),
    System("32", "landing gear", "carry and stop the aircraft on the ground", "A", "CS 25.721"),
    System("33", "lights", "see and be seen", "C", "CS 25.1383"),
    System("34", "navigation", "know position, attitude and air data", "A", "CS 25.1303"),
    System("35", "oxygen", "supply occupants after decompression", "B", "CS 25.1441"),
    System("38", "water and waste", "supply and collect water", "D", "CS 25.1438"),
    System("42", "integrated modular avionics", "host the functions of other systems", "A", "CS 25.1309"),
    System("45", "central maintenance", "collect faults and health data", "C", "CS 25.1529"),
    System("46", "information systems", "carry data between crew and ground", "D", "CS 25.1319"),
    System("49", "auxiliary power", "power the aircraft on the ground", "C", "SC-H2-14"),
    System("52", "doors", "let occupants in and out", "B", "CS 25.783"),
    System("53", "centre body", "carry pressure and tank loads", "A", "SC-BWB-01"),
    System("55", "fins", "give directional stability", "A", "CS 25.571"),
    System("57", "outer wings", "give lift and roll control", "A", "CS 25.571"),
    System("61", "propulsors", "turn shaft power into thrust", "A", "SC-EP-03"),
    System("71", "power plant installation", "carry the propulsors", "A", "SC-EP-01"),
    System("72", "fuel cell power units", "turn hydrogen into electricity", "A", "SC-H2-12"),
    System("73", "hydrogen feed and control", "meter hydrogen to the power units", "A", "SC-H2-07"),
    System("75", "cathode air", "supply air to the fuel cells", "B", "SC-H2-13"),
    System("76", "motor drives", "drive the propulsors", "A", "SC-EP-02"),
    System("79", "thermal management", "take away the waste heat", "B", "SC-H2-15"),
)  # fmt: skip

SIX: Final = "1 2 3 4 5 6"

ITEMS: Final = (
    Item("PACK", "air conditioning pack", "21-51", "", "L R", "78.5", 6200, "", "9A21K"),
    Item("PACKHX", "pack heat exchanger", "21-52", "PACK", "PRI SEC", "14.2", 15000, "", "9A21K"),
    Item("CPC", "cabin pressure controller", "21-31", "", "A B", "3.1", 21000, "", "9V42M"),
    Item("OFV", "outflow valve", "21-32", "", "FWD AFT", "5.4", 17000, "", "9A21K"),
    Item("RFAN", "recirculation fan", "21-21", "", "1 2 3 4", "4.9", 8000, "", "9A21K"),
    Item("FMC", "flight management computer", "22-70", "", "L R", "6.2", 16000, "", "9V42M"),
    Item("AFCC", "auto flight control computer", "22-10", "", "A B", "7.0", 18000, "", "9V42M"),
    Item("VHF", "VHF transceiver", "23-12", "", "1 2 3", "3.3", 19000, "", "9R23C"),
    Item("SATCOM", "satellite data unit", "23-15", "", "1", "8.1", 14000, "", "9R23C"),
    Item("AMU", "audio management unit", "23-51", "", "1", "4.4", 26000, "", "9R23C"),
    Item("CVR", "cockpit voice recorder", "23-71", "", "1", "4.6", 30000, "", "9R23C"),
    Item("HVBC", "high-voltage bus controller", "24-21", "", "L1 L2 R1 R2", "11.8", 12000, "", "9E24P"),
    Item("HVCB", "high-voltage contactor box", "24-51", "HVBC", "A B", "6.3", 9000, "", "9E24P"),
    Item("BATT", "buffer battery", "24-38", "", "L1 L2 R1 R2", "146", 7000, "3650D", "9B24L"),
    Item("BMS", "battery management module", "24-39", "BATT", "1 2", "1.9", 15000, "", "9B24L"),
    Item("DCDC", "540 V to 28 V converter", "24-32", "", "1 2 3 4", "9.7", 13000, "", "9E24P"),
    Item("RAT", "ram air turbine", "24-23", "", "1", "61", 40000, "", "9E24P"),
    Item("ELT", "emergency locator transmitter", "25-65", "", "FIXED PORTABLE", "1.6", 0, "2190D", "9R23C"),
    Item("SLIDE", "escape slide", "25-66", "DOOR", "1", "48", 0, "5475D", "9S25X"),
    Item("GALLEY", "galley", "25-31", "", "FWD MIDL MIDR AFT", "112", 20000, "", "9S25X"),
    Item("BOTTLE", "fire extinguisher bottle", "26-21", "", "1 2 3 4", "12.4", 0, "3650D", "9F26H"),
    Item("SQUIB", "discharge cartridge", "26-22", "BOTTLE", "A B", "0.12", 0, "1095D", "9F26H"),
    Item("H2DET", "hydrogen leak detector", "26-15", "", "T1 T2 T3 T4 P1 P2 P3 P4 P5 P6", "0.8", 5200, "", "9F26H"),
    Item("H2CTL", "hydrogen detection controller", "26-16", "", "A B", "4.0", 15000, "", "9F26H"),
    Item("SMOKE", "smoke detector", "26-14", "", SIX, "0.5", 24000, "", "9F26H"),
    Item("FCC", "flight control computer", "27-90", "", "1 2 3", "9.6", 15000, "", "9V42M"),
    Item("ACE", "actuator control electronics", "27-91", "", "1 2 3 4", "5.8", 14000, "", "9V42M"),
    Item("ELEVON", "elevon actuator", "27-31", "", "L1 L2 L3 L4 R1 R2 R3 R4", "23.5", 11000, "", "9M27A"),
    Item("FINACT", "fin rudder actuator", "27-21", "", "LU LL RU RL", "14.8", 12500, "", "9M27A"),
    Item("SLAT", "leading edge actuator", "27-81", "", "L1 L2 L3 R1 R2 R3", "17.1", 16000, "", "9M27A"),
    Item("STICK", "sidestick unit", "27-92", "", "CAPT FO", "3.9", 28000, "", "9M27A"),
    Item("TANK", "LH2 storage tank", "28-11", "", "1 2 3 4", "618", 0, "22000FC", "9C28T"),
    Item("PUMP", "LH2 boost pump", "28-21", "TANK", "A B", "9.4", 3600, "3000FH", "9C28P"),
    Item("PRV", "tank pressure relief valve", "28-13", "TANK", "PRI SEC", "2.7", 9500, "3650D", "9C28V"),
    Item("LEVEL", "cryogenic level probe", "28-41", "TANK", "A B", "1.2", 8800, "", "9C28S"),
    Item("VACUUM", "insulation vacuum gauge", "28-14", "TANK", "1", "0.6", 12000, "", "9C28S"),
    Item("CSOV", "cryogenic shut-off valve", "28-23", "", "1A 1B 2A 2B 3A 3B 4A 4B", "3.8", 8200, "", "9C28V"),
    Item("VAPOR", "hydrogen vaporiser", "28-31", "", "1 2 3 4", "27", 11000, "15000FC", "9C28P"),
    Item("BOIL", "boil-off compressor", "28-32", "", "L R", "31", 5100, "", "9C28P"),
    Item("BUFFER", "gaseous hydrogen buffer vessel", "28-33", "", "L R", "54", 0, "5475D", "9C28T"),
    Item("COUPL", "LH2 refuel coupling", "28-25", "", "L R", "7.7", 4200, "2000FC", "9C28V"),
    Item("GAUGE", "tank gauging computer", "28-42", "", "A B", "5.0", 17000, "", "9C28S"),
    Item("EHP", "electro-hydraulic pump", "29-11", "", "L R", "22", 7600, "", "9M27A"),
    Item("ACCUM", "hydraulic accumulator", "29-13", "", "L R BRK", "8.8", 22000, "3650D", "9M27A"),
    Item("ICECTL", "electro-thermal ice controller", "30-11", "", "L1 L2 R1 R2", "6.6", 12500, "", "9E24P"),
    Item("DU", "cockpit display unit", "31-63", "", SIX, "6.8", 13500, "", "9V42M"),
    Item("FDR", "flight data recorder", "31-33", "", "1", "5.1", 25000, "", "9R23C"),
    Item("FWC", "flight warning computer", "31-53", "", "1 2", "5.5", 16500, "", "9V42M"),
    Item("MLG", "main landing gear strut", "32-11", "", "L R", "890", 0, "20000FC", "9G32L"),
    Item("SIDEST", "main gear side stay", "32-12", "MLG", "1", "96", 0, "20000FC", "9G32L"),
    Item("NLG", "nose landing gear strut", "32-21", "", "1", "340", 0, "20000FC", "9G32L"),
    Item("RETR", "gear retraction actuator", "32-31", "", "L R N", "38", 14000, "", "9G32L"),
    Item("WHEEL", "main wheel", "32-41", "MLG", "1 2 3 4", "64", 900, "", "9G32W"),
    Item("BRAKE", "carbon brake", "32-42", "MLG", "1 2 3 4", "71", 2600, "", "9G32W"),
    Item("NWHEEL", "nose wheel", "32-43", "NLG", "L R", "29", 1000, "", "9G32W"),
    Item("BSCU", "brake and steering control unit", "32-44", "", "A B", "6.1", 15500, "", "9G32W"),
    Item("LANDLT", "landing light", "33-42", "", "L R N1 N2", "2.2", 5000, "", "9L33N"),
    Item("EMLT", "emergency light power supply", "33-51", "", "1 2 3 4", "1.4", 12000, "1460D", "9L33N"),
    Item("ADIRU", "air data inertial reference unit", "34-12", "", "1 2 3", "6.9", 14500, "", "9N34G"),
    Item("PITOT", "pitot probe", "34-11", "", "CAPT FO STBY1 STBY2", "0.9", 7000, "", "9N34G"),
    Item("AOA", "angle of attack sensor", "34-13", "", "1 2 3", "1.1", 9800, "", "9N34G"),
    Item("GNSS", "GNSS receiver", "34-36", "", "L R", "3.0", 21000, "", "9N34G"),
    Item("RADALT", "radio altimeter", "34-33", "", "1 2", "4.2", 18000, "", "9N34G"),
    Item("WXR", "weather radar unit", "34-41", "", "1", "12", 9000, "", "9N34G"),
    Item("TCAS", "collision avoidance computer", "34-43", "", "1", "5.2", 20000, "", "9N34G"),
    Item("XPDR", "transponder", "34-52", "", "1 2", "4.0", 21000, "", "9N34G"),
    Item("O2BOT", "crew oxygen cylinder", "35-11", "", "1 2", "10.5", 0, "1825D", "9X35Q"),
    Item("O2GEN", "passenger oxygen generator", "35-21", "", "L1 L2 R1 R2", "0.7", 0, "4380D", "9X35Q"),
    Item("TOILET", "vacuum toilet", "38-31", "", "1 2 3 4", "16", 4000, "", "9S25X"),
    Item("IMA", "modular avionics cabinet", "42-11", "", "L R", "24", 30000, "", "9V42M"),
    Item("CPM", "core processing module", "42-12", "IMA", "1 2 3 4", "1.8", 17500, "", "9V42M"),
    Item("IOM", "input output module", "42-13", "IMA", "1 2 3 4", "1.5", 16000, "", "9V42M"),
    Item("CMC", "central maintenance computer", "45-13", "", "1", "5.9", 19000, "", "9V42M"),
    Item("HUMS", "health data acquisition unit", "45-45", "", "L R", "3.6", 13000, "", "9H45U"),
    Item("AISS", "aircraft information server", "46-21", "", "1", "7.4", 11000, "", "9H45U"),
    Item("APU", "auxiliary fuel cell unit", "49-11", "", "1", "168", 5600, "", "9P72F"),
    Item("APUCTL", "auxiliary power controller", "49-61", "APU", "1", "4.1", 14000, "", "9P72F"),
    Item("DOOR", "passenger door", "52-11", "", "L1 L2 L3 R1 R2 R3", "187", 0, "", "9K53B"),
    Item("CARGO", "cargo door", "52-31", "", "FWD AFT", "143", 0, "", "9K53B"),
    Item("BODY", "centre body section", "53-11", "", "FWD MID AFT", "6150", 0, "", "9K53B"),
    Item("FIN", "fin", "55-31", "", "L R", "410", 0, "", "9K57W"),
    Item("WING", "outer wing", "57-11", "", "L R", "3980", 0, "", "9K57W"),
    Item("EPROP", "electric propulsor", "71-11", "", SIX, "742", 9000, "", "9E71D"),
    Item("HUB", "fan hub", "61-11", "EPROP", "1", "58", 0, "18000FC", "9E71D"),
    Item("BLADE", "fan blade", "61-12", "EPROP", "1 2 3", "4.3", 26000, "24000FC", "9E71D"),
    Item("MOUNT", "propulsor mount", "71-21", "EPROP", "FWD AFT", "33", 0, "30000FC", "9E71D"),
    Item("GEARB", "reduction gearbox", "76-31", "EPROP", "1", "84", 12000, "16000FH", "9E71D"),
    Item("MOTOR", "propulsion motor", "76-11", "EPROP", "1", "196", 10000, "", "9E76M"),
    Item("INVERT", "motor inverter", "76-21", "EPROP", "A B", "41", 6000, "", "9E76M"),
    Item("PCU", "propulsor control unit", "76-41", "EPROP", "A B", "5.3", 14000, "", "9V42M"),
    Item("FCPU", "fuel cell power unit", "72-11", "", SIX, "524", 0, "", "9P72F"),
    Item("STACK", "fuel cell stack", "72-21", "FCPU", "1 2", "88", 8000, "6000FH", "9P72F"),
    Item("HUMID", "stack humidifier", "72-31", "FCPU", "1", "17", 7400, "", "9P72F"),
    Item("H2REC", "hydrogen recirculation blower", "72-41", "FCPU", "1", "13", 5000, "", "9P72F"),
    Item("H2MET", "hydrogen metering valve", "73-21", "FCPU", "1", "3.4", 9400, "", "9C28V"),
    Item("FCCTL", "fuel cell controller", "73-31", "FCPU", "A B", "4.7", 13500, "", "9P72F"),
    Item("COMPR", "cathode air compressor", "75-11", "FCPU", "1", "36", 4700, "4000FH", "9A75C"),
    Item("COOLP", "coolant pump", "79-21", "FCPU", "A B", "7.9", 6400, "", "9T79R"),
    Item("RADIAT", "ram air radiator", "79-31", "FCPU", "1", "64", 13000, "", "9T79R"),
)  # fmt: skip


@cache
def system(chapter: str) -> System:
    """Returns the system of an ATA chapter."""
    return next(found for found in SYSTEMS if found.chapter == chapter)


@cache
def item(key: str) -> Item:
    """Returns the item of that key."""
    return next(found for found in ITEMS if found.key == key)


@cache
def children(key: str) -> tuple[Item, ...]:
    """Returns what is installed in an item (in the airframe, for an empty key), in order."""
    return tuple(found for found in ITEMS if found.parent == key)


class Place(NamedTuple):
    """One position of the type: an item at a slot of its parent's position."""

    code: str
    """The path of slots from the airframe down: `FCPU-3.STACK-2`."""
    item: Item
    parent: str
    """The code of the place that it is in; empty for the airframe."""
    slot: str


@cache
def places() -> tuple[Place, ...]:
    """Returns every position of one aircraft, each after the one that it is in."""
    return tuple(_below("", ""))


def _below(key: str, parent: str) -> list[Place]:
    found: list[Place] = []
    for child in children(key):
        for slot in child.slots.split():
            name = f"{child.key}-{slot}"
            code = f"{parent}.{name}" if parent else name
            found += [Place(code, child, parent, name), *_below(child.key, code)]
    return found

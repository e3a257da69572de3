"""Parameters: what samples may be of, each in the one unit it is kept in, within what can be true.

A report in another unit or out of range is refused, not converted: whoever sends it knows which unit the
sensor has, and a quiet mistake of a factor 1.8 is worse than a loud one. Units are UCUM codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from graph.errors import TraceError
from graph.model.identifier import shown


class ParameterError(TraceError):
    """A parameter is unknown, in another unit than the table says, or outside of what can be true.

    Attributes:
        field: `parameter`, `unit` or `values`.
    """

    field: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that sensors measure.

    Attributes:
        name: `system.quantity`, lower case.
        unit: Its UCUM code.
        low: The least value that can be true.
        high: The greatest value that can be true.
        doc: What it is, in a line.
    """

    name: str
    unit: str
    low: float
    high: float
    doc: str


# A table is read by its columns: name, unit, range, sentence. The gas path is that of C-MAPSS
# (Saxena et al., PHM 2008, table 2), stations after SAE AS755, in the units of that data set.
# fmt: off
_TABLE: Final = (
    ("engine.altitude_setting", "1", -1, 50, "Flight condition 1 of the engine model, scaled."),
    ("engine.mach_setting", "1", -1, 2, "Flight condition 2 of the engine model, the Mach number."),
    ("engine.throttle", "1", 0, 110, "Throttle resolver angle, as a share of a hundred."),
    ("engine.t2", "[degR]", 300, 700, "Total temperature at the fan inlet."),
    ("engine.t24", "[degR]", 300, 1000, "Total temperature behind the low-pressure compressor."),
    ("engine.t30", "[degR]", 500, 2500, "Total temperature behind the high-pressure compressor."),
    ("engine.t50", "[degR]", 500, 2500, "Total temperature behind the low-pressure turbine."),
    ("engine.p2", "[psi]", 0, 30, "Pressure at the fan inlet."),
    ("engine.p15", "[psi]", 0, 50, "Total pressure in the bypass duct."),
    ("engine.p30", "[psi]", 0, 1000, "Total pressure behind the high-pressure compressor."),
    ("engine.nf", "/min", 0, 6000, "Physical fan speed."),
    ("engine.nc", "/min", 0, 30000, "Physical core speed."),
    ("engine.epr", "1", 0, 5, "Engine pressure ratio."),
    ("engine.ps30", "[psi]", 0, 500, "Static pressure behind the high-pressure compressor."),
    ("engine.phi", "1", 0, 2000, "Fuel flow over ps30."),
    ("engine.nrf", "/min", 0, 6000, "Corrected fan speed."),
    ("engine.nrc", "/min", 0, 30000, "Corrected core speed."),
    ("engine.bpr", "1", 0, 30, "Bypass ratio."),
    ("engine.far_b", "1", 0, 1, "Fuel-air ratio of the burner."),
    ("engine.bleed", "1", 0, 2000, "Bleed enthalpy."),
    ("engine.nf_demand", "/min", 0, 6000, "Demanded fan speed."),
    ("engine.nrf_demand", "1", 0, 110, "Demanded corrected fan speed, in percent of its nominal."),
    ("engine.w31", "[lb_av]/s", 0, 200, "Coolant bleed of the high-pressure turbine."),
    ("engine.w32", "[lb_av]/s", 0, 200, "Coolant bleed of the low-pressure turbine."),
    ("engine.egt", "Cel", -60, 1300, "Exhaust gas temperature."),
    ("engine.fuel_flow", "kg/h", 0, 20000, "Fuel flow."),
    ("engine.oil_pressure", "kPa", 0, 1500, "Oil pressure."),
    ("engine.oil_temperature", "Cel", -60, 250, "Oil temperature."),
    ("engine.vibration", "mm/s", 0, 200, "Vibration velocity, root mean square."),
    ("apu.speed", "%", 0, 120, "Speed of the auxiliary power unit."),
    ("apu.egt", "Cel", -60, 1300, "Exhaust gas temperature of the auxiliary power unit."),
    ("apu.load", "kW", 0, 1000, "Electric load of the auxiliary power unit."),
    ("tank.pressure", "kPa", 0, 2000, "Pressure in the hydrogen tank."),
    ("tank.temperature", "K", 10, 350, "Temperature in the hydrogen tank."),
    ("tank.level", "%", 0, 100, "Filling of the hydrogen tank."),
    ("tank.leak", "[ppm]", 0, 1000000, "Hydrogen in the air around the tank."),
    ("stack.voltage", "V", 0, 1500, "Voltage of a fuel-cell stack."),
    ("stack.current", "A", 0, 2000, "Current of a fuel-cell stack."),
    ("stack.temperature", "Cel", -60, 250, "Temperature of a fuel-cell stack."),
    ("hums.vibration", "mm/s", 0, 500, "Vibration velocity of a monitored unit, root mean square."),
    ("hums.acceleration", "m/s2", -2000, 2000, "Acceleration of a monitored unit."),
    ("hums.temperature", "Cel", -80, 1300, "Temperature of a monitored unit."),
    ("hums.strain", "1", -0.1, 0.1, "Strain of a structure."),
    ("hums.debris", "[ppm]", 0, 1000000, "Metal debris in the oil."),
    ("hums.health_index", "1", 0, 1, "Health of a unit as its monitor sees it, 1 the best."),
    ("environment.temperature", "Cel", -90, 90, "Temperature of the surrounding air."),
    ("environment.humidity", "%", 0, 100, "Relative humidity."),
    ("environment.pressure", "kPa", 1, 120, "Pressure of the surrounding air."),
    ("environment.particles", "ug/m3", 0, 1000000, "Mass of particles in the air."),
    ("environment.salt", "ug/m3", 0, 100000, "Mass of sea salt in the air."),
    ("environment.sulphur_dioxide", "ug/m3", 0, 100000, "Sulphur dioxide in the air."),
    ("environment.corrosion_rate", "um/a", 0, 10000, "Corrosion of a reference probe (ISO 9223)."),
    ("environment.wetness", "%", 0, 100, "Share of time that a surface was wet (ISO 9223)."),
)
# fmt: on

PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {name: Parameter(name, unit, low, high, doc) for name, unit, low, high, doc in _TABLE}
)
"""Every parameter there is, by name."""


def get_parameter(name: str) -> Parameter:
    """Returns the declaration of a parameter.

    Raises:
        ParameterError: There is no such parameter.
    """
    if name in PARAMETERS:
        return PARAMETERS[name]
    near = get_close_matches(name[:60], PARAMETERS, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(PARAMETERS)}"
    raise ParameterError(f"parameter: {shown(name)} is not known; {fix}", field="parameter")


def check_values(name: str, unit: str, values: list[float]) -> None:
    """Returns if all values can be of that parameter in that unit.

    Raises:
        ParameterError: They cannot; the sentence names the field, the value and the fix.
    """
    known = get_parameter(name)
    if unit != known.unit:
        raise ParameterError(
            f"unit: {shown(unit)} is not the unit of {name}; convert to {known.unit!r} (UCUM)",
            field="unit",
        )
    if min(values) >= known.low and max(values) <= known.high:
        return
    number, value = next((n, v) for n, v in enumerate(values) if not known.low <= v <= known.high)
    raise ParameterError(
        f"values.{number}: {value!r} {unit} is outside {known.low:g} to {known.high:g}, within which "
        f"{name} lies; check the sensor and its unit",
        field="values",
    )

"""The certification basis of the type: paragraphs of CS-25 in our own words, and special conditions.

Numbers and titles of CS paragraphs are EASA's; summaries are ours and no substitute for the text.
Special conditions (SC-H2 hydrogen, SC-EP electric propulsion, SC-BWB body) are invented.
"""

# ruff: noqa: E501 — one row of a table is one line

from __future__ import annotations

from typing import Final, NamedTuple


class Paragraph(NamedTuple):
    """One paragraph of the certification basis."""

    number: str
    title: str
    summary: str
    chapter: str
    """The ATA chapter that answers for it; empty for the whole aircraft."""


PARAGRAPHS: Final = (
    Paragraph("CS 25.25", "Weight limits", "Maximum weights must be established for each operating condition.", ""),
    Paragraph("CS 25.143", "Controllability and manoeuvrability", "The aeroplane must be safely controllable in every phase of flight.", "27"),
    Paragraph("CS 25.173", "Static longitudinal stability", "Stick force must have a stable slope with speed.", "27"),
    Paragraph("CS 25.251", "Vibration and buffeting", "No vibration may prevent safe flight in any likely condition.", "53"),
    Paragraph("CS 25.305", "Strength and deformation", "The structure must carry limit loads without permanent deformation.", "53"),
    Paragraph("CS 25.365", "Pressurised compartment loads", "The cabin must withstand pressure combined with flight loads.", "53"),
    Paragraph("CS 25.561", "Emergency landing conditions", "Occupants must be protected in a minor crash landing.", "25"),
    Paragraph("CS 25.571", "Damage tolerance and fatigue", "Catastrophic fatigue failure must be avoided throughout the operational life.", "57"),
    Paragraph("CS 25.581", "Lightning protection", "The aeroplane must be protected against catastrophic effects of lightning.", "53"),
    Paragraph("CS 25.629", "Aeroelastic stability", "No flutter may occur within the fail-safe envelope.", "57"),
    Paragraph("CS 25.671", "Control systems", "Controls must continue safe flight after any single failure or jam.", "27"),
    Paragraph("CS 25.672", "Stability augmentation", "Failure of augmentation must be annunciated and survivable.", "27"),
    Paragraph("CS 25.721", "Landing gear", "Gear that fails from overload must not cause fuel spillage.", "32"),
    Paragraph("CS 25.729", "Retracting mechanism", "The gear must lock, and its position must be shown.", "32"),
    Paragraph("CS 25.735", "Brakes and braking systems", "Brakes must stop the aeroplane from the most critical condition.", "32"),
    Paragraph("CS 25.783", "Fuselage doors", "Doors must be safeguarded against opening in flight.", "52"),
    Paragraph("CS 25.803", "Emergency evacuation", "All occupants must be able to leave within 90 seconds.", "25"),
    Paragraph("CS 25.831", "Ventilation", "Enough fresh air must be supplied to every occupant.", "21"),
    Paragraph("CS 25.841", "Pressurised cabins", "Cabin altitude must stay within limits after any probable failure.", "21"),
    Paragraph("CS 25.857", "Cargo compartment classification", "Compartments must detect and control fire.", "26"),
    Paragraph("CS 25.863", "Flammable fluid fire protection", "Ignition of leaking fluid or vapour must be made improbable.", "26"),
    Paragraph("CS 25.903", "Engines", "Failure of one power unit must not prevent the others from operating.", "72"),
    Paragraph("CS 25.905", "Propellers", "Blade failure must not endanger the aeroplane.", "61"),
    Paragraph("CS 25.951", "Fuel system: general", "Flow at every power setting must be assured.", "28"),
    Paragraph("CS 25.963", "Fuel tanks: general", "Tanks must withstand vibration, inertia and structural loads.", "28"),
    Paragraph("CS 25.979", "Pressure fuelling system", "Overfilling must be prevented, and shown if it happens.", "28"),
    Paragraph("CS 25.981", "Fuel tank explosion prevention", "No ignition source may exist where vapour can be.", "28"),
    Paragraph("CS 25.1043", "Cooling tests", "Components must stay within temperature limits in all operation.", "79"),
    Paragraph("CS 25.1091", "Air intake", "Air must be supplied in every operating condition.", "75"),
    Paragraph("CS 25.1141", "Powerplant controls", "Controls must keep the set position and not be affected by a single failure.", "76"),
    Paragraph("CS 25.1303", "Flight and navigation instruments", "Speed, altitude, attitude and direction must be shown to each pilot.", "34"),
    Paragraph("CS 25.1307", "Miscellaneous equipment", "Two independent systems for two-way communication are needed.", "23"),
    Paragraph("CS 25.1309", "Equipment, systems and installations", "Catastrophic failure conditions must be extremely improbable and not result from one failure.", "42"),
    Paragraph("CS 25.1319", "Information security", "Systems must be protected from intentional unauthorised interaction.", "46"),
    Paragraph("CS 25.1322", "Flight crew alerting", "Alerts must give attention, cause and needed action.", "31"),
    Paragraph("CS 25.1326", "Pitot heat indication", "The crew must be told when probe heating does not work.", "34"),
    Paragraph("CS 25.1329", "Flight guidance system", "Engagement, disengagement and failure must be safe and obvious.", "22"),
    Paragraph("CS 25.1351", "Electrical systems: general", "Generating capacity must be shown by load analysis.", "24"),
    Paragraph("CS 25.1353", "Electrical equipment and batteries", "Batteries must not become a hazard in charge, discharge or failure.", "24"),
    Paragraph("CS 25.1355", "Distribution system", "Loss of one source must not lose essential loads.", "24"),
    Paragraph("CS 25.1383", "Landing lights", "Light for night landing must be provided without glare.", "33"),
    Paragraph("CS 25.1419", "Ice protection", "Flight in icing must be shown to be safe.", "30"),
    Paragraph("CS 25.1435", "Hydraulic systems", "Elements must withstand proof and burst pressure.", "29"),
    Paragraph("CS 25.1438", "Pressurisation and low pressure systems", "Parts must withstand their pressures with margin.", "38"),
    Paragraph("CS 25.1441", "Oxygen equipment and supply", "Oxygen must be supplied above the stated altitudes.", "35"),
    Paragraph("CS 25.1457", "Cockpit voice recorders", "Voices and sounds must be recorded and survive.", "23"),
    Paragraph("CS 25.1459", "Flight data recorders", "Flight data must be recorded and survive.", "31"),
    Paragraph("CS 25.1529", "Instructions for continued airworthiness", "Instructions must be prepared, with airworthiness limitations.", "45"),
    Paragraph("CS 25.1701", "Wiring interconnection systems", "Wiring must be treated as a system, separated and inspectable.", "24"),
    Paragraph("SC-H2-01", "Storage of liquid hydrogen", "Tanks must hold hydrogen at 20 K with boil-off below the declared rate.", "28"),
    Paragraph("SC-H2-02", "Tank burst and crash integrity", "No tank may burst or leak in a survivable crash.", "28"),
    Paragraph("SC-H2-03", "Pressure relief and venting", "Venting must be redundant and lead gas clear of occupants and ignition.", "28"),
    Paragraph("SC-H2-04", "Loss of vacuum insulation", "Sudden loss of vacuum must not overpressure the tank.", "28"),
    Paragraph("SC-H2-05", "Hydrogen leak detection", "Leaks must be found and isolated below a quarter of the flammable limit.", "26"),
    Paragraph("SC-H2-06", "Ventilation of hydrogen zones", "Zones where hydrogen can collect must be ventilated or inert.", "21"),
    Paragraph("SC-H2-07", "Hydrogen feed", "Feed must be isolable per power unit and fail closed.", "73"),
    Paragraph("SC-H2-08", "Refuelling of liquid hydrogen", "Couplings must prevent air ingress, spillage and wrong connection.", "28"),
    Paragraph("SC-H2-09", "Materials in hydrogen and cold", "Materials must resist embrittlement and thermal cycling for their life.", "28"),
    Paragraph("SC-H2-10", "Air condensation", "Cold surfaces must not condense oxygen-enriched air.", "28"),
    Paragraph("SC-H2-11", "High-voltage distribution", "Arcs and insulation faults must be found and cut off.", "24"),
    Paragraph("SC-H2-12", "Fuel cell power units", "A power unit must contain cell failure, fire and reversal.", "72"),
    Paragraph("SC-H2-13", "Cathode air supply", "Loss of air to one unit must not affect another.", "75"),
    Paragraph("SC-H2-14", "Auxiliary fuel cell", "Operation on the ground must not make a hazard for persons.", "49"),
    Paragraph("SC-H2-15", "Heat rejection", "Waste heat must be rejected on the hottest day at take-off power.", "79"),
    Paragraph("SC-EP-01", "Distributed propulsion", "Loss of any two propulsors must leave safe flight.", "71"),
    Paragraph("SC-EP-02", "Motor drives", "A drive fault must not lead to uncommanded thrust.", "76"),
    Paragraph("SC-EP-03", "Propulsor rotor integrity", "Rotors must survive overspeed and contain a lost blade.", "61"),
    Paragraph("SC-BWB-01", "Non-circular pressure vessel", "The flat-sided cabin must be shown damage tolerant.", "53"),
    Paragraph("SC-BWB-02", "Evacuation of a wide cabin", "Lateral aisles and exits must allow evacuation in 90 seconds.", "52"),
    Paragraph("SC-BWB-03", "Tailless controllability", "Pitch and yaw control must suffice after loss of any one surface.", "27"),
    Paragraph("SC-BWB-04", "Ride at the cabin edge", "Vertical acceleration at outboard seats must stay tolerable.", "22"),
)  # fmt: skip

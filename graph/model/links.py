"""The closed table of link types.

Every link points from the thing that depends to the thing it depends on: "why?" follows the
arrows, and "what is affected?" goes against them. A name is read from source to target, an
inverse from target to source, and no word is used twice in the whole table.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from graph.model.kind import (
    Amount,
    Count,
    Day,
    Days,
    FlightCycles,
    FlightHours,
    Line,
)
from graph.model.link import LinkProperties, LinkType
from graph.model.product import UnitOfMeasure
from graph.model.time import UtcDatetime


class Trace(LinkProperties):
    """What a trace between requirements, designs and proofs may carry."""

    rationale: Line | None = Field(default=None, description="Why the one answers the other.")
    reference: Line | None = Field(default=None, description="The id of this link in its source.")


class Placement(LinkProperties):
    """Where something stands in a document."""

    sequence: Count | None = Field(default=None, description="Its place among its neighbours.")
    section: Line | None = Field(default=None, description="The section number, as printed.")
    reference: Line | None = Field(default=None, description="The id of this link in its source.")


class Share(LinkProperties):
    """How much of the target is meant."""

    quantity: Amount | None = Field(default=None, description="How much.")
    unit_of_measure: UnitOfMeasure | None = Field(default=None, description="Counted in what.")


class Component(Share):
    """One line of a bill of material; the slot is its find number."""

    effectivity: Line | None = Field(
        default=None, description="On which units the line applies: an expression of effectivity."
    )


class Alternate(LinkProperties):
    """Under what approval one part number stands in for another."""

    is_two_way: bool | None = Field(default=None, description="Whether it goes both ways.")
    approval: Line | None = Field(default=None, description="The approval it rests on.")


class Supply(LinkProperties):
    """On what terms a supplier supplies."""

    number: Line | None = Field(default=None, description="The supplier's own part number.")
    is_preferred: bool | None = Field(default=None, description="Whether to buy here first.")
    lead_time_days: Days | None = Field(default=None, description="How long a new one takes.")


class Accomplishment(LinkProperties):
    """At what count of its life something was done to a unit, and on what record that rests."""

    total_fh: FlightHours | None = Field(default=None, description="Flight hours since new, then.")
    total_fc: FlightCycles | None = Field(
        default=None, description="Flight cycles since new, then."
    )
    reference: Line | None = Field(default=None, description="The record, such as a work order.")


class Installation(Accomplishment):
    """At what count of its life a unit was put in, and under what approval, where it needs one."""

    approval: Line | None = Field(
        default=None,
        description="The approval of a part number that is not allowed there by itself.",
    )


class Compliance(Accomplishment):
    """How a directive or bulletin was complied with, and when it falls due again."""

    method: Line | None = Field(default=None, description="The method of compliance.")
    is_terminating: bool | None = Field(default=None, description="Whether nothing is due again.")
    next_due_fh: FlightHours | None = Field(default=None, description="Next due at these hours.")
    next_due_fc: FlightCycles | None = Field(default=None, description="Next due at these cycles.")
    next_due_on: Day | None = Field(default=None, description="Next due on this day.")


class Removal(Accomplishment):
    """Why a unit was taken out, and from where."""

    reason: Line | None = Field(default=None, description="Why it was taken out.")
    is_scheduled: bool | None = Field(default=None, description="Whether that was planned.")
    position: Line | None = Field(default=None, description="The position it was taken from.")


class Signature(LinkProperties):
    """A sign-off; the slot is the role signed in, such as `performed` or `certified`."""

    signed_at: UtcDatetime | None = Field(default=None, description="When it was signed.")
    statement: Line | None = Field(default=None, description="What was signed for.")
    authorisation: Line | None = Field(default=None, description="The authorisation it rests on.")


def _link(
    name: str,
    sources: str,
    targets: str,
    inverse: str,
    doc: str,
    *,
    one: bool = False,
    one_in: bool = False,
    acyclic: bool = False,
    suspect: bool = False,
    slotted: bool = False,
    properties: type[LinkProperties] | None = None,
) -> LinkType:
    """Returns a link type from kinds written as words; `one` and `one_in` are maxima of one."""
    return LinkType(
        name,
        frozenset(sources.split()),
        frozenset(targets.split()),
        inverse,
        doc,
        max_out=1 if one else None,
        max_in=1 if one_in else None,
        acyclic=acyclic,
        suspect=suspect,
        slotted=slotted,
        properties=properties,
    )


# A table is read by its columns: name, sources, targets, inverse, sentence, rules.
# fmt: off
LINKS: Final[tuple[LinkType, ...]] = (
    # Requirements, designs and their proof
    _link("DERIVES_FROM", "requirement", "requirement certbasis document", "DERIVED_INTO",
          "The requirement says in finer terms what the target demands.",
          acyclic=True, suspect=True, properties=Trace),
    _link("PLACED_UNDER", "requirement", "requirement", "HEADS",
          "The requirement stands under that heading or parent in its specification.",
          acyclic=True, properties=Placement),
    _link("SPECIFIED_IN", "requirement certbasis testcase", "document", "SPECIFIES",
          "The item is stated in that document.", properties=Placement),
    _link("REFERS_TO",
          "requirement certbasis design document publication testcase task bulletin directive stc "
          "modification ecr eco training",
          "requirement certbasis design cad document publication testcase task bulletin directive "
          "stc modification", "REFERRED_TO_BY",
          "The item cites the other, without deriving from it.", suspect=True, properties=Trace),
    _link("SATISFIES", "design part software model modelversion modification stc",
          "requirement certbasis", "SATISFIED_BY",
          "The item is what meets that requirement.", suspect=True, properties=Trace),
    _link("REFINES", "design", "design", "REFINED_BY",
          "The design item is a part of that larger design.", acyclic=True, suspect=True),
    _link("INTERFACES_WITH", "design", "design", "INTERFACED_BY",
          "The design item relies on an interface of the other.", suspect=True),
    _link("DEPICTS", "cad", "design part position", "DEPICTED_BY",
          "The model or drawing shows the geometry of that item.", suspect=True),
    _link("VERIFIES", "testcase inspection", "requirement certbasis", "VERIFIED_BY",
          "The test or inspection is meant to show that the requirement is met.",
          suspect=True, properties=Trace),
    _link("RESULT_OF", "testresult", "testcase", "HAS_RESULT",
          "The result was seen when that test case was run.", one=True, suspect=True),
    _link("EXAMINES", "testresult inspection",
          "serial part batch design software modelversion device tool", "EXAMINED_BY",
          "That is the very thing that was on test."),
    _link("EVIDENCES", "document testresult inspection release",
          "requirement certbasis directive bulletin", "EVIDENCED_BY",
          "The record is evidence that the demand is met.", suspect=True, properties=Trace),
    _link("DOCUMENTS", "publication document",
          "design part software position modification bulletin tool", "DOCUMENTED_BY",
          "The publication tells people about that item.", suspect=True),
    _link("BASED_ON", "publication document plan training", "document cad baseline dataset",
          "BASIS_OF", "The item was written or computed from that one.", suspect=True),
    _link("FOLLOWS", "task workorder testcase operation inspection calibration",
          "publication document", "FOLLOWED_BY",
          "The work is done as that procedure says.", suspect=True),
    _link("RUNS_ON", "software modelversion", "part device", "RUNS",
          "The software is made for that hardware.", suspect=True),
    _link("BUILT_WITH", "software", "software", "BUILT_INTO",
          "The software contains that other one, or needs it to run.", suspect=True),
    _link("SUPERSEDES",
          "requirement certbasis design cad document publication testcase software part ecr eco "
          "bulletin directive stc modification effectivity training task release qualification "
          "modelversion dataset baseline plan",
          "requirement certbasis design cad document publication testcase software part ecr eco "
          "bulletin directive stc modification effectivity training task release qualification "
          "modelversion dataset baseline plan", "SUPERSEDED_BY",
          "The item takes the place of an earlier one of its kind.", acyclic=True),

    # Parts, units and places
    _link("REALISES", "part software", "design", "REALISED_BY",
          "The part number is how that design is made.", suspect=True, properties=Trace),
    _link("HAS_COMPONENT", "part", "part software", "COMPONENT_OF",
          "The assembly calls for that component at the find number in the slot.",
          acyclic=True, suspect=True, slotted=True, properties=Component),
    _link("ALTERNATE_OF", "part", "part", "HAS_ALTERNATE",
          "The part is approved to stand in for that one.", suspect=True, properties=Alternate),
    _link("SUPPLIED_BY", "part serial batch software tool order", "supplier", "SUPPLIES",
          "The item comes from that supplier.", properties=Supply),
    _link("FITS", "part software", "position", "ACCEPTS",
          "The part number is allowed in that position.", suspect=True),
    _link("DEFINED_BY", "position", "design", "DEFINES",
          "The position exists because that design provides it.", suspect=True),
    _link("LOCATED_IN", "position facility serial batch stock tool device person",
          "position facility", "HOLDS",
          "The thing is to be found in that place.", one=True, acyclic=True),
    _link("INSTANCE_OF", "serial batch stock", "part", "HAS_INSTANCE",
          "The unit or quantity is made to that part number.", one=True, suspect=True),
    _link("BUILT_TO", "serial", "design baseline", "BUILT_AS",
          "The unit was built to that design or baseline.", suspect=True),
    _link("CONTAINS", "serial", "serial", "INSTALLED_IN",
          "The unit has the other one installed at the position in the slot.",
          one_in=True, acyclic=True, slotted=True, properties=Installation),
    _link("FROM_BATCH", "serial stock", "batch", "COMPRISES",
          "The unit or stock belongs to that batch.", one=True),
    _link("MADE_FROM", "serial batch", "serial batch stock", "MADE_INTO",
          "The other one was used up in making this one.", acyclic=True, properties=Share),
    _link("CONSISTS_OF", "stock", "serial", "STOCKED_AS",
          "That unit is among those in stock.", one_in=True),
    _link("LOADED_WITH", "serial device", "software", "LOADED_ON",
          "The unit carries that software."),
    _link("CERTIFIED_BY", "serial batch stock part supplier facility", "release document",
          "CERTIFIES", "The thing may be used because of that certificate.", suspect=True),

    # Change and what it applies to
    _link("CAUSED_BY",
          "ecr ncr capa finding incident directive bulletin modification workorder recommendation "
          "discrepancy alert deferral training",
          "finding ncr capa alert incident discrepancy feedback recommendation prediction "
          "testresult inspection directive bulletin eco flight", "GAVE_RISE_TO",
          "The item was raised because of that one."),
    _link("IMPLEMENTS", "eco bulletin modification capa",
          "ecr eco stc bulletin directive modification", "IMPLEMENTED_BY",
          "The item carries out what that one decided or demanded.", acyclic=True, suspect=True),
    _link("ALTERED_BY",
          "requirement certbasis design cad document publication testcase software part position "
          "task training effectivity",
          "ecr eco modification bulletin directive stc", "ALTERS",
          "The item is, or is proposed to be, as that change makes it."),
    _link("LIMITED_BY",
          "ecr eco bulletin directive stc modification task publication document training software",
          "effectivity", "LIMITS", "The item applies only where that rule selects.", suspect=True),
    _link("SELECTS", "effectivity", "serial part position modification bulletin software",
          "SELECTED_BY", "The rule names that thing, whether to take it in or leave it out.",
          suspect=True),
    _link("SUBJECT_TO", "serial part", "directive bulletin modification stc task", "APPLIES_TO",
          "The demand or change applies to that unit or part number.", suspect=True),
    _link("EMBODIES", "serial", "modification bulletin stc eco", "EMBODIED_IN",
          "The unit has had that change made to it.", properties=Accomplishment),
    _link("COMPLIES_WITH", "serial", "directive bulletin", "COMPLIED_WITH_BY",
          "The unit has had done to it what was demanded.", suspect=True, properties=Compliance),
    _link("TEACHES", "training", "part design task tool software publication modification",
          "TAUGHT_BY", "The training is about that item.", suspect=True),

    # Maintenance
    _link("MEETS", "task", "requirement certbasis directive bulletin modification document",
          "MET_BY", "The task is in the programme because of that demand.",
          suspect=True, properties=Trace),
    _link("PERFORMED_ON", "task", "part position design", "HAS_TASK",
          "The task is done on whatever is of that part number or in that position.",
          suspect=True),
    _link("REQUIRES", "task operation bulletin modification training qualification",
          "part tool training facility device", "REQUIRED_BY",
          "The work cannot be done without that.", suspect=True, properties=Share),
    _link("EXECUTES", "workorder", "task bulletin directive modification recommendation stc",
          "EXECUTED_BY", "The work order carries out that task.", suspect=True),
    _link("WORKS_ON", "workorder", "serial device tool facility", "WORKED_ON_BY",
          "The work is done on that unit."),
    _link("INSTALLS", "workorder operation", "serial", "INSTALLED_BY",
          "The unit was put in under that order.", properties=Accomplishment),
    _link("REMOVES", "workorder", "serial", "REMOVED_BY",
          "The unit was taken out under that order.", properties=Removal),
    _link("CONSUMES", "workorder operation order", "stock batch part", "CONSUMED_BY",
          "The work used that up.", properties=Share),
    _link("RESERVES", "workorder order operation", "stock serial tool", "RESERVED_BY",
          "That is set aside for the work.", properties=Share),
    _link("USES", "workorder operation testresult inspection calibration", "tool device", "USED_IN",
          "The work was done with that tool."),
    _link("FOUND_IN", "finding ncr alert discrepancy incident",
          "workorder inspection operation flight testresult", "REVEALS",
          "That is the occasion on which it was found."),
    _link("ABOUT",
          "finding ncr capa alert recommendation discrepancy incident deferral prediction ecr",
          "serial part batch position software device supplier flight stock tool source",
          "SUBJECT_OF",
          "That is the thing that is spoken of."),
    _link("DEFERS", "deferral", "finding task workorder alert", "DEFERRED_BY",
          "The deferral puts that off."),
    _link("RESOLVES", "workorder capa eco modification",
          "finding ncr alert discrepancy deferral incident", "RESOLVED_BY",
          "The work put that right."),
    _link("RELEASES", "release", "workorder order operation", "RELEASED_BY",
          "The certificate releases that work.", suspect=True),
    _link("SIGNED_BY",
          "workorder release inspection finding deferral ecr eco ncr capa distinction testresult "
          "calibration baseline document modelversion labour recommendation", "person", "SIGNED",
          "That person signed for it in the role in the slot.",
          slotted=True, properties=Signature),
    _link("ASSIGNED_TO",
          "workorder operation capa ecr ncr discrepancy finding recommendation shift",
          "person", "ASSIGNED", "That person is to see to it."),
    _link("QUALIFIED_BY", "person", "qualification", "QUALIFIES",
          "The person may do what that licence or authorisation covers.",
          one_in=True, suspect=True),
    _link("COMPLETED", "person qualification", "training", "COMPLETED_BY",
          "The person has been through that training."),
    _link("CALIBRATED_BY", "tool device", "calibration", "CALIBRATES",
          "The tool reads true because of that calibration.", one_in=True, suspect=True),
    _link("TAKES_PLACE_AT",
          "workorder calibration testresult inspection operation order release window trainingrun "
          "shift", "facility", "PLACE_OF", "That is where it is done."),
    _link("PART_OF", "workorder order job publication", "workorder order job publication",
          "HAS_PART", "The item belongs to that larger one of its kind.", one=True, acyclic=True),
    _link("PRECEDED_BY", "operation task workorder job", "operation task workorder job",
          "PRECEDES", "The work cannot begin before that is done.", acyclic=True),
    _link("SCHEDULED_IN", "workorder order operation task job", "window plan", "SCHEDULES",
          "The work is to be done in that window or as that plan says."),
    _link("GROUNDS", "window", "aircraft", "GROUNDED_IN",
          "The window is a time at which that aircraft is on the ground.", one=True),
    _link("BOUNDED_BY", "window", "flight", "BOUNDS",
          "The window opens or closes with that flight.", suspect=True),

    # Operation
    _link("FLOWN_BY", "flight", "aircraft", "FLIES",
          "The flight is flown by that aircraft.", one=True),
    _link("CONTINUES", "flight", "flight", "CONTINUED_BY",
          "The flight is the next one of the same aircraft.",
          one=True, one_in=True, acyclic=True),
    _link("COUNTS", "usage", "serial device tool", "COUNTED_BY",
          "The counters are those of that unit.", one=True),
    _link("RAISED_BY", "alert discrepancy recommendation incident usage",
          "device modelversion source person", "RAISED",
          "That is who or what noticed it."),
    _link("RECOMMENDS", "recommendation", "task modification bulletin part", "RECOMMENDED_BY",
          "The recommendation is to do that."),

    # Production
    _link("ORDERS", "order", "part", "ORDERED_BY",
          "The order is for that part number.", one=True, suspect=True),
    _link("STEP_OF", "operation labour", "order workorder", "HAS_STEP",
          "The operation is a step of that order, or the labour part of one.", one=True),
    _link("PRODUCED_BY", "serial batch", "order operation", "PRODUCES",
          "The unit was made under that order."),
    _link("MONITORS", "device", "serial device", "MONITORED_BY",
          "The device watches that unit."),

    # Learning
    _link("VERSION_OF", "modelversion", "model", "HAS_VERSION",
          "The version is a state of that model.", one=True),
    _link("TRAINED_ON", "modelversion trainingrun", "dataset", "USED_TO_TRAIN",
          "The weights were learnt from that data.", suspect=True),
    _link("VALIDATED_ON", "modelversion", "dataset", "USED_TO_VALIDATE",
          "The version was judged on that data, which it had not seen.", suspect=True),
    _link("TRAINED_IN", "modelversion", "trainingrun", "YIELDED",
          "The version came out of that run.", one=True),
    _link("CONVERTED_FROM", "modelversion", "modelversion", "CONVERTED_INTO",
          "The version was distilled, pruned or quantised from that one.",
          acyclic=True, suspect=True),
    _link("DEPLOYS", "deployment", "modelversion software", "DEPLOYED_BY",
          "The deployment puts that to work.", one=True, suspect=True),
    _link("DEPLOYED_TO", "deployment", "device serial", "HOSTS",
          "That is what it runs on."),
    _link("MADE_BY", "prediction", "modelversion deployment", "MAKES",
          "The prediction was computed by that model version."),
    _link("JUDGES", "feedback", "prediction recommendation alert workorder", "JUDGED_BY",
          "The feedback says how right that was."),
    _link("DRAWN_FROM", "dataset feedback", "dataset source serial device flight testresult",
          "DRAWN_INTO", "The data come from there.", acyclic=True),

    # Governance
    _link("FREEZES", "baseline", "serial part design requirement software document modelversion",
          "FROZEN_IN", "That is the root of the baseline's scope.", one=True),
    _link("OUTPUT_OF", "plan baseline document dataset trainingrun", "job", "OUTPUTS",
          "The item was made by that job."),
    _link("READS", "job", "source dataset baseline plan", "READ_BY",
          "The job works on that."),
)
# fmt: on
"""Every link type there is."""

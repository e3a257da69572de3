from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

import pytest

from graph.model import ontology
from graph.model.event import MAX_BYTES, Event, read_event
from graph.model.fact import Correct, EndLink, PutLink, PutNode, RetireNode
from graph.model.identifier import Utcs
from ingest.fleet import faults
from ingest.fleet.catalogue import ITEMS, SYSTEMS, places
from ingest.fleet.generate import aircraft_count, generate
from ingest.fleet.statement import utcs


def digest(events: Iterable[Event]) -> str:
    running = hashlib.sha256()
    for event in events:
        running.update(event.canonical())
    return running.hexdigest()


def things(story: Sequence[Event]) -> Counter[str]:
    put = {f.utcs for e in story for f in e.facts if isinstance(f, PutNode)}
    return Counter(thing.kind for thing in put)


def links(story: Sequence[Event], name: str) -> set[tuple[Utcs, Utcs]]:
    facts = (fact for event in story for fact in event.facts)
    return {(f.source, f.target) for f in facts if isinstance(f, PutLink) and f.link == name}


def test_the_same_seed_tells_the_same_story_byte_for_byte(story: Sequence[Event]) -> None:
    assert digest(generate(seed=1, scale=0.2)) == digest(story)


def test_another_seed_tells_another_story_of_the_same_type() -> None:
    first, second = (list(islice(generate(seed=seed), 2000)) for seed in (1, 2))

    assert [event.id for event in first[:60]] == [event.id for event in second[:60]]
    assert digest(first) != digest(second)


def test_a_larger_fleet_changes_nothing_in_the_first_aircraft() -> None:
    """Areas draw from streams of their own, so that adding one does not shift the others."""

    def delivered(scale: float) -> str:
        wanted = "delivery-10001"
        return next(e.canonical().hex() for e in generate(1, scale) if e.id == wanted)

    assert delivered(0.2) == delivered(0.5)


def test_every_event_is_read_back_as_it_was_sent(story: Sequence[Event]) -> None:
    for event in story[::7]:
        assert read_event(event.canonical()) == event


def test_events_are_small_and_have_an_identity_of_their_own(story: Sequence[Event]) -> None:
    assert len({event.identity for event in story}) == len(story)
    assert max(len(event.canonical()) for event in story) < MAX_BYTES / 4


def test_every_kind_and_every_sort_of_fact_occurs(story: Sequence[Event]) -> None:
    facts = Counter(type(fact) for event in story for fact in event.facts)

    assert set(things(story)) == set(ontology.kinds())
    assert set(facts) == {PutNode, RetireNode, PutLink, EndLink, Correct}


def test_every_link_type_occurs(story: Sequence[Event]) -> None:
    told = {f.link for e in story for f in e.facts if isinstance(f, PutLink)}

    assert told == set(ontology.link_types())


def test_what_the_tour_names_carries_its_aliases(story: Sequence[Event]) -> None:
    named = {
        str(alias): fact.utcs
        for event in story
        for fact in event.facts
        if isinstance(fact, PutNode)
        for alias in fact.properties.aliases
    }

    assert named["dpp:DPP-H2-001"] == utcs("aircraft", "MSN-10001")
    assert named["erp:WO-54321"] == utcs("workorder", "WO-54321")
    assert named["dpp:DPP-PART-123"] == utcs("part", "DPP-PART-123")
    schemes = {key.partition(":")[0] for key in named}
    assert {"cage-serial", "sgtin", "gtin", "dmc", "msn", "registration"} <= schemes


def test_the_named_order_carries_every_sign_off_it_asks_for(story: Sequence[Event]) -> None:
    order = utcs("workorder", "WO-54321")
    facts = [fact for event in story for fact in event.facts]
    signed = {f.slot for f in facts if isinstance(f, PutLink) and f.source == order and f.slot}
    stated = [
        f.properties.model_dump() for f in facts if isinstance(f, PutNode) and f.utcs == order
    ]

    assert signed == set(stated[-1]["required_signoffs"])
    assert stated[-1]["status"] == "in_work"


def test_every_requirement_but_the_orphan_is_satisfied_and_verified(
    story: Sequence[Event],
) -> None:
    facts = [fact for event in story for fact in event.facts]
    retired = {f.utcs for f in facts if isinstance(f, RetireNode)}
    required = {
        f.utcs for f in facts if isinstance(f, PutNode) and f.utcs.kind == "requirement"
    } - retired

    orphan = {utcs("requirement", faults.ORPHAN_REQUIREMENT)}
    assert required - {target for _, target in links(story, "SATISFIES")} == orphan
    assert required - {target for _, target in links(story, "VERIFIES")} == orphan


def test_every_aircraft_but_one_complies_with_every_directive(story: Sequence[Event]) -> None:
    owed = {pair for pair in links(story, "SUBJECT_TO") if pair[0].kind == "aircraft"}
    directive, aircraft = faults.OPEN_DIRECTIVE_ON

    assert owed - links(story, "COMPLIES_WITH") == {
        (utcs("aircraft", aircraft), utcs("directive", directive))
    }


def test_every_model_version_but_one_is_validated(story: Sequence[Event]) -> None:
    versions = {source for source, _ in links(story, "VERSION_OF")}
    validated = {source for source, _ in links(story, "VALIDATED_ON")}

    assert versions - validated == {utcs("modelversion", faults.UNVALIDATED_MODEL_VERSION)}


def test_the_unapproved_part_fits_nowhere_and_stands_in_for_nothing(
    story: Sequence[Event],
) -> None:
    part = utcs("part", f"H2-{faults.UNAPPROVED_ITEM}-{faults.UNAPPROVED_DASH}")

    assert len([unit for unit, made_to in links(story, "INSTANCE_OF") if made_to == part]) == 1
    for name in ("FITS", "ALTERNATE_OF", "SUPERSEDES"):
        assert part not in {source for source, _ in links(story, name)}


def test_the_mix_is_that_of_a_fleet(story: Sequence[Event]) -> None:
    count = things(story)
    per_aircraft = {kind: count[kind] / count["aircraft"] for kind in count}

    assert per_aircraft["serial"] > len(places())
    assert 30 < per_aircraft["workorder"] < 500
    assert 10 < per_aircraft["finding"] < 250
    assert per_aircraft["release"] > per_aircraft["workorder"] / 2
    assert count["aircraft"] == 3
    assert 300 < count["certbasis"] + count["requirement"] < 1500


def test_no_source_sends_more_than_it_would(story: Sequence[Event]) -> None:
    sent: dict[str, set[str]] = defaultdict(set)
    for event in story:
        sent[event.source.rpartition(":")[2]].add(event.subject.kind if event.subject else "")

    assert "workorder" in sent["amos"]
    assert "workorder" not in sent["plm"] | sent["mes"]
    assert "directive" in sent["easa"]
    assert "requirement" in sent["plm"]


def test_the_fleet_grows_in_proportion_to_its_scale(story: Sequence[Event]) -> None:
    three, six = things(story).total(), things(list(generate(seed=1, scale=0.5))).total()

    each = (six - three) / 3
    assert three < 12 * each  # less than half of a full fleet is the type itself
    assert 15_000 < six + 6 * each < 25_000  # so that scale 50 is about a million things


@pytest.mark.parametrize(
    ("scale", "aircraft"), [(0.01, 3), (0.25, 3), (0.5, 6), (1, 12), (50, 600)]
)
def test_a_fleet_has_twelve_aircraft_at_scale_one(scale: float, aircraft: int) -> None:
    assert aircraft_count(scale) == aircraft


@pytest.mark.parametrize("scale", [0, -1, 1001])
def test_a_scale_out_of_range_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        next(generate(1, scale))


def test_every_chapter_has_items_and_every_item_a_chapter() -> None:
    assert {item.chapter for item in ITEMS} == {system.chapter for system in SYSTEMS}
    assert len({item.key for item in ITEMS}) == len(ITEMS)
    assert len({place.code for place in places()}) == len(places())

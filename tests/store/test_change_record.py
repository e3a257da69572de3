"""The record of a change, of nonconformances and of what was done about them, in the order of time."""

from __future__ import annotations

import pytest

from graph.flows.change import raise_ecr
from graph.flows.lifecycle import LifecycleError
from graph.flows.nonconformance import open_capa, raise_ncr
from graph.model.change import ChangeClass, Ecr
from graph.model.quality import Capa, CapaCategory, Ncr, NcrCategory, NcrSeverity
from graph.model.time import Coordinates, from_micros
from graph.store.change_record import find_change_record
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.lifecycle_audit import audit_kind
from tests.store.changing import ADMIN, approved, decided, ordered, person, requested, staff, step
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import event

NCR = Ncr(name="Bore too wide", category=NcrCategory.SUPPLIER, severity=NcrSeverity.MAJOR)


async def world(graph: Graph) -> None:
    await staff(graph)
    await tell(graph, event(thing("part-1"), thing("supplier-1"), thing("finding-1")))


async def reported(graph: Graph, name: str = "ncr-1") -> None:
    await raise_ncr(
        graph, ADMIN, id_of(name), NCR, signer=person("ann"),
        about=[id_of("part-1"), id_of("supplier-1")],
    )  # fmt: skip


async def test_a_nonconformance_is_contained_disposed_of_and_closed_once_something_is_done(
    graph: Graph,
) -> None:
    await world(graph)
    await reported(graph)
    await step(graph, "ncr-1", "contain", "ann", containment="Lot held.")
    with pytest.raises(LifecycleError, match="design: no signature of design assurance") as caught:
        await step(graph, "ncr-1", "disposition", "mia", disposition="use_as_is")
    assert caught.value.rules == ("ncr.disposition/approval",)
    await step(graph, "ncr-1", "disposition", "mia", disposition="return_to_supplier")
    with pytest.raises(LifecycleError, match="no such link to any of capa, eco, ecr, modification"):
        await step(graph, "ncr-1", "close", "quinn", cause="Tool wear.")
    await open_capa(
        graph, ADMIN, id_of("capa-1"), Capa(name="Wear limit", category=CapaCategory.CORRECTIVE),
        signer=person("ben"), causes=[id_of("ncr-1")],
    )  # fmt: skip
    await step(graph, "ncr-1", "close", "quinn", cause="Tool wear.")
    await step(graph, "capa-1", "analyse", "ben", method="8D", cause="No limit.")
    await step(graph, "capa-1", "start", "ben", action="Set a limit.")
    await step(graph, "capa-1", "implement", "quinn")
    with pytest.raises(LifecycleError, match="signed as 'implemented'; another person"):
        await step(graph, "capa-1", "verify", "quinn")
    with pytest.raises(LifecycleError, match="has not the role 'quality assurance'"):
        await step(graph, "capa-1", "verify", "ann")

    record = await find_change_record(graph, id_of("ncr-1"))

    assert [(one.utcs.local, one.role, one.state) for one in record.members] == [
        ("ncr-1", "itself", "closed"), ("capa-1", "outcome", "implemented"),
    ]  # fmt: skip
    assert (await audit_kind(graph, "ncr")).steps == (await audit_kind(graph, "capa")).steps == ()


async def test_an_action_that_did_not_work_goes_back_to_its_analysis(graph: Graph) -> None:
    await world(graph)
    await open_capa(
        graph, ADMIN, id_of("capa-1"), Capa(name="Wear limit", category=CapaCategory.CORRECTIVE),
        signer=person("ann"), causes=[id_of("finding-1")],
    )  # fmt: skip
    for verb, given in (
        ("analyse", {"method": "8D", "cause": "c"}), ("start", {"action": "a"}), ("implement", {}),
    ):  # fmt: skip
        await step(graph, "capa-1", verb, "ann", **given)
    await step(graph, "capa-1", "reopen", "quinn", says="Three more came.")
    await step(graph, "capa-1", "start", "ben")
    await step(graph, "capa-1", "implement", "ben")
    await step(graph, "capa-1", "verify", "quinn")
    await step(graph, "capa-1", "close", "quinn")

    record = await find_change_record(graph, id_of("capa-1"))

    states = [
        one.state for one in record.entries if one.what == "stated" and one.utcs.kind == "capa"
    ]
    assert states == ["open", "analysed", "in_work", "implemented", "analysed", "in_work",
                      "implemented", "verified", "closed"]  # fmt: skip
    signed = [
        (one.slot, one.by.rpartition("-")[2]) for one in record.entries if one.what == "signed"
    ]
    assert [by for slot, by in signed if slot == "implemented"] == ["ann", "ben"]
    assert record.members[-1].properties.model_dump()["effectiveness"] == "effective"
    assert (await audit_kind(graph, "capa")).steps == ()


async def test_a_report_must_be_about_something_and_a_supplier_s_about_the_supplier(
    graph: Graph,
) -> None:
    await world(graph)

    with pytest.raises(LifecycleError, match="ABOUT: no such link to any of supplier"):
        await raise_ncr(
            graph, ADMIN, id_of("ncr-1"), NCR, signer=person("ann"), about=[id_of("part-1")]
        )
    with pytest.raises(NotFoundError, match="part-9"):
        await raise_ncr(
            graph, ADMIN, id_of("ncr-1"), NCR, signer=person("ann"), about=[id_of("part-9")]
        )
    with pytest.raises(BadQuestionError, match="ABOUT takes"):
        await raise_ncr(graph, ADMIN, id_of("ncr-1"), NCR, signer=person("ann"),
                        about=[id_of("part-1"), id_of("supplier-1"), id_of("person-ann")])  # fmt: skip
    closed = NCR.model_copy(update={"status": "closed"})
    with pytest.raises(BadQuestionError, match="status: closed; it begins as open"):
        await raise_ncr(
            graph, ADMIN, id_of("ncr-1"), closed, signer=person("ann"), about=[id_of("part-1")]
        )


async def test_the_record_of_a_change_leads_from_its_origin_to_its_embodiment(graph: Graph) -> None:
    await world(graph)
    await reported(graph)
    request = Ecr(name="ecr-1", reason="r", proposal="p", change_class=ChangeClass.MINOR)
    await raise_ecr(graph, ADMIN, id_of("ecr-1"), request, signer=person("ann"),
                    causes=[id_of("ncr-1")], about=[id_of("part-1")])  # fmt: skip
    await step(graph, "ecr-1", "submit", "ann")
    await step(graph, "ecr-1", "review", "cleo")
    await step(graph, "ecr-1", "approve", "bo", "In the interest of safety.", decision="Do it.")
    await ordered(graph, "eco-1", "ecr-1")
    await approved(graph, "eco-1", "approved", "dora")
    await step(graph, "eco-1", "release", "cleo")
    rule = {"expression": "MSN 1-9", "explanation": "The first nine."}
    await tell(
        graph,
        event(thing("modification-1"), thing("effectivity-1", **rule), thing("part-2"), thing("serial-1"),
              thing("workorder-1", number="1")),
        event(link("modification-1", "LIMITED_BY", "effectivity-1"),
              link("part-2", "ALTERED_BY", "modification-1"), link("serial-1", "EMBODIES", "modification-1"),
              link("workorder-1", "EXECUTES", "modification-1"), on=1),
        event(link("modification-1", "IMPLEMENTS", "eco-1"), time="2099-01-01T00:00:00Z"),
    )  # fmt: skip

    early = await find_change_record(graph, id_of("ecr-1"))
    record = await find_change_record(
        graph, id_of("ecr-1"), at=Coordinates(as_of=as_of(60_000).as_of)
    )

    assert [(one.utcs.local, one.role) for one in early.members] == [
        ("ncr-1", "origin"), ("ecr-1", "itself"), ("eco-1", "outcome"),
    ]  # fmt: skip
    told = [(e.utcs.local, e.what, e.state, e.slot, e.by.rpartition("-")[2]) for e in early.entries]
    assert told == [
        ("ncr-1", "stated", "open", None, "gateway"), ("ncr-1", "signed", "open", "raised", "ann"),
        ("ecr-1", "stated", "draft", None, "gateway"), ("ecr-1", "signed", "draft", "raised", "ann"),
        ("ecr-1", "stated", "submitted", None, "gateway"),
        ("ecr-1", "signed", "submitted", "submitted", "ann"),
        ("ecr-1", "stated", "in_review", None, "gateway"),
        ("ecr-1", "signed", "in_review", "reviewed", "cleo"),
        ("ecr-1", "stated", "approved", None, "gateway"), ("ecr-1", "signed", "approved", "board", "bo"),
        ("eco-1", "stated", "draft", None, "gateway"), ("eco-1", "signed", "draft", "raised", "ann"),
        ("eco-1", "signed", "draft", "approved", "dora"),
        ("eco-1", "stated", "released", None, "gateway"),
        ("eco-1", "signed", "released", "released", "cleo"),
    ]  # fmt: skip
    board = next(one for one in early.entries if one.slot == "board")
    assert (board.text, board.source) == ("In the interest of safety.", "urn:utcs:change")
    assert next(one.text for one in early.entries if one.state == "approved") == "Do it."
    assert record.members[-1].utcs == id_of("modification-1")
    assert [(one.change.local, one.utcs.local) for one in record.altered] == [
        ("modification-1", "part-2")
    ]
    assert [(one.expression, one.explanation) for one in record.limits] == [
        ("MSN 1-9", "The first nine.")
    ]
    assert [(one.embodied, one.complied, one.work_orders) for one in record.carried] == [(1, 0, 1)]
    assert record.complete


async def test_the_record_is_as_it_was_and_as_it_was_known(graph: Graph) -> None:
    recorded = await tell(
        graph,
        event(thing("ecr-1", status="draft"), on=1),
        event(thing("ecr-1", status="submitted"), on=5),
    )
    late = await tell(graph, event(thing("person-a", pseudonym="person-a")),
                      event(link("ecr-1", "SIGNED_BY", "person-a", "submitted"), on=6))  # fmt: skip
    ecr = id_of("ecr-1")

    then = await find_change_record(graph, ecr, at=as_of(3))
    now = await find_change_record(graph, ecr)
    known = await find_change_record(graph, ecr, at=Coordinates(known_at=from_micros(recorded[-1])))

    assert [one.state for one in then.entries] == ["draft"]
    assert [(one.what, one.state) for one in now.entries] == [
        ("stated", "draft"), ("stated", "submitted"), ("signed", "submitted"),
    ]  # fmt: skip
    assert known.entries == now.entries[:2]
    assert late[-1] > recorded[-1]
    with pytest.raises(NotFoundError, match="begins at"):
        await find_change_record(graph, ecr, at=as_of(0))
    with pytest.raises(BadQuestionError, match="is a person, no change"):
        await find_change_record(graph, id_of("person-a"))


async def test_requests_without_origin_and_orders_without_outcome_have_a_record_too(
    graph: Graph,
) -> None:
    await staff(graph)
    await requested(graph, "ecr-2")
    await decided(graph, "ecr-3")

    record = await find_change_record(graph, id_of("ecr-2"))

    assert [(one.utcs.local, one.role) for one in record.members] == [("ecr-2", "itself")]

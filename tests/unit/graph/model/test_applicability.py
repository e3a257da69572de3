"""The language of effectivity: what is written reads back, and evaluation is that of a naive reference."""

from __future__ import annotations

import re
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.applicability import (
    ExpressionError,
    Facts,
    Fitted,
    Held,
    Rule,
    Subject,
    judge,
    judge_any,
    leaves,
    parse,
    write,
)
from graph.model.applicability.lexer import KEYWORDS
from graph.model.applicability.span import Span
from graph.model.applicability.term import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_VALUES,
    All,
    And,
    Dated,
    Designated,
    Designation,
    Embodied,
    Event,
    Expression,
    Fitment,
    Loaded,
    Msn,
    Not,
    Or,
)
from graph.model.identifier import Utcs

PAGE = Path(__file__).parents[4] / "docs" / "effectivity.md"
DAY = date(2025, 6, 1)


def thing(kind: str, local: str) -> Utcs:
    return Utcs("TEST", kind, local)


# Expressions, as parsing makes them


def joined(kind: type[And | Or], operands: list[Expression]) -> Expression:
    flat = [one for o in operands for one in (o.operands if isinstance(o, kind) else (o,))]
    return kind(tuple(flat))


def terms(parts: Any, changes: Any, spans: Any, values: Any) -> st.SearchStrategy[Expression]:
    days = st.dates(date(2025, 5, 1), date(2025, 7, 1))
    said = st.lists(
        st.builds(Embodied, changes, st.booleans()), max_size=2, unique_by=lambda e: e.change
    )
    lists = st.lists(spans, min_size=1, max_size=1).map(tuple)
    return st.one_of(
        st.just(All()),
        st.builds(Msn, lists),
        st.builds(Designated, st.sampled_from(Designation), values),
        st.builds(Embodied, changes, st.booleans()),
        st.builds(Loaded, values),
        st.builds(Dated, st.sampled_from(Event), st.booleans(), days),
        st.builds(
            Fitment, parts, st.just(()) | lists, st.none() | values, said.map(tuple), st.booleans()
        ),
    )


def expressions(term: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def deeper(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        several = st.lists(inner, min_size=2, max_size=3)
        return st.one_of(
            inner.map(Not),
            several.map(lambda o: joined(And, o)),
            several.map(lambda o: joined(Or, o)),
        )

    return st.recursive(term, deeper, max_leaves=6)


VALUES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z", "Pd", "Sm"]) | st.just(" "),
    min_size=1,
    max_size=12,
).filter(str.strip) | st.sampled_from(
    ["H2-PRV-01", "and", "10001-10003", 'a "quoted" \\ one', "-", "to", "FC-1-FC-9"]
)
NUMBERS = st.tuples(
    st.sampled_from(["", "FC-", "fc-"]), st.integers(0, 99), st.integers(1, 99)
).flatmap(
    lambda n: st.sampled_from(
        [
            Span(f"{n[0]}{n[1]:05d}", f"{n[0]}{n[1] + n[2]:05d}"),
            Span(f"{n[0]}{n[1]}", None),
            Span(None, f"{n[0]}{n[1]}"),
        ]
    )
) | VALUES.map(lambda value: Span(value, value))


@given(expressions(terms(VALUES, VALUES, NUMBERS, VALUES)))
def test_what_is_written_reads_as_the_same(expression: Expression) -> None:
    assert parse(write(expression)) == expression


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MSN 1001-1012 and post MOD-28-004", "MSN 1001-1012 and post MOD-28-004"),
        ("msn 1001 - 1012 AND POST MOD-28-004", "MSN 1001-1012 and post MOD-28-004"),
        ("MSN 1001–1012", "MSN 1001-1012"),
        ("installed H2-PRV-01 and pre MOD-1", "installed H2-PRV-01 pre MOD-1"),
        ("pre MOD-1 and (MSN 7 and installed P)", "MSN 7 and installed P pre MOD-1"),
        ("aircraft pre MOD-1 and installed P", "aircraft pre MOD-1 and installed P"),
        ("aircraft pre MOD-1", "pre MOD-1"),
        ("MSN 1 or (MSN 2 or MSN 3)", "MSN 1 or MSN 2 or MSN 3"),
        ("not (MSN 1 or not MSN 2)", "not (MSN 1 or not MSN 2)"),
        ("part P serial FC-1 to FC-9, FC-20 to at A.B", "part P serial FC-1 to FC-9, FC-20 to at A.B"),
    ],
)  # fmt: skip
def test_an_expression_has_one_way_of_writing(text: str, said: str) -> None:
    assert write(parse(text)) == said


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "column 1: expected a term .* not the end"),
        ("instaled P", "column 1: expected a term .*did you mean installed?"),
        ("MSN 1 MSN 2", "column 7: expected and, or, or the end, not 'MSN'"),
        ("(MSN 1", "column 7: expected and, or, or a closing parenthesis, not the end"),
        ("MSN", "column 4: expected a serial number, not the end"),
        ("MSN 1-5, 3", "3 repeats numbers of 1-5; name each number once"),
        ("MSN 5-3", "column 5: 5-3 ends before it begins; write 3-5"),
        ("MSN FC-1 to TK-9", "mixes two series of numbers, FC-1 and TK-9"),
        ("MSN A to B", "has an end without a number; list its members"),
        ("part P serial FC-1-FC-9", "may be a range; write FC-1 to FC-9"),
        ("type all", 'a value that is a keyword is quoted: "all"'),
        ('type "A', "column 6: the quote is not closed"),
        ('type ""', "column 6: the value has 0 characters"),
        ("type A\x00B", r"column 6: '\\x00' .* is in a value; leave it out"),
        ("date from 2025-02-30", "column 11: expected a day of the calendar"),
        ("date from 20250301", "column 11: expected a day"),
        ("date 2025-03-01", "column 6: expected before or from"),
        ("installed P and installed Q and pre M", "pre M stands beside 2 units; write"),
        ("installed P pre M post M", "M is named twice for one unit"),
        ("installed P pre M and post M", "M is named twice for one unit"),
        ("aircraft MSN 1", "column 10: expected pre or post, not 'MSN'"),
        ("not " * (MAX_DEPTH + 1) + "all", f"nested deeper than {MAX_DEPTH}"),
        (" " * MAX_LENGTH + "all", "over the limit of 4,000; split it"),
        (f"MSN {', '.join(map(str, range(MAX_VALUES + 1)))}", f"more than {MAX_VALUES} numbers"),
        (f"type {'x' * 201}", "the value has 201 characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where_what_was_expected_and_the_fix(
    text: str, problem: str
) -> None:
    with pytest.raises(ExpressionError, match=problem):
        parse(text)


@given(st.text(st.sampled_from('abMSN10-, ()"\\andortopre'), max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    refused: ExpressionError | None = None
    try:
        read = parse(text)
    except ExpressionError as error:
        refused = error

    assert 1 <= refused.column <= len(text) + 1 if refused else parse(write(read)) == read


def test_serial_numbers_are_in_their_natural_order() -> None:
    span = Span("FC-9", "FC-00100")

    held = [n for n in ("FC-9", "fc-0042", "FC-101", "FC-8", "TK-42", "42", "FC-42A") if n in span]

    assert held == ["FC-9", "fc-0042"]


def documented(sort: str) -> list[list[str]]:
    """The lines of the blocks of one sort on the page about the language."""
    found = re.findall(rf"```{sort}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [block.splitlines() for block in found]


def test_what_the_page_shows_can_be_read() -> None:
    examples = [line.partition("  #")[0] for block in documented("effectivity") for line in block]

    assert len(examples) > 12
    assert [write(parse(one)) for one in examples] == [one.strip() for one in examples]


def test_the_page_names_every_keyword_in_its_grammar() -> None:
    ((*grammar,),) = documented("ebnf")

    named = set(re.findall(r'"([A-Za-z]+)"', "\n".join(grammar)))

    assert {name.lower() for name in named} == KEYWORDS


# Evaluation

A, B, N = thing("aircraft", "A"), thing("aircraft", "B"), thing("aircraft", "N")
AIRCRAFT = {
    A: Subject(A, "A", A, "10001", "BWB", "200", date(2025, 5, 20), date(2025, 5, 10)),
    B: Subject(B, "B", B, "10002", "BWB", "300", date(2025, 6, 20), date(2025, 6, 10)),
    N: Subject(N, "N", N),
}
U1, U2, SPARE = (thing("serial", name) for name in ("U1", "U2", "SPARE"))


def fitted(
    part: str, unit: Utcs, serial: str | None, carrier: Utcs | None, position: str
) -> Fitted:
    return Fitted(part, unit, unit.local, serial, None, carrier, position)


FACTS = Facts(
    day=DAY,
    aircraft=AIRCRAFT,
    fitted=(
        fitted("P", U1, "FC-1", A, "1"),
        fitted("P", U2, "FC-2", A, "2"),
        fitted("P", SPARE, None, None, ""),
    ),
    embodied=(Held("M", U1, A), Held("STC", B, B)),
    loaded=(Held("SW", U2, A),),
    unknown=frozenset({"X"}),
)


@pytest.mark.parametrize(
    ("text", "holds", "fact"),
    [
        ("MSN 10001-10003", True, "MSN 10001 is in 10001-10003"),
        ("MSN 10002-10003, 10007", False, "MSN 10001 is not in 10002-10003, 10007"),
        ("type bwb", True, "its type is BWB"),
        ("model 300", False, "its model is 200, not 300"),
        ("delivered before 2025-06-01", True, "it was delivered on 2025-05-20, before 2025-06-01"),
        ("manufactured from 2025-05-10", True, "it was manufactured on 2025-05-10, not before"),
        ("date from 2025-06-01", True, "the day asked for, 2025-06-01, is not before 2025-06-01"),
        ("installed P pre M", True, "U2 of P is installed at 2 and M is not embodied"),
        ("installed P serial FC-1 pre M", False, "U1 of P is installed at 1 and M is embodied; of 1 more"),
        ("installed P at 3", False, "U1 of P is installed at 1, not at 3"),
        ("installed Q", False, "no Q is installed"),
        ("installed X", False, "no part number X is recorded then"),
        ("post M", None, "M is embodied in U1 in it, and of the aircraft the record does not say"),
        ("pre STC", True, "STC is not embodied"),
        ("loaded SW", True, "SW is loaded on U2"),
        ("not MSN 10001 or pre STC and all", True, "STC is not embodied; the rule takes in all"),
    ],
)  # fmt: skip
def test_an_aircraft_is_judged_with_the_fact_that_decides(
    text: str, holds: bool | None, fact: str
) -> None:
    found = judge(parse(text), AIRCRAFT[A], FACTS)

    assert (found.holds, found.fact[: len(fact)]) == (holds, fact)


@pytest.mark.parametrize(
    "text", ["MSN 10001", "type BWB", "model 200",
             "delivered before 2025-06-01", "manufactured from 2025-06-01"]
)  # fmt: skip
def test_what_the_record_does_not_say_is_unknown_and_so_is_its_contrary(text: str) -> None:
    found = [judge(parse(said), AIRCRAFT[N], FACTS) for said in (text, f"not {text}")]

    assert [one.holds for one in found] == [None, None]
    assert found[0].verdict.why.startswith("unknown because no ")


def test_a_unit_is_judged_by_itself_and_by_the_aircraft_that_it_is_in() -> None:
    subjects = [Subject.of(one) for one in FACTS.fitted]
    texts = ("part P", "part P serial FC-1", "part P and MSN 10001", "part P pre M")

    told = {text: [judge(parse(text), one, FACTS).holds for one in subjects] for text in texts}

    assert told == {
        "part P": [True, True, True],
        "part P serial FC-1": [True, False, None],
        "part P and MSN 10001": [True, True, False],
        "part P pre M": [False, True, True],
    }


def test_a_change_of_the_aircraft_is_a_change_of_what_is_in_it() -> None:
    facts = Facts(day=DAY, aircraft=AIRCRAFT, fitted=FACTS.fitted, embodied=(Held("M", A, A),))

    assert judge(parse("installed P pre M"), AIRCRAFT[A], facts).holds is False


def test_a_rule_applies_between_its_days_and_what_cannot_be_read_is_unknown() -> None:
    def rule(expression: str | None, *days: date | None, msns: tuple[str, ...] = ()) -> Rule:
        return Rule.of(thing("effectivity", "EFF"), "rule", expression, msns, *days)

    told = [
        one.judge(AIRCRAFT[A], FACTS)
        for one in (
            rule("all", date(2025, 6, 2)),
            rule("all", None, date(2025, 5, 31)),
            rule("all", DAY, DAY),
            rule("MSN oops and", None, None),
            rule(None),
            rule(None, msns=("10001", "10001")),
        )
    ]

    assert [one.holds for one in told] == [False, False, True, None, None, True]
    assert told[0].verdict.why == "not applicable because EFF applies from 2025-06-02"
    assert re.match(
        r"unknown because of EFF, its expression cannot be read: column 13", told[3].verdict.why
    )


def test_of_several_rules_one_suffices() -> None:
    rules = [
        Rule.of(thing("effectivity", f"E{n}"), "r", text)
        for n, text in enumerate(("MSN 10002", "oops", "MSN 10001"))
    ]

    assert (
        judge_any(rules, AIRCRAFT[A], FACTS).verdict.why == "applies because MSN 10001 is in 10001"
    )
    assert judge_any(rules[:2], AIRCRAFT[A], FACTS).holds is None


def test_only_names_are_fetched() -> None:
    read = parse("installed P at 1 pre M or part Q serial 1 and loaded SW and MSN 1")

    found = leaves([read])

    told = [set(names) for names in astuple(found)]
    assert told == [{"P", "Q"}, {"Q"}, {"M"}, {"SW"}, {"1"}]


# The law: evaluation is that of a reference which looks through all facts, one by one.

FEW = st.sampled_from(["P", "Q"])
CHANGES = st.sampled_from(["M", "S"])
POSITIONS = st.sampled_from(["1", "2"])
SERIALS = st.sampled_from([Span("1", "1"), Span("1", "2"), Span("2", None), Span(None, "1")])
FLEETS = st.lists(
    st.builds(
        Subject,
        utcs=st.sampled_from([A, B, N]),
        name=st.just("a"),
        carrier=st.none(),
        msn=st.none() | st.sampled_from("123"),
        type_designation=st.none() | POSITIONS,
        model_designation=st.none() | POSITIONS,
        delivered_on=st.none() | st.dates(date(2025, 5, 1), date(2025, 7, 1)),
        manufactured_on=st.none() | st.dates(date(2025, 5, 1), date(2025, 7, 1)),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.utcs,
)  # fmt: skip
UNITS = st.lists(
    st.tuples(FEW, st.sampled_from([U1, U2, SPARE]), st.none() | st.sampled_from("123"),
              st.none() | st.sampled_from([A, B]), POSITIONS),
    max_size=3, unique_by=lambda one: one[1],
)  # fmt: skip
HELD = st.lists(
    st.tuples(st.sampled_from(["M", "S", "1", "2"]), st.sampled_from([A, B, U1, U2, SPARE])),
    max_size=6,
)


def number_in(span: Span, text: str) -> bool:
    low, high = int(span.first or 0), int(span.last or 999)
    return low <= int(text) <= high


def reference(said: Expression, aircraft: Subject, units: Any, held: Any) -> bool | None:
    """Kleene's logic in numbers: 0 no, 1/2 unknown, 1 yes."""
    number = value_of(said, aircraft, units, set(held))
    return {0.0: False, 0.5: None, 1.0: True}[number]


def value_of(  # noqa: C901 - one case for each sort of term
    said: Expression, aircraft: Subject, units: Any, held: set[Any]
) -> float:
    def again(one: Expression) -> float:
        return value_of(one, aircraft, units, held)

    def given(value: Any, holds: Any) -> float:
        return 0.5 if value is None else float(holds(value))

    inside = [unit for _, unit, _, carrier, _ in units if carrier == aircraft.utcs]
    match said:
        case All():
            return 1.0
        case Not(operand):
            return 1 - again(operand)
        case And(operands):
            return min(map(again, operands))
        case Or(operands):
            return max(map(again, operands))
        case Msn(spans):
            return given(aircraft.msn, lambda msn: any(number_in(span, msn) for span in spans))
        case Designated(which, value):
            return given(getattr(aircraft, f"{which.value}_designation"), lambda v: v == value)
        case Dated(Event.DATE, is_before, day):
            return float((day > DAY) == is_before)
        case Dated(event, is_before, day):
            return given(getattr(aircraft, f"{event.value}_on"), lambda on: (on < day) == is_before)
        case Loaded(software):
            return float(any((software, one) in held for one in [aircraft.utcs, *inside]))
        case Embodied(change, is_post):
            of_units = 0.5 * any((change, one) in held for one in inside)
            has = 1.0 if (change, aircraft.utcs) in held else of_units
            return has if is_post else 1 - has
        case Fitment(part, serials, position, changes, _):
            found = [0.0]
            for of, unit, serial, carrier, place in units:
                if of == part and carrier == aircraft.utcs:
                    fits = [float(position in (None, place))]
                    if serials:
                        fits.append(
                            given(serial, lambda s: any(number_in(one, s) for one in serials))
                        )
                    for one in changes:
                        has_it = any((one.change, who) in held for who in (unit, aircraft.utcs))
                        fits.append(float(has_it is one.is_post))
                    found.append(min(fits))
            return max(found)


@given(expressions(terms(FEW, CHANGES, SERIALS, POSITIONS)), FLEETS, UNITS, HELD)
def test_evaluation_is_that_of_the_reference(
    expression: Expression, fleet: Any, units: Any, held: Any
) -> None:
    there = {one.utcs for one in fleet}
    units = [(p, u, s, c if c in there else None, place) for p, u, s, c, place in units]
    places = {unit: carrier for _, unit, _, carrier, _ in units} | {one: one for one in there}
    rows = [Held(what, holder, places.get(holder)) for what, holder in held]
    facts = Facts(
        day=DAY,
        aircraft={one.utcs: Subject(one.utcs, "a", one.utcs, one.msn, one.type_designation,
                                    one.model_designation, one.delivered_on, one.manufactured_on)
                  for one in fleet},
        fitted=[fitted(*unit) for unit in units],
        embodied=[one for one in rows if one.what in "MS"],
        loaded=[one for one in rows if one.what in "12"],
    )  # fmt: skip

    for aircraft in facts.aircraft.values():
        found = judge(expression, aircraft, facts)

        assert found.holds is reference(expression, aircraft, units, held), found.fact

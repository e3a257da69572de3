// Fragment: which of some part numbers each of some aircraft is of, or has on board at any depth, at a moment.
// A part number of which there is no serialised unit is on board if the bill of the aircraft's own calls for it.
// $aircraft: list of string - the aircraft
// $parts: list of string - the part numbers
// $unit_kinds: list of string - the kinds of serialised things
// Returns aboard: list of [aircraft, list of part numbers], bills: list of [list of aircraft, list of part numbers], stale.
RETURN
  COLLECT {
    UNWIND $aircraft AS utcs
    MATCH path = (:Anchor {utcs: utcs})-[:«contains»*0..20]->(unit)
    WHERE all(step IN relationships(path) WHERE «step_holds»)
    MATCH (unit)-[made:«instances»]->(part)
    WHERE «made_holds»
    WITH utcs, collect(DISTINCT part.utcs) AS found
    RETURN [utcs, [part IN found WHERE part IN $parts]]
  } AS aboard,
  COLLECT {
    UNWIND $aircraft AS utcs
    MATCH (:Anchor {utcs: utcs})-[made:«instances»]->(type)
    WHERE «made_holds»
    WITH type, collect(utcs) AS aircraft
    MATCH path = (type)-[:«components»*1..20]->(part)
    WHERE all(line IN relationships(path) WHERE «line_holds»)
    WITH DISTINCT type, aircraft, part
    WHERE part.utcs IN $parts AND NOT EXISTS {
      MATCH (part)<-[other:«instances»]-(unit)
      WHERE unit.kind IN $unit_kinds AND «other_holds»
    }
    WITH aircraft, collect(part.utcs) AS found
    RETURN [aircraft, found]
  } AS bills,
  «stale» AS stale

// The events of some numbers, and the orders that say in the same event that they put a unit in or took it out.
// $seqs: list of integer - numbers in the change log
// $units: list of string - the units that were moved
// Returns events: list of [seq, source, id, type, actor, time, recorded_at], orders: list of [made, order].
// :param {seqs: [1], units: ['utcs:A:serial:1']}
RETURN
  COLLECT {
    UNWIND $seqs AS seq
    MATCH (event:Change {seq: seq})
    RETURN [event.seq, event.source, event.id, event.type, event.actor, event.time, event.recorded_at]
  } AS events,
  COLLECT {
    UNWIND $units AS utcs
    MATCH (:Anchor {utcs: utcs})<-[link:INSTALLS|INSTALLS_PAST|REMOVES|REMOVES_PAST]-(work)
    WHERE link.made IN $seqs
    WITH DISTINCT link.made AS made, work.utcs AS worked
    ORDER BY made, worked
    RETURN [made, worked]
  } AS orders

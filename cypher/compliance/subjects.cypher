// Fragment: what some changes name as subject to them, and the aircraft that have a part on board which they name.
// $changes: list of string - the changes
// Returns subjects: list of [change, thing named, list of aircraft], stale.
RETURN
  COLLECT {
    UNWIND $changes AS utcs
    MATCH (:Anchor {utcs: utcs})<-[link:«types»]-(named)
    WHERE «holds»
    RETURN [
      utcs, named.utcs,
      COLLECT {
        MATCH (named)<-[made:«instance»]-(serial)
        WHERE named.kind = 'part' AND «instance_holds»
        MATCH path = (serial)<-[:«contains»*0..20]-(unit)
        WHERE unit.kind = 'aircraft' AND all(step IN relationships(path) WHERE «contains_holds»)
        RETURN DISTINCT unit.utcs
      }
    ]
  } AS subjects,
  «stale» AS stale

// Fragment: the work orders on one unit, as they are listed.
// $asset: string - the unit
// $start: string - the first id that may be listed
MATCH (:Anchor {utcs: $asset})<-[on:«works_on»]-(order)
WHERE order.utcs >= $start AND «on_holds»

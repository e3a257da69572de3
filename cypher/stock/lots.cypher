// Fragment: the parts of which there is or was stock at a moment, in the order of their ids, with lots and alternates.
// $part: string or null - the part that is named, if one is
// $place: string or null - only what lies there
// $limit: integer - how many parts at most
// $most: integer - how many lots of each, and alternates
// Returns there: list of those named that exist, found: list of [properties, alternates, lots], stale.
RETURN
  COLLECT {
    UNWIND [one IN [$part, $place] WHERE one IS NOT NULL] AS utcs
    MATCH (thing:Anchor {utcs: utcs})
    WHERE «exists»
    RETURN thing.utcs
  } AS there,
  COLLECT {
    «parts»
    AND EXISTS {
      MATCH (part)<-[made:«instances»]-(lot)
      WHERE lot.kind = 'stock' AND «made_holds»
      AND ($place IS NULL OR EXISTS {
        MATCH (lot)-[lies:«located»]->(:Anchor {utcs: $place})
        WHERE «lies_holds»
      })
    }
    WITH part
    ORDER BY part.utcs
    LIMIT $limit
    MATCH (part)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      properties(row),
      COLLECT {
        MATCH (part)-[stands:«alternates»]-(other)
        WHERE «stands_holds» AND (endNode(stands) = part OR stands.is_two_way)
        RETURN DISTINCT other.utcs
        ORDER BY other.utcs
        LIMIT $most
      },
      COLLECT {
        MATCH (part)<-[made:«instances»]-(lot)
        WHERE lot.kind = 'stock' AND «made_holds»
        MATCH (lot)-[:VERSION]->(stock)
        WHERE «holds_stock»
        WITH lot, stock, head(COLLECT {
          MATCH (lot)-[lies:«located»]->(place)
          WHERE «lies_holds»
          RETURN place.utcs
          ORDER BY place.utcs
        }) AS place
        WHERE $place IS NULL OR place = $place
        WITH lot, stock, place
        ORDER BY coalesce(stock.quantity, 0) = 0, stock.expires_on, lot.utcs
        LIMIT $most
        RETURN [
          place,
          COLLECT {
            MATCH (lot)-[among:«consists»]->(unit)
            WHERE «among_holds»
            RETURN unit.utcs
            ORDER BY unit.utcs
            LIMIT $most
          },
          «lot»
        ]
      }
    ]
    ORDER BY part.utcs
  } AS found,
  «stale» AS stale

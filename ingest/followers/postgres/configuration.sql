-- What is installed in a unit, all the way down: at any moment, as known at any moment up to the mirror's own.
CREATE OR REPLACE FUNCTION utcs.configuration(
  root text, as_of timestamptz DEFAULT NULL, known_at timestamptz DEFAULT NULL
)
RETURNS TABLE (
  depth integer, parent text, "position" text, serial text, serial_number text, part text,
  part_number text, installed_at timestamptz
)
LANGUAGE sql STABLE
AS $$
  WITH RECURSIVE moment AS (
    SELECT coalesce(configuration.as_of, now()) AS w, coalesce(configuration.known_at, mirror.recorded_at) AS k
    FROM utcs.mirror
  ),
  tree AS (
    SELECT 1 AS depth, c.source, c.slot, c.target, c.valid_from
    FROM moment, utcs.contains c
    WHERE c.source = configuration.root
      AND c.valid_from <= w AND c.valid_to > w AND c.recorded_at <= k AND c.superseded_at > k
    UNION ALL
    SELECT tree.depth + 1, c.source, c.slot, c.target, c.valid_from
    FROM tree, moment, utcs.contains c
    WHERE c.source = tree.target
      AND c.valid_from <= w AND c.valid_to > w AND c.recorded_at <= k AND c.superseded_at > k
  )
  SELECT tree.depth, tree.source, tree.slot, tree.target, unit.serial_number, made_to.target, p.number,
    tree.valid_from
  FROM moment, tree
  LEFT JOIN LATERAL (
    SELECT s.serial_number
    FROM utcs.serial s
    WHERE s.utcs = tree.target
      AND s.valid_from <= w AND s.valid_to > w AND s.recorded_at <= k AND s.superseded_at > k
  ) unit ON true
  LEFT JOIN LATERAL (
    SELECT i.target
    FROM utcs.instance_of i
    WHERE i.source = tree.target
      AND i.valid_from <= w AND i.valid_to > w AND i.recorded_at <= k AND i.superseded_at > k
  ) made_to ON true
  LEFT JOIN LATERAL (
    SELECT part.number
    FROM utcs.part
    WHERE part.utcs = made_to.target
      AND part.valid_from <= w AND part.valid_to > w AND part.recorded_at <= k AND part.superseded_at > k
  ) p ON true
  ORDER BY tree.depth, tree.source, tree.slot
$$;

-- What is installed now, in each unit that has anything installed in it.
CREATE OR REPLACE VIEW utcs.current_configuration AS
SELECT assembly.source AS root, installed.*
FROM (SELECT DISTINCT source FROM utcs.contains_now) assembly,
  LATERAL utcs.configuration(assembly.source) installed;

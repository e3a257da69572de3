// The supplier of a CAGE code is found by it.
CREATE INDEX supplier_cage IF NOT EXISTS
FOR (s:Supplier) ON (s.cage)

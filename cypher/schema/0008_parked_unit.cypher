// The events of a parked unit are found together.
CREATE INDEX parked_unit IF NOT EXISTS
FOR (p:Parked) ON (p.unit)

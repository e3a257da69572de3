// Returns the suppliers that have some CAGE codes now.
// $cages: list of string - the codes
// Returns cage, utcs, valid_from, name.
// :param {cages: ['0AB12']}
MATCH (supplier:Supplier)
WHERE supplier.cage IN $cages
RETURN supplier.cage AS cage, supplier.utcs AS utcs, supplier.valid_from AS valid_from, supplier.name AS name
ORDER BY cage, utcs

// Fragment: what is said of a thing now stands on its anchor.
WITH link, thing, thing AS said
WHERE thing.version IS NOT NULL

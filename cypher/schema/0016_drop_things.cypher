// Makes room for an index that holds numbers, registrations and paragraphs too.
DROP INDEX things IF EXISTS

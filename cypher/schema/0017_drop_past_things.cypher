// Makes room for an index that holds numbers, registrations and paragraphs too.
DROP INDEX past_things IF EXISTS

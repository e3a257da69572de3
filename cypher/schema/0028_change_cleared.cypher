// Events that cleared links are found without looking at the others.
CREATE INDEX change_cleared IF NOT EXISTS
FOR (c:Change) ON (c.cleared)

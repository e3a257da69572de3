// There is one counter of the change log; its lock makes commits follow one another.
CREATE CONSTRAINT log_name IF NOT EXISTS
FOR (l:Log) REQUIRE l.name IS UNIQUE

// A key of a caller stands for one request, and for its answer.
CREATE CONSTRAINT answer_key IF NOT EXISTS
FOR (a:Answer) REQUIRE a.key IS UNIQUE

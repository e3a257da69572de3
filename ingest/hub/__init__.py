"""What reports of the operational data hub mean: facts for the graph, samples for the files.

`flight`, `health` and `configuration` are pure; `take` asks and writes. The wire is in `ingest.messages`.
"""

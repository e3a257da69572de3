"""Telemetry: raw samples in Parquet files, asked with DuckDB. Alone holds either; knows no graph.

`shelf` is the folder and its files, `append` writes, `tidy` merges what is small, `ask` answers.
Everything here blocks; callers on an event loop use a thread.
"""

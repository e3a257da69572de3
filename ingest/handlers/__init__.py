"""What consumes: one file for each kind of broker. What becomes of a message, `ingest.intake` decides."""

"""The wire: how messages of brokers carry events, in and out. No I/O."""

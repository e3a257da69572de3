"""The parts on one machine: the managed Neo4j and Kafka, the supervisor and its state, the doctor.

Nothing here knows what is in the graph; it starts, watches and stops processes.
"""

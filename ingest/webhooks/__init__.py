"""The thread as a client: what the change log has to tell, sent to the HTTP endpoints of other systems.

Signed after Standard Webhooks, in order for each thing, at least once. Each endpoint is a follower of the log
with a cursor of its own (`graph.store.follow`); where what goes wrong is kept is `graph.store.calls`.
"""

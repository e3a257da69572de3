"""The root fields that change something: each makes events and hands them to graph.flows.submit."""

// Fragment: a version or link is true at a time, as known at a time.
«x».valid_from <= «world» AND «x».valid_to > «world» AND «x».recorded_at <= «knowledge» AND «x».superseded_at > «knowledge»

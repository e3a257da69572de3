// Fragment: a row of belief, of a thing or a link, holds at a moment of the statement, as known at a time.
«row».valid_from <= moment AND «row».valid_to > moment AND «row».recorded_at <= $knowledge AND «row».superseded_at > $knowledge

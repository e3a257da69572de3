// Fragment: a link whose type says that it is believed holds at a time.
«x».valid_from <= «world» AND «x».valid_to > «world»

// Fragment: a current link holds at a time; its type says that it is believed.
«x».valid_from <= «world» AND «x».valid_to > «world»

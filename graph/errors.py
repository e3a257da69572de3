"""The root of every error that the product raises on purpose."""


class TraceError(Exception):
    """A sentence for the person who can fix it, and the facts behind it for programs.

    The sentence names the field, the value and the fix. Facts are given as keywords and can be
    read as a mapping or, where a subclass declares them, as attributes:

        raise UnknownKindError("kind 'prat' is unknown; did you mean 'part'?", kind="prat")
    """

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts
        for name, value in facts.items():
            setattr(self, name, value)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the facts when an error crosses a process border."""
        return (_rebuild, (type(self), self.message, self.facts))


def _rebuild(kind: type[TraceError], message: str, facts: dict[str, object]) -> TraceError:
    error = kind.__new__(kind)
    TraceError.__init__(error, message, **facts)
    return error

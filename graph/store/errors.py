"""What can go wrong between a question and its answer. The driver's own errors never leave here."""

from graph.errors import TraceError


class StoreError(TraceError):
    """The graph could not do what was asked."""


class GraphUnreachableError(StoreError):
    """No server answers, or it refuses to let us in.

    Attributes:
        is_transient: Whether the server rolled back and asks to try again (a deadlock, a new leader).
    """

    is_transient: bool = False


class QueryTimeoutError(StoreError):
    """The question took longer than it was given."""


class NotFoundError(StoreError):
    """The graph holds nothing by that id."""


class BadQuestionError(StoreError):
    """The question itself cannot be answered as put: a bound, a name or a cursor is wrong."""

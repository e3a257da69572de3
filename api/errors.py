"""Every error of ours as a code for programs and an HTTP status: the one table for GraphQL and REST."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Final, NamedTuple

from graphql import GraphQLError, GraphQLSyntaxError

from api.report.document import ReportError
from graph.errors import TraceError
from graph.flows.lifecycle import LifecycleError
from graph.flows.schedule import ScheduleError
from graph.flows.submit import ForbiddenError
from graph.model.alias import AliasError
from graph.model.applicability import ExpressionError
from graph.model.canonical import CanonicalError
from graph.model.event import EventError
from graph.model.identifier import IdentifierError
from graph.model.ontology import OntologyError
from graph.model.parameter import ParameterError
from graph.model.risk import RiskError
from graph.model.time import TimeError
from graph.model.work_request import RequestError
from graph.store.answers import InProgressError, KeyReusedError, TooManyKeysError
from graph.store.errors import (
    BadQuestionError,
    GraphUnreachableError,
    NotFoundError,
    QueryTimeoutError,
)
from graph.store.settle import SettledError

_log = logging.getLogger(__name__)

INTERNAL: Final = "INTERNAL"
_SHOWN: Final = ("field", "column", "number", "limit", "rules")
_TOKENS: Final = re.compile(r"more than (\d+) tokens")
SILENCE: Final = "The service failed; its log says more."


class LimitError(TraceError):
    """An operation is larger than this service takes; says which limit, and by how much.

    Attributes:
        code: For programs, such as QUERY_TOO_DEEP.
        number: How large the operation is.
        limit: How large it may be.
    """

    code: str
    number: int
    limit: int


class Problem(NamedTuple):
    """An error as the caller may see it."""

    status: int
    code: str
    detail: str


_TABLE: Final[tuple[tuple[type[TraceError], HTTPStatus, str], ...]] = (
    (ForbiddenError, HTTPStatus.FORBIDDEN, "FORBIDDEN"),
    (NotFoundError, HTTPStatus.NOT_FOUND, "NOT_FOUND"),
    (IdentifierError, HTTPStatus.BAD_REQUEST, "BAD_IDENTIFIER"),
    (AliasError, HTTPStatus.BAD_REQUEST, "BAD_IDENTIFIER"),
    (EventError, HTTPStatus.BAD_REQUEST, "BAD_EVENT"),
    (CanonicalError, HTTPStatus.BAD_REQUEST, "BAD_EVENT"),
    (TimeError, HTTPStatus.BAD_REQUEST, "BAD_QUESTION"),
    (OntologyError, HTTPStatus.BAD_REQUEST, "BAD_QUESTION"),
    (ExpressionError, HTTPStatus.BAD_REQUEST, "BAD_QUESTION"),
    (ParameterError, HTTPStatus.BAD_REQUEST, "BAD_QUESTION"),
    (BadQuestionError, HTTPStatus.BAD_REQUEST, "BAD_QUESTION"),
    (RiskError, HTTPStatus.BAD_REQUEST, "BAD_QUESTION"),
    (RequestError, HTTPStatus.BAD_REQUEST, "BAD_QUESTION"),
    (ReportError, HTTPStatus.BAD_REQUEST, "BAD_QUESTION"),
    (KeyReusedError, HTTPStatus.UNPROCESSABLE_ENTITY, "KEY_REUSED"),
    (InProgressError, HTTPStatus.CONFLICT, "IN_PROGRESS"),
    (TooManyKeysError, HTTPStatus.TOO_MANY_REQUESTS, "TOO_MANY_KEYS"),
    (LifecycleError, HTTPStatus.CONFLICT, "RULE_BROKEN"),
    (ScheduleError, HTTPStatus.CONFLICT, "RULE_BROKEN"),
    (SettledError, HTTPStatus.CONFLICT, "SETTLED"),
    (QueryTimeoutError, HTTPStatus.GATEWAY_TIMEOUT, "QUERY_TIMEOUT"),
    (GraphUnreachableError, HTTPStatus.SERVICE_UNAVAILABLE, "GRAPH_UNREACHABLE"),
)


def problem_for(error: BaseException) -> Problem:
    """Returns an error as its status, its code, and a sentence that gives nothing internal away."""
    if isinstance(error, LimitError):
        return Problem(HTTPStatus.BAD_REQUEST, error.code, error.message)
    for kind, status, code in _TABLE:
        if isinstance(error, kind):
            return Problem(status, code, error.message)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL, SILENCE)


def told(error: GraphQLError) -> GraphQLError:
    """Returns a GraphQL error as the caller may see it, with `extensions.code`.

    What is not of ours, nor of the language itself, goes to the log and is told as INTERNAL.
    """
    if "code" in (error.extensions or {}):
        return error
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return _with(error, error.message, _of_language(error))
    if isinstance(cause, RecursionError):
        message = "the operation or its variables nest too deep; flatten them"
        return _with(error, message, {"code": "QUERY_TOO_DEEP"})
    problem = problem_for(cause)
    if problem.code == INTERNAL:
        _log.error("GraphQL %s failed", error.path, exc_info=cause)
    extensions: dict[str, object] = {"code": problem.code}
    if isinstance(cause, TraceError):
        extensions |= {name: cause.facts[name] for name in _SHOWN if name in cause.facts}
    return _with(error, problem.detail, extensions)


def _of_language(error: GraphQLError) -> dict[str, object]:
    """The code of an error that the language itself finds."""
    if not isinstance(error, GraphQLSyntaxError):
        return {"code": "GRAPHQL_VALIDATION_FAILED"}
    if found := _TOKENS.search(error.message):
        return {"code": "QUERY_TOO_LONG", "limit": int(found[1])}
    return {"code": "GRAPHQL_PARSE_FAILED"}


def _with(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return GraphQLError(
        message, nodes=error.nodes, source=error.source, positions=error.positions,
        path=error.path, extensions=extensions,
    )  # fmt: skip

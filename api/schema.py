"""The schema, put together; and `python -m api.schema`, which prints it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from functools import cache
from pathlib import Path
from typing import Any, Final

import strawberry
from graphql import GraphQLError, OperationType
from starlette.websockets import WebSocket
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import PreExecutionError

from api.errors import told
from api.executor import Executor
from api.limits import MAX_TOKENS, RULES, bad_operation, chosen_operation
from api.mutations.root import make_mutation
from api.queries.root import make_query
from api.scalars import SCALARS
from api.subscriptions import make_subscription
from api.types import made_types

FILE: Final = Path(__file__).with_name("schema.graphql")
_CACHED: Final = 500


class Admission(SchemaExtension):
    """What stands before an operation: who may ask, by which document, and how large it may be."""

    def on_operation(self) -> Iterator[None]:
        """Finds the document, and sets the limits."""
        context = self.execution_context
        context.context.principal.require("reader")
        context.query = context.context.documents.text(context.query, context.operation_extensions)
        context.parse_options["max_tokens"] = MAX_TOKENS
        context.validation_rules = (*context.validation_rules, *RULES)
        yield

    def on_parse(self) -> Iterator[None]:
        """Holds the document against what is asked of it, before any of it is carried out."""
        yield
        context = self.execution_context
        if context.graphql_document is not None:
            # What was given: `operation_name` would tell the first one's name where none was.
            name = context._provided_operation_name
            operation = chosen_operation(context.graphql_document, name)
            is_socket = isinstance(context.context.request, WebSocket)
            if operation.operation is OperationType.SUBSCRIPTION and not is_socket:
                raise bad_operation(
                    "subscriptions need a WebSocket: connect to /graphql with the subprotocol "
                    "graphql-transport-ws"
                )


class ThreadSchema(strawberry.Schema):
    """The schema, whose errors carry codes and give nothing internal away."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Makes the errors of an operation what the caller may see."""
        errors[:] = [told(error) for error in errors]

    async def stream(self, *arguments: Any, **named: Any) -> Any:
        """Returns the results of an operation over a WebSocket; what stops it is one of them."""
        return self._answering(await super().stream(*arguments, **named))

    async def _answering(self, results: Any) -> AsyncGenerator[Any, None]:
        try:
            async with aclosing(results):
                async for result in results:
                    yield result
        except Exception as error:
            errors = [error if isinstance(error, GraphQLError) else _wrapped(error)]
            self.process_errors(errors)
            yield PreExecutionError(data=None, errors=errors)


def _wrapped(error: Exception) -> GraphQLError:
    return GraphQLError(str(error), original_error=error)


@cache
def make_schema() -> ThreadSchema:
    """Returns the schema; it is the same for every graph."""
    return ThreadSchema(
        query=make_query(),
        mutation=make_mutation(),
        subscription=make_subscription(),
        types=list(made_types().values()),
        config=StrawberryConfig(scalar_map=dict(SCALARS)),
        execution_context_class=Executor,
        extensions=[Admission, lambda: ParserCache(_CACHED), lambda: ValidationCache(_CACHED)],
    )


if __name__ == "__main__":
    FILE.write_text(f"{make_schema().as_str()}\n", encoding="utf-8")

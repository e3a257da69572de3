"""The schema, put together; and `python -m api.schema`, which prints it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig

from api.errors import told
from api.executor import Executor
from api.limits import MAX_TOKENS, RULES
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


class ThreadSchema(strawberry.Schema):
    """The schema, whose errors carry codes and give nothing internal away."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Makes the errors of an operation what the caller may see."""
        errors[:] = [told(error) for error in errors]


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

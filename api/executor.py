"""Runs operations: things come in their final shape, and completion is skipped for them."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError, OperationType
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.batch import Batch
from api.plan import Plan, is_planned
from api.reading import Reading
from api.reference import ThingRef
from api.shape import FieldError, settle
from graph.model.time import Coordinates


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Answers planned root fields from one statement, and all others by their resolvers."""

    plan: Plan | None = None
    reading: Reading
    _batches: dict[tuple[int, Coordinates], Batch]

    def execute_collected_root_fields(
        self, root_type: Any, root_value: Any, grouped: Any, *rest: Any
    ) -> Any:
        """Plans the operation before its first field is executed: what is wrong stops all of it."""
        self.reading, self._batches = Reading(self), {}
        if self.operation.operation is OperationType.QUERY:
            planned = {
                name: details
                for name, details in grouped.items()
                if is_planned(details[0].node.name.value)
            }
            if planned:
                self.plan = Plan(self.context_value.graph, self.reading)
                for name, details in planned.items():
                    self.plan.add(name, details)
        return super().execute_collected_root_fields(root_type, root_value, grouped, *rest)

    def execute_field(
        self, parent_type: Any, source: Any, field_details_list: Any, path: Path, *rest: Any
    ) -> Any:
        """Takes planned fields from the plan."""
        if self.plan is not None and path.prev is None and path.key in self.plan.shapes:
            return self._planned(self.plan, parent_type, field_details_list, path)
        return super().execute_field(parent_type, source, field_details_list, path, *rest)

    async def _planned(self, plan: Plan, parent_type: Any, details: Any, path: Path) -> Any:
        return_type = parent_type.fields[details[0].node.name.value].type
        try:
            return self.settled(await plan.answer(str(path.key)), details, path)
        except FieldError as error:
            error.path[:0] = path.as_list()
            raise self._located(error, details) from error
        except Exception as error:
            self.handle_field_error(error, return_type, details, path)
            return None

    def complete_value(
        self, return_type: Any, details: Any, info: Any, path: Path, result: Any, context: Any
    ) -> Any:
        """Fetches what is selected of a thing that a resolver only named."""
        if type(result) is ThingRef:
            return self._referred(result, details, path)
        return super().complete_value(return_type, details, info, path, result, context)

    async def _referred(self, reference: ThingRef, details: Any, path: Path) -> Any:
        batch = self._batches.setdefault(
            (id(details), reference.at), Batch(self, details, reference.at)
        )
        return self.settled(await batch.answer(reference.utcs), details, path)

    def settled(self, answer: Any, details: Any, path: Path) -> Any:
        """Returns the answer with null where a value cannot be told, and keeps those errors."""
        if not self.reading.faults.found:
            return answer
        holder = {path.key: answer}
        above = path.as_list()[:-1]
        for error in settle(holder, above):
            self.collected_errors.add(self._located(error, details), _as_path(error.path))
        return holder[path.key]

    def _located(self, error: FieldError, details: Any) -> GraphQLError:
        return GraphQLError(error.message, [one.node for one in details], path=error.path)


def _as_path(keys: list[str | int]) -> Path | None:
    path: Path | None = None
    for key in keys:
        path = Path(path, key, None)
    return path

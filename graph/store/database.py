"""The connection to Neo4j: the only holder of a driver, and the place where its errors end."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import neo4j
from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncResult, AsyncTransaction
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

import cypher
from graph.store.errors import GraphUnreachableError, QueryTimeoutError, StoreError

TIMEOUT_CODES: Final = (
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    "Neo.ClientError.Transaction.LockClientStopped",  # timed out while it waited for a lock
)

GIVE_UP_S: Final = 5.0
"""How long a server may not answer before we say so."""

Row = list[Any]


def clock_micros() -> int:
    """Returns the time now, in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


@dataclass(slots=True)
class Graph:
    """One Neo4j database: what every question and every write is given.

    Attributes:
        driver: The open driver; nobody outside `graph.store` touches it.
        database: The name of the database.
        clock: Tells now, in microseconds since 1970 UTC; tests give their own.
        timeout_s: How long one read may take unless it says otherwise.
    """

    driver: AsyncDriver
    database: str = "neo4j"
    clock: Callable[[], int] = clock_micros
    timeout_s: float = 30.0

    @classmethod
    async def open(
        cls,
        uri: str,
        user: str,
        password: str,
        *,
        database: str = "neo4j",
        clock: Callable[[], int] = clock_micros,
        timeout_s: float = 30.0,
    ) -> Self:
        """Connects, and returns once the server has let us in.

        Raises:
            GraphUnreachableError: Nothing answers at the address, or the password is wrong.
        """
        with translated(uri):
            driver = AsyncGraphDatabase.driver(
                uri,
                auth=(user, password),
                notifications_min_severity="OFF",
                telemetry_disabled=True,
                connection_timeout=GIVE_UP_S,
                connection_acquisition_timeout=2 * GIVE_UP_S,
                max_transaction_retry_time=GIVE_UP_S,
            )
        graph = cls(driver, database, clock, timeout_s)
        try:
            with translated(uri):
                await driver.verify_connectivity()
        except StoreError:
            await driver.close()
            raise
        return graph

    async def close(self) -> None:
        """Gives the connections back."""
        await self.driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def read(
        self,
        statement: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout_s: float | None = None,
    ) -> list[Row]:
        """Returns the rows of a reading statement.

        Args:
            statement: The name of a file in `cypher/`, such as `trace/reach`, or compiled text.
            parameters: The values of its `$parameters`.
            timeout_s: When to give up; the graph's own limit unless given.
        """
        limit = self.timeout_s if timeout_s is None else timeout_s
        query = neo4j.Query(statement_text(statement), timeout=limit)
        given = dict(parameters or {})
        with translated(str(self.database)):
            try:  # without BEGIN and COMMIT, which double the round trips: 1 ms of each read (2026-11)
                async with self.driver.session(
                    database=self.database, default_access_mode=neo4j.READ_ACCESS
                ) as session:
                    return await _fetch(await session.run(query, given))
            except (Neo4jError, DriverError) as error:
                if not error.is_retryable():
                    raise
            return await self.driver.execute_query(  # it tries again while there is hope
                query,
                given,
                neo4j.RoutingControl.READ,
                self.database,
                bookmark_manager_=None,
                result_transformer_=_fetch,
            )

    @asynccontextmanager
    async def transaction(self, *, timeout_s: float | None = None) -> AsyncIterator[Transaction]:
        """Opens one writing transaction: committed when the block ends, rolled back if it raises."""
        with translated(str(self.database)):
            async with self.driver.session(database=self.database) as session:
                tx = await session.begin_transaction(
                    timeout=self.timeout_s if timeout_s is None else timeout_s
                )
                async with tx:
                    yield Transaction(tx)
                    await tx.commit()


@dataclass(frozen=True, slots=True)
class Transaction:
    """A writing transaction under way."""

    tx: AsyncTransaction

    async def run(self, statement: str, **parameters: Any) -> list[Row]:
        """Returns the rows of one statement, by file name in `cypher/`."""
        quiet = {n: _Rows(v) if type(v) is list else v for n, v in parameters.items()}
        return await _fetch(await self.tx.run(statement_text(statement), quiet))


async def _fetch(result: AsyncResult) -> list[Row]:
    return [list(record.values()) async for record in result]


class _Rows(list[Any]):
    """Rows to be written. The driver (6.4) words every parameter for its log even if nothing is logged.

    That took 5 µs a row, a tenth of the time that Neo4j needs to write one (2026-11).
    """

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


def statement_text(statement: str) -> str:
    """Returns the Cypher of a named file; text that has a space in it is Cypher already."""
    return statement if " " in statement else cypher.load(statement)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turns the driver's errors into ours, saying what to do."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise _ours(error, where) from error


def _ours(error: Neo4jError | DriverError, where: str) -> StoreError:
    if isinstance(error, AuthError):
        return GraphUnreachableError(
            f"graph {where}: user or password refused; check UTCS_NEO4J_USER and _PASSWORD"
        )
    if isinstance(error, ConfigurationError):
        return GraphUnreachableError(f"graph {where}: {error}")
    if isinstance(error, Neo4jError) and error.code in TIMEOUT_CODES:
        return QueryTimeoutError(
            "the question took longer than it was given; narrow it or allow more time"
        )
    if isinstance(error, ServiceUnavailable | SessionExpired | TransientError) or not isinstance(
        error, ClientError
    ):
        return GraphUnreachableError(
            f"graph {where}: not answering now ({type(error).__name__}); is it up?",
            is_transient=isinstance(error, TransientError | SessionExpired),
        )
    return StoreError(f"graph {where}: the statement was refused ({error.code})")

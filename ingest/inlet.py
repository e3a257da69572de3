"""What comes in over a broker, whichever it is, and who takes it."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.intake import Intake, Take
from ingest.settings import Settings


@dataclass(frozen=True, slots=True)
class Inlet:
    """Some topics of a Kafka, or queues of a RabbitMQ, whose messages are taken alike.

    Attributes:
        topics: Their names.
        take: Takes their messages in.
        intake: What tells how that goes, and waits for the graph.
        name: What its readers are called after, apart from those of other inlets; "" for events.
        is_ours: Whether the worker makes what is not there; else the sender does.
    """

    topics: tuple[str, ...]
    take: Take
    intake: Intake
    name: str = ""
    is_ours: bool = True

    @classmethod
    def of_events(cls, intake: Intake, settings: Settings) -> Inlet:
        """Returns where events come in."""
        return cls((settings.events,), intake.take, intake)

    def group(self, settings: Settings) -> str:
        """The consumer group: all members of one ask for the same topics."""
        return f"{settings.group}.{self.name}" if self.name else settings.group

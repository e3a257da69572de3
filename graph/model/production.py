"""Production: what the factory is told to make, step by step, and on which machine."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from graph.model.engineering import Priority
from graph.model.kind import Amount, Code, Count, Day, Hours, Kind, Line, Number, Text
from graph.model.product import UnitOfMeasure
from graph.model.time import UtcDatetime


class OrderStatus(StrEnum):
    """Where a production order or one of its operations stands."""

    CREATED = "created"
    RELEASED = "released"
    IN_WORK = "in_work"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Order(Kind):
    """A production order: the instruction to make a quantity of one part (IEC 62264, ISA-95)."""

    number: Number | None = Field(default=None, description="The order number of the ERP system.")
    quantity: Amount | None = Field(default=None, description="How much is to be made.")
    unit_of_measure: UnitOfMeasure | None = Field(
        default=None, description="What that is counted in."
    )
    priority: Priority | None = Field(default=None, description="How soon it is needed.")
    plant: Line | None = Field(default=None, description="The plant it is made in.")
    planned_start_at: UtcDatetime | None = Field(default=None, description="When it is to begin.")
    planned_end_at: UtcDatetime | None = Field(default=None, description="When it is to end.")
    started_at: UtcDatetime | None = Field(default=None, description="When it began.")
    ended_at: UtcDatetime | None = Field(default=None, description="When it ended.")
    due_on: Day | None = Field(default=None, description="The day it is promised for.")
    status: OrderStatus | None = Field(default=None, description="Where it stands.")


class Operation(Kind):
    """One step of a production order at one work centre (IEC 62264, ISA-95)."""

    number: Number | None = Field(default=None, description="The number of the step, such as 0010.")
    sequence: Count | None = Field(default=None, description="Its place in the order of steps.")
    work_centre: Code | None = Field(default=None, description="Where it is done.")
    instructions: Text | None = Field(default=None, description="How it is done.")
    setup_h: Hours | None = Field(default=None, description="How long setting up takes.")
    estimated_h: Hours | None = Field(default=None, description="How long it is thought to take.")
    actual_h: Hours | None = Field(default=None, description="How long it took.")
    planned_start_at: UtcDatetime | None = Field(default=None, description="When it is to begin.")
    planned_end_at: UtcDatetime | None = Field(default=None, description="When it is to end.")
    started_at: UtcDatetime | None = Field(default=None, description="When it began.")
    ended_at: UtcDatetime | None = Field(default=None, description="When it ended.")
    good_quantity: Amount | None = Field(default=None, description="How many came out good.")
    scrap_quantity: Amount | None = Field(default=None, description="How many were scrapped.")
    status: OrderStatus | None = Field(default=None, description="Where it stands.")


class DeviceCategory(StrEnum):
    """What sort of device it is."""

    MACHINE = "machine"
    ROBOT = "robot"
    TEST_BENCH = "test_bench"
    SENSOR = "sensor"
    GATEWAY = "gateway"
    EDGE_COMPUTER = "edge_computer"


class DeviceStatus(StrEnum):
    """Whether a device can be used."""

    RUNNING = "running"
    IDLE = "idle"
    DOWN = "down"
    IN_MAINTENANCE = "in_maintenance"
    RETIRED = "retired"


class Device(Kind):
    """A machine, sensor or edge computer of the factory or the fleet (IEC 62541 OPC UA, ISA-95 equipment)."""

    number: Number | None = Field(default=None, description="The asset number of the device.")
    serial_number: Number | None = Field(default=None, description="The maker's serial number.")
    manufacturer: Line | None = Field(default=None, description="Who made it.")
    category: DeviceCategory | None = Field(default=None, description="What sort it is.")
    type_designation: Line | None = Field(default=None, description="The maker's type.")
    protocol: Code | None = Field(default=None, description="How it is spoken to: OPC UA, MQTT, …")
    address: Line | None = Field(default=None, description="Where it is reached, as a URI.")
    firmware_revision: Code | None = Field(default=None, description="The firmware it runs.")
    location: Line | None = Field(default=None, description="Where it stands.")
    status: DeviceStatus | None = Field(default=None, description="Whether it can be used.")
    installed_on: Day | None = Field(default=None, description="The day it was put up.")

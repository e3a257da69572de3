"""Why a part on this machine could not be started, found or stopped."""

from typing import ClassVar

from graph.errors import TraceError


class LocalError(TraceError):
    """Something on this machine is in the way; the sentence says what to do."""

    exit_code: ClassVar[int] = 1


class NotRunningError(LocalError):
    """A part that is needed does not run or does not answer."""

    exit_code: ClassVar[int] = 3


class AlreadyRunningError(LocalError):
    """Another supervisor already looks after this data folder."""


class JarError(LocalError):
    """A jar could not be fetched, or it is not the one that was pinned."""


class PartError(LocalError):
    """A part did not become ready."""


class SettingError(LocalError):
    """A variable of the environment has a value that cannot be meant."""

    exit_code: ClassVar[int] = 2


class JavaError(SettingError):
    """The Java that was named does not exist or has the wrong version."""

"""Which release used a store last; a store is never opened by an older one."""

from pathlib import Path

from cli.local.errors import PartError
from cli.local.state import replace_file


def store_version(folder: Path) -> str | None:
    """The release that used a store last; None if none did."""
    file = folder / "version"
    return file.read_text(encoding="ascii") if file.exists() else None


def claim_store(folder: Path, version: str) -> None:
    """Write down that this release uses the store now."""
    replace_file(folder / "version", version.encode())


def refuse_newer_store(folder: Path, version: str, product: str, part: str) -> None:
    """Return if this release may open the store.

    Raises:
        PartError: if a newer release used it.
    """
    found = store_version(folder)
    if found is not None and _numbers(found) > _numbers(version):
        raise PartError(
            f"the store in {folder} was used by {product} {found}, and this release brings "
            f"{version}, which must not open it; use the newer release, or another UTCS_HOME",
            part=part,
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))

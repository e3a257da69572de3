"""What stands at a place before an export stands there after one that failed."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from cli.export import write_whole
from graph.errors import TraceError


def test_full_disk_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tank.reqif"
    file.write_bytes(b"old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(TraceError, match=r"file: .*tank\.reqif cannot be written \(No space left"):
        write_whole(file, b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("tank.reqif", b"old")
    ]


@pytest.mark.parametrize("is_linked", [True, False])
def test_rights_and_links_stay(tmp_path: Path, is_linked: Any) -> None:
    file, link = tmp_path / "tank.reqif", tmp_path / "link.reqif"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)

    write_whole(link if is_linked else file, b"new")

    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()

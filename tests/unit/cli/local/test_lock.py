import subprocess
import sys
from pathlib import Path

import pytest

from cli.local.errors import AlreadyRunningError
from cli.local.lock import hold_lock, is_held

HOLD = "import sys, time, pathlib; from cli.local.lock import hold_lock\n"
HOLD += "with hold_lock(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"


def test_the_lock_has_one_holder(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "lock"):
        assert is_held(tmp_path / "lock")
        with pytest.raises(AlreadyRunningError, match="held by another"):
            hold_lock(tmp_path / "lock").__enter__()

    assert not is_held(tmp_path / "lock")


def test_a_file_left_by_a_power_loss_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("left over", encoding="ascii")

    assert not is_held(tmp_path / "lock")


def test_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert is_held(tmp_path / "lock")

        holder.kill()
        holder.wait()

        with hold_lock(tmp_path / "lock", patience_s=5):
            pass

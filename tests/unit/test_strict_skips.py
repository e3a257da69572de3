"""In CI nothing is skipped in silence: this runs a small suite under our own conftest."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
CONFTEST = Path(__file__).parents[1] / "conftest.py"
SUITE = """
import pytest

def test_passes(): pass

@pytest.mark.skipif(True, reason="no such service")
def test_marked(): pass

def test_inside(): pytest.skip("no such service")

def test_allowed(): pytest.skip("no Docker engine")

@pytest.mark.xfail(strict=True)
def test_expected(): assert False
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("UTCS_TEST_STRICT", "1")
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    (pytester.path / "allowed_skips.txt").write_text("# why\nno Docker engine\n", encoding="utf-8")
    return pytester


def test_a_skip_fails_unless_its_reason_is_listed(suite: pytest.Pytester) -> None:
    suite.makepyfile(SUITE)

    result = suite.runpytest("-p", "no:cacheprovider", "-p", "no:asyncio")

    result.assert_outcomes(passed=1, failed=1, errors=1, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["*allowed_skips.txt does not allow it: no such service*"])


def test_a_file_that_skips_itself_fails(suite: pytest.Pytester) -> None:
    suite.makepyfile("import pytest\npytest.skip('not here', allow_module_level=True)")

    result = suite.runpytest("-p", "no:cacheprovider", "-p", "no:asyncio")

    result.assert_outcomes(errors=1)


def test_skips_are_skips_without_the_switch(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UTCS_TEST_STRICT")
    suite.makepyfile(SUITE)

    result = suite.runpytest("-p", "no:cacheprovider", "-p", "no:asyncio")

    result.assert_outcomes(passed=1, skipped=3, xfailed=1)

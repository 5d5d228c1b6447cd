"""A skip is told on a newcomer's machine and refused in CI: pytest itself runs on small files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")

SKIPS_ONE_TEST = """
import pytest

def test_page():
    pytest.skip("no browser on this machine")
"""
SKIPS_AS_A_WHOLE = """
import pytest

pytest.skip("no browser on this machine", allow_module_level=True)
"""
IS_MARKED = """
import pytest

@pytest.mark.skipif(True, reason="no browser on this machine")
def test_page():
    pass
"""
MISSES_THE_SHARED_FOLDER = """
import pytest

def test_statutes():
    pytest.skip("../shared is not here")
"""
FAILS_AS_EXPECTED = """
import pytest

@pytest.mark.xfail(reason="known")
def test_known():
    assert False
"""


def run_pytest(folder: Path, test: str, ci: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(CONFTEST, folder)
    (folder / "test_small.py").write_text(test, "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "."],
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(CONFTEST.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("test", [SKIPS_ONE_TEST, SKIPS_AS_A_WHOLE, IS_MARKED])
def test_a_skip_is_a_failure_in_ci_and_names_its_reason(test: str, tmp_path: Path) -> None:
    ran = run_pytest(tmp_path, test, ci="true")

    assert ran.returncode != 0
    assert "with CI=true a skip is a failure: no browser on this machine" in ran.stdout


def test_a_skip_is_only_told_elsewhere(tmp_path: Path) -> None:
    ran = run_pytest(tmp_path, SKIPS_ONE_TEST, ci="")

    assert ran.returncode == 0
    assert "no browser on this machine" in ran.stdout


@pytest.mark.parametrize("test", [MISSES_THE_SHARED_FOLDER, FAILS_AS_EXPECTED])
def test_a_missing_shared_folder_or_an_expected_failure_stops_no_ci(
    test: str, tmp_path: Path
) -> None:
    assert run_pytest(tmp_path, test, ci="true").returncode == 0

"""What holds for every test: with CI=true a skip is a failure, and storage has two engines."""

import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests import compiled
from tests.stores import Database, EngineKind, give_back

SHARED_ABSENT = "../shared is not here"
"""A skip whose reason begins so is one in CI too: that folder is no part of the project."""


compiled.share()


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that names the reason, when CI=true."""
    if os.environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith(SHARED_ABSENT):
        report.outcome = "failed"
        report.longrepr = f"skipped, and with CI=true a skip is a failure: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Watch each test; what it wrote is brought into a form that another process can be sent."""
    report = yield
    _refuse_skip(report)
    report.sections = [
        (name, said.encode("utf-8", "replace").decode()) for name, said in report.sections
    ]
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Watch each module: one that skips as a whole is seen only here."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(autouse=True)
def _houses_are_left() -> Iterator[None]:
    yield
    give_back()


@pytest.fixture(params=list(EngineKind))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database; a test that asks for one runs on each engine."""
    kind: EngineKind = request.param
    if not kind.is_there:
        pytest.skip("PostgreSQL is not installed")
    made = Database(kind, tmp_path)
    yield made
    made.drop()


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Database]:
    """An empty database that several workers may use at once."""
    made = Database(EngineKind.POSTGRESQL, tmp_path)
    yield made
    made.drop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, one for all tests of a module; people get a context each."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        await browser.close()

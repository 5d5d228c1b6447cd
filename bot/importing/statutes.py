"""Finds the files of an operator's statutes and gathers what they say."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from knowledge.collecting import JSON_LINES, Collection, Collector, Source
from knowledge.law import LawIndex

MARKDOWN = ".md"
TITLE_PAGE = "README.md"


class NoFiles(Exception):
    """The message names a path that cannot be read, or a folder without statutes."""


def find(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """Return the files to read, in order, each with whether it was named itself.

    Raises NoFiles.
    """
    found: list[tuple[Path, bool]] = []
    for path in paths:
        if path.is_file():
            found.append((path, True))
            continue
        files = sorted(_inside(path)) if path.is_dir() else []
        if not files:
            raise NoFiles(str(path))
        found += [(file, False) for file in files]
    return found


def gather(
    files: list[tuple[Path, bool]],
    index: LawIndex,
    today: date,
    progress: Callable[[int], None],
) -> Collection:
    """Return what the files say; raises NoFiles naming one that cannot be read."""
    collector = Collector(index, today)
    for count, (file, chosen) in enumerate(files, start=1):
        try:
            content = file.read_bytes()
        except OSError as error:
            message = f"{file}: {error.strerror or error}"
            raise NoFiles(message) from None
        collector.take(Source(str(file), content, _collection(file), chosen))
        progress(count)
    return collector.collected()


def _inside(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if not hidden and file.suffix.lower() in {MARKDOWN, JSON_LINES} and file.is_file():
            yield file


def _collection(file: Path) -> str:
    """Return what the pages of a folder belong to: the title of its title page, or its name."""
    page = file.parent / TITLE_PAGE
    if file.name != TITLE_PAGE and page.is_file():
        for line in page.read_bytes().decode("utf-8", "replace").splitlines():
            if line.startswith("# "):
                return line[2:].strip()
    return file.resolve().parent.name

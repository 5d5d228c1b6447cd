"""The rules of the house, each a function over a root folder that lists what breaks it.

`test_layout.py` holds the project to them and shows each one at work on a bad example.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAY_IMPORT = {
    "bot": {"bot", "handlers", "storage", "knowledge"},
    "handlers": {"handlers", "storage", "knowledge"},
    "storage": {"storage"},
    "knowledge": {"knowledge"},
}
OURS = {*MAY_IMPORT, "tests", "benchmarks"}

HOMES = {
    "telegram": ("bot/channels/telegram/",),
    "wechatpy": ("bot/channels/wechat/",),
    "cryptography": ("bot/channels/tencent/",),
    "starlette": ("bot/web/",),
    "uvicorn": ("bot/",),
    "typer": ("bot/cli.py", "bot/commands/"),
    "apscheduler": ("bot/clock.py",),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "psycopg": ("storage/",),
    "rapidfuzz": ("knowledge/",),
    "opencc": ("knowledge/",),
    "pypinyin": ("knowledge/",),
    "chinese_calendar": ("handlers/worktime.py",),
}

NOT_FOR_KNOWLEDGE = {
    *(
        "aiohttp",
        "asyncio",
        "ftplib",
        "http",
        "httpx",
        "requests",
        "socket",
        "urllib",
        "websockets",
    ),
    *("alembic", "dbm", "psycopg", "sqlalchemy", "sqlite3"),
    *("sched", "time"),
}
CLOCK = {"now", "utcnow", "today"}

RULES_MAY_IMPORT = {"handlers.refusal", "handlers.scope", "storage.words"}
LINES_AT_MOST = 400
LISTS = "versions"
"""A migration lists every table of its day and is never edited again."""

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
CHINESE_IS_AT_HOME = (
    "bot/demo/",
    "bot/web/static/",
    "bot/web/templates/",
    "knowledge/data/",
    "storage/demo/",
)


@dataclass(frozen=True, slots=True)
class Import:
    """One import: of our own code the module it names, of other code the name as written."""

    importer: str
    imported: str
    path: str
    line: int
    runs_on_import: bool

    def __str__(self) -> str:
        """Say where it stands and what it imports, as an editor can jump to it."""
        return f"{self.path}:{self.line}: imports {self.imported}"


def sources(root: Path) -> list[Path]:
    """Return every Python file of the product."""
    return sorted(path for package in MAY_IMPORT for path in (root / package).rglob("*.py"))


def module_name(root: Path, path: Path) -> str:
    """Return the dotted name; that of a package for its `__init__.py`."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(root: Path) -> list[Import]:
    """Return every import of the product, wherever in a file it stands."""
    files = {module_name(root, path): path for path in sources(root)}
    return [found for name, path in files.items() for found in _imports_of(root, name, path, files)]


def _imports_of(root: Path, name: str, path: Path, known: dict[str, Path]) -> Iterator[Import]:
    tree = ast.parse(path.read_text("utf-8"))
    later = {id(node) for block in ast.walk(tree) if _runs_later(block) for node in ast.walk(block)}
    where = path.relative_to(root).as_posix()
    for node in ast.walk(tree):
        for imported in _names(node, name, known):
            yield Import(name, imported, where, getattr(node, "lineno", 0), id(node) not in later)


def _runs_later(block: ast.AST) -> bool:
    match block:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.If(test=ast.Name("TYPE_CHECKING")):
            return True
        case _:
            return False


def _names(node: ast.AST, importer: str, known: dict[str, Path]) -> list[str]:
    match node:
        case ast.Import(names=aliases):
            return [alias.name for alias in aliases]
        case ast.ImportFrom(module=base, names=aliases, level=level):
            # A relative import is ruff's to refuse; it is still followed here.
            above = importer.split(".")[:-level] if level else []
            start = ".".join([*above, *([base] if base else [])])
            named = [f"{start}.{alias.name}" for alias in aliases]
            return [name if name in known else start for name in named]
        case _:
            return []


def climbing_imports(root: Path) -> list[str]:
    """Arrows point down only: bot -> handlers -> storage or knowledge."""
    return [
        str(found)
        for found in imports(root)
        if (top := found.imported.split(".")[0]) in OURS
        and top not in MAY_IMPORT[found.importer.split(".")[0]]
    ]


def circles(root: Path) -> list[str]:
    """No module needs itself to be imported first, directly or round a corner.

    What is imported for types alone, or inside a function, needs nothing while modules load.
    """
    graph: dict[str, set[str]] = {module_name(root, path): set() for path in sources(root)}
    for found in imports(root):
        if found.runs_on_import and found.imported in graph:
            graph[found.importer].add(found.imported)
    return [f"{name} imports itself in the end" for name in graph if _reaches(graph, name, name)]


def _reaches(graph: dict[str, set[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        name = ahead.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            ahead.extend(graph[name])
    return False


def strayed_libraries(root: Path) -> list[str]:
    """Each library is spoken to in one place."""
    return [
        f"{found}, whose home is {' and '.join(homes)}"
        for found in imports(root)
        if (homes := HOMES.get(found.imported.split(".")[0])) and not found.path.startswith(homes)
    ]


def impure_knowledge(root: Path) -> list[str]:
    """Knowledge has no clock, no database and no network."""
    reaching_out = [
        str(found)
        for found in imports(root)
        if found.path.startswith("knowledge/") and found.imported.split(".")[0] in NOT_FOR_KNOWLEDGE
    ]
    return reaching_out + [
        clock
        for path in sorted((root / "knowledge").rglob("*.py"))
        for clock in _clocks(root, path)
    ]


def clocked_rules(root: Path) -> list[str]:
    """In a rule, time is an argument."""
    return [clock for path in _rules(root) for clock in _clocks(root, path)] + [
        str(found)
        for found in imports(root)
        if found.path.endswith("/rules.py") and found.imported == "time"
    ]


def _clocks(root: Path, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in CLOCK:
            owner = ast.unparse(node.value)
            if owner.split(".")[-1] in {"datetime", "date"}:
                where = path.relative_to(root).as_posix()
                yield f"{where}:{node.lineno}: reads the clock by {owner}.{node.attr}"


def _rules(root: Path) -> list[Path]:
    return [path for path in sources(root) if path.name == "rules.py"]


def rules_with_company(root: Path) -> list[str]:
    """A `rules.py` imports the standard library, refusals, scopes and stored words; no more."""
    return [
        str(found)
        for found in imports(root)
        if found.path.endswith("/rules.py")
        and found.imported not in RULES_MAY_IMPORT
        and found.imported.split(".")[0] not in sys.stdlib_module_names
    ]


def subjects_in_each_others_rooms(root: Path) -> list[str]:
    """Subjects do not import each other's `chat.py` or `desk.py`."""
    return [
        str(found)
        for found in imports(root)
        if (room := re.fullmatch(r"handlers\.(\w+)\.(?:chat|desk)", found.imported))
        and (subject := re.match(r"handlers/(\w+)/", found.path))
        and room[1] != subject[1]
    ]


def long_files(root: Path) -> list[str]:
    """One idea per file."""
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources(root)}
    return [
        f"{path.relative_to(root).as_posix()}: {lines} lines, {LINES_AT_MOST} at most"
        for path, lines in lengths.items()
        if lines > LINES_AT_MOST and path.parent.name != LISTS
    ]


def filled_package_files(root: Path) -> list[str]:
    """`__init__.py` stays empty."""
    return [
        f"{path.relative_to(root).as_posix()}: not empty"
        for path in sources(root)
        if path.name == "__init__.py" and path.stat().st_size
    ]


def utility_files(root: Path) -> list[str]:
    """A helper lives with its only user, or it is an idea and has its own name."""
    return [
        f"{path.relative_to(root).as_posix()}: give it the name of its idea"
        for top in sorted(OURS)
        for path in sorted((root / top).rglob("utils.py"))
    ]


def strayed_chinese(root: Path) -> list[str]:
    """Chinese that people read or type lives in texts, templates and data, nowhere else."""
    return [
        f"{where}:{number}: {line.strip()}"
        for package in MAY_IMPORT
        for path in sorted((root / package).rglob("*"))
        if path.is_file()
        and path.name != "texts.py"
        and "__pycache__" not in path.parts
        and not (where := path.relative_to(root).as_posix()).startswith(CHINESE_IS_AT_HOME)
        for number, line in enumerate(path.read_text("utf-8", errors="ignore").splitlines(), 1)
        if CHINESE.search(line)
    ]


def misdeclared_packages(root: Path) -> list[str]:
    """Every package is listed in pyproject.toml, and what is listed is there."""
    project = root / "pyproject.toml"
    if not project.exists():
        return []
    listed = set(tomllib.loads(project.read_text("utf-8"))["tool"]["setuptools"]["packages"])
    there = {module_name(root, path) for path in sources(root) if path.name == "__init__.py"}
    homeless = {
        module_name(root, path / "__init__.py") for path in {p.parent for p in sources(root)}
    }
    return [
        *(f"{name}: not listed in pyproject.toml" for name in sorted(there - listed)),
        *(f"{name}: listed in pyproject.toml, but not there" for name in sorted(listed - there)),
        *(f"{name}: has no __init__.py" for name in sorted(homeless - there)),
    ]


Guard = Callable[[Path], list[str]]

GUARDS: tuple[Guard, ...] = (
    climbing_imports,
    circles,
    strayed_libraries,
    impure_knowledge,
    clocked_rules,
    rules_with_company,
    subjects_in_each_others_rooms,
    long_files,
    filled_package_files,
    utility_files,
    strayed_chinese,
    misdeclared_packages,
)

"""Makes data/law_index.json: python -m knowledge.build_law_index STATUTES.jsonl."""

import sys
from pathlib import Path

import msgspec

from knowledge.law import INDEX
from knowledge.statutes import index_of, read_statutes


def build(statutes: Path, index: Path = INDEX) -> int:
    """Write the index of the articles in `statutes`; return how many there are."""
    articles = read_statutes(statutes)
    laws = msgspec.json.encode(index_of(articles.values()))
    index.write_bytes(msgspec.json.format(laws, indent=1) + b"\n")
    return len(articles)


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]))} articles\n")

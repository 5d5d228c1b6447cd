"""Works out, for each pattern of `data/words/emergency.json`, characters a match needs one of.

`python -m knowledge.pattern_needs` writes them beside the patterns after one was changed. A message
is then tried only against the patterns it has a needed character for: a handful of hundreds.
"""

import json
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from re import _constants as code  # type: ignore[attr-defined]  # the parser of `re` has no public name; a developer's tool only
from re import _parser as parser  # type: ignore[attr-defined]

import msgspec

from knowledge.emergency_patterns import NEEDS, whole
from knowledge.hashed_learning import written_sentences
from knowledge.intent_training import SENTENCES
from knowledge.words import WORDS, read_words

ANY = frozenset[str]()
"""No set of characters is known to be needed."""


class Needs:
    """Finds the rarest set of characters of which every match of a pattern holds at least one."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the frequencies of characters from ordinary `texts`."""
        self._often = Counter[str]()
        for text in texts:
            self._often.update(text)

    def of(self, pattern: str) -> str:
        """Return the characters, sorted."""
        return "".join(sorted(self._of_sequence(list(parser.parse(pattern)))))

    def _cost(self, needed: frozenset[str]) -> int:
        return sum(self._often[sign] + 1 for sign in needed) if needed else 1 << 60

    def _of_sequence(self, items: list[tuple[object, object]]) -> frozenset[str]:
        return min((self._of_item(*item) for item in items), key=self._cost, default=ANY)

    def _of_item(self, kind: object, argument: object) -> frozenset[str]:
        match kind, argument:
            case code.LITERAL, int(sign):
                return frozenset(chr(sign))
            case code.IN, list(choices):
                return self._of_class(choices)
            case code.BRANCH, (_, list(branches)):
                return self._of_branches([list(branch) for branch in branches])
            case code.SUBPATTERN, (*_, inner):
                return self._of_sequence(list(inner))  # type: ignore[call-overload]
            case ((code.MAX_REPEAT | code.MIN_REPEAT), (int(least), _, inner)) if least > 0:
                return self._of_sequence(list(inner))  # type: ignore[call-overload]
        return ANY

    def _of_branches(self, branches: list[list[tuple[object, object]]]) -> frozenset[str]:
        sets = [self._of_sequence(branch) for branch in branches]
        return frozenset().union(*sets) if all(sets) else ANY

    def _of_class(self, choices: list[tuple[object, object]]) -> frozenset[str]:
        signs = []
        for kind, argument in choices:
            if kind is not code.LITERAL or not isinstance(argument, int):
                return ANY
            signs.append(chr(argument))
        return frozenset(signs)


class _KindPatterns(msgspec.Struct):
    sure: list[str]
    event: list[str]


class _Patterns(msgspec.Struct):
    parts: dict[str, str]
    neutral: list[str]
    figures: list[str]
    kinds: dict[str, _KindPatterns]


def needs_of_all() -> dict[str, str]:
    """Return the needed characters by pattern; a pattern that any text may match is left out."""
    words = read_words("emergency", _Patterns)
    texts = chain.from_iterable(written_sentences(SENTENCES).values())
    needs = Needs(texts)
    lists = [
        words.neutral,
        words.figures,
        *(part for kind in words.kinds.values() for part in (kind.sure, kind.event)),
    ]
    every = (whole(pattern, words.parts) for pattern in chain.from_iterable(lists))
    found = {pattern: needs.of(pattern) for pattern in every}
    return {pattern: signs for pattern, signs in found.items() if signs}


def main() -> None:
    """Write the file."""
    text = json.dumps(needs_of_all(), ensure_ascii=False, indent=0)
    (WORDS / f"{NEEDS}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

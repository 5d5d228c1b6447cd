"""What staff changed lies over what is shipped, and running workers take it over."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from handlers.current import Current
from knowledge.check import check_entries
from knowledge.matcher import Decision
from knowledge.overlay import Overlay, Signature, Withheld, signed_hash
from tests.houses import House, knowledge

TODAY = date(2026, 11, 23)
ENTRY = "fee-dissatisfied"
ASKED = "物业服务不好能不交物业费吗"
NEW_WORDS = "他们吃干饭的这个账我凭么事要认"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    yield house
    house.store.close()


def test_an_empty_overlay_changes_nothing() -> None:
    under = knowledge().under(Overlay(), TODAY)

    assert under.entries == knowledge().entries
    assert under.withheld == {}
    assert under.read(ASKED).match == knowledge().read(ASKED).match


def test_a_frozen_answer_is_neither_given_nor_offered_but_known_to_be_meant() -> None:
    assert knowledge().read(ASKED).match.candidates[0].entry == ENTRY

    reading = knowledge().under(Overlay(frozen={ENTRY: Withheld.LAW_CHANGED}), TODAY).read(ASKED)

    assert reading.match.decision is Decision.HANDOVER
    assert reading.withheld == ENTRY
    assert all(one.entry != ENTRY for one in reading.match.candidates)


def test_an_answer_is_given_on_its_last_day_and_not_after_it() -> None:
    last = knowledge().entries[ENTRY].valid_until

    on_it = knowledge().under(Overlay(), last)
    after = knowledge().under(Overlay(), last + timedelta(days=1))

    assert ENTRY not in on_it.withheld
    assert after.withheld[ENTRY] is Withheld.EXPIRED


def test_a_signature_holds_for_what_was_signed_and_for_nothing_else() -> None:
    entry = knowledge().entries[ENTRY]
    seal = signed_hash(entry, knowledge().law)
    signed = {ENTRY: Signature("建港党群驿站律师", TODAY, seal)}

    holds = knowledge().under(Overlay(signed=signed), TODAY)
    void = knowledge().under(Overlay(signed=signed, articles={entry.citations[0]: "0" * 64}), TODAY)

    assert holds.entries[ENTRY].reviewed_by == f"建港党群驿站律师 2026-11-23 {seal}"
    assert void.entries[ENTRY].reviewed_by == ""
    assert check_entries(holds.entries, holds.law).errors == []


@pytest.mark.parametrize(
    "change",
    [{"short": "别的。"}, {"next": ("别的",)}, {"citations": ("民法典第1条",)}, {"version": 2}],
)
def test_whatever_a_resident_reads_is_part_of_what_is_signed(change: dict[str, object]) -> None:
    entry = knowledge().entries[ENTRY]
    other = replace(entry, **change)  # type: ignore[arg-type]

    assert signed_hash(other, knowledge().law) != signed_hash(entry, knowledge().law)


def test_further_ways_of_asking_find_their_entry() -> None:
    assert knowledge().read(NEW_WORDS).match.decision is not Decision.ANSWER

    under = knowledge().under(Overlay(phrasings=((ENTRY, NEW_WORDS), ("nowhere", "什么"))), TODAY)

    assert under.read(NEW_WORDS).match.candidates[0].entry == ENTRY


async def test_a_worker_takes_over_what_changed_and_only_then(house: House) -> None:
    current = Current(knowledge())
    first = await current.refresh(house.store, house.clock())
    again = await current.refresh(house.store, house.clock())
    await house.store.run(lambda tx: tx.knowledge_versions.advance())

    changed = await current.refresh(house.store, house.clock())

    assert (first, again, changed) == (True, False, True)


async def test_a_new_day_is_seen_without_any_change(house: House) -> None:
    current = Current(knowledge())
    await current.refresh(house.store, house.clock())
    house.clock.forward(timedelta(days=4000))

    assert await current.refresh(house.store, house.clock())
    assert set(current.knowledge.withheld) == set(knowledge().entries)

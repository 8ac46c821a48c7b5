"""What the five seed articles say of their actors, as a reader finds it in the text."""

from __future__ import annotations

from pathlib import Path

import pytest

import rawabit as rw

DAESH, QAEDA = "تنظيم الدولة الإسلامية", "تنظيم القاعدة"
SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="module")
def records():
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    return rw.analyze(texts).relations.to_pandas()


def test_allies_in_one_place_and_enemies_in_another(records):
    both = records[
        records.source_entity.isin([DAESH, QAEDA])
        & records.target_entity.isin([DAESH, QAEDA])
        & (records.source_entity != records.target_entity)
    ]
    assert set(both.family) & {"COOPERATE", "ALLY"}, "they work together in West Africa"
    assert set(both.family) & {"RIVAL", "ATTACK"}, "they fight each other in Syria and Yemen"


def test_no_merger_is_asserted(records):
    mergers = records[records.family == "MERGE"]
    assert len(mergers), "the articles speak of a merger"
    assert not ((mergers.factuality == "certain") & ~mergers.negated).any()


def test_boko_haram_has_pledged_allegiance_to_daesh(records):
    """«بوكو حرام، التي برزت … قبل ست سنوات من إعلان ولائها لداعش»: the source is the pronoun of «ولائها»."""
    pledges = records[(records.family == "PLEDGE") & (records.target_entity == DAESH)]
    assert "ولائها" in set(pledges.source)

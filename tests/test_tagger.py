"""`rw.Tagger`: training, scores, saving, pickling, errors."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import rawabit as rw

SENTENCES = [
    [("زار", "O"), ("أحمد", "B-PER"), ("علي", "I-PER"), ("تونس", "B-LOC"), (".", "O")],
    [("قال", "O"), ("محمد", "B-PER"), ("إن", "O"), ("باريس", "B-LOC"), ("بعيدة", "O")],
] * 20


@pytest.fixture(scope="module")
def tagger() -> rw.Tagger:
    return rw.Tagger.train(SENTENCES, epochs=5)


def test_it_learns_and_says_its_labels(tagger: rw.Tagger) -> None:
    assert sorted(tagger.labels) == ["LOC", "PER"]
    scores = tagger.evaluate(SENTENCES)
    assert scores["micro"]["f1"] == 1.0
    assert scores["PER"]["gold"] == 40
    assert tagger.tag([["زار", "أحمد", "علي", "تونس"]]) == [["O", "B-PER", "I-PER", "B-LOC"]]
    assert tagger.tag([]) == []


def test_saving_and_pickling_keep_everything(tagger: rw.Tagger, tmp_path: Path) -> None:
    path = tmp_path / "model"
    tagger.save(path)
    for again in (rw.Tagger.load(path), pickle.loads(pickle.dumps(tagger))):
        assert again.labels == tagger.labels
        assert again.evaluate(SENTENCES) == tagger.evaluate(SENTENCES)


def test_training_is_reproducible(tagger: rw.Tagger, tmp_path: Path) -> None:
    again = rw.Tagger.train(SENTENCES, epochs=5)
    tagger.save(tmp_path / "a")
    again.save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_file_gives_what_its_sentences_give(tagger: rw.Tagger, tmp_path: Path) -> None:
    path = tmp_path / "train.conll"
    lines = ["\n".join(f"{token}\t{tag}" for token, tag in sentence) for sentence in SENTENCES]
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    assert tagger.evaluate(path) == tagger.evaluate(SENTENCES)


def test_progress_goes_from_nothing_to_all() -> None:
    heard: list[tuple[int, int]] = []
    rw.Tagger.train(SENTENCES, epochs=2, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (100, 100)
    assert heard == sorted(heard)


def test_errors_name_file_and_line(tagger: rw.Tagger, tmp_path: Path) -> None:
    path = tmp_path / "bad.conll"
    path.write_text("قال\tO\n\nعلي\tX-PER\n", encoding="utf-8")
    with pytest.raises(rw.DataError, match=r"bad\.conll:3"):
        rw.Tagger.train(path)
    path.write_text("قال\tO\n", encoding="utf-8")
    with pytest.raises(rw.DataError, match=r"bad\.conll:1.*no name"):
        rw.Tagger.train(path)
    path.write_bytes(b"\xd9\xff\tO\n")
    with pytest.raises(rw.DataError, match=r"bad\.conll:1.*UTF-8"):
        rw.Tagger.train(path)
    with pytest.raises(FileNotFoundError):
        rw.Tagger.train(tmp_path / "none.conll")
    with pytest.raises(rw.DataError, match=r"bad\.conll"):
        rw.Tagger.load(path)
    with pytest.raises(rw.RawabitError, match="epochs"):
        rw.Tagger.train(SENTENCES, epochs=0)
    with pytest.raises(TypeError, match="sentence 0"):
        rw.Tagger.train([[("a", 1)]])

"""The command line: files in, tables out, one-line errors, exit statuses."""

import csv
import json
import subprocess
import sys

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rawabit as rw
from conftest import ROOT
from rawabit import cli

TABLES = ["documents", "entities", "mentions", "pairs", "relations", "sentences"]


def run(*arguments, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "rawabit", *map(str, arguments)], input=stdin, capture_output=True
    )


def test_seeds(tmp_path, news, capsys):
    assert cli.main(["analyze", str(ROOT / "seeds"), "-o", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*(f"{name}.parquet" for name in TABLES), "report.html"]
    )
    analysis = rw.analyze(news)
    assert rw.Table(pq.read_table(tmp_path / "relations.parquet")).to_dicts() == analysis.relations.to_dicts()
    assert rw.Table(pq.read_table(tmp_path / "pairs.parquet")).to_dicts() == analysis.pairs.to_dicts()
    assert pl.read_parquet(tmp_path / "documents.parquet")["name"].to_list()[0].endswith(".txt")
    out = capsys.readouterr().out
    for part in (
        "5 articles",
        "Most frequent entities",
        "Strongest pairs",
        "Relations with their evidence",
        "report.html",
    ):
        assert part in out


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_other_formats(tmp_path, ending, news):
    assert cli.main(["analyze", str(ROOT / "seeds"), "-o", str(tmp_path), "--format", ending]) == 0
    path = tmp_path / f"entities.{ending}"
    if ending == "csv":
        rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    else:
        rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    assert [row["text"] for row in rows] == rw.entities(news)["text"]


def write(folder, ending, rows):
    path = folder / f"news.{ending}"
    if ending == "jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    elif ending == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_columns_of_files(tmp_path, ending, news, monkeypatch):
    # Several batches: the numbers of documents run on.
    monkeypatch.setattr("rawabit.articles.BATCH_ARTICLES", 2)
    path = write(tmp_path, ending, [{"body": text, "day": "2016-07-21"} for text in news])
    out = tmp_path / "out"
    arguments = [
        "analyze",
        str(path),
        "-o",
        str(out),
        "--text-column",
        "body",
        "--date-column",
        "day",
        "--threads",
        "2",
    ]
    assert cli.main(arguments) == 0
    documents = pl.read_parquet(out / "documents.parquet")
    assert documents["doc"].to_list() == [0, 1, 2, 3, 4] and set(documents["date"]) == {"2016-07-21"}
    want = rw.analyze(news, date="2016-07-21")
    assert pl.read_parquet(out / "entities.parquet").to_dicts() == want.entities.to_dicts()
    assert pl.read_parquet(out / "pairs.parquet").to_dicts() == want.pairs.to_dicts()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"\xd9\x86\xff", "a.txt: not UTF-8 (invalid start byte at byte 2)"),
        ("a.jsonl", b'{"text": "x"}\n{"text": ', "a.jsonl: row 1: no JSON"),
        ("a.jsonl", b'{"text": "x"}\n{"text": 7}', "a.jsonl: row 1: 'text' is int, expected a string"),
        ("a.jsonl", b'{"body": "x"}', "a.jsonl: row 0: no 'text'; there are body"),
        ("a.jsonl", b'{"text": "\\ud800"}', "a.jsonl: row 0: 'text' has a lone surrogate"),
        ("a.csv", b"body\nx\n", "a.csv: no column 'text'; there are body"),
        ("a.parquet", b"PAR1", "a.parquet: "),
        ("a.docx", b"", "a.docx: expected one of .txt, .csv, .jsonl, .parquet"),
    ],
)
def test_errors_are_one_line_that_names_the_place(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    done = run("analyze", tmp_path / name, "-o", tmp_path / "out")
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 1 and len(lines) == 1 and message in lines[0], lines


def test_a_wrong_date_names_file_and_row(tmp_path):
    path = write(tmp_path, "jsonl", [{"text": "x", "day": "2016-07-21"}, {"text": "x", "day": "21/7"}])
    done = run("analyze", path, "-o", tmp_path / "out", "--date-column", "day")
    assert done.returncode == 1 and b"row 1: 'day' is '21/7'" in done.stderr


def test_usage():
    assert run("analyze").returncode == 2 and run("nichts").returncode == 2
    assert run("analyze", "/no/such/folder").returncode == 1
    assert run("--version").stdout.decode() == f"rawabit {rw.__version__}\n"


@pytest.mark.parametrize("name", ["entities", "relations"])
def test_filters(name, news, monkeypatch):
    lines = [line for text in news for line in text.splitlines()]
    done = run(name, stdin="\n".join(lines).encode())
    assert done.returncode == 0
    assert [json.loads(line) for line in done.stdout.splitlines()] == getattr(rw, name)(lines).to_dicts()


def test_a_filter_names_the_line_that_is_no_text():
    done = run("entities", stdin=b"x\n\xff\n")
    assert (
        done.returncode == 1
        and done.stderr == b"rawabit: stdin: row 1: not UTF-8 (invalid start byte at byte 0)\n"
    )


CONLL = (
    "زار O\nأحمد B-PER\nعلي I-PER\nتونس B-LOC\n. O\n\nقال O\nمحمد B-PER\nإن O\nباريس B-LOC\nبعيدة O\n\n" * 20
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tagger that the command has trained, and the data that it was trained on."""
    folder = tmp_path_factory.mktemp("model")
    (folder / "train.conll").write_text(CONLL, encoding="utf-8")
    done = run("train", folder / "train.conll", "-o", folder / "names", "--epochs", 5)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == f"{folder / 'names'}: labels PER, LOC\n"
    return folder


def test_evaluate_prints_scores_by_label(model):
    done = run("evaluate", model / "names", model / "train.conll")
    head, *rows = done.stdout.decode().splitlines()
    assert done.returncode == 0 and head.split() == ["label", "precision", "recall", "F1", "gold"]
    assert {row.split()[0]: row.split()[1:] for row in rows} == {
        "micro": ["100.0%", "100.0%", "100.0%", "80"],
        "LOC": ["100.0%", "100.0%", "100.0%", "40"],
        "PER": ["100.0%", "100.0%", "100.0%", "40"],
    }
    scores = json.loads(run("evaluate", model / "names", model / "train.conll", "--json").stdout)
    assert scores == rw.Tagger.load(model / "names").evaluate(model / "train.conll")


def test_training_data_and_models_that_do_not_read_are_named(model, tmp_path):
    wrong = tmp_path / "wrong.conll"
    wrong.write_text("زار O\nأحمد\n", encoding="utf-8")
    for arguments, message in (
        (["train", wrong, "-o", tmp_path / "names"], "wrong.conll"),
        (["train", tmp_path / "none.conll", "-o", tmp_path / "names"], "none.conll"),
        (["evaluate", wrong, model / "train.conll"], "wrong.conll"),
        (["entities", "--model", wrong], "wrong.conll"),
        (["entities", "--lexicon", tmp_path / "none.toml"], "none.toml"),
    ):
        done = run(*arguments, stdin="نص".encode())
        lines = done.stderr.decode().splitlines()
        assert done.returncode == 1 and len(lines) == 1 and message in lines[0], lines


def test_a_model_of_ones_own_finds_the_names(model):
    text = "زار أحمد علي تونس ."
    done = run("entities", "--model", model / "names", stdin=text.encode())
    found = [json.loads(line) for line in done.stdout.splitlines()]
    tagger = rw.Tagger.load(model / "names")
    assert found == rw.entities([text], model=tagger).to_dicts()
    assert [(row["text"], row["label"]) for row in found] == [("أحمد علي", "PER"), ("تونس", "LOC")]
    assert rw.analyze([text], model=tagger).entities.to_dicts() == found


def test_a_lexicon_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[[entity]]\nname = "فرقة زغبور"\nlabel = "ORG"\naliases = ["زغبور"]\n', encoding="utf-8")
    text = "هاجمت زغبور المدينة."
    done = run("entities", "--lexicon", path, stdin=text.encode())
    assert done.returncode == 0, done.stderr.decode()
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert ("زغبور", "فرقة زغبور") in [(row["text"], row["entity"]) for row in rows]
    assert "زغبور" not in [row["text"] for row in rw.entities([text])]
    out = tmp_path / "out"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert cli.main(["analyze", str(tmp_path / "a.txt"), "-o", str(out), "--lexicon", str(path)]) == 0
    assert "فرقة زغبور" in pl.read_parquet(out / "entities.parquet")["entity"]


def test_the_report_of_a_corpus_in_parts_is_that_of_the_whole(tmp_path, news, monkeypatch):
    """A folder of Parquet files, read in batches of two: counts, names, pairs and articles are those of all."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number, text in enumerate(news):
        pq.write_table(pa.table({"text": [text, None, text]}), folder / f"part-{number}.parquet")
    reports = {}
    for size in (2, 1000):
        monkeypatch.setattr("rawabit.articles.BATCH_ARTICLES", size)
        out = tmp_path / f"out{size}"
        assert cli.main(["analyze", str(folder), "-o", str(out)]) == 0
        reports[size] = (out / "report.html").read_text(encoding="utf-8")
    assert reports[2] == reports[1000]
    assert "<b>15</b> articles" in reports[2] and reports[2].count("<article ") == 15


def test_the_report_of_a_large_corpus_keeps_the_articles_with_most_relations(tmp_path, news, monkeypatch):
    monkeypatch.setattr("rawabit.articles.BATCH_ARTICLES", 3)
    texts = ["نص قصير."] * 100 + news + ["نص قصير."] * 100
    path = write(tmp_path, "jsonl", [{"text": text} for text in texts])
    assert cli.main(["analyze", str(path), "-o", str(tmp_path / "out")]) == 0
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "60 of 205 articles are shown" in html and "<b>205</b> articles" in html
    assert all(f'id="doc-{number}"' in html for number in range(100, 105))

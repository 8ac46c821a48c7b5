"""The notebooks run from the first cell to the last, and show what they promise."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
nbformat = pytest.importorskip("nbformat", reason="the notebooks need jupyter")
nbclient = pytest.importorskip("nbclient", reason="the notebooks need jupyter")
for package in ("pandas", "matplotlib", "networkx", "ipykernel"):
    pytest.importorskip(package, reason=f"the notebooks need {package}")

NAMES = ["01_seed_corpus.ipynb", "02_relations.ipynb"]


def run(name):
    notebook = nbformat.read(FOLDER / name, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}})
    return client.execute()


def outputs(notebook, kind):
    found = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    return [o["data"][kind] for o in found if kind in o.get("data", {})]


@pytest.mark.parametrize(("name", "figures"), [(NAMES[0], 5), (NAMES[1], 2)])
def test_the_notebook_runs(name, figures):
    notebook = run(name)
    assert len(outputs(notebook, "image/png")) == figures
    warnings = [o["text"] for c in notebook.cells for o in c.get("outputs", ()) if o.get("name") == "stderr"]
    assert warnings == [], "a missing glyph or a deprecation is something that the reader sees"
    if name == NAMES[0]:
        assert any('class="rawabit"' in html for html in outputs(notebook, "text/html"))
        prose = " ".join(outputs(notebook, "text/markdown"))
        assert "تنظيم القاعدة" in prose and "interval" in prose
    else:
        assert any("Greatest difference: 0.000000" in text for text in outputs(notebook, "text/markdown"))


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_notebook_is_small_and_ran_through(name):
    path = FOLDER / name
    assert path.stat().st_size < 1_000_000
    notebook = nbformat.read(path, as_version=4)
    counts = [cell["execution_count"] for cell in notebook.cells if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))
    failed = [o for c in notebook.cells for o in c.get("outputs", ()) if o["output_type"] == "error"]
    assert failed == []

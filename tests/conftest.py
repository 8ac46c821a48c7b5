"""What the tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

#: Two sentences with names, an anaphor and a date; both ways of writing digits.
ARTICLES = [
    "بايعت جماعة بوكو حرام تنظيم داعش في عام 2015. وقالت صحيفة الغارديان إن التنظيم رحب بالبيعة.",
    None,
    "",
    "التقى الرئيس الأميركي دونالد ترامب رئيس الوزراء البريطاني في واشنطن يوم الخميس ٢١ يوليو 2016.",
]


@pytest.fixture
def articles() -> list[str | None]:
    return list(ARTICLES)


@pytest.fixture(scope="session")
def news() -> list[str]:
    """Real articles: the five seeds."""
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora beside the project."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not there: the corpora are needed for this test")
    return SHARED

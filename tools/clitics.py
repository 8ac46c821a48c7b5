"""Compile the clitic tables of src/segment/data from open text.

usage: python tools/clitics.py [--check]        (needs numpy, scikit-learn and ../shared)

Counts of folded words come from ../shared/text (ANT corpus, Egyptian Wikipedia). Two classifiers decide, for every word
that is frequent enough, whether its first letter is a proclitic and whether its end is a pronoun; they learn from the
segmentation of UD Arabic PUD and from the entity spans of ../shared/gold/news-train.jsonl that begin inside a word.
Written are stems.tsv (words that carry no clitic) and exceptions.tsv (words that the rules of src/segment/clitics.rs,
given the stems, would cut wrongly). `--check` prints the accuracy on unseen words (ten folds) and writes nothing.
"""

import collections
import json
import lzma
import math
import re
import sys
import zlib
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
DATA = Path(__file__).resolve().parents[1] / "src" / "segment" / "data"
PROCLITICS = "وفبلكس"
SUFFIXES = ["هما", "كما", "ها", "هم", "هن", "كم", "نا", "ني", "ه", "ك"]
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءئؤ"
FOLD = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "گ": "ك"}
)
MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200b-\u200f]")
WORD = re.compile("[ء-غف-يٱ-ۓ]+")
# A stem is listed from this many occurrences in ANT, or in both corpora together.
STEM_NEWS, STEM_ALL = 4, 14
# A word's own verdict is listed from this many.
WORD_NEWS, WORD_ALL = 2, 10


def fold(word):
    return MARKS.sub("", word).translate(FOLD)


class Counts:
    """Occurrences of folded words: in news, in the encyclopaedia, and of those that end in ة."""

    def __init__(self):
        self.news, self.wiki, self.marbuta = (collections.Counter() for _ in range(3))
        for name, table in (("antcorpus", self.news), ("arzwiki", self.wiki)):
            surface = collections.Counter()
            with lzma.open(SHARED / "text" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
                for article in map(json.loads, lines):
                    text = (article.get("title") or "") + "\n" + article["text"]
                    surface.update(WORD.findall(MARKS.sub("", text)))
            for word, n in surface.items():
                table[word.translate(FOLD)] += n
                if word.endswith("ة"):
                    self.marbuta[word.translate(FOLD)] += n
        self.both = collections.Counter(self.news)
        for word, n in self.wiki.items():
            self.both[word] += n


def log(count):
    return math.log(count + 0.5)


def prefix_features(counts, first, rest):
    word = first + rest
    out = [PROCLITICS.index(first)]
    for table in (counts.news, counts.wiki):
        out += [log(table[word]), log(table[rest]), log(table[rest]) - log(table[word])]
        for form in (word, rest):
            out += [log(table["ال" + form]), log(table["لل" + form])]
            out += [
                log(sum(table[c + form] for c in PROCLITICS)),
                sum(table[c + form] > 0 for c in PROCLITICS),
            ]
            out += [log(sum(table[form + s] for s in ("ه", "ها", "هم")))]
            out += [log(sum(table[form + s] for s in ("ين", "ات", "ان")))]
        out += [log(table[c + word]) for c in "وبل"]
    out += [len(rest), rest[:2] == "ال", rest[:1] == "ل", rest[:1] in "يتنا"]
    return [*out, LETTERS.find(rest[:1]), LETTERS.find(rest[-1:])]


def suffix_of(word):
    return next((s for s in SUFFIXES if word.endswith(s) and len(word) > len(s)), None)


def suffix_features(counts, word, suffix, marbuta):
    table, stem = counts.both, word[: -len(suffix)]
    feminine = stem[:-1] + "ه" if stem.endswith("ت") else None
    out = [
        SUFFIXES.index(suffix),
        len(stem),
        marbuta,
        log(counts.marbuta[word]),
        log(table[word]),
        log(table[stem]),
    ]
    out += [log(table["ال" + word]), log(table["ال" + stem])]
    out += [log(table[feminine]), log(table["ال" + feminine])] if feminine else [-2, -2]
    variants = [
        table[stem + s] - counts.marbuta[stem + s] for s in ("ه", "ها", "هم", "هما", "نا", "كم", "ك", "ي")
    ]
    out += [log(v) for v in variants] + [sum(v > 0 for v in variants)]
    out += [LETTERS.find(stem[-1:]), LETTERS.find(word[:1]), word[:2] == "ال", word[:1] in "يتنا"]
    return [
        *out,
        log(table[word[:-1] + "ات"]),
        log(table[word + "ا"]),
        log(table[word + "ون"] + table[word + "ين"]),
    ]


def segmented_words():
    """(surface, parts) of UD PUD, folded but for a final ة."""
    for line in (SHARED / "segmentation" / "pud.seg.txt").read_text(encoding="utf-8").splitlines():
        if line.strip():
            surface, parts = line.rstrip("\n").split("\t")
            if WORD.fullmatch(fold(surface)):
                yield surface, [fold(p) for p in parts.split("+")]


def examples():
    """Labelled words: {(first letter, rest): [whole, cut]} and {(word, suffix, ends in ة): [whole, cut]}."""
    prefixes, suffixes = (collections.defaultdict(lambda: [0, 0]) for _ in range(2))
    for surface, parts in segmented_words():
        word = fold(surface)
        while word[0] in PROCLITICS and len(word) > 1:
            cut = len(parts) > 1 and parts[0] == word[0]
            prefixes[word[0], word[1:]][cut] += 1
            if not cut:
                break
            lal = word.startswith("لل")
            word, parts = word[1:], parts[1:]
            if lal:
                break
        if len(word) > 2 and (suffix := suffix_of(word)):
            suffixes[word, suffix, surface.endswith("ة")][len(parts) > 1 and parts[-1] == suffix] += 1
    for line in (SHARED / "gold" / "news-train.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        text = article["text"]
        for entity in article["entities"]:
            start = begin = entity["start"]
            while begin > 0 and (WORD.match(text[begin - 1]) or MARKS.match(text[begin - 1])):
                begin -= 1
            match = re.match("[\u0620-\u0652\u0670]+", text[begin:])
            if not match or start - begin > 2:
                continue
            word, left = fold(match.group()), len(fold(text[begin:start]))
            while len(word) > 1 and word[0] in PROCLITICS:
                prefixes[word[0], word[1:]][left > 0] += 1
                if left == 0 or word.startswith("لل"):
                    break
                word, left = word[1:], left - 1
            if entity["label"] == "PER":
                for part in map(fold, text[start : entity["end"]].split()[1:]):
                    if WORD.fullmatch(part) and part[0] in PROCLITICS and len(part) > 1:
                        prefixes[part[0], part[1:]][0] += 1
    return prefixes, suffixes


def classifier():
    return HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.08, l2_regularization=1, min_samples_leaf=8, random_state=1
    )


def table_of(examples, features):
    rows = [(key, cut, n) for key, pair in examples.items() for cut, n in enumerate(pair) if n]
    x = np.array([features(*key) for key, _, _ in rows], float)
    return rows, x, np.array([r[1] for r in rows]), np.array([r[2] for r in rows])


def train(examples, features):
    _, x, y, n = table_of(examples, features)
    return classifier().fit(x, y, sample_weight=np.sqrt(n))


def cross_validate(name, examples, features):
    rows, x, y, n = table_of(examples, features)
    fold_of = np.array([zlib.crc32("".join(map(str, key)).encode()) % 10 for key, _, _ in rows])
    right = np.zeros(len(rows), bool)
    for k in range(10):
        seen = fold_of != k
        model = classifier().fit(x[seen], y[seen], sample_weight=np.sqrt(n[seen]))
        right[~seen] = model.predict(x[~seen]) == y[~seen]
    print(
        f"{name}: {len(rows)} words, accuracy on unseen words {(right * n).sum() / n.sum():.1%} of occurrences"
    )


def function_words():
    for line in (DATA / "function_words.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            word, prefix, suffix = line.rstrip("\n").split("\t")[:3]
            yield fold(word), (len(prefix), len(fold(suffix)))


class Verdicts:
    """What the classifiers, labelled examples and function words say of a word: letters of prefix and of suffix."""

    def __init__(self, counts, prefixes, suffixes, words):
        self.fixed = dict(function_words())
        self.cut_first = self.decide(
            train(prefixes, lambda *k: prefix_features(counts, *k)),
            prefixes,
            {
                (w[0], w[1:])
                for w in words | {w[1:] for w in words if w[0] in "وف"}
                if len(w) > 1 and w[0] in PROCLITICS
            },
            lambda *k: prefix_features(counts, *k),
        )
        bare = {w[self.prefix(w) :] for w in words}
        asked = {(w, s, False) for w in bare if (s := suffix_of(w))}

        def features(*k):
            return suffix_features(counts, *k)

        self.cut_last = self.decide(train(suffixes, features), suffixes, asked, features)

    @staticmethod
    def decide(model, known, asked, features):
        asked = sorted(asked)
        verdict = dict(
            zip(
                asked,
                model.predict_proba(np.array([features(*k) for k in asked], float))[:, 1] > 0.5,
                strict=False,
            )
        )
        for key, (whole, cut) in known.items():
            if key in verdict and max(whole, cut) > 1 and whole != cut:
                verdict[key] = cut > whole
        return verdict

    def prefix(self, word):
        if word in self.fixed:
            return self.fixed[word][0]
        first, rest = word[:1], word[1:]
        if not self.cut_first.get((first, rest), False):
            return 0
        if first in "وف" and rest in self.fixed:
            return 1 + self.fixed[rest][0]
        if first in "وف" and rest[:1] in "بلكس" and self.cut_first.get((rest[:1], rest[1:]), False):
            return 2
        return 1

    def __call__(self, word):
        if word in self.fixed:
            return self.fixed[word]
        prefix = self.prefix(word)
        bare = word[prefix:]
        if bare in self.fixed:
            return prefix, self.fixed[bare][1]
        if prefix and word[prefix - 1 : prefix + 1] == "لل":
            return prefix, 0
        suffix = suffix_of(bare)
        return prefix, len(suffix) if suffix and self.cut_last.get((bare, suffix, False), False) else 0


def by_rule(word, listed, stems):
    """The rules of src/segment/clitics.rs for a word that has no entry of its own."""
    if word in stems:
        return 0, 0
    for prefix in prefixes_by_rule(word, listed, stems):
        bare = word[prefix:]
        if bare in listed and listed[bare][0] == 0:
            return prefix, listed[bare][1]
        if bare in stems:
            return prefix, 0
        if sure_cut(word, prefix):
            return prefix, 0
        if suffix := suffix_by_rule(bare, stems):
            return prefix, suffix
    return 0, 0


def sure_cut(word, prefix):
    """The article, or a verb behind the future particle, tells that what stands in front is a proclitic."""
    if prefix == 0:
        return False
    last, rest = word[prefix - 1], word[prefix:]
    if last == "ل":
        return rest[0] == "ل" and len(rest) > 2
    if last == "س":
        return rest[0] in "يتن" and len(rest) > 3
    return rest.startswith("ال") and len(rest) > 3


def prefixes_by_rule(word, listed, stems):
    yield 0
    if word[0] in PROCLITICS and len(word) > 2:
        yield 1
        if word[0] in "وف" and word[1] in "بلكس" and len(word) > 3:
            yield 2


def suffix_by_rule(bare, stems):
    suffix = suffix_of(bare)
    if suffix not in ("ه", "ها", "هم", "هما", "هن"):
        return 0
    stem = bare[: -len(suffix)]
    if len(stem) > 2 and (stem in stems or (stem.endswith("ت") and stem[:-1] + "ه" in stems)):
        return len(suffix)
    return 0


def main():
    counts = Counts()
    prefixes, suffixes = examples()
    if "--check" in sys.argv:
        cross_validate("proclitics", prefixes, lambda *k: prefix_features(counts, *k))
        cross_validate("suffixes", suffixes, lambda *k: suffix_features(counts, *k))
        return
    words = {
        w for w in counts.both if len(w) > 1 and (counts.news[w] >= WORD_NEWS or counts.both[w] >= WORD_ALL)
    }
    verdicts = Verdicts(counts, prefixes, suffixes, words)
    judged = {w: verdicts(w) for w in words | set(verdicts.fixed)}
    stems = {
        w
        for w, verdict in judged.items()
        if verdict == (0, 0)
        and not w.startswith("ال")
        and (counts.news[w] >= STEM_NEWS or counts.both[w] >= STEM_ALL)
    }
    needed = {w[p:] for w, (p, _) in judged.items() if p} | {
        w[p : len(w) - s] for w, (p, s) in judged.items() if s
    }
    frequent = {w for w in stems if counts.news[w] >= 8 or counts.both[w] >= 40}
    stems = {w for w in stems if w in frequent or w in needed or w[0] in PROCLITICS or suffix_of(w)}
    listed = dict(verdicts.fixed)
    for word in sorted(judged, key=len):
        if word not in listed and by_rule(word, listed, stems) != judged[word]:
            listed[word] = judged[word]
    header = "# Compiled by tools/clitics.py from word counts of the ANT corpus and Egyptian Wikipedia; folded spelling.\n"
    with open(DATA / "stems.tsv", "w", encoding="utf-8") as out:
        out.write(header + "# Words that carry no clitic.\n")
        out.writelines(f"{w}\n" for w in sorted(stems))
    with open(DATA / "exceptions.tsv", "w", encoding="utf-8") as out:
        out.write(
            header
            + "# Words that the rules would cut wrongly: word, letters of proclitics, letters of pronoun suffix.\n"
        )
        out.writelines(f"{w}\t{p}\t{s}\n" for w, (p, s) in sorted(listed.items()) if w not in verdicts.fixed)
    print(len(judged), "words judged,", len(stems), "stems,", len(listed), "exceptions")


if __name__ == "__main__":
    main()

"""Compile the tables of known entities in src/entity/data from ../shared.

usage: python tools/aliases.py

Wants babel (names of states in English, of CLDR). Writes places.tsv (states of CLDR; cities of world-cities, CC BY 4.0), clubs.tsv and people.tsv (ArWikiCats, MIT), nationalities.tsv
(ArWikiCats, MIT, with ISO codes of CLDR) and annotated.tsv (canonical names and aliases of
../shared/gold/news-train.jsonl, the project's own annotations). actors.tsv, peoples.tsv and bodies.tsv are hand-made.
"""

import collections
import json
import re
from pathlib import Path

from babel import Locale

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
DATA = Path(__file__).resolve().parents[1] / "src" / "entity" / "data"
FOLD = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "ی": "ي", "ک": "ك"}
)
ARAB = set(
    [
        "Tunisia",
        "Algeria",
        "Morocco",
        "Libya",
        "Egypt",
        "Sudan",
        "Mauritania",
        "Syria",
        "Lebanon",
        "Jordan",
        "Iraq",
        "Kuwait",
        "Bahrain",
        "Qatar",
        "Oman",
        "Yemen",
        "Palestine",
        "Somalia",
        "Djibouti",
        "Comoros",
    ]
) | {"Saudi Arabia", "United Arab Emirates", "State of Palestine"}
# Parts of club names and of names of persons that keep their capitals or stay small.
CAPITALS = set(
    [
        "fc",
        "sc",
        "ac",
        "cf",
        "cd",
        "ca",
        "cs",
        "ss",
        "ssc",
        "as",
        "us",
        "sv",
        "vfl",
        "vfb",
        "tsv",
        "rc",
        "rkc",
        "afc",
        "bk",
        "ik",
        "if",
        "fk",
        "nk",
        "hnk",
        "sk",
        "gd",
        "ud",
        "ad",
        "rcd",
        "psv",
        "az",
        "jk",
        "mc",
        "asc",
        "usm",
        "esm",
        "mca",
        "usma",
        "csc",
        "ii",
        "iii",
        "iv",
        "vi",
        "vii",
        "viii",
        "ix",
        "xi",
        "xii",
        "xiii",
        "xiv",
        "xv",
        "xvi",
    ]
)
SMALL = set(
    [
        "of",
        "the",
        "de",
        "da",
        "do",
        "dos",
        "del",
        "di",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "ibn",
        "al",
        "el",
        "y",
        "e",
        "du",
        "des",
        "and",
    ]
)
# Forms of nationality in the source that are no English words.
ENGLISH_FORMS = {"saudiarabian": "Saudi", "southeast asian": "Southeast Asian"}
COLUMNS = "# Columns: canonical name, label, kind, code, English name, aliases parted by «|».\n"
# Words of competitions among the clubs of ArWikiCats.
LEAGUES = set(["دوري", "الدوري", "كأس", "بطولة", "سوبر"])
# Words that make a line of ArWikiCats' persons a title or a description.
TITLES = set(
    [
        "ملك",
        "ملكة",
        "أمير",
        "أميرة",
        "دوق",
        "دوقة",
        "قديس",
        "قديسة",
        "البابا",
        "إمبراطور",
        "المرتد",
        "ثنائي",
        "فرقة",
    ]
)
# English names of states in CLDR.
TERRITORIES = {
    code: str(name) for code, name in Locale("en").territories.items() if code.isalpha() and len(code) == 2
}
# CLDR's names of states in world-cities' spelling.
COUNTRY_SPELLINGS = {
    "Bosnia & Herzegovina": "Bosnia and Herzegovina",
    "Congo - Kinshasa": "Democratic Republic of the Congo",
    "Congo - Brazzaville": "Republic of the Congo",
    "Côte d’Ivoire": "Ivory Coast",
    "Myanmar (Burma)": "Myanmar",
    "China": "People's Republic of China",
    "Hong Kong SAR China": "Hong Kong S.A.R.",
    "Türkiye": "Turkey",
    "Palestinian Territories": "Palestinian Territory Occupied",
    "Trinidad & Tobago": "Trinidad and Tobago",
    "Gambia": "The Gambia",
    "Netherlands": "Kingdom of the Netherlands",
    "Czechia": "Czech Republic",
}
# Shares of a text's occurrences that must mean one entity before its bare form stands for it everywhere.
CLEAR = 0.8


def fold(text):
    return re.sub("[\u0610-\u061a\u064b-\u065f\u0670]", "", text).translate(FOLD)


def rows(name):
    for line in (SHARED / "gazetteers" / name).read_text(encoding="utf-8").splitlines():
        yield line.rstrip("\n").split("\t")


def capitalized(name):
    """An English name in small letters as English writes it: «rb leipzig» → «RB Leipzig»."""
    words = re.split(r"([ \-'.])", ENGLISH_FORMS.get(name, name))
    cased = []
    for at, word in enumerate(words):
        if word in CAPITALS or (
            len(word) == 2
            and not set(word) & set("aeiouy")
            and word.isalpha()
            and word not in ("dr", "st", "mr", "jr")
        ):
            cased.append(word.upper())
        elif word in SMALL and at > 0:
            cased.append(word)
        else:
            cased.append(word[:1].upper() + word[1:])
    return "".join(cased)


def plain(name):
    """Without a disambiguator in brackets."""
    return re.sub(r"\s*[(\[].*$", "", name).strip()


def hand_made():
    known = set()
    for line in (DATA / "actors.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") and line.strip():
            columns = line.rstrip("\n").split("\t")
            known.add((fold(columns[0]), columns[1]))
            known.update((fold(a), columns[1]) for a in columns[5].split("|") if a)
    return known


def write(name, source, entries):
    with open(DATA / name, "w", encoding="utf-8") as out:
        out.write(f"# Compiled by tools/aliases.py from {source}.\n" + COLUMNS)
        out.writelines("\t".join(e) + "\n" for e in entries)
    print(name, len(entries))


def main():
    known = hand_made()
    countries, codes, places, seen = {}, {}, [], set()
    english = {}
    for row in rows("cldr-territories.tsv"):
        name, code = plain(row[0]), row[1]
        codes[fold(name)] = code if code.isalpha() else ""
        if code.isalpha() and len(code) == 2 and (fold(name), "LOC") not in known and name not in countries:
            countries[name] = code
    for line in (DATA / "actors.tsv").read_text(encoding="utf-8").splitlines():
        columns = line.rstrip("\n").split("\t")
        if len(columns) > 5 and columns[2] == "country":
            for alias in [columns[0], *columns[5].split("|")]:
                codes[fold(alias)] = columns[3]
            english[columns[4]] = columns[3]
    for code, name in TERRITORIES.items():
        english.setdefault(COUNTRY_SPELLINGS.get(name, name), code)
    for name, code in countries.items():
        places.append((name, "LOC", "country", code, TERRITORIES.get(code, ""), ""))
        seen.add(fold(name))
    for row in rows("world-cities-wikidata.tsv"):
        name, country, latin, population = plain(row[0]), row[1], row[2], int(row[3] or 0)
        if fold(name) in seen or (fold(name), "LOC") in known or len(name) < 3:
            continue
        if population >= 150_000 or country in ARAB or country in ("Tunisia", "Saudi Arabia"):
            seen.add(fold(name))
            places.append((name, "LOC", "city", english.get(country, ""), latin, ""))
    write("places.tsv", "CLDR (Unicode licence) and world-cities (CC BY 4.0, from Wikidata)", places)

    clubs = []
    for row in rows("arwikicats-clubs.tsv"):
        name = plain(row[0])
        if len(name.split()) >= 2 and (fold(name), "ORG") not in known and not set(name.split()) & LEAGUES:
            clubs.append((name, "ORG", "club", "", capitalized(row[1]) if len(row) > 1 else "", ""))
    write("clubs.tsv", "ArWikiCats (MIT)", clubs)

    forms, country_of = collections.defaultdict(dict), {}
    for row in rows("arwikicats-nationalities.tsv"):
        forms[row[2]][row[1]] = row[0]
        country_of[row[2]] = row[3] if len(row) > 3 else ""
    nationalities = []
    for latin, form in forms.items():
        if "male" in form:
            code = codes.get(fold(country_of[latin]), "") if country_of[latin] else ""
            aliases = [form[k] for k in ("female", "males", "females") if k in form]
            nationalities.append(
                (form["male"], "NORP", "nationality", code, capitalized(latin), "|".join(aliases))
            )
    write("nationalities.tsv", "ArWikiCats (MIT) and CLDR (Unicode licence)", nationalities)

    people, taken = [], set(known)
    for row in rows("arwikicats-people.tsv"):
        name, latin = row[0], row[1] if len(row) > 1 else ""
        folded = (fold(name), "PER")
        person = (
            len(name.split()) in (2, 3, 4) and latin.isascii() and not re.search(r"[\d(),\[]", name + latin)
        )
        titled = set(name.split()) & TITLES
        if person and not titled and len(latin.split()) > 1 and folded not in taken:
            taken.add(folded)
            people.append((name, "PER", "person", "", capitalized(latin), ""))
    write("people.tsv", "ArWikiCats (MIT)", people)

    write("annotated.tsv", "../shared/gold/news-train.jsonl (the project's annotations)", annotated(known))


def annotated(known):
    """Canonical names of the annotated news, with the texts that clearly mean them."""
    meaning, surface = (collections.defaultdict(collections.Counter) for _ in range(2))
    articles = collections.defaultdict(set)
    for line in (SHARED / "gold" / "news-train.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        for entity in article["entities"]:
            if entity["label"] in ("PER", "ORG", "LOC"):
                text = re.sub(r"\s+", " ", re.sub(r"[\"«»“”()]", " ", entity["text"])).strip()
                key, name = (fold(text), entity["label"]), (entity["canonical"], entity["label"])
                meaning[key][entity["canonical"]] += 1
                surface[key][text] += 1
                articles[key].add(article["id"])
                articles[name].add(article["id"])
    aliases = collections.defaultdict(list)
    bodies = [
        fold(line.split("\t")[0])
        for line in (DATA / "bodies.tsv").read_text(encoding="utf-8").splitlines()
        if line[0] != "#"
    ]
    for (text, label), names in meaning.items():
        name, n = names.most_common(1)[0]
        # A last name means its bearer only where it does so in many articles.
        enough = 4 if label == "PER" and " " not in text else 1 if label == "LOC" else 2
        national = any(text == body or text.startswith(body + " ") for body in bodies) and label == "ORG"
        lal = text.startswith("ل") and fold("ا" + text) == fold(name)
        clear = not national and n / sum(names.values()) >= CLEAR and len(articles[text, label]) >= enough
        if clear and not lal and text != fold(name) and len(text) > 2:
            aliases[name, label].append(surface[text, label].most_common(1)[0][0])
    entries = []
    for name, label in sorted({(name, label) for (_, label), names in meaning.items() for name in names}):
        if fold(name) in bodies and label == "ORG":
            continue
        others = "|".join(aliases[name, label])
        whole = label != "PER" or " " in name
        if others or (whole and len(articles[name, label]) >= 2 and (fold(name), label) not in known):
            entries.append((name, label, "person" if label == "PER" else "", "", "", others))
    return entries


if __name__ == "__main__":
    main()

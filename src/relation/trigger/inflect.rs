//! One line of the lexicon becomes all spellings of its forms.
//!
//! | class | what is added |
//! |---|---|
//! | `I.au`, `II` … `QIV` | the verb's finite forms, participles and masdar; of a phrase only the finite forms |
//! | `masdar`, `noun` | the noun with dual and plural in ‑ات |
//! | `title`, `adjective` | the word with feminine and sound plurals |
//! | `phrase-title` | noun and adjective, both with the article or both without it («أمين عام») |
//! | `particle` | the words as they stand |
//!
//! The column `forms` adds `masdar:` and `plural:` (of the masdar or noun), `agents:` (broken plurals of the active
//! participle) and `also:` (spellings as they stand); words of a phrase are joined by `_`. `no:masdar`, `no:active` and
//! `no:passive` leave out what is another word («اتحاد»); `negated` marks words that say that the relation ends,
//! `certain` those that make their family sure by themselves.

use crate::lexicon::conjugate::{Conjugator, Inflected, Kind, State};
use crate::lexicon::grammar::{Gender, Number, Person, Voice};
use crate::normalize::fold;

use super::{Part, Reading};

/// Cells of the paradigm that the lexicon leaves out.
const RARE: [&str; 4] = [".2fs", ".2d", ".2fp", "jussive.1s"];

/// Words of the column `forms` that are no forms.
const MARKS: [&str; 2] = ["negated", "certain"];

/// A folded phrase with what it tells.
pub(in crate::relation) type Spelling = (String, Reading);

/// All spellings of one entry, each (phrase, part) once.
pub(in crate::relation) fn spellings(
    conjugator: &Conjugator,
    entry: u32,
    lemma: &str,
    class: &str,
    root: &str,
    forms: &str,
) -> Result<Vec<Spelling>, String> {
    let without = forms.split_whitespace().filter_map(|item| item.strip_prefix("no:")).collect();
    let mut adder = Adder { entry, rest: String::new(), without, found: Vec::new() };
    let (head, rest) = lemma.split_once(' ').unwrap_or((lemma, ""));
    match class {
        "noun" => adder.noun(conjugator, "auto", head, rest, Part::Noun),
        "masdar" => adder.noun(conjugator, "auto", head, rest, Part::Masdar),
        "title" => adder.noun(conjugator, "human", head, rest, Part::Title),
        "adjective" => adder.noun(conjugator, "human", head, rest, Part::Adjective),
        "phrase-title" => adder.phrase_title(head, rest),
        "particle" => adder.plain(lemma, Part::Particle),
        form => adder.verb(conjugator, form, root, rest)?,
    }
    let part = match class {
        "noun" => Part::Noun,
        "title" | "phrase-title" => Part::Title,
        "adjective" => Part::Adjective,
        "particle" => Part::Particle,
        _ => Part::Masdar,
    };
    for item in forms.split_whitespace().filter(|item| !MARKS.contains(item)) {
        let (key, list) = item.split_once(':').ok_or_else(|| format!("«{item}» is no form"))?;
        for word in list.split(',').map(|word| word.replace('_', " ")) {
            match key {
                "masdar" => adder.noun(conjugator, "auto", &word, "", Part::Masdar),
                "plural" => adder.noun(conjugator, "plural", &word, "", part),
                "agents" => adder.noun(conjugator, "plural", &word, "", Part::ActiveParticiple),
                "no" => {}
                "also" if root.is_empty() => adder.plain(&word, part),
                "also" => adder.plain(&word, Part::Perfect),
                _ => return Err(format!("no form «{key}»")),
            }
        }
    }
    Ok(unique(adder.found))
}

/// A user's trigger: the phrase, inflected as a noun, and as a verb where its spelling is one of a verb.
pub(super) fn user_spellings(conjugator: &Conjugator, entry: u32, phrase: &str) -> Vec<Spelling> {
    let mut adder = Adder { entry, rest: String::new(), without: Vec::new(), found: Vec::new() };
    if phrase.contains(' ') {
        adder.plain(phrase, Part::Noun);
    } else {
        for (form, root) in conjugator.analyses(phrase) {
            // An analysis is a form and root that the conjugator has just inflected.
            let _ = adder.verb(conjugator, form, &root, "");
        }
        adder.noun(conjugator, "auto", phrase, "", Part::Noun);
    }
    unique(adder.found)
}

struct Adder<'a> {
    entry: u32,
    /// Parts that the entry has not: `masdar`, `active`, `passive`.
    without: Vec<&'a str>,
    /// Words behind the inflected one.
    rest: String,
    found: Vec<Spelling>,
}

impl Adder<'_> {
    fn reading(&self, part: Part) -> Reading {
        Reading {
            entry: self.entry,
            part,
            voice: Voice::Unknown,
            person: Person::Unknown,
            gender: Gender::Unknown,
            number: Number::Unknown,
            definite: false,
            bound: false,
        }
    }

    fn push(&mut self, word: &str, reading: Reading) {
        let mut phrase = fold(word);
        if !self.rest.is_empty() {
            phrase.push(' ');
            phrase.push_str(&fold(&self.rest));
        }
        self.found.push((phrase, reading));
    }

    fn plain(&mut self, phrase: &str, part: Part) {
        self.rest.clear();
        self.push(phrase, self.reading(part));
    }

    fn verb(&mut self, conjugator: &Conjugator, form: &str, root: &str, rest: &str) -> Result<(), String> {
        self.rest = rest.into();
        let only_finite = !rest.is_empty();
        conjugator.verb(form, root, &mut |form| {
            let part = match form.kind {
                Kind::Perfect => Part::Perfect,
                Kind::Imperfect => Part::Imperfect,
                Kind::Imperative => Part::Imperative,
                Kind::ActiveParticiple => Part::ActiveParticiple,
                Kind::PassiveParticiple => Part::PassiveParticiple,
                Kind::Masdar | Kind::Noun => Part::Masdar,
            };
            // News addresses nobody: these forms are seldom themselves and often another word («أنه», «اتحاد»).
            let missing = match part {
                Part::Masdar => "masdar",
                Part::ActiveParticiple => "active",
                Part::PassiveParticiple => "passive",
                _ => "",
            };
            if self.without.contains(&missing) {
                return;
            }
            let rare = part == Part::Imperative || RARE.iter().any(|cell| form.cell.ends_with(cell));
            if !rare && (!only_finite || part.is_verb()) {
                self.inflected(form, part);
            }
        })
    }

    fn noun(&mut self, conjugator: &Conjugator, class: &str, word: &str, rest: &str, part: Part) {
        self.rest = rest.into();
        // A word that already has the article («القبض») has no form without it.
        if word.starts_with("ال") && word.chars().count() > 4 {
            let definite = Reading { definite: true, ..self.reading(part) };
            self.push(word, definite);
            return;
        }
        conjugator.noun(class, word, &mut |form| self.inflected(form, part));
    }

    /// One form, and with the article where it may have one.
    fn inflected(&mut self, form: &Inflected, part: Part) {
        let reading = Reading {
            voice: form.voice,
            person: form.person,
            gender: form.gender,
            number: form.number,
            bound: form.state == State::Bound,
            ..self.reading(part)
        };
        self.push(form.text, reading);
        if form.state == State::Any && self.rest.is_empty() {
            let definite = Reading { definite: true, ..reading };
            self.push(&format!("ال{}", form.text), definite);
        }
    }

    fn phrase_title(&mut self, head: &str, rest: &str) {
        self.rest = rest.into();
        let reading =
            Reading { gender: Gender::Masculine, number: Number::Singular, ..self.reading(Part::Title) };
        self.push(head, reading);
        self.rest = rest.split(' ').map(|word| format!("ال{word}")).collect::<Vec<_>>().join(" ");
        let definite = Reading { definite: true, ..reading };
        self.push(&format!("ال{head}"), definite);
    }
}

/// Each (phrase, part) once: the first reading, with the voice left open where both are possible.
fn unique(mut found: Vec<Spelling>) -> Vec<Spelling> {
    found.sort_by(|a, b| (&a.0, a.1.part, a.1.bound).cmp(&(&b.0, b.1.part, b.1.bound)));
    found.dedup_by(|next, kept| {
        let same = next.0 == kept.0 && next.1.part == kept.1.part;
        if same {
            // News is told in the third person, so the table's first reading is kept; only the voice stays open.
            if next.1.person == kept.1.person && next.1.voice != kept.1.voice {
                kept.1.voice = Voice::Unknown;
            }
            if next.1.person == Person::Unknown && next.1.number != kept.1.number {
                kept.1.number = Number::Unknown;
            }
        }
        same
    });
    found
}

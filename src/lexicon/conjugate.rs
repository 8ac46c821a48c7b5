//! All forms of a verb or noun, from its root and class.
//!
//! A verb is a form (I–X, Q for quadriliterals) and a root. [`Conjugator::verb`] fills the stem templates of
//! `data/stems.tsv` with the radicals, attaches the endings of `data/verb_endings.tsv`, and spells the result: the
//! templates are phonemes, so that hamza finds its seat by the vowels around it and weak radicals become what they
//! sound like. [`Conjugator::noun`] attaches the endings of `data/noun_endings.tsv` to a spelled word. Every form is
//! given as it stands alone and as it stands before a pronoun suffix where that differs (ة → ت, ى → ا, the silent alef
//! dropped, hamza on another seat).
//!
//! Phonemes: consonants are their letters; `a i u` short and `A I U` long vowels; `Y` is ى; `O` the silent alef of
//! ‑وا; `ٱ` the alef of connection; a doubled consonant stands twice. In templates `1`–`4` are radicals; `v w` the
//! vowels of form I in perfect and imperfect; `L` the long and `x` the short vowel of hollow verbs; `M` and `N` the end
//! of weak passive participles; `T` the ت of form VIII; `‑a ‑i ‑u` at the end a weak third radical of that vowel. In
//! endings `Z` and `G` are the third radical as vowel and as glide.

use super::grammar::{Gender, Number, Person, Voice};
use crate::normalize::fold;
use crate::{Error, Result};

/// What kind of form it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Perfect,
    Imperfect,
    Imperative,
    ActiveParticiple,
    PassiveParticiple,
    Masdar,
    Noun,
}

/// What may stand around a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// A finite verb, alone or before a suffix.
    Verb,
    /// With the article or without it, alone or before a suffix.
    Any,
    /// Without the article and without a suffix.
    Indefinite,
    /// Before a noun or a suffix, without the article.
    Construct,
    /// Only before a pronoun suffix.
    Bound,
}

/// One form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inflected<'a> {
    /// In ordinary spelling without diacritics.
    pub text: &'a str,
    pub kind: Kind,
    /// Cell of the paradigm («perfect.3ms»); empty for nouns.
    pub cell: &'a str,
    pub voice: Voice,
    pub person: Person,
    pub gender: Gender,
    pub number: Number,
    pub state: State,
}

/// The inflection tables. Built once from data.
#[derive(Debug)]
pub struct Conjugator {
    stems: Vec<Stems>,
    endings: Vec<VerbEnding>,
    noun_endings: Vec<NounEnding>,
}

/// The stem templates of one form and root class, by column.
#[derive(Debug)]
struct Stems {
    form: &'static str,
    class: &'static str,
    templates: [&'static str; 13],
}

/// Columns of [`Stems::templates`].
mod column {
    pub const PERFECT: usize = 0;
    pub const IMPERFECT: usize = 2;
    pub const PASSIVE_PERFECT: usize = 5;
    pub const PASSIVE_IMPERFECT: usize = 7;
    pub const ACTIVE: usize = 10;
    pub const PASSIVE: usize = 11;
    pub const MASDAR: usize = 12;
}

#[derive(Debug)]
struct VerbEnding {
    cell: &'static str,
    kind: Kind,
    person: Person,
    gender: Gender,
    number: Number,
    prefix: &'static str,
    /// 0 before vowels, 1 before consonants, 2 jussive.
    stem: usize,
    strong: &'static str,
    weak: [&'static str; 3],
}

#[derive(Debug)]
struct NounEnding {
    class: &'static str,
    ending: &'static str,
    gender: Gender,
    number: Number,
    state: State,
}

const STEMS: &str = include_str!("data/stems.tsv");
const VERB_ENDINGS: &str = include_str!("data/verb_endings.tsv");
const NOUN_ENDINGS: &str = include_str!("data/noun_endings.tsv");

/// A root with the class that its weak radicals make, and the vowels of form I.
#[derive(Debug, Clone, Copy)]
struct Root<'a> {
    form: &'a str,
    class: &'static str,
    radicals: [char; 4],
    /// Perfect and imperfect vowel of form I.
    vowels: (char, char),
}

type Phonemes = Vec<char>;

impl Conjugator {
    /// Read the tables.
    ///
    /// # Errors
    /// A line that does not read.
    pub fn new() -> Result<Conjugator> {
        let stems = rows::<15>("stems.tsv", STEMS)?.map(|(_, row)| {
            let templates = std::array::from_fn(|i| row[i + 2]);
            Ok(Stems { form: row[0], class: row[1], templates })
        });
        let endings = rows::<11>("verb_endings.tsv", VERB_ENDINGS)?.map(|(line, row)| {
            verb_ending(row).ok_or_else(|| Error::data("verb_endings.tsv", line, "unknown category"))
        });
        let noun_endings = rows::<5>("noun_endings.tsv", NOUN_ENDINGS)?.map(|(line, row)| {
            noun_ending(row).ok_or_else(|| Error::data("noun_endings.tsv", line, "unknown category"))
        });
        Ok(Conjugator {
            stems: stems.collect::<Result<_>>()?,
            endings: endings.collect::<Result<_>>()?,
            noun_endings: noun_endings.collect::<Result<_>>()?,
        })
    }

    /// Give every form of a verb to `visit`.
    ///
    /// `form` is «II»–«X», «Q», «QII», «QIV», or «I» with the vowels of perfect and imperfect: «I.au» for كتب يكتب.
    /// `root` is three or four letters, hamza as ء; «!» behind it keeps weak radicals strong («زوج!» for ازدوج).
    ///
    /// # Errors
    /// A message if there is no such form or the root has not the letters that it needs.
    pub fn verb(
        &self,
        form: &str,
        root: &str,
        visit: &mut dyn FnMut(&Inflected),
    ) -> std::result::Result<(), String> {
        let root = Root::new(form, root)?;
        let stems = self.stems_of(&root).ok_or_else(|| format!("no form «{form}»"))?;
        let mut speller = Speller::default();
        for (voice, perfect, imperfect) in [
            (Voice::Active, column::PERFECT, column::IMPERFECT),
            (Voice::Passive, column::PASSIVE_PERFECT, column::PASSIVE_IMPERFECT),
        ] {
            for ending in &self.endings {
                let first = match ending.kind {
                    Kind::Perfect => perfect,
                    Kind::Imperative if voice == Voice::Passive => continue,
                    _ => imperfect,
                };
                let template = stems.templates[first + ending.stem];
                if template != "-" {
                    finite(&root, template, ending, voice, &mut speller, visit);
                }
            }
        }
        for (kind, voice, template) in [
            (Kind::ActiveParticiple, Voice::Active, stems.templates[column::ACTIVE]),
            (Kind::PassiveParticiple, Voice::Passive, stems.templates[column::PASSIVE]),
            (Kind::Masdar, Voice::Unknown, stems.templates[column::MASDAR]),
        ] {
            if template != "-" {
                self.nominal(&root, template, kind, voice, &mut speller, visit);
            }
        }
        Ok(())
    }

    /// Give every form of a spelled noun to `visit`: class «thing», «human», «plural» (a broken plural); «auto» is
    /// «feminine» for words in ة, else «thing», each with the plural in ‑ات.
    pub fn noun(&self, class: &str, word: &str, visit: &mut dyn FnMut(&Inflected)) {
        self.decline(class, word, Kind::Noun, Voice::Unknown, visit);
    }

    /// Forms and roots whose third person masculine perfect is spelled like `word`; empty for words that are no verb.
    pub fn analyses(&self, word: &str) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let folded = fold(word);
        for (form, root) in guesses(word) {
            let mut right = false;
            let _ = self.verb(form, &root, &mut |inflected| {
                let cell = inflected.cell == "perfect.3ms" && inflected.voice == Voice::Active;
                right |= cell && inflected.state == State::Verb && fold(inflected.text) == folded;
            });
            if right && !found.contains(&(form, root.clone())) {
                found.push((form, root));
            }
        }
        found
    }

    fn stems_of(&self, root: &Root) -> Option<&Stems> {
        let of = |class| self.stems.iter().find(|s| s.form == root.form && s.class == class);
        of(root.class).or_else(|| of("sound"))
    }

    /// A participle or masdar with its endings.
    fn nominal(
        &self,
        root: &Root,
        template: &str,
        kind: Kind,
        voice: Voice,
        speller: &mut Speller,
        visit: &mut dyn FnMut(&Inflected),
    ) {
        let weak = root.fill(template, &mut speller.phonemes);
        let word = speller.spell(None).to_string();
        let class = match (kind, weak) {
            (Kind::Masdar, Some(_)) => "glide-masdar",
            (Kind::Masdar, None) => "auto",
            (_, Some('a')) => "glide-a",
            (_, Some(_)) => "glide-i",
            _ => "human",
        };
        self.decline(class, &word, kind, voice, visit);
    }

    fn decline(&self, class: &str, word: &str, kind: Kind, voice: Voice, visit: &mut dyn FnMut(&Inflected)) {
        let stem = word.strip_suffix('ة');
        let classes: &[&str] = match (class, stem) {
            ("auto", Some(_)) => &["feminine", "sound-feminine-plural"],
            ("auto", None) => &["thing", "sound-feminine-plural"],
            ("human", Some(_)) => &["feminine", "sound-feminine-plural"],
            ("plural", Some(_)) => &["feminine"],
            _ => &[class],
        };
        let base = if classes[0] == "feminine" { stem.unwrap_or(word) } else { word };
        let mut text = String::new();
        for ending in self.noun_endings.iter().filter(|e| classes.contains(&e.class)) {
            let silent = ending.ending == "ا" && ending.state == State::Indefinite;
            if silent && (base.ends_with("اء") || base.ends_with(['ى', 'ا', 'ة'])) {
                continue;
            }
            text.clear();
            text.push_str(base);
            text.push_str(ending.ending);
            let number = if class == "plural" { Number::Plural } else { ending.number };
            let form = Inflected {
                text: &text,
                kind,
                cell: "",
                voice,
                person: Person::Unknown,
                gender: ending.gender,
                number,
                state: ending.state,
            };
            visit(&form);
            if ending.ending.is_empty() {
                for bound in before_suffix(base) {
                    visit(&Inflected { text: &bound, state: State::Bound, ..form });
                }
            }
        }
    }
}

/// Forms and roots that may be spelled like `word` in the third person masculine perfect.
fn guesses(word: &str) -> Vec<(&'static str, String)> {
    let letters: Vec<char> =
        word.chars().filter(|&ch| crate::text::class(ch) == crate::text::Class::Arabic).collect();
    // Which letters are radicals, by form: «-» is none, a digit the radical's place.
    let patterns: [(&str, &str); 12] = [
        ("I.au", "123"),
        ("II", "123"),
        ("I.au", "12"),
        ("III", "1-23"),
        ("IV", "-123"),
        ("Q", "1234"),
        ("V", "-123"),
        ("VI", "-1-23"),
        ("VII", "--123"),
        ("VIII", "-1-23"),
        ("VIII", "--23"),
        ("X", "---123"),
    ];
    let mut found = Vec::new();
    for (form, pattern) in patterns {
        if pattern.len() != letters.len() {
            continue;
        }
        let radicals: Vec<char> =
            letters.iter().zip(pattern.chars()).filter(|(_, p)| *p != '-').map(|(&l, _)| l).collect();
        for root in roots(form, &radicals) {
            found.push((form, root));
        }
    }
    found
}

/// Roots that those letters may stand for: a long a or a final ى is و or ي, two letters a doubled or assimilated root.
fn roots(form: &str, letters: &[char]) -> Vec<String> {
    let mut roots = vec![String::new()];
    for (place, &letter) in letters.iter().enumerate() {
        let choices: &[char] = match letter {
            'ا' | 'ى' if place > 0 => &['و', 'ي'],
            'أ' | 'إ' | 'آ' | 'ا' | 'ؤ' | 'ئ' => &['ء'],
            _ => &[],
        };
        let choices = if choices.is_empty() { std::slice::from_ref(&letters[place]) } else { choices };
        roots = choices.iter().flat_map(|&ch| roots.iter().map(move |root| format!("{root}{ch}"))).collect();
    }
    if letters.len() == 2 && form == "VIII" {
        roots = roots.iter().map(|root| format!("و{root}")).collect();
    } else if letters.len() == 2 {
        roots = roots.iter().map(|root| format!("{root}{}", root.chars().last().unwrap_or('-'))).collect();
    }
    roots
}

/// Spellings of a noun before a suffix that differ from the bare one.
fn before_suffix(word: &str) -> Vec<String> {
    let with = |end: char, seats: &[char]| match word.strip_suffix(end) {
        Some(rest) => seats.iter().map(|seat| format!("{rest}{seat}")).collect(),
        None => Vec::new(),
    };
    match word.chars().last() {
        Some('ء') => with('ء', &['ئ', 'ؤ']),
        Some('أ') => with('أ', &['ئ', 'ؤ']),
        Some('ى') => with('ى', &['ا']),
        _ => Vec::new(),
    }
}

/// One finite form: prefix, stem, ending.
fn finite(
    root: &Root,
    template: &str,
    ending: &VerbEnding,
    voice: Voice,
    speller: &mut Speller,
    visit: &mut dyn FnMut(&Inflected),
) {
    let weak = root.fill(template, &mut speller.phonemes);
    if ending.kind == Kind::Imperative {
        imperative_stem(root, &mut speller.phonemes);
    } else if !ending.prefix.is_empty() {
        speller.phonemes.splice(0..0, ending.prefix.chars());
    }
    let suffix = match weak {
        None => ending.strong,
        Some('a') => ending.weak[0],
        Some('i') => ending.weak[1],
        Some(_) => ending.weak[2],
    };
    // Only form I keeps و as third radical, and only where the vowel before it is a («دعا», «دعوت»).
    let keeps_waw =
        root.form == "I" && root.radicals[2] == 'و' && voice == Voice::Active && root.vowels.0 == 'a';
    speller.phonemes.extend(suffix.chars().map(|ch| match ch {
        'Z' if keeps_waw => 'A',
        'Z' => 'Y',
        'G' if keeps_waw => 'و',
        'G' => 'ي',
        ch => ch,
    }));
    settle(&mut speller.phonemes);
    let form = Inflected {
        text: "",
        kind: ending.kind,
        cell: ending.cell,
        voice,
        person: ending.person,
        gender: ending.gender,
        number: ending.number,
        state: State::Verb,
    };
    let free = speller.spell(None).to_string();
    visit(&Inflected { text: &free, ..form });
    bound_forms(speller, &free, &mut |text| visit(&Inflected { text, state: State::Bound, ..form }));
}

/// Spellings before a pronoun suffix that differ from the free one.
fn bound_forms(speller: &mut Speller, free: &str, visit: &mut dyn FnMut(&str)) {
    let last = speller.phonemes.last().copied();
    match last {
        Some('O') => {
            speller.phonemes.pop();
        }
        Some('Y') => {
            speller.phonemes.pop();
            speller.phonemes.push('A');
        }
        // «قتلتم» + «ه» → «قتلتموه»
        Some('م') if speller.phonemes.ends_with(&['ت', 'u', 'م']) => speller.phonemes.push('U'),
        Some('ء') => {
            for vowel in ['a', 'u', 'i'] {
                let text = speller.spell(Some(vowel));
                if text != free {
                    visit(text);
                }
            }
            return;
        }
        _ => return,
    }
    let text = speller.spell(None);
    if text != free {
        visit(text);
    }
}

/// The imperative is the jussive without its prefix; a cluster that remains takes an alef in front.
fn imperative_stem(root: &Root, phonemes: &mut Phonemes) {
    if phonemes.first().is_some_and(|&p| is_vowel(p)) {
        phonemes.remove(0);
    }
    if root.form == "IV" {
        phonemes.splice(0..0, ['ء', 'a']);
        return;
    }
    let cluster = phonemes.len() > 1 && !is_vowel(phonemes[0]) && !is_vowel(phonemes[1]);
    if cluster && root.form == "I" && phonemes[0] == 'ء' && root.vowels.1 == 'u' {
        // خذ, كل, مر
        phonemes.remove(0);
    } else if cluster {
        let vowel = if root.form == "I" && root.vowels.1 == 'u' { 'u' } else { 'i' };
        phonemes.splice(0..0, ['ٱ', vowel]);
    }
}

impl<'a> Root<'a> {
    fn new(form: &'a str, root: &str) -> std::result::Result<Root<'a>, String> {
        let (form, vowels) = form.split_once('.').unwrap_or((form, "aa"));
        let mut letters = vowels.chars();
        let (Some(perfect), Some(imperfect), None) = (letters.next(), letters.next(), letters.next()) else {
            return Err(format!("«{vowels}» are not two vowels"));
        };
        let strong = root.ends_with('!');
        let mut radicals = ['-'; 4];
        let mut count = 0;
        for ch in root.trim_end_matches('!').chars() {
            if count == 4 {
                return Err(format!("the root «{root}» is too long"));
            }
            radicals[count] = if matches!(ch, 'أ' | 'إ' | 'ا' | 'ؤ' | 'ئ') { 'ء' } else { ch };
            count += 1;
        }
        let wanted = if form.starts_with('Q') { 4 } else { 3 };
        if count != wanted {
            return Err(format!("form «{form}» needs {wanted} radicals, not «{root}»"));
        }
        let class = if strong || wanted == 4 { "sound" } else { class_of(form, radicals) };
        Ok(Root { form, class, radicals, vowels: (perfect, imperfect) })
    }

    /// Write a filled template into `out`; returns the vowel of a weak end.
    fn fill(&self, template: &str, out: &mut Phonemes) -> Option<char> {
        out.clear();
        let [first, second, third, fourth] = self.radicals;
        let (perfect, imperfect) = self.vowels;
        let eighth = self.form == "VIII";
        let mut chars = template.chars();
        while let Some(ch) = chars.next() {
            match ch {
                '1' if eighth && (first == 'و' || (first == 'ء' && second == 'خ' && third == 'ذ')) => {
                    out.push('ت')
                }
                '1' if eighth && first == 'ذ' => out.push('د'),
                '1' => out.push(first),
                '2' => out.push(second),
                '3' => out.push(third),
                '4' => out.push(fourth),
                'v' => out.push(perfect),
                'w' => out.push(imperfect),
                'L' => out.push(match imperfect {
                    'u' => 'U',
                    'i' => 'I',
                    _ => 'A',
                }),
                'x' => out.push(if imperfect == 'u' { 'u' } else { 'i' }),
                'M' => out.push(if second == 'و' { 'U' } else { 'I' }),
                'N' if third == 'و' && perfect == 'a' => out.extend(['u', 'و', 'و']),
                'N' => out.extend(['i', 'ي', 'ي']),
                'T' => out.push(match first {
                    'ص' | 'ض' | 'ط' | 'ظ' => 'ط',
                    'د' | 'ذ' | 'ز' => 'د',
                    _ => 'ت',
                }),
                '-' => {
                    let vowel = match chars.next() {
                        Some('v') => perfect,
                        Some('w') => imperfect,
                        vowel => vowel.unwrap_or('a'),
                    };
                    settle(out);
                    return Some(vowel);
                }
                ch => out.push(ch),
            }
        }
        settle(out);
        None
    }
}

/// The class that weak and equal radicals make of a three-letter root.
fn class_of(form: &str, [first, second, third, _]: [char; 4]) -> &'static str {
    let weak = |ch| ch == 'و' || ch == 'ي';
    if second == third {
        "doubled"
    } else if weak(third) {
        if form == "I" && first == 'و' { "assimilated-defective" } else { "defective" }
    } else if weak(second) && matches!(form, "I" | "IV" | "VII" | "VIII" | "X") {
        "hollow"
    } else if first == 'و' && form == "I" {
        "assimilated"
    } else {
        "sound"
    }
}

fn is_vowel(phoneme: char) -> bool {
    matches!(phoneme, 'a' | 'i' | 'u' | 'A' | 'I' | 'U' | 'Y')
}

/// Two hamzas become one with a long vowel («ءaءم» → «ءAم»), iw and uy before a consonant long i and u.
fn settle(phonemes: &mut Phonemes) {
    let mut index = 0;
    while index + 1 < phonemes.len() {
        let closed = phonemes.get(index + 2).is_none_or(|&p| !is_vowel(p) && p != phonemes[index + 1]);
        let hamza = index > 0 && phonemes[index - 1] == 'ء' && phonemes[index + 1] == 'ء';
        let long = match (phonemes[index], phonemes[index + 1]) {
            ('a', 'ء') if hamza && closed => Some('A'),
            ('i', 'ء') if hamza && closed => Some('I'),
            ('u', 'ء') if hamza && closed => Some('U'),
            ('i', 'و') if closed && index + 2 < phonemes.len() => Some('I'),
            ('u', 'ي') if closed && index + 2 < phonemes.len() => Some('U'),
            _ => None,
        };
        if let Some(long) = long {
            phonemes[index] = long;
            phonemes.remove(index + 1);
        }
        index += 1;
    }
}

/// Spells phonemes; keeps its memory.
#[derive(Default)]
struct Speller {
    phonemes: Phonemes,
    text: String,
}

impl Speller {
    /// The spelling; `next` is an unwritten vowel behind the last phoneme.
    fn spell(&mut self, next: Option<char>) -> &str {
        self.text.clear();
        let phonemes = &self.phonemes;
        let mut index = 0;
        while index < phonemes.len() {
            let ch = phonemes[index];
            if ch != 'ٱ' && !is_vowel(ch) && phonemes.get(index + 1) == Some(&ch) {
                index += 1;
            }
            let after = phonemes.get(index + 1).copied().or(next);
            match ch {
                'a' | 'i' | 'u' => {}
                'A' | 'O' | 'ٱ' => self.text.push('ا'),
                'I' => self.text.push('ي'),
                'U' => self.text.push('و'),
                'Y' if self.text.ends_with('ي') => self.text.push('ا'),
                'Y' => self.text.push('ى'),
                'ء' => {
                    let before = index.checked_sub(1).map(|i| phonemes[i]);
                    let seat = hamza_seat(before, after, index == 0);
                    self.text.push(seat);
                    if seat == 'آ' {
                        index += 1;
                    }
                }
                ch => self.text.push(ch),
            }
            index += 1;
        }
        &self.text
    }
}

/// The letter that carries hamza between two phonemes.
fn hamza_seat(before: Option<char>, after: Option<char>, initial: bool) -> char {
    let long_a = after == Some('A');
    if initial {
        return match after {
            Some('A') => 'آ',
            Some('i' | 'I') => 'إ',
            _ => 'أ',
        };
    }
    match (before, after) {
        (Some('i' | 'I' | 'ي'), _) => 'ئ',
        (_, Some('i' | 'I')) => 'ئ',
        (Some('u'), _) => 'ؤ',
        (Some('A' | 'U' | 'و'), Some('a' | 'A' | 'ة') | None) => 'ء',
        (_, Some('u' | 'U')) => 'ؤ',
        (Some('a'), _) if long_a => 'آ',
        (Some('a'), _) => 'أ',
        _ if long_a => 'آ',
        (_, None) => 'ء',
        _ => 'أ',
    }
}

fn rows<const N: usize>(
    file: &'static str,
    data: &'static str,
) -> Result<impl Iterator<Item = (usize, [&'static str; N])>> {
    let mut rows = Vec::new();
    for (index, line) in data.lines().enumerate().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let row = <[&str; N]>::try_from(columns)
            .map_err(|_| Error::data(file, index + 1, format!("{N} columns are expected")))?;
        rows.push((index + 1, row));
    }
    Ok(rows.into_iter())
}

fn verb_ending(row: [&'static str; 11]) -> Option<VerbEnding> {
    let [cell, kind, person, gender, number, prefix, stem, strong, a, i, u] = row;
    let kind = match kind {
        "perfect" => Kind::Perfect,
        "imperfect" => Kind::Imperfect,
        "imperative" => Kind::Imperative,
        _ => return None,
    };
    let person = match person {
        "1" => Person::First,
        "2" => Person::Second,
        "3" => Person::Third,
        _ => return None,
    };
    let stem = match stem {
        "v" => 0,
        "c" => 1,
        "j" => 2,
        _ => return None,
    };
    let (gender, number) = (gender_of(gender)?, number_of(number)?);
    Some(VerbEnding { cell, kind, person, gender, number, prefix, stem, strong, weak: [a, i, u] })
}

fn noun_ending([class, ending, gender, number, state]: [&'static str; 5]) -> Option<NounEnding> {
    let state = match state {
        "any" => State::Any,
        "indefinite" => State::Indefinite,
        "construct" => State::Construct,
        "bound" => State::Bound,
        _ => return None,
    };
    Some(NounEnding { class, ending, gender: gender_of(gender)?, number: number_of(number)?, state })
}

fn gender_of(name: &str) -> Option<Gender> {
    Some(match name {
        "m" => Gender::Masculine,
        "f" => Gender::Feminine,
        "-" => Gender::Unknown,
        _ => return None,
    })
}

fn number_of(name: &str) -> Option<Number> {
    Some(match name {
        "s" => Number::Singular,
        "d" => Number::Dual,
        "p" => Number::Plural,
        "-" => Number::Unknown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns: form, root, cell (passive cells with «passive.» in front), the spelling.
    const PARADIGMS: &str = include_str!("../../tests/data/conjugation.tsv");

    fn cells(conjugator: &Conjugator, form: &str, root: &str) -> Vec<(String, String)> {
        let mut cells = Vec::new();
        let mut visit = |f: &Inflected| {
            let voice = if f.voice == Voice::Passive { "passive." } else { "" };
            let name = match f.kind {
                Kind::Perfect | Kind::Imperfect | Kind::Imperative => {
                    let bound = if f.state == State::Bound { "+" } else { "" };
                    format!("{voice}{}{bound}", f.cell)
                }
                Kind::ActiveParticiple => "active".into(),
                Kind::PassiveParticiple => "passive".into(),
                Kind::Masdar => "masdar".into(),
                Kind::Noun => "noun".into(),
            };
            cells.push((name, f.text.to_string()));
        };
        conjugator.verb(form, root, &mut visit).unwrap();
        cells
    }

    #[test]
    fn paradigms() {
        let conjugator = Conjugator::new().unwrap();
        let mut wrong = Vec::new();
        let mut count = 0;
        for line in PARADIGMS.lines().skip(1) {
            let [form, root, cell, want] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{line}: 4 columns are expected")
            };
            let cells = cells(&conjugator, form, root);
            let found: Vec<&str> = cells.iter().filter(|(n, _)| n == cell).map(|(_, t)| t.as_str()).collect();
            let right = match cell {
                // A finite cell is one form; a nominal one is a set of forms.
                _ if cell.contains('.') && !cell.ends_with('+') => found == [want],
                _ => found.contains(&want),
            };
            if !right {
                wrong.push(format!("{form} {root} {cell}: {want}, not {found:?}"));
            }
            count += 1;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(count >= 200, "only {count} cells");
    }

    #[test]
    fn wrong_roots_and_forms_are_refused() {
        let conjugator = Conjugator::new().unwrap();
        for (form, root) in [("II", "كت"), ("II", "كتبتب"), ("XX", "كتب"), ("I.a", "كتب"), ("Q", "كتب")]
        {
            assert!(conjugator.verb(form, root, &mut |_| ()).is_err(), "{form} {root}");
        }
    }
}

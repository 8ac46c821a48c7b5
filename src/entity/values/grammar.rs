//! The words of numbers, dates and amounts, loaded from `data/numbers.tsv`, `calendar.tsv` and `currencies.tsv`.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::decimal::Decimal;
use super::joints::Joints;
use crate::lexicon::words::WordIds;
use crate::lexicon::{Phrases, WordId, Words};
use crate::normalize::fold;
use crate::segment::Document;
use crate::{Error, Result};

/// What a word can be; one word can be many things.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    Ones,
    First,
    Ten,
    Teen,
    Tens,
    Hundred,
    Scale,
    Double,
    Vague,
    Fraction,
    Fractions,
    Ordinal,
    Point,
    Month,
    AmbiguousMonth,
    Hijri,
    AmbiguousHijri,
    Weekday,
    BareWeekday,
    Deictic,
    DayPart,
    ClockHalf,
    Unit,
    Period,
    Season,
    Modifier,
    This,
    Same,
    Edge,
    FirstDay,
    Before,
    After,
    Approximate,
    Several,
    Few,
    Honorific,
    Era,
    Feast,
    Decade,
    Clock,
    MinuteOfPlay,
    Zone,
    Rank,
    Percent,
    Currency,
    Blocked,
    FractionBehind,
    FeastPart,
    /// With the article.
    Definite,
}

/// Names of the classes in the data files, in the order of [`Class`].
const NAMES: [&str; 48] = [
    "ones",
    "first",
    "ten",
    "teen",
    "tens",
    "hundred",
    "scale",
    "double",
    "vague",
    "fraction",
    "fractions",
    "ordinal",
    "point",
    "month",
    "month_ambiguous",
    "hijri",
    "hijri_ambiguous",
    "weekday",
    "weekday_bare",
    "deictic",
    "daypart",
    "clock_half",
    "unit",
    "period",
    "season",
    "modifier",
    "this",
    "same",
    "edge",
    "first_day",
    "before",
    "after",
    "approx",
    "several",
    "few",
    "honorific",
    "era",
    "feast",
    "decade",
    "clock",
    "minute_of_play",
    "zone",
    "rank",
    "percent",
    "currency",
    "blocked",
    "fraction_behind",
    "feast_part",
];

/// A unit of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    #[default]
    None,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
    Century,
    /// «فترة», «موسم»: of no known length.
    Period,
    /// «ثلاثي», «نصف»: a part of a year.
    Part,
}

/// Grammatical number of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    #[default]
    One,
    Two,
    Many,
}

/// All that a word or phrase can mean.
#[derive(Clone, Debug, Default)]
pub struct Lexeme {
    classes: u64,
    /// Of ones … double, ordinal, decade.
    pub number: i64,
    /// Of a fraction: 1 / 2.
    pub fraction: (i64, i64),
    pub month: u8,
    pub weekday: u8,
    /// Of a deictic: days; of a modifier: units.
    pub shift: i8,
    pub unit: Unit,
    pub count: Count,
    /// `true` for the second half of the day.
    pub afternoon: bool,
    /// Of a part of the day: M(orning), N(oon), A(fternoon), E(vening), L (night).
    part: Option<char>,
    pub hijri_era: bool,
    pub currency: Option<Arc<str>>,
    /// What one of the currency's word is worth: cents are 1/100, duals 2.
    pub factor: Option<Decimal>,
}

impl Lexeme {
    #[inline]
    pub fn is(&self, class: Class) -> bool {
        self.classes & (1 << class as u8) != 0
    }

    #[inline]
    pub fn any(&self, classes: &[Class]) -> bool {
        classes.iter().any(|&c| self.is(c))
    }

    fn is_numeral(&self) -> bool {
        use Class::*;
        self.any(&[Ones, Teen, Tens, Hundred, Scale, Double, FractionBehind])
    }

    /// Whether a part of the day lies in its second half; none for noon and night, which lie in both.
    pub fn part_is_afternoon(&self) -> Option<bool> {
        match self.part? {
            'M' => Some(false),
            'A' | 'E' => Some(true),
            _ => None,
        }
    }

    fn set(&mut self, class: Class) {
        self.classes |= 1 << class as u8;
    }
}

/// A token's longest phrase: its lexeme (0: none), number of tokens, and the bytes of proclitics in front of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Item {
    pub lexeme: u32,
    pub length: u16,
    pub prefix: u16,
}

/// All words of the data files.
#[derive(Debug)]
pub struct Grammar {
    lexemes: Vec<Lexeme>,
    /// Lexeme, and bytes of a proclitic that belongs to the entry.
    phrases: Phrases<(u32, u16)>,
    pub(super) joints: Joints,
}

impl Grammar {
    pub fn new(words: &mut Words) -> Result<Grammar> {
        let mut loader = Loader { lexemes: vec![Lexeme::default()], index: FxHashMap::default() };
        loader.load("numbers.tsv", include_str!("../data/numbers.tsv"))?;
        loader.load("calendar.tsv", include_str!("../data/calendar.tsv"))?;
        loader.load_currencies("currencies.tsv", include_str!("../data/currencies.tsv"))?;
        let mut phrases = Phrases::default();
        let mut entries: Vec<_> = loader.index.into_iter().collect();
        entries.sort();
        for (phrase, lexeme) in entries {
            phrases.add(words, &phrase, (lexeme, 0));
            // The tables of clitics need not know «وثلاثون»: here it can be nothing else.
            let known = &loader.lexemes[lexeme as usize];
            if (known.is_numeral() || known.is(Class::Unit) && known.count == Count::Two)
                && phrase.chars().count() > 2
                && (!phrase.contains(' ') || known.is(Class::Teen))
            {
                phrases.add(words, &format!("و{phrase}"), (lexeme, "و".len() as u16));
            }
        }
        Ok(Grammar { lexemes: loader.lexemes, phrases, joints: Joints::new()? })
    }

    #[inline]
    pub fn lexeme(&self, item: Item) -> &Lexeme {
        &self.lexemes[item.lexeme as usize]
    }

    /// The longest phrase at every token, without the first word's proclitics where the whole word begins none.
    pub fn items(&self, document: &Document, ids: &WordIds, items: &mut Vec<Item>) {
        items.clear();
        let find = |index: usize, first: WordId, prefix: u8| {
            if first == WordId::UNKNOWN {
                return None;
            }
            let (length, payload) = self.phrases.longest(first, &ids.full[index + 1..])?;
            let (lexeme, own) = payload[0];
            Some(Item { lexeme, length: length as u16, prefix: prefix as u16 + own })
        };
        items.extend(document.tokens.iter().enumerate().map(|(index, token)| {
            find(index, ids.full[index], 0)
                .or_else(|| (token.prefix > 0).then(|| find(index, ids.bare[index], token.prefix)).flatten())
                .unwrap_or_default()
        }));
    }
}

struct Loader {
    lexemes: Vec<Lexeme>,
    index: FxHashMap<String, u32>,
}

impl Loader {
    fn lexeme(&mut self, phrase: &str) -> &mut Lexeme {
        let next = self.lexemes.len() as u32;
        let at = *self.index.entry(spaced(&fold(phrase))).or_insert(next);
        if at == next {
            self.lexemes.push(Lexeme::default());
        }
        &mut self.lexemes[at as usize]
    }

    fn load(&mut self, file: &str, data: &str) -> Result<()> {
        for (line, text) in lines(data) {
            let columns: Vec<&str> = text.split('\t').collect();
            let [word, class, value, ..] = columns[..] else {
                return Err(Error::data(file, line, "wants word, class and value"));
            };
            let number = NAMES.iter().position(|&name| name == class);
            let class = number.map(|n| CLASSES[n]).ok_or_else(|| Error::data(file, line, "no such class"))?;
            let wrong = || Error::data(file, line, format!("not a value: {value}"));
            let plural = columns.get(3) == Some(&"plural");
            fill(self.lexeme(word), class, value, plural).ok_or_else(wrong)?;
            if class.takes_article() && !word.starts_with("ال") {
                let definite = self.lexeme(&format!("ال{word}"));
                fill(definite, class, value, plural).ok_or_else(wrong)?;
                definite.set(Class::Definite);
            }
        }
        Ok(())
    }

    fn load_currencies(&mut self, file: &str, data: &str) -> Result<()> {
        for (line, text) in lines(data) {
            let mut columns = text.split('\t');
            let word = columns.next().unwrap_or("");
            let code = columns.next().unwrap_or("");
            let factor = match columns.next().unwrap_or("") {
                "" => None,
                "dual" => Some(Decimal::from(2)),
                text => {
                    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
                    let parts = above.parse::<i64>().ok().zip(below.parse::<i64>().ok());
                    let factor = parts.and_then(|(a, b)| Decimal::from(a).divided(b));
                    Some(factor.ok_or_else(|| Error::data(file, line, format!("not a factor: {text}")))?)
                }
            };
            let lexeme = self.lexeme(word);
            lexeme.set(Class::Currency);
            lexeme.currency = (!code.is_empty()).then(|| code.into());
            lexeme.factor = factor;
        }
        Ok(())
    }
}

impl Class {
    fn takes_article(self) -> bool {
        use Class::*;
        matches!(
            self,
            Ones | Ten | Teen | Tens | Hundred | Scale | Double | Vague | Fraction | Ordinal | Unit | Decade
        )
    }
}

/// Read `value` into the field of `class`; none where it does not fit the class.
fn fill(lexeme: &mut Lexeme, class: Class, value: &str, plural: bool) -> Option<()> {
    use Class::*;
    lexeme.set(class);
    if plural {
        lexeme.count = Count::Many;
    }
    match class {
        Ones | First | Ten | Teen | Tens | Hundred | Scale | Double | Ordinal | Decade => {
            lexeme.number = value.parse().ok()?;
        }
        Fraction | Fractions | FractionBehind => {
            let (above, below) = value.split_once('/')?;
            lexeme.fraction = (above.parse().ok()?, below.parse().ok()?);
        }
        Month | AmbiguousMonth | Hijri | AmbiguousHijri => lexeme.month = value.parse().ok()?,
        Weekday | BareWeekday => lexeme.weekday = value.parse().ok()?,
        Deictic | Modifier => lexeme.shift = value.parse().ok()?,
        DayPart => lexeme.part = value.chars().next(),
        ClockHalf => lexeme.afternoon = value == "pm",
        Era => lexeme.hijri_era = value == "H",
        Period => lexeme.unit = if value == "Q" { self::Unit::Part } else { self::Unit::Period },
        Unit => {
            let (unit, count) = value.split_once(' ')?;
            lexeme.unit = unit_of(unit)?;
            lexeme.count = match count {
                "dual" => Count::Two,
                "plural" => Count::Many,
                _ => Count::One,
            };
        }
        _ => {}
    }
    Some(())
}

fn unit_of(designator: &str) -> Option<Unit> {
    Some(match designator {
        "S" => Unit::Second,
        "I" => Unit::Minute,
        "H" => Unit::Hour,
        "D" => Unit::Day,
        "W" => Unit::Week,
        "M" => Unit::Month,
        "Y" => Unit::Year,
        "E" => Unit::Decade,
        "C" => Unit::Century,
        "P" => Unit::Period,
        _ => return None,
    })
}

/// A phrase cut like the tokenizer cuts it, words apart by one space: punctuation marks are words of their own.
fn spaced(phrase: &str) -> String {
    let document = crate::segment::Document::new(phrase);
    (0..document.tokens.len()).map(|i| document.norm(i)).collect::<Vec<_>>().join(" ")
}

/// Entries of a data file with their line numbers.
fn lines(data: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = data.lines().enumerate().map(|(i, line)| (i + 1, line));
    numbered.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

const CLASSES: [Class; 48] = {
    use Class::*;
    [
        Ones,
        First,
        Ten,
        Teen,
        Tens,
        Hundred,
        Scale,
        Double,
        Vague,
        Fraction,
        Fractions,
        Ordinal,
        Point,
        Month,
        AmbiguousMonth,
        Hijri,
        AmbiguousHijri,
        Weekday,
        BareWeekday,
        Deictic,
        DayPart,
        ClockHalf,
        Class::Unit,
        Period,
        Season,
        Modifier,
        This,
        Same,
        Edge,
        FirstDay,
        Before,
        After,
        Approximate,
        Several,
        Few,
        Honorific,
        Era,
        Feast,
        Decade,
        Clock,
        MinuteOfPlay,
        Zone,
        Rank,
        Percent,
        Currency,
        Blocked,
        FractionBehind,
        FeastPart,
    ]
};

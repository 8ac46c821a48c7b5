//! Dates, times, numbers, percents and money by rule, with their values.
//!
//! * `grammar`: the words, from `data/numbers.tsv`, `calendar.tsv`, `currencies.tsv`;
//! * `joints`: the small words between them, from `data/joints.tsv`;
//! * `number`, `date`, `clock`: readers of one kind each, over the tokens of a document;
//! * `period`, `calendar`, `decimal`: what the words are worth.
//!
//! [`Values::find`] goes once from left to right and asks the readers only where a number or a listed word stands.
//! Spans follow the annotation guidelines: proclitics outside, «قبل» and «بعد» inside, other prepositions outside.

mod calendar;
mod clock;
mod date;
mod decimal;
mod grammar;
mod joints;
mod number;
mod period;

use std::sync::Arc;

use self::decimal::Decimal;
use self::grammar::{Class, Grammar, Item, Lexeme};
use self::joints::Joint;
use self::number::Number;
use super::{Day, Entity, Label};
use crate::Result;
use crate::lexicon::Words;
use crate::lexicon::words::WordIds;
use crate::segment::{Document, Kind, Token};

/// Finds values. Immutable; share one among threads.
#[derive(Debug)]
pub struct Values {
    grammar: Grammar,
}

/// One value: tokens `first..last`, of which the first `prefix` folded bytes are proclitics.
struct Found {
    last: usize,
    label: Label,
    value: Option<String>,
    code: Option<Arc<str>>,
}

impl Values {
    /// The built-in grammar; its words are interned into `words`.
    pub fn new(words: &mut Words) -> Result<Values> {
        Ok(Values { grammar: Grammar::new(words)? })
    }

    /// The values of `document` in order, without overlaps; `today` is the article's day.
    pub fn find(&self, document: &Document, ids: &WordIds, today: Option<Day>) -> Vec<Entity> {
        let mut items = Vec::with_capacity(document.tokens.len());
        self.grammar.items(document, ids, &mut items);
        let reader = Reader { document, items: &items, grammar: &self.grammar, today };
        let mut entities = Vec::new();
        let mut at = 0;
        while at < items.len() {
            if items[at].lexeme == 0 && document.tokens[at].kind == Kind::Word {
                at += 1;
                continue;
            }
            match reader.read(at) {
                Step::Found(found) => {
                    let last = found.last;
                    entities.push(reader.entity(at, found));
                    at = last;
                }
                Step::Skip(next) => at = next.max(at + 1),
            }
        }
        entities
    }
}

/// What stands at a token.
enum Step {
    Found(Found),
    /// Nothing before this token.
    Skip(usize),
}

/// A document with the grammar's items: what the readers work on. Every question past the end has an empty answer.
struct Reader<'a> {
    document: &'a Document,
    items: &'a [Item],
    grammar: &'a Grammar,
    today: Option<Day>,
}

impl<'a> Reader<'a> {
    fn read(&self, at: usize) -> Step {
        if self.lexeme(at).is(Class::Blocked) {
            return Step::Skip(self.next(at));
        }
        if let Some((last, value)) = self.clock(at) {
            return Step::Found(Found { last, label: Label::Time, value, code: None });
        }
        if let Some(last) = self.part_of_name(at) {
            return Step::Skip(last);
        }
        if let Some(last) = self.score(at) {
            return Step::Found(Found { last, label: Label::Number, value: None, code: None });
        }
        if let Some(last) = self.listed(at) {
            return Step::Skip(last);
        }
        if let Some((last, parts)) = self.date(at) {
            let value = period::value(&parts, self.today);
            return Step::Found(Found { last, label: Label::Date, value, code: None });
        }
        self.amount(at)
    }

    /// A number with what it counts, where that is a unit: percent, money or a plain number.
    fn amount(&self, at: usize) -> Step {
        let sign = self.lexeme(at);
        if self.kind(at) != Some(Kind::Number) && sign.any(&[Class::Percent, Class::Currency]) {
            return self.sign_in_front(at).map_or(Step::Skip(at + 1), Step::Found);
        }
        let Some(number) = self.number(at) else { return Step::Skip(at + 1) };
        if let Some(found) = self.percent(at, &number).or_else(|| self.money(at, &number)) {
            return Step::Found(found);
        }
        if self.kind(number.end) == Some(Kind::Word) && self.joins(number.end, &[Joint::Minutes]) {
            return Step::Found(Found { last: number.end + 1, label: Label::Time, value: None, code: None });
        }
        if !self.is_count(at, &number) {
            return Step::Skip(number.end);
        }
        let value = number.value.map(|v| v.to_string());
        Step::Found(Found { last: number.end, label: Label::Number, value, code: None })
    }

    /// «%60», «$100», «دولار واحد», «دينارين».
    fn sign_in_front(&self, at: usize) -> Option<Found> {
        let (lexeme, next) = (self.lexeme(at), self.next(at));
        let symbol = self.kind(at) == Some(Kind::Punct);
        if symbol && !self.after_space(next) {
            let number = self.number(next).filter(|n| n.digits || n.scaled)?;
            let label = if lexeme.is(Class::Percent) { Label::Percent } else { Label::Money };
            let (value, code) = self.worth(&number, lexeme);
            return Some(Found { last: number.end, label, value, code });
        }
        if !lexeme.is(Class::Currency) || self.is_definite(at) {
            return None;
        }
        let one = self.lexeme(next);
        let single = one.is(Class::Ones) && one.number == 1 && self.item(next).prefix == 0;
        let dual = lexeme.factor == Some(2.into());
        let number = Number { end: next, value: Some(1.into()), digits: false, vague: false, scaled: false };
        let (value, code) = self.worth(&number, lexeme);
        let last = if single { self.next(next) } else { next };
        (single || dual).then_some(Found { last, label: Label::Money, value, code })
    }

    fn percent(&self, at: usize, number: &Number) -> Option<Found> {
        let value = number.value.map(|v| v.to_string());
        if self.lexeme(number.end).is(Class::Percent) {
            return Some(Found { last: self.next(number.end), label: Label::Percent, value, code: None });
        }
        // «6,3 و4,2 بالمائة»: the first is a percentage too.
        let from = match number.end {
            at if self.joins(at, &[Joint::And, Joint::To, Joint::Or]) => at + 1,
            at if self.has_and(at) => at,
            _ => return None,
        };
        let second = self.number(from).filter(|second| number.digits && second.digits)?;
        let shared = self.lexeme(second.end).is(Class::Percent);
        if shared && self.is_between(at) {
            let last = self.next(second.end);
            return Some(Found { last, label: Label::Percent, value: None, code: None });
        }
        shared.then_some(Found { last: number.end, label: Label::Percent, value, code: None })
    }

    fn money(&self, first: usize, number: &Number) -> Option<Found> {
        let mut at = number.end;
        // «1500 إلى 2000 مليم», «مئات المليارات من الدولارات».
        let linked = self.joins(at, &[Joint::To, Joint::Or])
            || self.marks(at, &["-"])
            || number.vague && self.joins(at, &[Joint::From])
            || self.joins(at, &[Joint::And]) && self.is_between(first);
        let mut range = false;
        if linked {
            match self.number(at + 1).filter(|_| !number.vague) {
                Some(second) => (at, range) = (second.end, true),
                None if number.vague => at += 1,
                None => return None,
            }
        }
        let lexeme = self.lexeme(at);
        let definite = self.is_definite(at);
        if !lexeme.is(Class::Currency) || self.item(at).prefix > 0 || (definite && !number.vague) {
            return None;
        }
        // «ين», «د», «م» are currencies only behind digits.
        if self.norm(at).chars().count() <= 2 && !number.digits && !number.scaled {
            return None;
        }
        let (value, code) = self.worth(number, lexeme);
        let value = value.filter(|_| !range);
        Some(Found { last: self.next(at), label: Label::Money, value, code })
    }

    /// «بين» in front: two numbers are one range.
    fn is_between(&self, at: usize) -> bool {
        at > 0 && self.joins(at - 1, &[Joint::Between])
    }

    /// The value of an amount and its ISO 4217 code; «100000000 EUR», or the number alone where the code is not known.
    fn worth(&self, number: &Number, unit: &Lexeme) -> (Option<String>, Option<Arc<str>>) {
        let factor = unit.factor.unwrap_or(Decimal::from(1));
        let value = number.value.and_then(|v| v.times(factor)).map(|v| match &unit.currency {
            Some(code) => format!("{v} {code}"),
            None => v.to_string(),
        });
        (value, unit.currency.clone())
    }

    /// Digits that belong to a name or a formula: «KT-2», «إتش5», «5+1», «7/7».
    fn part_of_name(&self, at: usize) -> Option<usize> {
        if self.kind(at) != Some(Kind::Number) {
            return None;
        }
        let tight = |index: usize| self.has(index) && !self.after_space(index);
        let word = |index: usize| matches!(self.kind(index), Some(Kind::Word | Kind::Foreign));
        let attached = at > 0
            && tight(at)
            && word(at - 1)
            && self.norm(at - 1).chars().count() > 2
            && !self.is_known(at - 1);
        let model = at > 1
            && tight(at)
            && matches!(self.norm(at - 1), "-")
            && tight(at - 1)
            && word(at - 2)
            && !self.is_known(at - 2);
        let formula = tight(at + 1)
            && tight(at + 2)
            && self.kind(at + 2) == Some(Kind::Number)
            && match self.norm(at + 1) {
                "+" => true,
                "/" => self.norm(at).len() < 4 && self.norm(at + 3) != "/",
                _ => false,
            };
        if formula && !(at > 0 && self.lexeme(at - 1).any(&[Class::MinuteOfPlay, Class::Weekday])) {
            return Some(at + 3);
        }
        (attached || model).then_some(at + 1)
    }

    /// A word of the grammar.
    fn is_known(&self, at: usize) -> bool {
        self.item(at).lexeme != 0
    }

    /// A score: «4-صفر», «2 - 1».
    fn score(&self, at: usize) -> Option<usize> {
        let side = |index: usize| {
            let zero = self.lexeme(index).is(Class::Ones) && self.lexeme(index).number == 0;
            let goals = self.kind(index) == Some(Kind::Number) && self.norm(index).len() <= 2;
            zero || goals && self.norm(index).bytes().all(|b| b.is_ascii_digit())
        };
        let dash = |index: usize| matches!(self.norm(index), "-" | "–");
        if !side(at) || !dash(at + 1) || !side(at + 2) || self.after_space(at + 1) != self.after_space(at + 2)
        {
            return None;
        }
        let before = at > 0 && dash(at - 1) && !self.after_space(at);
        let alone = !(dash(at + 3) || before);
        let counts = self.lexeme(at + 3);
        let unit = counts.any(&[Class::Unit, Class::Currency, Class::Percent, Class::Month]);
        let date =
            at > 0 && self.lexeme(at - 1).any(&[Class::Weekday, Class::Deictic]) && !self.after_space(at + 1);
        (alone && !unit && !date).then_some(at + 3)
    }

    /// The number of a list's entry, «3- النادي», and of a match's score behind a name: not counts.
    fn listed(&self, at: usize) -> Option<usize> {
        let numbered = self.kind(at) == Some(Kind::Number)
            && self.norm(at).len() <= 2
            && matches!(self.norm(at + 1), "-" | "–" | ")")
            && !self.after_space(at + 1)
            && self.kind(at + 2) == Some(Kind::Word)
            && self.norm(at - at.min(1)) != "("
            && (self.norm(at + 1) != ")" || self.starts_line(at));
        numbered.then_some(at + 2)
    }

    /// Whether a number counts something: not a rank, an ordinal or a word that is more often something else.
    fn is_count(&self, at: usize, number: &Number) -> bool {
        let lexeme = self.lexeme(at);
        let before = if at > 0 && self.is_article(at - 1) { at - 1 } else { at };
        let noun = self.norm(before.wrapping_sub(1));
        let ordinal = before < at && noun.starts_with("ال") && noun.ends_with('ه');
        let rank = before > 0 && (ordinal || self.lexeme_ending(before - 1).is(Class::Rank));
        if number.digits {
            return !rank;
        }
        let after_ordinal =
            at > 0 && self.lexeme(at - 1).is(Class::Ordinal) && lexeme.any(&[Class::Ten, Class::Teen]);
        let single = lexeme.is(Class::Ones) && number.end == self.next(at);
        let one = single && lexeme.number <= 1;
        let tens = at > 0 && self.has_and(at) && self.lexeme(at - 1).is(Class::Ordinal);
        let weekday = single && lexeme.any(&[Class::Weekday, Class::Hijri]);
        let fraction = lexeme.is(Class::Fraction) && !number.scaled;
        let of_fraction =
            fraction && (self.norm(number.end).starts_with("ال") && !lexeme.is(Class::Definite));
        !after_ordinal && !tens && !one && !weekday && (!fraction || of_fraction) && !rank
    }

    /// The entity of the tokens `first..found.last`.
    fn entity(&self, first: usize, found: Found) -> Entity {
        let tokens = &self.document.tokens;
        let start = self.document.cut_at(first, self.item(first).prefix as usize);
        let end = tokens[found.last - 1].end;
        let surface = &self.document.text[start..end as usize];
        let norm = surface.split_whitespace().collect::<Vec<_>>().join(" ");
        Entity {
            start: start as u32,
            end,
            first: first as u32,
            last: found.last as u32,
            label: found.label,
            canonical: norm.as_str().into(),
            norm,
            kind: None,
            code: found.code,
            english: None,
            value: found.value,
            score: 1.0,
        }
    }

    fn has(&self, at: usize) -> bool {
        at < self.items.len()
    }

    fn token(&self, at: usize) -> Option<&'a Token> {
        self.document.tokens.get(at)
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.token(at).map(|token| token.kind)
    }

    #[inline]
    fn item(&self, at: usize) -> Item {
        self.items.get(at).copied().unwrap_or_default()
    }

    #[inline]
    fn lexeme(&self, at: usize) -> &'a Lexeme {
        self.grammar.lexeme(self.item(at))
    }

    /// The lexeme of the phrase that ends with token `at`.
    fn lexeme_ending(&self, at: usize) -> &'a Lexeme {
        let first = (at.saturating_sub(3)..=at).find(|&first| self.next(first) == at + 1);
        self.lexeme(first.unwrap_or(at))
    }

    /// The first token behind the phrase at `at`.
    #[inline]
    fn next(&self, at: usize) -> usize {
        at + (self.item(at).length as usize).max(1)
    }

    fn norm(&self, at: usize) -> &'a str {
        if self.has(at) { self.document.norm(at) } else { "" }
    }

    /// The proclitics that the item at `at` leaves out.
    fn prefix(&self, at: usize) -> &'a str {
        &self.norm(at)[..self.item(at).prefix as usize]
    }

    /// The folded word without these proclitics.
    fn norm_bare(&self, at: usize) -> &'a str {
        &self.norm(at)[self.item(at).prefix as usize..]
    }

    /// A known word without proclitics.
    fn starts_bare(&self, at: usize) -> bool {
        self.has(at) && self.item(at).prefix == 0
    }

    /// «للأسبوع»: the article behind ل.
    fn is_lal(&self, at: usize) -> bool {
        self.prefix(at).ends_with('ل') && self.norm_bare(at).starts_with('ل')
    }

    /// The article apart from its number: «الـ14».
    fn is_article(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Word) && self.joins(at, &[Joint::Article])
    }

    /// The token behind «و», apart or attached, at `at`.
    fn and(&self, at: usize) -> Option<usize> {
        self.added(at)
    }

    fn after_space(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.after_space)
    }

    fn breaks_before(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.after_break)
    }

    fn starts_line(&self, at: usize) -> bool {
        at == 0 || self.breaks_before(at)
    }

    /// «في», «خلال», «منذ» in front.
    fn after_in(&self, at: usize) -> bool {
        at > 0 && self.joins(at - 1, &[Joint::Instant])
    }

    /// A noun that a bare four-digit number would count: an indefinite word right behind it.
    fn is_counted_noun(&self, _at: usize) -> bool {
        false
    }
}

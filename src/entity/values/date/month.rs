//! Months and years, seasons of two years.

use super::{Parts, YEARS};
use crate::entity::values::Reader;
use crate::entity::values::grammar::{Class, Count, Unit};
use crate::entity::values::joints::Joint;
use crate::segment::Kind;

impl Reader<'_> {
    /// The month behind a day: «أكتوبر», «من أكتوبر», «من شهر أكتوبر», two names of one month.
    pub(super) fn month_behind(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let at = if self.joins(at, &[Joint::From]) { at + 1 } else { at };
        if self.item(at).prefix > 0 || !self.has(at) {
            return None;
        }
        let at = if self.lexeme(at).unit == Unit::Month && self.lexeme(at).count != Count::Many {
            self.next(at)
        } else {
            at
        };
        self.month_name(at, parts)
    }

    /// A month's name, also an ambiguous one; a second name of the same month belongs to it.
    pub(super) fn month_name(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let lexeme = self.lexeme(at);
        let hijri = lexeme.any(&[Class::Hijri, Class::AmbiguousHijri]);
        if !hijri && !lexeme.any(&[Class::Month, Class::AmbiguousMonth]) {
            return None;
        }
        (parts.month, parts.hijri) = (Some(lexeme.month), hijri);
        let mut end = self.next(at);
        let other = if matches!(self.norm(end), "/" | "-" | "(") { end + 1 } else { end };
        let second = self.lexeme(other);
        if second.any(&[Class::Month, Class::AmbiguousMonth]) && second.month == lexeme.month {
            end = self.next(other);
            if self.norm(other - 1) == "(" && self.norm(end) == ")" {
                end += 1;
            }
        }
        while self.lexeme(end).is(Class::Honorific) && hijri {
            end = self.next(end);
        }
        Some(end)
    }

    /// The number of a month behind «شهر», in digits.
    pub(super) fn month_number(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let month: u8 = self.norm(at).parse().ok().filter(|month| (1..=12).contains(month))?;
        let counts =
            self.kind(at + 1) == Some(Kind::Word) && self.lexeme(at + 1).any(&[Class::Scale, Class::Unit]);
        (self.kind(at) == Some(Kind::Number) && !counts).then(|| {
            parts.month = Some(month);
            at + 1
        })
    }

    /// «أكتوبر», «شهر مارس», «شهري جوان وجويلية».
    pub(super) fn month(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
        let lexeme = self.lexeme(at);
        if lexeme.unit == Unit::Month && lexeme.count != Count::Many {
            let next = self.next(at);
            if self.item(next).prefix > 0 {
                return None;
            }
            let end = self.month_name(next, parts).or_else(|| self.month_number(next, parts))?;
            let linked = if self.joins(end, &[Joint::Or]) { end + 1 } else { end };
            if linked > end || self.has_and(end) {
                let mut other = Parts::default();
                if let Some(end) = self.month_name(linked, &mut other) {
                    parts.vague = true;
                    return Some(end);
                }
            }
            return Some(end);
        }
        let end = self.month_name(at, parts)?;
        let next = self.lexeme(end);
        let told = self.is_year(end).is_some()
            || (next.is(Class::Modifier) && self.item(end).prefix == 0)
            || (next.unit == Unit::Year && self.item(end).prefix == 0)
            || end > self.next(at);
        let sure = lexeme.any(&[Class::Month, Class::Hijri]);
        let preposition = self.item(at).prefix > 0 || at > 0 && self.joins(at - 1, &[Joint::Bound]);
        if told || governed || sure || preposition && lexeme.is(Class::AmbiguousMonth) {
            Some(end)
        } else {
            None
        }
    }

    /// A four-digit year.
    pub(super) fn is_year(&self, at: usize) -> Option<i64> {
        if self.kind(at) != Some(Kind::Number) || self.norm(at).len() != 4 {
            return None;
        }
        self.norm(at).parse().ok().filter(|year| (1000..=2999).contains(year))
    }

    /// A year behind a month: of this calendar's or the last centuries.
    pub(super) fn year_of_month(&self, at: usize, hijri: bool) -> Option<i64> {
        let year = self.is_year(at)?;
        let fits = (1700..=2100).contains(&year) && !self.counts_something(at + 1);
        (fits || hijri && (1200..=1500).contains(&year))
            .then_some(year)
            .filter(|y| !hijri || *y < 1500 || *y >= 1900)
    }

    /// «سنة 2016», «عامي 2015 و2016», «2016», «2015-2016».
    pub(super) fn year(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let lexeme = self.lexeme(at);
        if lexeme.unit == Unit::Year {
            let next = self.next(at);
            let year = self.is_year(next).or_else(|| {
                let number = self.number(next).filter(|n| !n.digits)?;
                number.value?.whole().filter(|year| (1000..=2999).contains(year))
            })?;
            parts.year = Some(year);
            let end = if self.is_year(next).is_some() { next + 1 } else { self.number(next)?.end };
            return Some(self.second_year(end, parts));
        }
        let year = self.is_year(at).filter(|year| YEARS.contains(year))?;
        // A counted noun behind it, indefinite and without a preposition, makes it a quantity.
        let linked = self.second_year(at + 1, parts);
        let article = at > 0 && self.is_article(at - 1);
        let attached = at > 0 && !self.after_space(at) && matches!(self.norm(at - 1), "-" | "/");
        if article || attached || linked == at + 1 && self.counts_something(at + 1) {
            return None;
        }
        parts.year = Some(year);
        Some(linked)
    }

    /// Behind a bare number: a unit, a currency, a word of scale or a percent sign.
    pub(super) fn counts_something(&self, at: usize) -> bool {
        let lexeme = self.lexeme(at);
        self.item(at).prefix == 0
            && (lexeme.any(&[Class::Currency, Class::Scale, Class::Percent])
                || (lexeme.is(Class::Unit) && !lexeme.is(Class::Definite) && lexeme.unit != Unit::Second)
                || self.is_counted_noun(at))
    }

    /// Past « و2017», «-2017», «/2017», «إلى 2017».
    pub(super) fn second_year(&self, at: usize, parts: &mut Parts) -> usize {
        let and = self.joins(at, &[Joint::And]);
        if !and && !self.marks(at, &["-", "/", "–"]) {
            return at;
        }
        let from = at + 1;
        let tight = and || !self.document.tokens[at].after_space || !self.after_space(from);
        match self.is_year(from) {
            Some(year) if tight => {
                parts.last_year = Some(year);
                from + 1
            }
            _ => at,
        }
    }

    /// «2015 / 2016», «(2016-2017)» behind «الموسم الماضي».
    pub(super) fn season_years(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let bracket = self.norm(at) == "(";
        let from = if bracket { at + 1 } else { at };
        let year = self.is_year(from)?;
        let end = self.second_year(from + 1, parts);
        (parts.year, parts.vague) = (Some(year), false);
        match (bracket, self.norm(end)) {
            (false, _) => Some(end),
            (true, ")") => Some(end + 1),
            _ => None,
        }
    }
}

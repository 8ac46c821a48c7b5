//! Days: by name, by number and month, feasts, parts of a day.

use super::Parts;
use crate::entity::values::Reader;
use crate::entity::values::grammar::{Class, Count, Unit};
use crate::entity::values::joints::Joint;
use crate::segment::Kind;

impl Reader<'_> {
    /// «صباح اليوم», «ليلة السبت», «الليلة الماضية».
    pub(super) fn day_part(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
        if !self.lexeme(at).is(Class::DayPart) {
            return None;
        }
        let next = self.next(at);
        let construct = !self.is_definite(at);
        if !construct && self.starts_bare(next) && self.lexeme(next).is(Class::Modifier) {
            parts.unit = Unit::Day;
            return Some(next);
        }
        if construct && self.starts_bare(next) {
            let found = self
                .this(next, parts)
                .or_else(|| self.calendar_day(next, parts))
                .or_else(|| self.named_day(next, parts))
                .or_else(|| self.feast(next, parts))
                .or_else(|| self.day_part(next, parts, false));
            if found.is_some() {
                parts.part = true;
                return found;
            }
        }
        (governed && self.norm(at).starts_with("ال") && !self.lexeme(at).is(Class::Unit)).then(|| {
            parts.vague = true;
            next
        })
    }

    /// «اليوم», «يوم أمس», «الثلاثاء», «يومي السبت والأحد».
    pub(super) fn named_day(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let lexeme = self.lexeme(at);
        if lexeme.is(Class::Deictic) {
            if self.joins(at, &[Joint::Today]) && self.lexeme(self.next(at)).is(Class::Modifier) {
                (parts.unit, parts.count) = (Unit::Day, None);
                return Some(self.next(at));
            }
            parts.deictic = Some(lexeme.shift);
            return Some(self.next(at));
        }
        if lexeme.is(Class::Weekday) {
            parts.weekday = Some(lexeme.weekday);
            return Some(self.next_weekday(self.next(at)));
        }
        if lexeme.unit == Unit::Day && !lexeme.is(Class::Definite) {
            let next = self.next(at);
            if !self.starts_bare(next) {
                return None;
            }
            let following = self.lexeme(next);
            if following.any(&[Class::Deictic, Class::Weekday]) || self.lexeme(next).is(Class::DayPart) {
                return self.named_day(next, parts);
            }
            return self.calendar_day(next, parts);
        }
        None
    }

    /// Past «والأحد» behind a weekday.
    pub(super) fn next_weekday(&self, at: usize) -> usize {
        let linked = self.has_and(at) || self.marks(at, &["-"]) || self.joins(at, &[Joint::And]);
        if self.lexeme(at).is(Class::Weekday) && self.has_and(at) {
            return self.next(at);
        }
        if linked && self.lexeme(at + 1).is(Class::Weekday) && self.item(at + 1).prefix == 0 {
            return self.next(at + 1);
        }
        at
    }

    /// «4 أكتوبر», «4 من شهر أكتوبر», «4 و5 أكتوبر», «الرابع من نوفمبر», «4/10/2016».
    pub(super) fn calendar_day(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        if let Some(end) = self.numeric_date(at, parts) {
            return Some(end);
        }
        let at = if self.is_article(at) { at + 1 } else { at };
        let (first, mut end) = self.day_number(at)?;
        let mut last = None;
        let mut linked = end;
        for _ in 0..3 {
            let Some((day, next)) = self.linked_day(linked) else { break };
            (last, linked) = (Some(day), next);
        }
        if let Some(month) = self.month_behind(linked, parts) {
            (parts.day, parts.last_day) = (Some(first), last);
            return Some(month);
        }
        parts.month = None;
        end = self.month_behind(end, parts)?;
        parts.day = Some(first);
        // «15 مارس إلى 10 أفريل», «15 مارس و10 أفريل».
        let mut rest = Parts::default();
        if let Some((day, next)) = self.linked_day(end)
            && let Some(end) = self.month_behind(next, &mut rest)
        {
            parts.last_day = Some(day);
            parts.vague = rest.month != parts.month;
            return Some(end);
        }
        Some(end)
    }

    /// «4/10/2016», «2016-10-04», «4.10.2016».
    pub(super) fn numeric_date(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        if self.kind(at) != Some(Kind::Number) {
            return None;
        }
        let dotted: Vec<&str> = self.norm(at).split('.').collect();
        let slash = self.norm(at + 1);
        let tight = matches!(slash, "/" | "-")
            && self.norm(at + 3) == slash
            && (1..=4).all(|n| self.has(at + n) && !self.after_space(at + n));
        let (fields, end) = match (&dotted[..], tight) {
            (&[a, b, c], _) => ([a, b, c], at + 1),
            (_, true) => ([self.norm(at), self.norm(at + 2), self.norm(at + 4)], at + 5),
            _ => return None,
        };
        let number = |text: &str| text.parse::<i64>().ok();
        let [a, b, c] = [number(fields[0])?, number(fields[1])?, number(fields[2])?];
        let (day, year) = if fields[0].len() == 4 { (c, a) } else { (a, c) };
        let fits = (1..=31).contains(&day) && (1..=12).contains(&b) && (1000..=2999).contains(&year);
        if !fits {
            return None;
        }
        (parts.day, parts.month, parts.year) = (Some(day as u8), Some(b as u8), Some(year));
        Some(end)
    }

    /// «2-10», «2/10» behind a weekday: day and month.
    pub(super) fn short_date(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let tight =
            matches!(self.norm(at + 1), "-" | "/") && !self.after_space(at + 1) && !self.after_space(at + 2);
        let day: u8 = self.norm(at).parse().ok().filter(|d| (1..=31).contains(d))?;
        let month: u8 = self.norm(at + 2).parse().ok().filter(|m| (1..=12).contains(m))?;
        (parts.day, parts.month) = (Some(day), Some(month));
        tight.then_some(at + 3)
    }

    /// A day of the month in digits or as an ordinal; its end.
    pub(super) fn day_number(&self, at: usize) -> Option<(u8, usize)> {
        if self.lexeme(at).is(Class::FirstDay) {
            return Some((1, self.next(at)));
        }
        if self.kind(at) == Some(Kind::Number) {
            let day: u8 = self.norm(at).parse().ok().filter(|day| (1..=31).contains(day))?;
            return Some((day, at + 1));
        }
        let (lexeme, next) = (self.lexeme(at), self.next(at));
        let numeral = lexeme.is(Class::Ordinal)
            || (lexeme.is(Class::Definite) && lexeme.any(&[Class::Ones, Class::Ten, Class::Tens]));
        if !numeral || (!lexeme.is(Class::Definite) && !self.norm(at).starts_with("ال")) {
            return None;
        }
        let tens = self.lexeme(next);
        if self.has_and(next) && tens.is(Class::Tens) {
            return u8::try_from(lexeme.number + tens.number).ok().map(|day| (day, self.next(next)));
        }
        let teen = if tens.is(Class::Ten) && self.item(next).prefix == 0 { 10 } else { 0 };
        let end = if teen > 0 { self.next(next) } else { next };
        u8::try_from(lexeme.number + teen).ok().filter(|day| (1..=31).contains(day)).map(|day| (day, end))
    }

    /// Another day behind «و», «إلى», «،», «-», «أو» at `at`.
    pub(super) fn linked_day(&self, at: usize) -> Option<(u8, usize)> {
        let linked = self.joins(at, &[Joint::And, Joint::To, Joint::Or, Joint::Until]);
        if !linked && !self.marks(at, &["،", "-", "/"]) {
            return None;
        }
        let from = at + 1;
        let from = if self.joins(from, &[Joint::Extent]) { from + 1 } else { from };
        let day_word = self.lexeme(from).unit == Unit::Day && !self.lexeme(from).is(Class::Definite);
        let from = if self.joins(from, &[Joint::And]) || day_word { from + 1 } else { from };
        self.day_number(from)
    }

    /// «رأس السنة», «عيد الفطر».
    pub(super) fn feast(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        parts.vague |= self.lexeme(at).is(Class::Feast);
        self.lexeme(at).is(Class::Feast).then(|| self.next(at))
    }

    /// «ثالث أيام عيد الفطر», «ثاني أيام العيد».
    pub(super) fn day_of_feast(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let days = self.next(at);
        let ordinal = self.lexeme(at).any(&[Class::Ordinal, Class::Edge]);
        let lexeme = self.lexeme(days);
        if !ordinal || lexeme.unit != Unit::Day || lexeme.count != Count::Many || lexeme.is(Class::Definite) {
            return None;
        }
        let feast = self.next(days);
        parts.vague = true;
        let known = [Class::Feast, Class::FeastPart, Class::Hijri, Class::AmbiguousHijri];
        self.lexeme(feast).any(&known).then(|| self.next(feast))
    }
}

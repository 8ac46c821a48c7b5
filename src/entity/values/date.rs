//! Reading dates, periods and durations.
//!
//! A date is read in three steps: what may stand in front («مطلع», «قبل», «مساء»), a core («الأسبوع», «4 أكتوبر»,
//! «عامين»), and what extends it to the right («2016», «الماضي», «من العام الجاري»). All that was seen is gathered in
//! [`Parts`]; `period` makes a value of it.
//!
//! `day`, `month` (and years), `length` and `stretch` each read one kind of core.

mod day;
mod length;
mod month;
mod stretch;

use super::Reader;
use super::decimal::Decimal;
use super::grammar::{Class, Count, Unit};
use super::joints::Joint;

/// What a date says.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub day: Option<u8>,
    pub last_day: Option<u8>,
    pub month: Option<u8>,
    pub hijri: bool,
    pub year: Option<i64>,
    pub last_year: Option<i64>,
    pub weekday: Option<u8>,
    /// «أمس»: −1.
    pub deictic: Option<i8>,
    /// «الماضي»: −1.
    pub shift: Option<i8>,
    pub unit: Unit,
    /// How many units.
    pub count: Option<Decimal>,
    /// More of a duration: «ساعة و20 دقيقة».
    pub more: Vec<(Decimal, Unit)>,
    /// «قبل عامين»: −1; «بعد يومين»: 1.
    pub direction: i8,
    /// «مطلع», «نهاية», «صباح»: only a part of what the rest says.
    pub part: bool,
    /// «الثلاثي الرابع»: 4.
    pub ordinal: Option<i64>,
    /// «من السنة الماضية»: −1; the year that the month lies in.
    pub year_shift: Option<i8>,
    /// Nothing that a calendar could tell: «الآونة الأخيرة», «سنوات».
    pub vague: bool,
}

/// Years that stand alone are taken for years between these.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2059;

impl Reader<'_> {
    /// The date that begins at token `at`: its end and what it says.
    pub fn date(&self, at: usize) -> Option<(usize, Parts)> {
        let mut parts = Parts::default();
        let lexeme = self.lexeme(at);
        if lexeme.any(&[Class::Before, Class::After]) {
            parts.direction = if lexeme.is(Class::Before) { -1 } else { 1 };
            let mut from = self.next(at);
            if self.lexeme(from).is(Class::Approximate) {
                from = self.next(from);
            }
            let end = self
                .duration(from, &mut parts, true)
                .or_else(|| self.definite_unit_alone(from, &mut parts))?;
            return Some((end, parts));
        }
        let mut from = at;
        while self.lexeme(from).any(&[Class::Edge, Class::Same])
            && (from == at || self.item(from).prefix == 0)
        {
            parts.part = true;
            from = self.next(from);
        }
        if from > at && self.item(from).prefix > 0 {
            return None;
        }
        let end = self.core(from, &mut parts, from > at)?;
        Some((self.extended(end, &mut parts), parts))
    }

    /// The part that must be there.
    fn core(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
        self.day_part(at, parts, governed)
            .or_else(|| self.this(at, parts))
            .or_else(|| self.calendar_day(at, parts))
            .or_else(|| self.named_day(at, parts))
            .or_else(|| self.month(at, parts, governed))
            .or_else(|| self.year(at, parts))
            .or_else(|| self.definite_period(at, parts, governed))
            .or_else(|| self.feast(at, parts))
            .or_else(|| self.day_of_feast(at, parts))
            .or_else(|| self.duration(at, parts, false))
    }

    /// What extends a date to the right.
    fn extended(&self, end: usize, parts: &mut Parts) -> usize {
        let mut end = end;
        for _ in 0..8 {
            match self.extension(end, parts) {
                Some(next) if next > end => end = next,
                _ => break,
            }
        }
        end
    }

    fn extension(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        if !self.has(at) || self.breaks_before(at) {
            return None;
        }
        let lexeme = self.lexeme(at);
        let has_day = parts.deictic.is_some() || parts.weekday.is_some() || parts.day.is_some();
        let has_date = has_day || parts.month.is_some();
        if self.marks(at, &["(", "،"]) && (parts.deictic.is_some() || parts.weekday.is_some()) {
            return self.apposition(at, parts);
        }
        if self.item(at).prefix > 0 {
            let of_year = self.prefix(at) == "ل" && lexeme.unit == Unit::Year && parts.year.is_none();
            return if of_year && (has_date || parts.unit == Unit::Part) {
                self.year(at, parts)
            } else {
                None
            };
        }
        if lexeme.is(Class::Modifier) && parts.shift.is_none() && !lexeme.is(Class::Ordinal) {
            parts.shift = Some(lexeme.shift);
            if parts.unit == Unit::None && !has_date && parts.year.is_none() {
                parts.unit = Unit::Period;
            }
            return Some(self.next(at));
        }
        if lexeme.is(Class::Modifier) && parts.unit != Unit::None && parts.month.is_none() {
            return Some(self.next(at));
        }
        if parts.weekday.is_none() && parts.deictic.is_some() && lexeme.is(Class::Weekday) {
            parts.weekday = Some(lexeme.weekday);
            return Some(self.next(at));
        }
        if parts.deictic.is_none() && parts.weekday.is_some() && lexeme.is(Class::Deictic) {
            parts.deictic = Some(lexeme.shift);
            return Some(self.next(at));
        }
        if parts.day.is_none() && (parts.deictic.is_some() || parts.weekday.is_some()) {
            let from =
                if lexeme.unit == Unit::Day && lexeme.count == Count::One { self.next(at) } else { at };
            if let Some(end) = self.calendar_day(from, parts).or_else(|| self.short_date(from, parts)) {
                return Some(end);
            }
        }
        if parts.year.is_none() && parts.month.is_some() {
            if let Some(year) = self.year_of_month(at, parts.hijri) {
                parts.year = Some(year);
                return Some(at + 1);
            }
            if lexeme.unit == Unit::Year
                && let Some(end) = self.year(at, parts)
            {
                return Some(end);
            }
            if lexeme.unit == Unit::Year && lexeme.is(Class::Definite) && parts.shift.is_none() {
                let next = self.next(at);
                if self.lexeme(next).is(Class::Modifier) {
                    parts.year_shift = Some(self.lexeme(next).shift);
                    return Some(self.next(next));
                }
            }
        }
        if lexeme.is(Class::Season) || parts.year.is_none() && parts.vague && self.is_year(at).is_some() {
            parts.year = self.is_year(at);
            return parts.year.map(|_| at + 1);
        }
        // «2003م», «1438هـ»
        if parts.year.is_some() && !self.after_space(at) && self.joins(at, &[Joint::Gregorian, Joint::Hijri])
        {
            parts.hijri |= self.joins(at, &[Joint::Hijri]);
            return Some(at + 1);
        }
        if lexeme.is(Class::Era) && parts.year.is_some() {
            parts.hijri |= lexeme.hijri_era;
            return Some(self.next(at));
        }
        if lexeme.is(Class::This) && parts.shift.is_none() && (parts.month.is_some() || parts.vague) {
            let unit = self.lexeme(self.next(at)).unit;
            if !matches!(unit, Unit::Year | Unit::Month) {
                return None;
            }
            parts.year_shift = (unit == Unit::Year).then_some(0);
            return Some(self.next(self.next(at)));
        }
        let stretch = matches!(parts.unit, Unit::Period | Unit::Day) && !has_date;
        if stretch && self.period_bounds(at).is_some() {
            parts.vague = true;
            return self.period_bounds(at);
        }
        if self.joins(at, &[Joint::From]) && !has_day | parts.day.is_some() {
            let (end, whole) = self.of_period(at)?;
            parts.year = parts.year.or(whole.year);
            if whole.unit == Unit::Year {
                parts.year_shift = whole.shift;
            }
            // Whatever is a part of a period has no value of its own, but a month or a day has.
            parts.vague |= parts.month.is_none();
            return Some(end);
        }
        if parts.unit == Unit::Period && parts.year.is_none() {
            return self.season_years(at, parts);
        }
        // «أكتوبر 2015-سبتمبر 2016»
        if parts.month.is_some() && parts.day.is_none() && self.norm(at) == "-" {
            let mut last = Parts::default();
            let month = self.month_name(at + 1, &mut last)?;
            parts.vague = true;
            return self.is_year(month).map(|_| month + 1);
        }
        None
    }

    /// «(الأربعاء)», «، الأربعاء», «(12 مارس 2017)» behind a day.
    fn apposition(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let next = at + 1;
        let mut inner = Parts::default();
        let end = if self.lexeme(next).is(Class::Weekday) && parts.weekday.is_none() {
            inner.weekday = Some(self.lexeme(next).weekday);
            self.next(next)
        } else {
            let end = self.calendar_day(next, &mut inner)?;
            self.is_year(end).map_or(end, |year| {
                inner.year = Some(year);
                end + 1
            })
        };
        let bracket = self.norm(at) == "(";
        if bracket && self.norm(end) != ")" {
            return None;
        }
        if let Some(weekday) = inner.weekday {
            parts.weekday = Some(weekday);
        } else {
            (parts.day, parts.month, parts.year) = (inner.day, inner.month, inner.year);
        }
        Some(if bracket { end + 1 } else { end })
    }
}

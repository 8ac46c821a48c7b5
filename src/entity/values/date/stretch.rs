//! Periods told by their place in time: «الأسبوع الماضي», «هذا العام», «من 2010 إلى 2015», «الثلاثي الرابع».

use super::Parts;
use crate::entity::values::Reader;
use crate::entity::values::grammar::{Class, Unit};
use crate::entity::values::joints::Joint;
use crate::segment::Kind;

impl Reader<'_> {
    /// «هذا الأسبوع», «هذه السنة», «هذا الصباح».
    pub(super) fn this(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        if !self.lexeme(at).is(Class::This) {
            return None;
        }
        let next = self.next(at);
        let lexeme = self.lexeme(next);
        let definite = self.item(next).prefix == 0 && self.norm(next).starts_with("ال");
        let known =
            [Class::Unit, Class::Period, Class::Season, Class::DayPart, Class::Deictic, Class::Weekday];
        let stretch = lexeme.unit == Unit::Part || lexeme.is(Class::Period) && !lexeme.is(Class::Unit);
        if !definite || !lexeme.any(&known) || lexeme.is(Class::Ordinal) || stretch {
            return None;
        }
        parts.shift = Some(0);
        parts.weekday = (lexeme.weekday > 0).then_some(lexeme.weekday);
        if lexeme.is(Class::Deictic) {
            parts.deictic = Some(lexeme.shift);
        }
        parts.unit = match lexeme.unit {
            Unit::None if lexeme.any(&[Class::DayPart, Class::Deictic, Class::Weekday]) => Unit::Day,
            unit => unit,
        };
        parts.vague |= lexeme.is(Class::Season);
        Some(self.next(next))
    }

    /// «الأسبوع الماضي», «السنوات الخمس الأخيرة», «الثلاثي الرابع», «الخمس سنوات القادمة», «القرن التاسع عشر».
    pub(super) fn definite_period(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
        let lexeme = self.lexeme(at);
        if lexeme.is(Class::Decade) {
            parts.year = Some(1900 + lexeme.number);
            parts.last_year = Some(1909 + lexeme.number);
            let century = self.next(at);
            let last = self.lexeme(self.next(century));
            if self.lexeme(century).unit == Unit::Century && last.is(Class::Modifier) {
                return Some(self.next(self.next(century)));
            }
            return Some(self.next(at));
        }
        if lexeme.is(Class::Season) {
            let next = self.lexeme(self.next(at));
            let told = self.is_year(self.next(at)).is_some()
                || (self.item(self.next(at)).prefix == 0
                    && (next.any(&[Class::Modifier, Class::This]) || next.unit == Unit::Year));
            parts.vague = true;
            return (told || governed || self.norm(at).starts_with("ال") && self.after_in(at))
                .then_some(self.next(at));
        }
        // «الخمس سنوات»: number with the article, unit without.
        if lexeme.is(Class::Definite) && lexeme.any(&[Class::Ones, Class::Ten, Class::Tens]) {
            let number = self.number(at)?;
            let unit = self.lexeme(number.end);
            let counted =
                unit.is(Class::Unit) && !unit.is(Class::Definite) && self.item(number.end).prefix == 0;
            (parts.unit, parts.count) = (unit.unit, number.value);
            return counted.then(|| self.next(number.end));
        }
        let definite = lexeme.is(Class::Definite) || self.is_definite(at) || self.is_lal(at);
        if !lexeme.any(&[Class::Unit, Class::Period]) || !definite {
            return None;
        }
        // «الأمين العام السابق»: an adjective, not the year.
        if lexeme.unit == Unit::Year
            && at > 0
            && self.items[at - 1].lexeme == 0
            && self.norm(at - 1).starts_with("ال")
        {
            return None;
        }
        parts.unit = lexeme.unit;
        let mut end = self.next(at);
        let mut told = governed;
        if self.item(end).prefix == 0 {
            let behind = self.lexeme(end);
            if behind.is(Class::Ordinal) && self.norm(end).starts_with("ال") && !behind.is(Class::Modifier)
            {
                let (ordinal, next) = self.ordinal(end);
                let whole = lexeme.unit == Unit::Century || self.of_period(next).is_some();
                (parts.ordinal, end, told) = (Some(ordinal), next, whole);
                if !whole {
                    return None;
                }
            } else if behind.is(Class::Definite) && behind.any(&[Class::Ones, Class::Ten, Class::Tens]) {
                let number = self.number(end)?;
                (parts.count, end, told) = (number.value, number.end, true);
                if self.lexeme(end).is(Class::Ordinal) && self.of_period(self.next(end)).is_some() {
                    end = self.next(end);
                }
            } else if matches!(lexeme.unit, Unit::Century | Unit::Year)
                && self.kind(end) == Some(Kind::Number)
            {
                let number = self.norm(end).parse().ok();
                match lexeme.unit {
                    Unit::Century => parts.ordinal = number,
                    _ => parts.year = number,
                }
                (end, told) = (end + 1, true);
            } else if self.norm(end).starts_with("ال") && self.lexeme(end).is(Class::Few) {
                end = self.next(end);
            }
        }
        told |= self.lexeme(end).is(Class::Modifier) && self.item(end).prefix == 0;
        told |= matches!(lexeme.unit, Unit::Period | Unit::Day) && self.period_bounds(end).is_some();
        // One adjective between: «العام المالي المنقضي», «الموسم السياحي الحالي».
        if !told && self.item(end).prefix == 0 && self.norm(end).starts_with("ال") {
            let behind = self.next(end);
            if self.lexeme(behind).is(Class::Modifier) && self.item(behind).prefix == 0 {
                (end, told) = (behind, true);
            }
        }
        if lexeme.unit == Unit::Part {
            told = told && parts.ordinal.is_some_and(|n| n <= 4) && self.of_period(end).is_some()
                || self.lexeme(end).is(Class::Modifier);
        }
        parts.vague |= matches!(lexeme.unit, Unit::Period | Unit::Part);
        told.then_some(end)
    }

    /// «الممتدة من 2010 إلى 2015», «من 2010 إلى 2015», «ما بين 2010 و2015».
    pub(super) fn period_bounds(&self, at: usize) -> Option<usize> {
        let stretching = self.joins(at, &[Joint::Stretching]);
        let at = if stretching { at + 1 } else { at };
        let at = if self.joins(at, &[Joint::What]) { at + 1 } else { at };
        if !self.joins(at, &[Joint::From, Joint::Between]) {
            return None;
        }
        let mut parts = Parts::default();
        let first = self.calendar_day(at + 1, &mut parts).or_else(|| self.is_year(at + 1).map(|_| at + 2));
        let first = first.or_else(|| self.day_number(at + 1).map(|(_, end)| end))?;
        let from = match first {
            at if self.joins(at, &[Joint::And, Joint::To]) || self.marks(at, &["-"]) => at + 1,
            at if self.has_and(at) => at,
            _ => return None,
        };
        let from = if self.joins(from, &[Joint::Extent]) { from + 1 } else { from };
        let end = self.calendar_day(from, &mut parts).or_else(|| self.is_year(from).map(|_| from + 1))?;
        Some(self.extended(end, &mut parts))
    }

    /// The ordinal at `at` and its end: «الرابع», «التاسع عشر».
    pub(super) fn ordinal(&self, at: usize) -> (i64, usize) {
        let next = self.next(at);
        if self.lexeme(next).is(Class::Ten) && self.item(next).prefix == 0 {
            return (self.lexeme(at).number + 10, self.next(next));
        }
        (self.lexeme(at).number, next)
    }

    /// «من السنة الماضية», «من سنة 2016», «من هذا العام», «من شهر مارس» at `at`: its end.
    pub(super) fn of_period(&self, at: usize) -> Option<(usize, Parts)> {
        let from = match at {
            _ if self.joins(at, &[Joint::From]) => at + 1,
            _ if self.prefix(at) == "ل" => at,
            _ => return None,
        };
        let mut parts = Parts::default();
        let lexeme = self.lexeme(from);
        if self.item(from).prefix > 0 && from == at + 1 {
            return None;
        }
        if lexeme.any(&[Class::Same]) && self.lexeme(self.next(from)).is(Class::Unit) {
            return Some((self.next(self.next(from)), parts));
        }
        let end = self
            .this(from, &mut parts)
            .or_else(|| self.year(from, &mut parts))
            .or_else(|| self.month(from, &mut parts, true))
            .or_else(|| self.definite_period(from, &mut parts, false))
            .or_else(|| self.joins(from, &[Joint::Today]).then_some(from + 1))?;
        if parts.unit == Unit::Part {
            return None;
        }
        let end = self.extended(end, &mut parts);
        Some((end, parts))
    }
}

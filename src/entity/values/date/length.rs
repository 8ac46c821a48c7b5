//! Lengths of time: «عامين», «17 ساعة», «سنوات», «يومين ونصف».

use super::Parts;
use crate::entity::values::Reader;
use crate::entity::values::decimal::Decimal;
use crate::entity::values::grammar::{Class, Count, Unit};
use crate::entity::values::joints::Joint;
use crate::segment::Kind;

impl Reader<'_> {
    /// «27 عاما», «ثلاثة أشهر», «عامين ونصف», «سنوات», «15 و40 سنة»; `governed`: «قبل» or «بعد» stands in front.
    pub(super) fn duration(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
        let lexeme = self.lexeme(at);
        if lexeme.any(&[Class::Several]) {
            let next = self.next(at);
            let unit = self.lexeme(next);
            let counted = unit.is(Class::Unit) && unit.count == Count::Many && self.item(next).prefix == 0;
            (parts.unit, parts.vague) = (unit.unit, true);
            return (counted && !unit.is(Class::Definite)).then(|| self.next(next));
        }
        let end = if lexeme.is(Class::Unit) && !lexeme.is(Class::Definite) {
            self.unit_alone(at, parts, governed)?
        } else {
            self.counted_unit(at, parts)?
        };
        Some(self.more_duration(end, parts))
    }

    /// A unit without a number: a dual, «سنة واحدة», «أيام قليلة», «سنوات».
    pub(super) fn unit_alone(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
        let (lexeme, next) = (self.lexeme(at), self.next(at));
        if lexeme.is(Class::Ordinal) {
            return None;
        }
        parts.unit = lexeme.unit;
        let behind = self.lexeme(next);
        let few = behind.is(Class::Few) && self.item(next).prefix == 0;
        let one = behind.is(Class::Ones) && behind.number == 1 && self.item(next).prefix == 0;
        match lexeme.count {
            Count::Two => {
                parts.count = Some(2.into());
                // «سنتي», «يومي» govern something: a year, a day.
                if self.norm_bare(at).ends_with('ي') {
                    return None;
                }
                Some(if few { self.next(next) } else { next })
            }
            Count::Many => {
                parts.vague = true;
                // «سنوات حياتهم», «أيام قرطاج», «عقود العمل» are no lengths of time.
                let end = if few { self.next(next) } else { next };
                let ends = self.kind(next) != Some(Kind::Word) || self.is_function_word(next);
                let long = matches!(lexeme.unit, Unit::Decade | Unit::Century | Unit::Period);
                (few || self.governs_length(at) || governed || ends && !long).then_some(end)
            }
            Count::One => {
                parts.count = Some(1.into());
                let end = if few || one { self.next(next) } else { next };
                (few || one || governed || self.measures(at)).then_some(end)
            }
        }
    }

    /// A preposition or noun in front that only a length of time can follow: «لمدة سنة», «خلال شهر».
    pub(super) fn measures(&self, at: usize) -> bool {
        at > 0
            && matches!(
                self.lexeme(at).unit,
                Unit::Year | Unit::Month | Unit::Week | Unit::Century | Unit::Hour
            )
            && self.governs_length(at)
            && !self.norm(self.next(at)).starts_with("ال")
    }

    /// A word in front of `at` that only a length of time can follow.
    pub(super) fn governs_length(&self, at: usize) -> bool {
        at > 0 && (self.joins(at - 1, &[Joint::Length]) || self.lexeme_ending(at - 1).is(Class::Approximate))
    }

    pub(super) fn is_function_word(&self, at: usize) -> bool {
        self.joins(at, &[Joint::Function])
    }

    /// A number and its unit.
    pub(super) fn counted_unit(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let number = self.number(at).filter(|n| !n.vague || n.value.is_some())?;
        let mut unit = number.end;
        // «15 و40 سنة», «6 إلى 12 شهرا», «3-4 سنوات».
        let second = match unit {
            at if self.joins(at, &[Joint::And, Joint::To, Joint::Or]) => self.number(at + 1),
            at if self.marks(at, &["-", "،"]) => self.number(at + 1),
            at if self.has_and(at) => self.number(at),
            _ => None,
        };
        if let Some(second) = second
            && self.is_unit(second.end)
        {
            unit = second.end;
            parts.vague = true;
        }
        if !self.is_unit(unit) {
            return None;
        }
        (parts.unit, parts.count) = (self.lexeme(unit).unit, number.value);
        let end = self.next(unit);
        // «27 عاما قبل الميلاد» and the ages «… من عمره» stay as they are: the number and its unit.
        Some(if self.lexeme(end).is(Class::Few) && self.item(end).prefix == 0 { self.next(end) } else { end })
    }

    pub(super) fn is_unit(&self, at: usize) -> bool {
        let lexeme = self.lexeme(at);
        lexeme.is(Class::Unit) && !lexeme.is(Class::Definite) && self.item(at).prefix == 0
    }

    /// «ونصف», «و20 دقيقة» behind a duration.
    pub(super) fn more_duration(&self, at: usize, parts: &mut Parts) -> usize {
        let mut end = at;
        while let Some(next) = self.and(end) {
            if self.lexeme(next).is(Class::Fraction) && !self.norm(self.next(next)).starts_with("ال") {
                let (above, below) = self.lexeme(next).fraction;
                let part = Decimal::from(above).divided(below);
                parts.count = parts.count.zip(part).and_then(|(a, b)| a.plus(b));
                return self.next(next);
            }
            let Some(number) = self.number(next).filter(|n| self.is_unit(n.end)) else {
                if self.is_unit_only(next) {
                    let lexeme = self.lexeme(next);
                    let count = if lexeme.count == Count::Two { 2 } else { 1 };
                    parts.more.push((count.into(), lexeme.unit));
                    end = self.next(next);
                    continue;
                }
                break;
            };
            let unit = self.lexeme(number.end).unit;
            if unit as u8 >= parts.unit as u8 {
                break;
            }
            let Some(value) = number.value else { break };
            parts.more.push((value, unit));
            end = self.next(number.end);
        }
        end
    }

    /// «ويومين», «وساعة»: a unit that counts itself.
    pub(super) fn is_unit_only(&self, at: usize) -> bool {
        let lexeme = self.lexeme(at);
        lexeme.is(Class::Unit)
            && !lexeme.any(&[Class::Definite, Class::Ordinal])
            && lexeme.count == Count::Two
    }

    /// «قبل السنة», «بعد نحو العام».
    pub(super) fn definite_unit_alone(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let lexeme = self.lexeme(at);
        let approximate = at > 0 && self.lexeme(at - 1).is(Class::Approximate);
        (parts.unit, parts.count) = (lexeme.unit, Some(1.into()));
        (approximate && lexeme.is(Class::Unit) && lexeme.count == Count::One).then(|| self.next(at))
    }
}

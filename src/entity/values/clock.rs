//! Reading clock times: «الساعة 08:59 مساء», «التاسعة والنصف صباحا», «08:59 بتوقيت غرينتش», «الدقيقة 75».

use super::Reader;
use super::grammar::{Class, Unit};
use super::joints::Joint;
use crate::segment::Kind;

/// A time of day, as far as it was told.
#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    hour: u8,
    minute: u8,
    afternoon: Option<bool>,
}

impl Clock {
    /// `T20:59`.
    fn iso(self) -> String {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        format!("T{hour:02}:{:02}", self.minute)
    }
}

impl Reader<'_> {
    /// The clock time that begins at token `at`: its end and value.
    pub fn clock(&self, at: usize) -> Option<(usize, Option<String>)> {
        let lexeme = self.lexeme(at);
        if lexeme.is(Class::MinuteOfPlay) {
            return self.minute_of_play(at);
        }
        let named = lexeme.is(Class::Clock) && self.is_definite(at) | self.is_lal(at);
        if named {
            let from = self.next(at);
            let from = if self.is_article(from) { from + 1 } else { from };
            let (mut clock, end) = self.digits_of_clock(from, true).or_else(|| self.words_of_clock(from))?;
            let end = self.half_and_zone(end, &mut clock);
            return Some((end, Some(clock.iso())));
        }
        if let Some((mut clock, end)) = self.digits_of_clock(at, false) {
            let end = self.half_and_zone(end, &mut clock);
            return Some((end, Some(clock.iso())));
        }
        // «التاسعة صباحا»: only the half of the day tells it from an ordinal.
        let (mut clock, told) = self.words_of_clock(at)?;
        let end = self.half_and_zone(told, &mut clock);
        (end > told).then(|| (end, Some(clock.iso())))
    }

    /// «الدقيقة 75», «الدقيقة 90+3»; «75 دق» is read from its number.
    fn minute_of_play(&self, at: usize) -> Option<(usize, Option<String>)> {
        let from = self.next(at);
        let from = if self.is_article(from) { from + 1 } else { from };
        if self.kind(from) != Some(Kind::Number) {
            return None;
        }
        let extra = self.norm(from + 1) == "+" && self.kind(from + 2) == Some(Kind::Number);
        Some((if extra { from + 3 } else { from + 1 }, None))
    }

    /// «08:59», «20 و30 دقيقة», and behind «الساعة» also «20».
    fn digits_of_clock(&self, at: usize, named: bool) -> Option<(Clock, usize)> {
        if self.kind(at) != Some(Kind::Number) {
            return None;
        }
        let read = |index: usize, below: u8| {
            let text = self.norm(index);
            let fits = text.len() <= 2 && self.kind(index) == Some(Kind::Number);
            text.parse::<u8>().ok().filter(|&n| fits && n < below)
        };
        if let Some((hour, minute)) = self.norm(at).split_once(['.', ','])
            && named
            && let (Ok(hour @ 0..=24), Ok(minute @ 0..=59)) = (hour.parse(), minute.parse())
        {
            return Some((Clock { hour, minute, afternoon: None }, at + 1));
        }
        // «0553 بتوقيت غرينتش»
        let zone = self.lexeme(at + 1 + usize::from(self.norm(at + 1) == "(")).is(Class::Zone);
        if let Some((hour, minute)) = self.norm(at).split_at_checked(2)
            && zone
            && minute.len() == 2
            && let (Ok(hour @ 0..=24), Ok(minute @ 0..=59)) = (hour.parse(), minute.parse())
        {
            return Some((Clock { hour, minute, afternoon: None }, at + 1));
        }
        let hour = read(at, 25)?;
        let colon = (self.marks(at + 1, &[":"]) || self.joins(at + 1, &[Joint::Hours]))
            && self.norm(at + 2).len() == 2;
        if colon && (named || !self.after_space(at + 1) && !self.after_space(at + 2)) {
            let minute = read(at + 2, 60)?;
            if self.norm(at + 3) == ":"
                || at > 0 && self.norm(at - 1) == ":" && !named && !self.after_space(at)
            {
                return None;
            }
            return Some((Clock { hour, minute, afternoon: None }, at + 3));
        }
        if !named {
            return None;
        }
        if let Some(next) = self.and(at + 1)
            && let Some(minute) = read(next, 60)
        {
            let unit = usize::from(self.lexeme(next + 1).unit == Unit::Minute);
            return Some((Clock { hour, minute, afternoon: None }, next + 1 + unit));
        }
        Some((Clock { hour, minute: 0, afternoon: None }, at + 1))
    }

    /// «التاسعة», «الحادية عشرة والربع».
    fn words_of_clock(&self, at: usize) -> Option<(Clock, usize)> {
        let lexeme = self.lexeme(at);
        let one = lexeme.any(&[Class::Ones, Class::Ordinal]) && lexeme.number == 1;
        let definite = self.norm(at).starts_with("ال");
        if !definite || !(lexeme.is(Class::Ordinal) || one) {
            return None;
        }
        let feminine = self.norm(at).ends_with('ه');
        if !feminine {
            return None;
        }
        let (hour, mut end) = (lexeme.number, self.next(at));
        let teen = self.lexeme(end).is(Class::Ten) && self.item(end).prefix == 0;
        let hour = u8::try_from(if teen { hour + 10 } else { hour }).ok().filter(|&h| h <= 12)?;
        if teen {
            end = self.next(end);
        }
        let mut clock = Clock { hour, minute: 0, afternoon: None };
        if let Some(next) = self.and(end)
            && self.lexeme(next).any(&[Class::Fraction, Class::FractionBehind])
        {
            let (above, below) = self.lexeme(next).fraction;
            clock.minute = (60 * above / below) as u8;
            end = self.next(next);
        } else if let Some(next) = self.and(end)
            && let Some(number) = self.number(next)
            && self.lexeme(number.end).unit == Unit::Minute
            && let Some(minute) = number.value.and_then(|v| v.whole()).filter(|m| (0..60).contains(m))
        {
            clock.minute = minute as u8;
            end = self.next(number.end);
        }
        Some((clock, end))
    }

    /// Past «صباحا», «من مساء اليوم», «بعد الظهر», «بتوقيت غرينتش», «(ت غ)».
    fn half_and_zone(&self, at: usize, clock: &mut Clock) -> usize {
        let mut end = at;
        let half = self.lexeme(end);
        if half.is(Class::ClockHalf) && self.item(end).prefix == 0 {
            clock.afternoon = Some(half.afternoon);
            end = self.next(end);
        } else {
            let from = if self.joins(end, &[Joint::From]) { end + 1 } else { end };
            if self.lexeme(from).is(Class::DayPart) && self.item(from).prefix == 0 {
                clock.afternoon = self.lexeme(from).part_is_afternoon();
                let day = self.lexeme(self.next(from));
                end = if day.any(&[Class::Deictic, Class::Weekday]) {
                    self.date(from).map_or(self.next(from), |(end, _)| end)
                } else {
                    self.next(from)
                };
            }
        }
        let bracket = self.norm(end) == "(";
        let zone = if bracket { end + 1 } else { end };
        if self.lexeme(zone).is(Class::Zone) {
            let next = self.next(zone);
            if !bracket {
                return next;
            }
            if self.norm(next) == ")" {
                return next + 1;
            }
        }
        end
    }
}

//! Reading dates, periods and durations.
//!
//! A date is read in three steps: what may stand in front («مطلع», «قبل», «مساء»), a core («الأسبوع», «4 أكتوبر»,
//! «عامين»), and what extends it to the right («2016», «الماضي», «من العام الجاري»). All that was seen is gathered in
//! [`Parts`]; `period` makes a value of it.

use super::Reader;
use super::decimal::Decimal;
use super::grammar::{Class, Count, Unit};
use crate::segment::Kind;

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

    /// «صباح اليوم», «ليلة السبت», «الليلة الماضية».
    fn day_part(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
        if !self.lexeme(at).is(Class::DayPart) {
            return None;
        }
        let next = self.next(at);
        let construct = !self.norm_bare(at).starts_with("ال");
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

    /// «هذا الأسبوع», «هذه السنة», «هذا الصباح».
    fn this(&self, at: usize, parts: &mut Parts) -> Option<usize> {
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

    /// «اليوم», «يوم أمس», «الثلاثاء», «يومي السبت والأحد».
    fn named_day(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let lexeme = self.lexeme(at);
        if lexeme.is(Class::Deictic) {
            if self.norm(at) == "اليوم" && self.lexeme(self.next(at)).is(Class::Modifier) {
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
    fn next_weekday(&self, at: usize) -> usize {
        let linked = self.prefix(at) == "و" || self.norm(at) == "-" || self.norm(at) == "و";
        if self.lexeme(at).is(Class::Weekday) && self.prefix(at) == "و" {
            return self.next(at);
        }
        if linked && self.lexeme(at + 1).is(Class::Weekday) && self.item(at + 1).prefix == 0 {
            return self.next(at + 1);
        }
        at
    }

    /// «4 أكتوبر», «4 من شهر أكتوبر», «4 و5 أكتوبر», «الرابع من نوفمبر», «4/10/2016».
    fn calendar_day(&self, at: usize, parts: &mut Parts) -> Option<usize> {
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
    fn numeric_date(&self, at: usize, parts: &mut Parts) -> Option<usize> {
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

    /// A day of the month in digits or as an ordinal; its end.
    fn day_number(&self, at: usize) -> Option<(u8, usize)> {
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
        if self.prefix(next) == "و" && tens.is(Class::Tens) {
            return u8::try_from(lexeme.number + tens.number).ok().map(|day| (day, self.next(next)));
        }
        let teen = if tens.is(Class::Ten) && self.item(next).prefix == 0 { 10 } else { 0 };
        let end = if teen > 0 { self.next(next) } else { next };
        u8::try_from(lexeme.number + teen).ok().filter(|day| (1..=31).contains(day)).map(|day| (day, end))
    }

    /// Another day behind «و», «إلى», «،», «-», «أو» at `at`.
    fn linked_day(&self, at: usize) -> Option<(u8, usize)> {
        let from = match self.norm(at) {
            "و" | "الي" | "،" | "-" | "او" | "حتي" | "/" => at + 1,
            _ => return None,
        };
        let from = if self.norm(from) == "غايه" { from + 1 } else { from };
        let day_word = self.lexeme(from).unit == Unit::Day && !self.lexeme(from).is(Class::Definite);
        let from = if self.norm(from) == "و" || day_word { from + 1 } else { from };
        self.day_number(from)
    }

    /// The month behind a day: «أكتوبر», «من أكتوبر», «من شهر أكتوبر», two names of one month.
    fn month_behind(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let at = if self.norm(at) == "من" { at + 1 } else { at };
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
    fn month_name(&self, at: usize, parts: &mut Parts) -> Option<usize> {
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
    fn month_number(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let month: u8 = self.norm(at).parse().ok().filter(|month| (1..=12).contains(month))?;
        let counts =
            self.kind(at + 1) == Some(Kind::Word) && self.lexeme(at + 1).any(&[Class::Scale, Class::Unit]);
        (self.kind(at) == Some(Kind::Number) && !counts).then(|| {
            parts.month = Some(month);
            at + 1
        })
    }

    /// «أكتوبر», «شهر مارس», «شهري جوان وجويلية».
    fn month(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
        let lexeme = self.lexeme(at);
        if lexeme.unit == Unit::Month && lexeme.count != Count::Many {
            let next = self.next(at);
            if self.item(next).prefix > 0 {
                return None;
            }
            let end = self.month_name(next, parts).or_else(|| self.month_number(next, parts))?;
            let linked = if self.norm(end) == "او" { end + 1 } else { end };
            if linked > end || self.prefix(end) == "و" {
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
        let preposition = self.item(at).prefix > 0
            || at > 0
                && matches!(self.norm(at - 1), "في" | "منذ" | "خلال" | "الي" | "حتي" | "قبل" | "بعد" | "من");
        if told || governed || sure || preposition && lexeme.is(Class::AmbiguousMonth) {
            Some(end)
        } else {
            None
        }
    }

    /// A four-digit year.
    fn is_year(&self, at: usize) -> Option<i64> {
        if self.kind(at) != Some(Kind::Number) || self.norm(at).len() != 4 {
            return None;
        }
        self.norm(at).parse().ok().filter(|year| (1000..=2999).contains(year))
    }

    /// A year behind a month: of this calendar's or the last centuries.
    fn year_of_month(&self, at: usize, hijri: bool) -> Option<i64> {
        let year = self.is_year(at)?;
        let fits = (1700..=2100).contains(&year) && !self.counts_something(at + 1);
        (fits || hijri && (1200..=1500).contains(&year))
            .then_some(year)
            .filter(|y| !hijri || *y < 1500 || *y >= 1900)
    }

    /// «سنة 2016», «عامي 2015 و2016», «2016», «2015-2016».
    fn year(&self, at: usize, parts: &mut Parts) -> Option<usize> {
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
    fn counts_something(&self, at: usize) -> bool {
        let lexeme = self.lexeme(at);
        self.item(at).prefix == 0
            && (lexeme.any(&[Class::Currency, Class::Scale, Class::Percent])
                || (lexeme.is(Class::Unit) && !lexeme.is(Class::Definite) && lexeme.unit != Unit::Second)
                || self.is_counted_noun(at))
    }

    /// Past « و2017», «-2017», «/2017», «إلى 2017».
    fn second_year(&self, at: usize, parts: &mut Parts) -> usize {
        let from = match self.norm(at) {
            "و" | "-" | "/" | "–" => at + 1,
            _ => return at,
        };
        let tight = self.norm(at) == "و" || !self.document.tokens[at].after_space || !self.after_space(from);
        match self.is_year(from) {
            Some(year) if tight => {
                parts.last_year = Some(year);
                from + 1
            }
            _ => at,
        }
    }

    /// «الأسبوع الماضي», «السنوات الخمس الأخيرة», «الثلاثي الرابع», «الخمس سنوات القادمة», «القرن التاسع عشر».
    fn definite_period(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
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
        let definite = lexeme.is(Class::Definite) || self.norm_bare(at).starts_with("ال") || self.is_lal(at);
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
    fn period_bounds(&self, at: usize) -> Option<usize> {
        let stretching = self.norm(at).starts_with("الممتد") || self.norm(at).starts_with("الفاصل");
        let at = if stretching { at + 1 } else { at };
        let at = if self.norm(at) == "ما" { at + 1 } else { at };
        if !matches!(self.norm(at), "من" | "بين" | "مابين") {
            return None;
        }
        let mut parts = Parts::default();
        let first = self.calendar_day(at + 1, &mut parts).or_else(|| self.is_year(at + 1).map(|_| at + 2));
        let first = first.or_else(|| self.day_number(at + 1).map(|(_, end)| end))?;
        let from = match self.norm(first) {
            "و" | "الي" | "-" => first + 1,
            _ if self.prefix(first) == "و" => first,
            _ => return None,
        };
        let from = if self.norm(from) == "غايه" { from + 1 } else { from };
        let end = self.calendar_day(from, &mut parts).or_else(|| self.is_year(from).map(|_| from + 1))?;
        Some(self.extended(end, &mut parts))
    }

    /// The ordinal at `at` and its end: «الرابع», «التاسع عشر».
    fn ordinal(&self, at: usize) -> (i64, usize) {
        let next = self.next(at);
        if self.lexeme(next).is(Class::Ten) && self.item(next).prefix == 0 {
            return (self.lexeme(at).number + 10, self.next(next));
        }
        (self.lexeme(at).number, next)
    }

    /// «رأس السنة», «عيد الفطر».
    fn feast(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        parts.vague |= self.lexeme(at).is(Class::Feast);
        self.lexeme(at).is(Class::Feast).then(|| self.next(at))
    }

    /// «ثالث أيام عيد الفطر», «ثاني أيام العيد».
    fn day_of_feast(&self, at: usize, parts: &mut Parts) -> Option<usize> {
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

    /// «27 عاما», «ثلاثة أشهر», «عامين ونصف», «سنوات», «15 و40 سنة»; `governed`: «قبل» or «بعد» stands in front.
    fn duration(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
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
    fn unit_alone(&self, at: usize, parts: &mut Parts, governed: bool) -> Option<usize> {
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
    fn measures(&self, at: usize) -> bool {
        at > 0
            && matches!(
                self.lexeme(at).unit,
                Unit::Year | Unit::Month | Unit::Week | Unit::Century | Unit::Hour
            )
            && self.governs_length(at)
            && !self.norm(self.next(at)).starts_with("ال")
    }

    /// A word in front of `at` that only a length of time can follow.
    fn governs_length(&self, at: usize) -> bool {
        at > 0
            && (matches!(
                self.norm(at - 1),
                "خلال" | "منذ" | "غضون" | "لمده" | "مده" | "بعد" | "قبل" | "طيله" | "طوال"
            ) || self.lexeme_ending(at - 1).is(Class::Approximate))
    }

    fn is_function_word(&self, at: usize) -> bool {
        matches!(
            self.norm(at),
            "من" | "قبل" | "بعد" | "علي" | "في" | "عن" | "الي" | "ان" | "اذا" | "او" | "مع"
        )
    }

    /// A number and its unit.
    fn counted_unit(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let number = self.number(at).filter(|n| !n.vague || n.value.is_some())?;
        let mut unit = number.end;
        // «15 و40 سنة», «6 إلى 12 شهرا», «3-4 سنوات».
        let second = match self.norm(unit) {
            "و" | "الي" | "-" | "او" | "،" => self.number(unit + 1),
            _ if self.prefix(unit) == "و" => self.number(unit),
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

    fn is_unit(&self, at: usize) -> bool {
        let lexeme = self.lexeme(at);
        lexeme.is(Class::Unit) && !lexeme.is(Class::Definite) && self.item(at).prefix == 0
    }

    /// «ونصف», «و20 دقيقة» behind a duration.
    fn more_duration(&self, at: usize, parts: &mut Parts) -> usize {
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
    fn is_unit_only(&self, at: usize) -> bool {
        let lexeme = self.lexeme(at);
        lexeme.is(Class::Unit)
            && !lexeme.any(&[Class::Definite, Class::Ordinal])
            && lexeme.count == Count::Two
    }

    /// «قبل السنة», «بعد نحو العام».
    fn definite_unit_alone(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let lexeme = self.lexeme(at);
        let approximate = at > 0 && self.lexeme(at - 1).is(Class::Approximate);
        (parts.unit, parts.count) = (lexeme.unit, Some(1.into()));
        (approximate && lexeme.is(Class::Unit) && lexeme.count == Count::One).then(|| self.next(at))
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
        if matches!(self.norm(at), "(" | "،") && (parts.deictic.is_some() || parts.weekday.is_some()) {
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
        if parts.year.is_some() && !self.after_space(at) && matches!(self.norm(at), "م" | "ه") {
            parts.hijri |= self.norm(at) == "ه";
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
        if self.norm(at) == "من" && !has_day | parts.day.is_some() {
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

    /// «2015 / 2016», «(2016-2017)» behind «الموسم الماضي».
    fn season_years(&self, at: usize, parts: &mut Parts) -> Option<usize> {
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

    /// «2-10», «2/10» behind a weekday: day and month.
    fn short_date(&self, at: usize, parts: &mut Parts) -> Option<usize> {
        let tight =
            matches!(self.norm(at + 1), "-" | "/") && !self.after_space(at + 1) && !self.after_space(at + 2);
        let day: u8 = self.norm(at).parse().ok().filter(|d| (1..=31).contains(d))?;
        let month: u8 = self.norm(at + 2).parse().ok().filter(|m| (1..=12).contains(m))?;
        (parts.day, parts.month) = (Some(day), Some(month));
        tight.then_some(at + 3)
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

    /// «من السنة الماضية», «من سنة 2016», «من هذا العام», «من شهر مارس» at `at`: its end.
    fn of_period(&self, at: usize) -> Option<(usize, Parts)> {
        let from = match self.norm(at) {
            "من" => at + 1,
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
            .or_else(|| (self.norm(from) == "اليوم").then_some(from + 1))?;
        if parts.unit == Unit::Part {
            return None;
        }
        let end = self.extended(end, &mut parts);
        Some((end, parts))
    }
}

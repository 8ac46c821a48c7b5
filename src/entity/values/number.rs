//! Reading numbers in digits and words.

use super::Reader;
use super::decimal::Decimal;
use super::grammar::{Class, Count};
use super::joints::Joint;
use crate::segment::Kind;

/// A number that was read.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// First token behind it.
    pub end: usize,
    /// None for a vague one («عشرات») and for one that does not fit.
    pub value: Option<Decimal>,
    /// In digits alone.
    pub digits: bool,
    /// «عشرات», «مئات»: behind it stands «من» or a plural.
    pub vague: bool,
    /// Ends with a word of scale («ألف», «مليون»).
    pub scaled: bool,
}

impl Reader<'_> {
    /// The number that begins at token `at`, whatever stands in front of that.
    pub fn number(&self, at: usize) -> Option<Number> {
        if let Some(vague) = self.vague(at) {
            return Some(vague);
        }
        if let Some(fraction) = self.fraction(at) {
            return Some(fraction);
        }
        let mut total: Option<Decimal> = Some(0.into());
        let (mut end, mut digits, mut scaled) = (at, true, false);
        let mut limit = i64::MAX;
        loop {
            let from = if end == at { at } else { self.added(end)? };
            let Some(group) = self.group(from, limit) else { break };
            total = total.zip(group.value).and_then(|(a, b)| a.plus(b));
            (end, digits, scaled) = (group.end, digits && group.digits && end == at, group.scale > 1);
            limit = group.scale;
            // Digits are added up only behind a word of scale: «15 ألفا و300», but «15 و40».
            if limit <= 1 || self.added(end).is_none() {
                break;
            }
            if self.added(end).and_then(|next| self.group(next, limit)).is_none() {
                break;
            }
        }
        if end == at {
            return None;
        }
        let mut number = Number { end, value: total, digits, vague: false, scaled };
        if limit <= 1 {
            self.point_in_words(&mut number);
        }
        self.and_a_half(&mut number, limit);
        Some(number)
    }

    /// The token of a number that is added with و to what ends before `at`.
    pub(super) fn added(&self, at: usize) -> Option<usize> {
        if self.joins(at, &[Joint::And]) {
            return self.has(at + 1).then_some(at + 1).filter(|&next| self.item(next).prefix == 0);
        }
        (self.item(at).prefix > 0 && self.has_and(at)).then_some(at)
    }

    /// Digits or words below 1000 with the words of scale behind them.
    fn group(&self, at: usize, limit: i64) -> Option<Group> {
        let lexeme = self.lexeme(at);
        let mut group = if lexeme.is(Class::Double) {
            let scale = lexeme.number / 2;
            Group { end: self.next(at), value: Some(lexeme.number.into()), digits: false, scale }
        } else if lexeme.is(Class::Scale) {
            Group { end: at, value: Some(1.into()), digits: false, scale: 1 }
        } else if let Some((value, end)) = self.digits(at) {
            Group { end, value, digits: true, scale: 1 }
        } else {
            let (value, end) = self.small(at)?;
            Group { end, value: Some(value.into()), digits: false, scale: 1 }
        };
        while self.lexeme(group.end).is(Class::Scale) && (group.end == at || self.item(group.end).prefix == 0)
        {
            let scale = self.lexeme(group.end).number;
            group.value = group.value.and_then(|v| v.times(scale.into()));
            group.scale = group.scale.saturating_mul(scale);
            group.end = self.next(group.end);
            group.digits = false;
        }
        let fits = limit == i64::MAX || group.value.and_then(Decimal::whole).is_some_and(|v| v < limit);
        (fits && group.scale < limit).then_some(group)
    }

    /// Number words below 1000: value and end.
    fn small(&self, at: usize) -> Option<(i64, usize)> {
        let lexeme = self.lexeme(at);
        if lexeme.is(Class::Hundred) {
            let rest = self.added(self.next(at)).and_then(|next| self.below_hundred(next));
            return Some(match rest {
                Some((value, end)) => (lexeme.number + value, end),
                None => (lexeme.number, self.next(at)),
            });
        }
        if lexeme.is(Class::Ones) {
            let next = self.next(at);
            let hundred = self.lexeme(next);
            if hundred.is(Class::Hundred) && hundred.number == 100 && self.item(next).prefix == 0 {
                let value = lexeme.number * 100;
                let rest = self.added(self.next(next)).and_then(|next| self.below_hundred(next));
                return Some(rest.map_or((value, self.next(next)), |(more, end)| (value + more, end)));
            }
        }
        self.below_hundred(at)
    }

    fn below_hundred(&self, at: usize) -> Option<(i64, usize)> {
        let (lexeme, next) = (self.lexeme(at), self.next(at));
        if lexeme.any(&[Class::Teen, Class::Tens]) {
            return Some((lexeme.number, next));
        }
        if lexeme.any(&[Class::Ones, Class::First]) {
            if self.lexeme(next).is(Class::Ten) && self.item(next).prefix == 0 {
                return Some((lexeme.number + 10, self.next(next)));
            }
            if let Some(tens) = self.added(next).filter(|&t| self.lexeme(t).is(Class::Tens)) {
                return Some((lexeme.number + self.lexeme(tens).number, self.next(tens)));
            }
        }
        lexeme.any(&[Class::Ones, Class::Ten]).then_some((lexeme.number, next))
    }

    /// «عشرة فاصلة سبعة», «أربعة فاصلة خمسة مليون»: the decimals as a number word, and words of scale for the whole.
    fn point_in_words(&self, number: &mut Number) {
        let point = number.end;
        if !self.lexeme(point).is(Class::Point) || self.item(point).prefix > 0 {
            return;
        }
        let Some((decimals, end)) = self.small(self.next(point)) else { return };
        let below = 10_i64.pow(decimals.to_string().len() as u32);
        let part = Decimal::from(decimals).divided(below);
        number.value = number.value.zip(part).and_then(|(a, b)| a.plus(b));
        (number.end, number.digits) = (end, false);
        while self.lexeme(number.end).is(Class::Scale) && self.item(number.end).prefix == 0 {
            let scale = self.lexeme(number.end).number;
            number.value = number.value.and_then(|v| v.times(scale.into()));
            (number.end, number.scaled) = (self.next(number.end), true);
        }
    }

    /// «ونصف», «وربع» behind a number: of the last word of scale, or of one.
    fn and_a_half(&self, number: &mut Number, scale: i64) {
        let Some(at) = self.added(number.end) else { return };
        if !self.lexeme(at).any(&[Class::Fraction, Class::FractionBehind]) {
            return;
        }
        // «مئة ونصف كيلو» is rare, «خمسة ونصف المبلغ» rarer still: a fraction with the article or before it is no part.
        let next = self.next(at);
        if self.lexeme(at).is(Class::Definite) || self.norm(next).starts_with("ال") {
            return;
        }
        let (above, below) = self.lexeme(at).fraction;
        let part = Decimal::from(above * scale.min(i64::MAX / 4)).divided(below);
        number.value = number.value.zip(part).and_then(|(a, b)| a.plus(b));
        (number.end, number.digits) = (next, false);
    }

    /// «عشرات», «مئات الآلاف», «آلاف», «الملايين»: numbers without a value.
    fn vague(&self, at: usize) -> Option<Number> {
        let lexeme = self.lexeme(at);
        let plural = |index: usize| self.lexeme(index).is(Class::Scale) && self.is_plural(index);
        if !lexeme.is(Class::Vague) && !plural(at) {
            return None;
        }
        let mut end = self.next(at);
        while plural(end) && self.item(end).prefix == 0 {
            end = self.next(end);
        }
        Some(Number { end, value: None, digits: false, vague: true, scaled: plural(end - 1) })
    }

    /// A plural of scale: «آلاف», «ملايين», «مليارات».
    fn is_plural(&self, at: usize) -> bool {
        self.lexeme(at).count == Count::Many
    }

    /// «نصف», «ثلثي», «نصف مليون», «ثلاثة أرباع».
    fn fraction(&self, at: usize) -> Option<Number> {
        let (lexeme, next) = (self.lexeme(at), self.next(at));
        if lexeme.is(Class::Fraction) {
            let (above, below) = lexeme.fraction;
            let scale = self.lexeme(next);
            let scaled = scale.is(Class::Scale) && self.item(next).prefix == 0;
            let value = Decimal::from(if scaled { above * scale.number } else { above }).divided(below);
            let end = if scaled { self.next(next) } else { next };
            return Some(Number { end, value, digits: false, vague: false, scaled });
        }
        if lexeme.is(Class::Ones) && self.lexeme(next).is(Class::Fractions) {
            let (above, below) = self.lexeme(next).fraction;
            let value = Decimal::from(lexeme.number * above).divided(below);
            return Some(Number { end: self.next(next), value, digits: false, vague: false, scaled: false });
        }
        None
    }

    /// Digits at `at` with their separators: value (none where it does not fit) and end.
    pub fn digits(&self, at: usize) -> Option<(Option<Decimal>, usize)> {
        if self.kind(at) != Some(Kind::Number) {
            return None;
        }
        // News agencies of the Maghreb write the decimals first: «7ر96» is 96.7.
        let joined = |index: usize| self.has(index) && !self.document.tokens[index].after_space;
        let parts = |separator: &str| {
            self.norm(at + 1) == separator
                && joined(at + 1)
                && joined(at + 2)
                && self.kind(at + 2) == Some(Kind::Number)
        };
        if parts("ر") {
            return Some((Decimal::from_digits(self.plain(at + 2), self.plain(at)), at + 3));
        }
        if parts("،") {
            return Some((Decimal::from_digits(self.plain(at), self.plain(at + 2)), at + 3));
        }
        if self.lexeme(at + 1).is(Class::Point) && self.kind(at + 2) == Some(Kind::Number) {
            return Some((Decimal::from_digits(self.plain(at), self.plain(at + 2)), at + 3));
        }
        let mut end = at + 1;
        let group = |index: usize| {
            self.kind(index) == Some(Kind::Number)
                && self.norm(index).len() == 3
                && self.norm(index).bytes().all(|b| b.is_ascii_digit())
        };
        if self.norm(at).len() <= 3 && self.norm(at).bytes().all(|b| b.is_ascii_digit()) {
            while group(end) {
                end += 1;
            }
        }
        if end > at + 1 {
            let all = (at..end).flat_map(|index| self.norm(index).bytes());
            return Some((Decimal::from_digits(all, std::iter::empty()), end));
        }
        Some((written(self.norm(at)), at + 1))
    }

    /// The ASCII digits of a token.
    fn plain(&self, at: usize) -> impl Iterator<Item = u8> {
        self.norm(at).bytes().filter(u8::is_ascii_digit)
    }
}

struct Group {
    end: usize,
    value: Option<Decimal>,
    digits: bool,
    /// Product of the words of scale; 1 without.
    scale: i64,
}

/// The value of folded digits with separators.
///
/// «٫» and a single «.» are decimal points; «٬», repeated separators and a «,» before exactly three digits part
/// thousands; any other «,» is a decimal point.
fn written(text: &str) -> Option<Decimal> {
    let separators = text.chars().filter(|c| !c.is_ascii_digit()).count();
    let last = text.rfind(|c: char| !c.is_ascii_digit());
    let point = match last {
        None => None,
        Some(at) => {
            let mark = text[at..].chars().next()?;
            let behind = text.len() - at - mark.len_utf8();
            let mixed = text[..at].contains(|c: char| !c.is_ascii_digit() && c != mark);
            let decimal = match mark {
                '٫' => true,
                '٬' => false,
                '.' => separators == 1 || mixed,
                _ => (separators == 1 || mixed) && behind != 3,
            };
            decimal.then_some(at)
        }
    };
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let (whole, fraction) = point.map_or((text, ""), |at| (&text[..at], &text[at..]));
    Decimal::from_digits(digits(whole).into_iter(), digits(fraction).into_iter())
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn separators() {
        for (text, want) in [
            ("60", "60"),
            ("3.5", "3.5"),
            ("3,5", "3.5"),
            ("1,250", "1250"),
            ("1,250.5", "1250.5"),
            ("1.250,5", "1250.5"),
            ("1.200.000", "1200000"),
            ("2٫75", "2.75"),
            ("1٬000", "1000"),
        ] {
            assert_eq!(written(text).unwrap().to_string(), want, "{text}");
        }
    }
}

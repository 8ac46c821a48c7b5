//! Exact decimals: amounts as they are written, without the rounding of binary floats.

use std::fmt;

/// `mantissa / 10^scale`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// Digits behind the point that a division keeps.
const DIVISION_DIGITS: u32 = 6;

impl Decimal {
    /// The product, none where it does not fit.
    pub fn times(self, other: Decimal) -> Option<Decimal> {
        let mantissa = self.mantissa.checked_mul(other.mantissa)?;
        Some(Decimal { mantissa, scale: self.scale.checked_add(other.scale)? }.reduced())
    }

    /// The sum, none where it does not fit.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let raised = |d: Decimal| d.mantissa.checked_mul(10i128.checked_pow(scale - d.scale)?);
        Some(Decimal { mantissa: raised(self)?.checked_add(raised(other)?)?, scale }.reduced())
    }

    /// The quotient by a whole number, cut after six digits where it does not end.
    pub fn divided(self, by: i64) -> Option<Decimal> {
        let raised = self.mantissa.checked_mul(10i128.pow(DIVISION_DIGITS))?;
        let mantissa = raised.checked_div(by as i128)?;
        Some(Decimal { mantissa, scale: self.scale.checked_add(DIVISION_DIGITS)? }.reduced())
    }

    /// The value where it is a whole number that fits.
    pub fn whole(self) -> Option<i64> {
        (self.scale == 0).then(|| i64::try_from(self.mantissa).ok()).flatten()
    }

    /// `whole` and `fraction`, both in ASCII digits, on the two sides of the point; none where it does not fit.
    pub fn from_digits(
        whole: impl Iterator<Item = u8>,
        fraction: impl Iterator<Item = u8>,
    ) -> Option<Decimal> {
        let mut number = Decimal::default();
        for (digit, behind) in whole.map(|d| (d, 0)).chain(fraction.map(|d| (d, 1))) {
            let digit = (digit - b'0') as i128;
            number.mantissa = number.mantissa.checked_mul(10)?.checked_add(digit)?;
            number.scale += behind;
        }
        Some(number.reduced())
    }

    fn reduced(mut self) -> Decimal {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Decimal {
        Decimal { mantissa: whole as i128, scale: 0 }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Decimal::from_digits(whole.bytes(), fraction.bytes()).unwrap()
    }

    #[test]
    fn sums_and_products_are_exact() {
        assert_eq!(decimal("2.3").times(1_000_000.into()).unwrap().to_string(), "2300000");
        assert_eq!(decimal("0.10").plus(decimal("0.2")).unwrap().to_string(), "0.3");
        assert_eq!(Decimal::from(1).divided(3).unwrap().to_string(), "0.333333");
        assert_eq!(decimal("0.05").to_string(), "0.05");
        assert_eq!(decimal("17.0").whole(), Some(17));
        assert_eq!(decimal("1.5").whole(), None);
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let long = "9".repeat(40);
        assert_eq!(Decimal::from_digits(long.bytes(), "".bytes()), None);
        let large = Decimal::from_digits("9".repeat(38).bytes(), "".bytes()).unwrap();
        assert_eq!(large.times(10.into()), None);
        assert_eq!(large.plus(large), None);
    }
}

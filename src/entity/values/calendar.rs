//! Days, months, years and their ISO 8601 spelling.
//!
//! Day numbers count from 1970-01-01 (proleptic Gregorian). The Hijri calendar is the tabular one, civil epoch, leap
//! years 2 5 7 10 13 16 18 21 24 26 29 of each cycle of 30: within a day or two of the sighted months of any country.

use crate::entity::Day;

impl Day {
    /// Days since 1970-01-01.
    pub fn number(self) -> i64 {
        // Howard Hinnant's days_from_civil: years begin in March, eras have 400 years.
        let year = self.year as i64 - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year =
            (153 * (self.month as i64 + if self.month > 2 { -3 } else { 9 }) + 2) / 5 + self.day as i64 - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day of a number of [`Day::number`].
    pub fn from_number(number: i64) -> Day {
        let shifted = number + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * march + 2) / 5 + 1) as u8;
        let month = if march < 10 { march + 3 } else { march - 9 } as u8;
        Day { year: (year + era * 400 + i64::from(month <= 2)) as i32, month, day }
    }

    /// A day that the calendar has.
    pub fn checked(year: i32, month: u8, day: u8) -> Option<Day> {
        let fits = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        fits.then_some(Day { year, month, day })
    }

    /// 1 for Monday … 7 for Sunday.
    pub fn weekday(self) -> u8 {
        (self.number() + 3).rem_euclid(7) as u8 + 1
    }

    /// `days` later (earlier where negative).
    pub fn plus_days(self, days: i64) -> Day {
        Day::from_number(self.number() + days)
    }

    /// Year and month `months` later.
    pub fn plus_months(self, months: i64) -> (i32, u8) {
        let month = self.year as i64 * 12 + self.month as i64 - 1 + months;
        (month.div_euclid(12) as i32, month.rem_euclid(12) as u8 + 1)
    }

    /// `YYYY-MM-DD`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// The day that `YYYY-MM-DD` begins with, whatever follows.
    pub fn from_iso(text: &str) -> Option<Day> {
        let mut parts = text.get(..10)?.split('-');
        let mut next =
            |n: usize| parts.next().filter(|p| p.len() == n && p.bytes().all(|b| b.is_ascii_digit()));
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        Day::checked(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }
}

/// Days of a Gregorian month.
pub fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The Gregorian day of a day of the tabular Hijri calendar; months 1–12, days 1–30.
pub fn hijri(year: i64, month: i64, day: i64) -> Day {
    // 1 Muharram 1 is 16 July 622 (Julian), the day −492,148 of the count from 1970.
    let days = day + (59 * (month - 1) + 1) / 2 + (year - 1) * 354 + (3 + 11 * year).div_euclid(30) - 1;
    Day::from_number(days - 492_148)
}

/// Hijri year and month of a Gregorian day.
pub fn to_hijri(day: Day) -> (i64, i64) {
    let mut year = ((day.number() + 492_148) * 30 + 10_646).div_euclid(10_631);
    while hijri(year + 1, 1, 1) <= day {
        year += 1;
    }
    while hijri(year, 1, 1) > day {
        year -= 1;
    }
    let month = (1..=12).rev().find(|&m| hijri(year, m, 1) <= day).unwrap_or(1);
    (year, month)
}

/// First and last day of a Hijri month, as an interval.
pub fn hijri_month(year: i64, month: i64) -> (Day, Day) {
    let next = if month == 12 { hijri(year + 1, 1, 1) } else { hijri(year, month + 1, 1) };
    (hijri(year, month, 1), next.plus_days(-1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).unwrap()
    }

    #[test]
    fn known_days() {
        assert_eq!(day("1970-01-01").number(), 0);
        assert_eq!(day("2016-10-04").weekday(), 2);
        assert_eq!(day("2016-02-28").plus_days(2).iso(), "2016-03-01");
        assert_eq!(day("2016-01-31").plus_months(-1), (2015, 12));
        assert_eq!(Day::from_iso("2015-02-29"), None);
        assert_eq!(Day::from_iso("2015-2-9xxx"), None);
    }

    #[test]
    fn hijri_days() {
        // 1 Muharram 1437 and 1 Ramadan 1438 by the tabular calendar.
        assert_eq!(hijri(1437, 1, 1).iso(), "2015-10-15");
        assert_eq!(hijri(1438, 9, 1).iso(), "2017-05-27");
        assert_eq!(to_hijri(day("2017-06-01")), (1438, 9));
    }

    proptest! {
        #[test]
        fn numbers_and_days_agree(number in -1_000_000i64..1_000_000) {
            let day = Day::from_number(number);
            prop_assert_eq!(day.number(), number);
            prop_assert!(Day::checked(day.year, day.month, day.day).is_some());
            let (year, month) = to_hijri(day);
            let (first, last) = hijri_month(year, month);
            prop_assert!(first <= day && day <= last);
        }
    }
}

//! ISO 8601 values of dates, resolved against the article's day.
//!
//! A day is `2016-10-04`; a month or a year has reduced precision, `2016-10`, `2016`; other stretches are intervals
//! `first/last` of days or years, both ends included; a length of time is `P27Y` or `PT17H`. What needs the article's
//! day gets no value where that is not known, nor does what no calendar tells («الآونة الأخيرة»).
//!
//! A weekday without «الماضي» or «القادم» is the last one up to the article's day; a day and month, or a month, without
//! a year is the nearest one.

use super::calendar::{self, days_in_month};
use super::date::Parts;
use super::grammar::Unit;
use crate::entity::Day;

/// The value of `parts`; `today` is the article's day.
pub fn value(parts: &Parts, today: Option<Day>) -> Option<String> {
    if parts.vague {
        return None;
    }
    if parts.direction != 0 {
        return from_today(parts, today?);
    }
    if let Some(days) = parts.deictic
        && parts.month.is_none()
    {
        return Some(today?.plus_days(days as i64).iso());
    }
    if let Some(month) = parts.month {
        return if parts.hijri { hijri(parts, month, today) } else { month_or_day(parts, month, today) };
    }
    if let Some(weekday) = parts.weekday {
        return Some(near_weekday(weekday, parts.shift, today?).iso());
    }
    if let Some(year) = parts.year {
        return Some(years(parts, year));
    }
    if let Some(shift) = parts.shift {
        return shifted_unit(parts, shift as i64, today?);
    }
    match (parts.unit, parts.ordinal) {
        (Unit::Century, Some(n)) => Some(format!("{:04}/{:04}", (n - 1) * 100 + 1, n * 100)),
        (_, Some(_)) => None,
        _ => length(parts),
    }
}

/// «قبل عامين», «بعد 3 أيام»: as precise as its unit.
fn from_today(parts: &Parts, today: Day) -> Option<String> {
    let count = parts.count?.whole().filter(|n| n.abs() < 100_000)? * parts.direction as i64;
    let month = |months: i64| {
        let (year, month) = today.plus_months(months);
        (1..=9999).contains(&year).then(|| format!("{year:04}-{month:02}"))
    };
    let year = |years: i64| {
        let year = today.year as i64 + years;
        (1..=9999).contains(&year).then(|| format!("{year:04}"))
    };
    match parts.unit {
        Unit::Day => Some(today.plus_days(count).iso()),
        Unit::Week => Some(today.plus_days(7 * count).iso()),
        Unit::Month => month(count),
        Unit::Year => year(count),
        Unit::Decade => year(10 * count),
        Unit::Century => year(100 * count),
        _ => None,
    }
}

fn month_or_day(parts: &Parts, month: u8, today: Option<Day>) -> Option<String> {
    let year = match (parts.year, parts.year_shift, today) {
        (Some(year), ..) => i32::try_from(year).ok()?,
        (None, Some(shift), Some(today)) => today.year + shift as i32,
        (None, None, Some(today)) => near_year(parts, month, today),
        _ => return None,
    };
    let Some(day) = parts.day else { return Some(format!("{year:04}-{month:02}")) };
    let first = Day::checked(year, month, day)?;
    match parts.last_day {
        Some(last) => Some(format!("{}/{}", first.iso(), Day::checked(year, month, last)?.iso())),
        None => Some(first.iso()),
    }
}

/// The year of a month (and day) that names none.
fn near_year(parts: &Parts, month: u8, today: Day) -> i32 {
    let place = |year: i32| {
        let day = parts.day.unwrap_or(15).clamp(1, days_in_month(year, month));
        Day { year, month, day }
    };
    let this_month = (today.year, today.month);
    let years = [today.year - 1, today.year, today.year + 1];
    let found = match parts.shift {
        Some(0) => Some(today.year),
        Some(-1) if parts.day.is_some() => years.into_iter().rev().find(|&y| place(y) < today),
        Some(-1) => years.into_iter().rev().find(|&y| (y, month) < this_month),
        Some(1) if parts.day.is_some() => years.into_iter().find(|&y| place(y) > today),
        Some(1) => years.into_iter().find(|&y| (y, month) > this_month),
        _ => years.into_iter().min_by_key(|&y| (place(y).number() - today.number()).abs()),
    };
    found.unwrap_or(today.year)
}

fn near_weekday(weekday: u8, shift: Option<i8>, today: Day) -> Day {
    let back = (today.weekday() + 7 - weekday) % 7;
    match shift {
        Some(1) => today.plus_days(if back == 0 { 7 } else { 7 - back as i64 }),
        Some(-1) if back == 0 => today.plus_days(-7),
        _ => today.plus_days(-(back as i64)),
    }
}

fn years(parts: &Parts, year: i64) -> String {
    if parts.hijri {
        let (first, last) = (calendar::hijri(year, 1, 1), calendar::hijri(year + 1, 1, 1).plus_days(-1));
        return format!("{}/{}", first.iso(), last.iso());
    }
    match parts.last_year {
        Some(last) => format!("{year:04}/{last:04}"),
        None => format!("{year:04}"),
    }
}

fn hijri(parts: &Parts, month: u8, today: Option<Day>) -> Option<String> {
    let month = month as i64;
    let year = match (parts.year, today) {
        (Some(year), _) if year < 1700 => year,
        // A Gregorian year with a Hijri month: the Hijri year that the month falls in.
        (Some(year), _) => {
            let day = Day { year: i32::try_from(year).ok()?, month: 1, day: 1 };
            let (first, _) = calendar::to_hijri(day);
            if calendar::hijri(first, month, 1) >= day { first } else { first + 1 }
        }
        (None, Some(today)) => {
            let (year, current) = calendar::to_hijri(today);
            match parts.shift {
                Some(-1) if month >= current => year - 1,
                Some(1) if month <= current => year + 1,
                Some(_) => year,
                None => {
                    let distance = |year: &i64| {
                        let (first, last) = calendar::hijri_month(*year, month);
                        (first.number() - today.number()).max(today.number() - last.number()).max(0)
                    };
                    [year - 1, year, year + 1].into_iter().min_by_key(distance).unwrap_or(year)
                }
            }
        }
        _ => return None,
    };
    if let Some(day) = parts.day {
        return (day <= 30).then(|| calendar::hijri(year, month, day as i64).iso());
    }
    let (first, last) = calendar::hijri_month(year, month);
    Some(format!("{}/{}", first.iso(), last.iso()))
}

/// «الأسبوع الماضي», «العام المقبل», «السنوات الخمس الأخيرة».
fn shifted_unit(parts: &Parts, shift: i64, today: Day) -> Option<String> {
    if let Some(count) = parts.count.and_then(|c| c.whole()).filter(|&n| n > 1 && n < 10_000) {
        let far = |n: i64| match parts.unit {
            Unit::Day => Some(today.plus_days(n)),
            Unit::Week => Some(today.plus_days(7 * n)),
            Unit::Month | Unit::Year => {
                let (year, month) = today.plus_months(if parts.unit == Unit::Year { 12 * n } else { n });
                Some(Day { year, month, day: today.day.min(days_in_month(year, month)) })
            }
            _ => None,
        };
        let (other, now) = (far(count * shift.signum())?, today);
        return Some(format!("{}/{}", other.min(now).iso(), other.max(now).iso()));
    }
    match parts.unit {
        Unit::Day => Some(today.plus_days(shift).iso()),
        Unit::Week => {
            let monday = today.plus_days(1 - today.weekday() as i64 + 7 * shift);
            Some(format!("{}/{}", monday.iso(), monday.plus_days(6).iso()))
        }
        Unit::Month => {
            let (year, month) = today.plus_months(shift);
            Some(format!("{year:04}-{month:02}"))
        }
        Unit::Year => Some(format!("{:04}", today.year as i64 + shift)),
        Unit::Decade => {
            let first = (today.year as i64).div_euclid(10) * 10 + 10 * shift;
            Some(format!("{first:04}/{:04}", first + 9))
        }
        Unit::Century => {
            let first = (today.year as i64 - 1).div_euclid(100) * 100 + 1 + 100 * shift;
            Some(format!("{first:04}/{:04}", first + 99))
        }
        _ => None,
    }
}

/// A length of time: `P27Y`, `PT17H20M`.
fn length(parts: &Parts) -> Option<String> {
    let mut all = vec![(parts.count?, parts.unit)];
    all.extend(&parts.more);
    let (mut date, mut time) = (String::new(), String::new());
    for (count, unit) in all {
        let times = |n: i64| count.times(n.into()).map(|c| c.to_string());
        match unit {
            Unit::Century => date += &format!("{}Y", times(100)?),
            Unit::Decade => date += &format!("{}Y", times(10)?),
            Unit::Year => date += &format!("{count}Y"),
            Unit::Month => date += &format!("{count}M"),
            Unit::Week => date += &format!("{count}W"),
            Unit::Day => date += &format!("{count}D"),
            Unit::Hour => time += &format!("{count}H"),
            Unit::Minute => time += &format!("{count}M"),
            Unit::Second => time += &format!("{count}S"),
            _ => return None,
        }
    }
    Some(if time.is_empty() { format!("P{date}") } else { format!("P{date}T{time}") })
}

//! The articles' dates: one for all, or a column of them.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateAccess, PyFloat, PyString};

use super::errors::RawabitError;
use crate::entity::Day;

/// Dates of the rows of a column.
#[derive(Debug)]
pub enum Dates {
    One(Option<Day>),
    Column(Vec<Option<Day>>),
}

impl Dates {
    /// The date of row `row`.
    pub fn get(&self, row: usize) -> Option<Day> {
        match self {
            Dates::One(day) => *day,
            Dates::Column(days) => days[row],
        }
    }
}

/// Read `date=`: `None`, one date (`datetime.date`, `datetime` or an ISO 8601 string), or a column of `rows` dates.
pub fn read(date: Option<&Bound<'_, PyAny>>, rows: usize) -> PyResult<Dates> {
    let Some(date) = date else { return Ok(Dates::One(None)) };
    if date.is_instance_of::<PyString>() || date.is_instance_of::<PyDate>() || is_missing(date)? {
        return Ok(Dates::One(day(date).map_err(|wrong| wrong.error("date"))?));
    }
    // pyarrow's items are scalars of its own; its lists are of Python's dates.
    let items = if date.hasattr("to_pylist")? { date.call_method0("to_pylist")? } else { date.clone() };
    let items = items.try_iter().map_err(|_| {
        let found = date.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        PyTypeError::new_err(format!("date: expected a date, a str or a column of them, got {found}"))
    })?;
    let mut days = Vec::with_capacity(rows);
    for (row, item) in items.enumerate() {
        days.push(day(&item?).map_err(|wrong| wrong.error(&format!("date of row {row}")))?);
    }
    if days.len() != rows {
        return Err(RawabitError::new_err(format!("{} dates for {rows} texts", days.len())));
    }
    Ok(Dates::Column(days))
}

enum Wrong {
    Value(String),
    Type(String),
}

impl Wrong {
    fn error(self, place: &str) -> PyErr {
        match self {
            Wrong::Value(text) => RawabitError::new_err(format!(
                "{place}: {text:?} is no date; expected year-month-day, for example 2015-07-21"
            )),
            Wrong::Type(name) => {
                PyTypeError::new_err(format!("{place} is {name}, expected a date, an ISO 8601 str or None"))
            }
        }
    }
}

fn is_missing(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    if item.is_none() || item.cast::<PyFloat>().is_ok_and(|number| number.value().is_nan()) {
        return Ok(true);
    }
    let name = item.get_type().name()?;
    Ok(name == "NAType" || name == "NaTType")
}

fn day(item: &Bound<'_, PyAny>) -> Result<Option<Day>, Wrong> {
    // NaT is a datetime whose year is NaN.
    if is_missing(item).unwrap_or(false) {
        return Ok(None);
    }
    if let Ok(date) = item.cast::<PyDate>() {
        return Ok(Some(Day { year: date.get_year(), month: date.get_month(), day: date.get_day() }));
    }
    let name = item.get_type().name().map(|name| name.to_string()).unwrap_or_default();
    if !item.is_instance_of::<PyString>() && name != "datetime64" {
        return Err(Wrong::Type(name));
    }
    let text = item.str().map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    if text == "NaT" || text.trim().is_empty() {
        return Ok(None);
    }
    parse(&text).map(Some).ok_or(Wrong::Value(text))
}

/// The day of an ISO 8601 date or date and time.
fn parse(text: &str) -> Option<Day> {
    let text = text.trim();
    let date = text.split(['T', ' ']).next()?;
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let day = Day { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    ((1..=12).contains(&day.month) && (1..=days_in(day.year, day.month)).contains(&day.day)).then_some(day)
}

fn days_in(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_are_read_and_others_refused() {
        let day = |year, month, day| Some(Day { year, month, day });
        for (text, want) in [
            ("2015-07-21", day(2015, 7, 21)),
            ("2017-01-20T21:43:00+01:00", day(2017, 1, 20)),
            (" 2016-02-29 00:00:00", day(2016, 2, 29)),
            ("2015-02-29", None),
            ("2015-13-01", None),
            ("21/07/2015", None),
            ("2015-7-21", None),
            ("+201-07-21", None),
            ("2015", None),
        ] {
            assert_eq!(parse(text), want, "{text}");
        }
    }
}

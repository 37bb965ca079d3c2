//! Dates and times as people write them. Pure: text to date.

use chrono::{Days, NaiveDate};

use crate::case::model::{Date, Timestamp};

/// What a text means as a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// No doubt about it.
    Plain(Date),
    /// Two readings are possible: the one that is taken, and the other.
    Ambiguous(Date, Date),
    /// A month or a year: its first day.
    Begins(Date),
    /// A day's number as spreadsheet programs keep it.
    Serial(Date),
}

/// Which of two numbers is the day in the dates of one column: what `05/02/2019` leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    day_first: bool,
    month_first: bool,
}

impl Order {
    /// Learns from a date of the same column.
    pub(super) fn learn(&mut self, text: &str) {
        if let Some((first, second, _, _)) = three_numbers(text) {
            self.day_first |= first > 12 && second <= 12;
            self.month_first |= second > 12 && first <= 12;
        }
    }
}

/// The day that the text means; `None` when it is no date.
pub(super) fn date(text: &str, order: Order) -> Option<Reading> {
    let text = text.trim();
    if let Some(date) = Date::repair(text) {
        return Some(Reading::Plain(date));
    }
    if let Some((first, second, year, mark)) = three_numbers(text) {
        return numbers(first, second, year, mark, order);
    }
    let exact =
        ["%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y", "%d-%b-%y"];
    let plain = text.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let day_only =
        plain.split_once(' ').filter(|(first, _)| first.contains(['/', '.'])).map_or(plain.as_str(), |(d, _)| d);
    // A year of two digits is one of four for some of these, and of the first century.
    let parse = |format: &&str| NaiveDate::parse_from_str(day_only, format).ok().filter(|day| plausible(*day));
    if let Some(day) = exact.iter().find_map(parse) {
        return written(day).map(Reading::Plain);
    }
    if let Ok(serial) = plain.split('.').next().unwrap_or(&plain).parse::<u64>()
        && plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && (20_000..80_000).contains(&serial)
    {
        // Day 60 is the 29th of February 1900, which never was: so spreadsheets count.
        let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(serial))?;
        return written(day).map(Reading::Serial);
    }
    let month = ["%Y-%m-%d", "%Y/%m/%d", "%B %Y %d", "%b %Y %d"];
    let of_month = [format!("{plain}-01"), format!("{plain}/01"), format!("{plain} 01")];
    let begins =
        month.iter().find_map(|format| of_month.iter().find_map(|text| NaiveDate::parse_from_str(text, format).ok()));
    let year =
        (plain.len() == 4).then(|| plain.parse().ok()).flatten().and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1));
    begins.or(year).filter(|day| plausible(*day)).and_then(written).map(Reading::Begins)
}

/// The instant that the text means; `None` when it is none.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    Timestamp::repair(text).or_else(|| match date(text, Order::default())? {
        Reading::Plain(day) | Reading::Serial(day) | Reading::Begins(day) | Reading::Ambiguous(day, _) => {
            Timestamp::repair(day.as_str())
        }
    })
}

fn numbers(first: u32, second: u32, year: i32, mark: char, order: Order) -> Option<Reading> {
    let day_month = NaiveDate::from_ymd_opt(year, second, first).and_then(written);
    let month_day = NaiveDate::from_ymd_opt(year, first, second).and_then(written);
    match (day_month, month_day) {
        (Some(one), Some(other)) if one == other => Some(Reading::Plain(one)),
        (Some(day_month), Some(month_day)) => Some(match (order.day_first, order.month_first) {
            (true, false) => Reading::Plain(day_month),
            (false, true) => Reading::Plain(month_day),
            // Where nothing else tells: slashes are American, other marks are not.
            _ if mark == '/' => Reading::Ambiguous(month_day, day_month),
            _ => Reading::Ambiguous(day_month, month_day),
        }),
        (one, other) => one.or(other).map(Reading::Plain),
    }
}

/// `05/02/2019`, `5.2.19`, with or without a time of day behind it.
fn three_numbers(text: &str) -> Option<(u32, u32, i32, char)> {
    let day = text.split_whitespace().next()?;
    let mark = day.chars().find(|c| !c.is_ascii_digit()).filter(|c| "/.-".contains(*c))?;
    let parts: Vec<&str> = day.split(mark).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    if first.len() > 2 || second.len() > 2 || !(year.len() == 2 || year.len() == 4) {
        return None;
    }
    let short: i32 = year.parse().ok()?;
    let year = match (year.len(), short) {
        (4, year) => year,
        (_, year) if year < 70 => 2000 + year,
        (_, year) => 1900 + year,
    };
    Some((first.parse().ok()?, second.parse().ok()?, year, mark))
}

fn plausible(day: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1800..2200).contains(&day.year())
}

fn written(day: NaiveDate) -> Option<Date> {
    Date::parse(&day.format("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn dates_are_read_in_every_form_people_write_them() {
        let expect = day("2019-02-05");
        for text in [
            "2019-02-05",
            "2019-02-05 00:00:00",
            "2019-02-05T10:00:00+00:00",
            "2019/02/05",
            "2019.02.05",
            "20190205",
            "5 February 2019",
            "Feb 5, 2019",
            "5-Feb-2019",
            "5-Feb-19",
        ] {
            assert_eq!(date(text, Order::default()), Some(Reading::Plain(expect.clone())), "{text}");
        }
        assert_eq!(date("43501", Order::default()), Some(Reading::Serial(expect.clone())));
        assert_eq!(date("43501.5", Order::default()), Some(Reading::Serial(expect.clone())));
        assert_eq!(date("2019-02", Order::default()), Some(Reading::Begins(day("2019-02-01"))));
        assert_eq!(date("2019", Order::default()), Some(Reading::Begins(day("2019-01-01"))));
        for text in ["", "soon", "7", "2019-13-05", "31/31/2019", "99999999"] {
            assert_eq!(date(text, Order::default()), None, "{text}");
        }
    }

    #[test]
    fn what_is_day_and_what_is_month_is_learned_from_the_column() {
        let (february, may) = (day("2019-02-05"), day("2019-05-02"));
        let none = Order::default();
        assert_eq!(date("05/02/2019", none), Some(Reading::Ambiguous(may.clone(), february.clone())));
        assert_eq!(date("05.02.2019", none), Some(Reading::Ambiguous(february.clone(), may.clone())));
        assert_eq!(date("25/02/2019", none), Some(Reading::Plain(day("2019-02-25"))));
        let mut order = Order::default();
        order.learn("25/02/2019");
        assert_eq!(date("05/02/2019", order), Some(Reading::Plain(february)));
        let mut order = Order::default();
        order.learn("2/25/19 10:00");
        assert_eq!(date("05/02/2019", order), Some(Reading::Plain(may)));
        assert_eq!(date("03/03/2019", none), Some(Reading::Plain(day("2019-03-03"))));
    }

    #[test]
    fn an_instant_is_read_from_a_date_too() {
        assert_eq!(instant("2019-02-05 10:00:00").unwrap().as_str(), "2019-02-05T10:00:00+00:00");
        assert_eq!(instant("43501").unwrap().as_str(), "2019-02-05T00:00:00+00:00");
        assert_eq!(instant("later"), None);
    }
}

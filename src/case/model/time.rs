//! Dates and date-times: the text as received, and the instant it means.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

/// An RFC 3339 date-time. The text is kept byte for byte, so precision and zone survive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as it is when it is a valid RFC 3339 date-time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Timestamp> {
        // RFC 3339 asks for the `T`; chrono would also take a space.
        let has_t = text.as_bytes().get(10).is_some_and(|b| *b == b'T');
        (has_t && DateTime::parse_from_rfc3339(text).is_ok()).then(|| Timestamp(text.to_owned()))
    }

    /// Reads the near misses of real files: no zone (taken as UTC), a space for the `T`, a zone
    /// without colon, no seconds, a bare date (its midnight). `None` when it is no time at all.
    #[must_use]
    pub fn repair(text: &str) -> Option<Timestamp> {
        let text = text.trim();
        if let Some(exact) = Timestamp::parse(text) {
            return Some(exact);
        }
        let candidate = text.replacen(' ', "T", 1);
        if let Some(exact) = Timestamp::parse(&candidate) {
            return Some(exact);
        }
        let without_zone = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
        if without_zone.iter().any(|f| NaiveDateTime::parse_from_str(&candidate, f).is_ok()) {
            let seconds = if candidate.len() == 16 { ":00" } else { "" };
            return Timestamp::parse(&format!("{candidate}{seconds}+00:00"));
        }
        let other_zone = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"];
        let zoned = other_zone.iter().find_map(|f| DateTime::parse_from_str(&candidate, f).ok());
        if let Some(instant) = zoned {
            return Some(Timestamp(instant.to_rfc3339_opts(SecondsFormat::AutoSi, false)));
        }
        let day = Date::parse(&candidate)?;
        Timestamp::parse(&format!("{}T00:00:00+00:00", day.as_str()))
    }

    /// The instant, written in UTC with seconds.
    #[must_use]
    pub fn from_instant(instant: DateTime<Utc>) -> Timestamp {
        Timestamp(instant.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    /// The text as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant it means, for comparison.
    #[must_use]
    pub fn instant(&self) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&self.0).map_or(DateTime::UNIX_EPOCH, |t| t.to_utc())
    }
}

/// A calendar date `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Date(String);

impl Date {
    /// The text when it is exactly `YYYY-MM-DD` and a day that exists.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let shaped =
            text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
        let exact = text.len() == 10 && shaped && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
        exact.then(|| Date(text.to_owned()))
    }

    /// The date part of a date-time, which real files put where a date belongs.
    #[must_use]
    pub fn repair(text: &str) -> Option<Date> {
        let text = text.trim();
        Date::parse(text).or_else(|| {
            Timestamp::repair(text)?;
            Date::parse(text.get(..10)?)
        })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valid_timestamp_keeps_its_bytes() {
        for text in ["2019-05-16T19:04:40+00:00", "2027-01-05T10:00:00Z", "2020-01-01T00:00:00.120-05:00"] {
            assert_eq!(Timestamp::parse(text).unwrap().as_str(), text);
        }
        assert!(Timestamp::parse("2016-09-28T21:43:01").is_none());
        assert!(Timestamp::parse("2016-13-28T21:43:01Z").is_none());
    }

    #[test]
    fn near_misses_are_repaired_and_nonsense_is_not() {
        let cases = [
            ("2016-09-28T21:43:01", Some("2016-09-28T21:43:01+00:00")),
            ("2016-09-28 21:43:01", Some("2016-09-28T21:43:01+00:00")),
            ("2016-09-28T21:43:01.5", Some("2016-09-28T21:43:01.5+00:00")),
            ("2016-09-28T21:43", Some("2016-09-28T21:43:00+00:00")),
            ("2016-09-28T21:43:01+0200", Some("2016-09-28T21:43:01+02:00")),
            ("2016-09-28", Some("2016-09-28T00:00:00+00:00")),
            (" 2016-09-28T21:43:01Z ", Some("2016-09-28T21:43:01Z")),
            ("yesterday", None),
            ("", None),
            ("2016-02-30", None),
        ];
        for (given, wanted) in cases {
            assert_eq!(Timestamp::repair(given).as_ref().map(Timestamp::as_str), wanted, "{given}");
        }
    }

    #[test]
    fn a_date_is_cut_from_a_date_time() {
        assert_eq!(Date::repair("2020-07-01T00:00:00Z").unwrap().as_str(), "2020-07-01");
        assert_eq!(Date::repair("2020-07-01").unwrap().as_str(), "2020-07-01");
        assert!(Date::repair("July 2020").is_none());
        assert!(Date::parse("2020-7-1").is_none());
    }
}

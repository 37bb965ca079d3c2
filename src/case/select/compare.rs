//! How a value in a document is compared with a value in a query: loosely typed, case-insensitive.
//!
//! Text is case-folded and then follows the Unicode Collation Algorithm's root order at secondary
//! strength, which tells base letters and accents apart (digest 3.1); dates and date-times are
//! points in time; JSON numbers are numbers when the other side is one. It must never know property
//! names.

use std::{borrow::Cow, cmp::Ordering, sync::LazyLock};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use icu_collator::{
    CollatorBorrowed, CollatorPreferences,
    options::{CollatorOptions, Strength},
};
use serde_json::Value;

/// The root collation, compiled into the program. It cannot be missing in practice; if it were,
/// code points would be compared instead.
static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Secondary);
    CollatorBorrowed::try_new(CollatorPreferences::default(), options).ok()
});

/// The order of two folded texts.
fn collate(a: &str, b: &str) -> Ordering {
    COLLATOR.as_ref().map_or_else(|| a.cmp(b), |collator| collator.compare(a, b))
}

/// Bytes whose order is the order of [`collate`].
fn collation_key(folded: String) -> Vec<u8> {
    let Some(collator) = COLLATOR.as_ref() else {
        return folded.into_bytes();
    };
    let mut key = Vec::new();
    let Ok(()) = collator.write_sort_key_to(&folded, &mut key);
    key
}

/// A quoted value of a filter, prepared once for every form it may be compared in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operand {
    folded: String,
    instant: Option<DateTime<Utc>>,
    number: Option<f64>,
}

impl Operand {
    pub(super) fn new(text: &str) -> Operand {
        Operand { folded: fold(text), instant: instant(text), number: text.trim().parse().ok() }
    }

    /// How `value` stands to this operand. With `time`, both sides are points in time if they can
    /// be read as such; a date alone is its midnight in UTC.
    pub(super) fn order(&self, value: &Value, time: bool) -> Ordering {
        if let (true, Some(wanted)) = (time, self.instant)
            && let Some(found) = value.as_str().and_then(instant)
        {
            return found.cmp(&wanted);
        }
        if let (Value::Number(found), Some(wanted)) = (value, self.number)
            && let Some(order) = found.as_f64().and_then(|found| found.partial_cmp(&wanted))
        {
            return order;
        }
        collate(&fold(&text(value)), &self.folded)
    }

    /// Whether the text of `value` contains this operand, both case-folded.
    pub(super) fn is_in(&self, value: &Value) -> bool {
        fold(&text(value)).contains(&self.folded)
    }
}

/// What a value sorts by. Numbers come before points in time, and these before text.
#[derive(Debug, PartialEq)]
pub(super) enum Key {
    Number(f64),
    Instant(DateTime<Utc>),
    /// A collation key, compared byte by byte.
    Text(Vec<u8>),
}

impl Key {
    pub(super) fn new(value: &Value, time: bool) -> Key {
        if let Some(number) = value.as_number().and_then(serde_json::Number::as_f64) {
            return Key::Number(number);
        }
        let text = text(value);
        if let (true, Some(instant)) = (time, instant(&text)) {
            return Key::Instant(instant);
        }
        Key::Text(collation_key(fold(&text)))
    }

    pub(super) fn order(&self, other: &Key) -> Ordering {
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => a.total_cmp(b),
            (Key::Instant(a), Key::Instant(b)) => a.cmp(b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Key::Number(_) => 0,
            Key::Instant(_) => 1,
            Key::Text(_) => 2,
        }
    }
}

/// A scalar as text. Callers never pass arrays or objects.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Folds case: every character upper-cased and then lower-cased by Unicode's full
/// mappings, so that `ß` meets `SS` and `ς` meets `Σ`. It looks at each character alone, because
/// `str::to_lowercase` would fold `Σ` differently at the end of a word.
/// The two ways to write é do not become one here; the collation sees to that, "contains" does not.
fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// Reads an RFC 3339 date-time, the same without seconds or zone (then UTC), or a date (midnight
/// UTC). A space where the zone's `+` belongs is read as `+`: that is what an unencoded `+` in a
/// query string arrives as.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    if !text.is_ascii() {
        return None;
    }
    let text = text.trim();
    if let Some(date) = date(text) {
        return Some(date.and_time(NaiveTime::MIN).and_utc());
    }
    let (day, time) = text.split_once(['T', 't', ' '])?;
    let text = format!("{day}T{}", time.replace(' ', "+"));
    with_zone(&text).or_else(|| without_zone(&text).map(|local| local.and_utc()))
}

/// `YYYY-MM-DD` and nothing looser.
fn date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

fn with_zone(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"))
        .ok()
        .map(|zoned| zoned.to_utc())
}

fn without_zone(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"))
        .ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: Value, operand: &str, time: bool, expect: Ordering) {
        assert_eq!(Operand::new(operand).order(&value, time), expect, "{value} to {operand}");
        let (found, wanted) = (Key::new(&value, time), Key::new(&json!(operand), time));
        if found.rank() == wanted.rank() {
            assert_eq!(found.order(&wanted), expect, "keys of {value} and {operand}");
        }
    }

    #[test]
    fn text_ignores_case_and_follows_the_collation() {
        check(json!("MATH"), "math", false, Ordering::Equal);
        check(json!("Straße"), "STRASSE", false, Ordering::Equal);
        check(json!("e\u{301}"), "É", false, Ordering::Equal);
        check(json!("resume"), "résumé", false, Ordering::Less);
        check(json!("Zebra"), "apple", false, Ordering::Greater);
        check(json!("émile"), "zoe", false, Ordering::Less);
        check(json!("10"), "9", false, Ordering::Less);
    }

    #[test]
    fn times_are_instants() {
        check(json!("2027-01-05T10:00:00Z"), "2027-01-05T11:00:00+01:00", true, Ordering::Equal);
        check(json!("2027-01-05T10:00:00"), "2027-01-05T10:00Z", true, Ordering::Equal);
        check(json!("2027-01-05t10:00:00.5z"), "2027-01-05 10:00:00", true, Ordering::Greater);
        check(json!("2027-01-05T01:00:00+02:00"), "2027-01-05", true, Ordering::Less);
        check(json!("2027-01-05"), "2027-01-05T00:00:00Z", true, Ordering::Equal);
    }

    #[test]
    fn an_unencoded_plus_is_understood() {
        check(json!("2027-01-05T10:00:00Z"), "2027-01-05T11:00:00 01:00", true, Ordering::Equal);
    }

    #[test]
    fn what_is_not_a_time_is_compared_as_text() {
        check(json!("2027-07-01"), "2027", true, Ordering::Greater);
        check(json!("2027-13-01"), "2027-02-01", true, Ordering::Greater);
        check(json!("2027-01-05T10:00:00Z"), "2027-01-05T11:00:00+01:00", false, Ordering::Less);
        assert_eq!(instant("2027-1-5"), None);
        assert_eq!(instant("２０２７-01-05"), None);
    }

    #[test]
    fn numbers_are_numbers_only_when_both_are() {
        check(json!(10), "9", false, Ordering::Greater);
        check(json!(1.5), "1.50", false, Ordering::Equal);
        check(json!(10), "9a", false, Ordering::Less);
        check(json!(true), "TRUE", false, Ordering::Equal);
    }

    #[test]
    fn contains_folds_case_without_context() {
        for (value, operand) in
            [("ALGEBRA I", "bra i"), ("ΟΔΟΣΑ", "οδος"), ("Straße", "ASS"), ("any", ""), ("Жук", "ЖУ")]
        {
            assert!(Operand::new(operand).is_in(&json!(value)), "{operand} in {value}");
        }
        assert!(!Operand::new("gebra i ").is_in(&json!("ALGEBRA I")));
    }

    #[test]
    fn keys_of_different_kinds_have_a_fixed_order() {
        let keys = [json!(3), json!("2027-01-05"), json!("text")].map(|value| Key::new(&value, true));
        let [number, instant, text] = &keys;
        assert_eq!(number.order(instant), Ordering::Less);
        assert_eq!(instant.order(text), Ordering::Less);
        assert_eq!(text.order(number), Ordering::Greater);
    }
}

//! Text of unknown origin, made fit for one line of a terminal; numbers and times for people.
//!
//! Pure functions. Never contains anything that prints.

use chrono::{DateTime, SecondsFormat};

/// The text on one line: runs of white space become one space, and whatever could steer a
/// terminal or reorder what it shows becomes `�`.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if space && !line.is_empty() {
            line.push(' ');
        }
        space = false;
        line.push(if steers(c) { char::REPLACEMENT_CHARACTER } else { c });
    }
    line
}

/// Control characters, and those that embed, override or isolate a direction of writing.
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text on one line, cut to at most `most` characters.
#[must_use]
pub fn short(text: &str, most: usize) -> String {
    let line = one_line(text);
    if line.chars().count() <= most {
        return line;
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `1 item`, `2 items`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Microseconds since 1970 as a date-time.
#[must_use]
pub fn time(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros)
        .map_or_else(|| micros.to_string(), |instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Reads a number of bytes: `1000`, `64KiB`, `512MiB`, `2GiB`.
///
/// # Errors
/// A sentence that says what is expected.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let expected = || "expected a number of bytes such as 1000000, 64KiB, 512MiB or 2GiB".to_owned();
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        _ => return Err(expected()),
    };
    let number: u64 = digits.parse().map_err(|_| expected())?;
    number.checked_mul(unit).filter(|bytes| *bytes > 0).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_steer_the_terminal() {
        for (given, shown) in [
            ("a\n b\t\tc ", "a b c"),
            ("\u{1b}[31mred", "\u{fffd}[31mred"),
            ("x\u{9b}31m\u{7}", "x\u{fffd}31m\u{fffd}"),
            ("abc\u{202e}def", "abc\u{fffd}def"),
            ("naïve — 数学 \u{1f469}\u{200d}\u{1f52c}", "naïve — 数学 \u{1f469}\u{200d}\u{1f52c}"),
        ] {
            assert_eq!(one_line(given), shown);
        }
    }

    #[test]
    fn long_text_is_cut_by_characters() {
        assert_eq!(short("数学数学", 4), "数学数学");
        assert_eq!(short("数学数学数", 4), "数学数…");
        assert_eq!(short("one two three", 5), "one…");
    }

    #[test]
    fn bytes_have_units() {
        for (given, bytes) in [
            ("1000", Some(1000)),
            ("64KiB", Some(65_536)),
            ("512 MiB", Some(536_870_912)),
            ("2g", Some(2_147_483_648)),
            ("0", None),
            ("", None),
            ("MiB", None),
            ("1.5G", None),
            ("-1", None),
            ("18446744073709551615G", None),
            ("1ä", None),
        ] {
            assert_eq!(parse_bytes(given).ok(), bytes, "{given}");
        }
    }

    #[test]
    fn times_and_counts_read_well() {
        assert_eq!(time(1_600_000_000_000_000), "2020-09-13T12:26:40Z");
        assert_eq!((count(1, "item"), count(0, "item")), ("1 item".to_owned(), "0 items".to_owned()));
    }
}

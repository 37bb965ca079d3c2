//! Numbers and dates as a person reads them. Never rounds to fewer digits than were typed: a format
//! only adds what it shows (`1.10`, `007`, `25%`), without separators of thousands.

use std::borrow::Cow;

use calamine::{Data, ExcelDateTime};

use super::Kind;

/// What a number format adds to a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Format {
    /// Digits before the point at least.
    whole: usize,
    /// Digits after the point at least.
    decimals: usize,
    percent: bool,
    before: String,
    after: String,
}

impl Format {
    /// Reads a format code of ECMA-376 part 1, 18.8.31: its section for positive numbers. A format
    /// that this cannot follow (fractions, exponents, digits with something in between, dates) adds nothing.
    pub(super) fn parse(code: &str) -> Format {
        Format::section(code).unwrap_or_default()
    }

    fn section(code: &str) -> Option<Format> {
        let code = code.replace("General", "#");
        let mut format = Format::default();
        let (mut started, mut ended, mut point) = (false, false, false);
        let mut chars = code.chars();
        while let Some(c) = chars.next() {
            let literal: String = match c {
                ';' => break,
                '0' | '#' | '?' | '.' | ',' => {
                    if ended {
                        return None;
                    }
                    started = true;
                    match (c, point) {
                        ('0', false) => format.whole += 1,
                        ('0', true) => format.decimals += 1,
                        ('.', true) => return None,
                        ('.', false) => point = true,
                        _ => {}
                    }
                    continue;
                }
                '"' => chars.by_ref().take_while(|c| *c != '"').collect(),
                '\\' => chars.next().into_iter().collect(),
                '_' | '*' => {
                    chars.next();
                    continue;
                }
                // A colour, a condition, a currency.
                '[' => {
                    chars.by_ref().find(|c| *c == ']');
                    continue;
                }
                '%' => {
                    format.percent = true;
                    '%'.to_string()
                }
                '@' | '/' => return None,
                c if c.is_ascii_alphabetic() => return None,
                c => c.to_string(),
            };
            ended |= started;
            if started { &mut format.after } else { &mut format.before }.push_str(&literal);
        }
        Some(format)
    }

    /// The number in this format.
    pub(super) fn show(&self, number: f64) -> String {
        let shown = plain(if self.percent { number * 100.0 } else { number });
        if *self == Format::default() || shown.contains('e') {
            return shown;
        }
        let (sign, digits) = shown.strip_prefix('-').map_or(("", shown.as_str()), |digits| ("-", digits));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let point = if decimals.is_empty() && self.decimals == 0 { "" } else { "." };
        let text = format!("{whole:0>0$}{point}{decimals:0<1$}", self.whole, self.decimals);
        format!("{sign}{}{text}{}", self.before, self.after)
    }
}

/// The shortest text of a number, to the 15 digits that spreadsheets keep: `3`, `1.1`, and `0.3` for
/// what was reckoned to be 0.30000000000000004.
pub(super) fn plain(number: f64) -> String {
    let kept = format!("{number:.14e}").parse().unwrap_or(number);
    let size = f64::abs(kept);
    match size {
        0.0 => "0".to_owned(),
        _ if !(1e-9..1e21).contains(&size) => format!("{kept:e}"),
        _ => kept.to_string(),
    }
}

/// A number of which only the value and the text that a program showed are known, in some language's
/// way of writing numbers: the zeros, the percent sign, and the words around it are taken from the
/// text if it is the same number. A text without digits (`TRUE`, or a word that a format shows for a
/// number) is all that a person sees.
pub(super) fn as_displayed(number: f64, text: &str) -> String {
    let text = text.trim();
    let (first, last) = (text.find(|c: char| c.is_ascii_digit()), text.rfind(|c: char| c.is_ascii_digit()));
    let parts = first
        .zip(last)
        .and_then(|(first, last)| Some((text.get(..first)?, text.get(first..=last)?, text.get(last + 1..)?)));
    let Some((before, digits, after)) = parts else {
        return if text.contains(char::is_alphabetic) { text.to_owned() } else { plain(number) };
    };
    let value = plain(if after.contains('%') { number * 100.0 } else { number });
    for (point, separator) in [('.', ','), (',', '.')] {
        let digits: String = digits
            .chars()
            .filter(|c| *c != separator && !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '’' | '\''))
            .map(|c| if c == point { '.' } else { c })
            .collect();
        let simple = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
        if simple && digits.parse().map(plain).is_ok_and(|shown| shown == value.trim_start_matches('-')) {
            return format!("{before}{digits}{after}");
        }
    }
    plain(number)
}

/// A span of time as ISO 8601 writes it, `PT10H05M00S`, as `10:05:00`.
pub(super) fn clock(span: &str) -> Option<String> {
    let (hours, rest) = span.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let seconds = seconds.split_once(['.', ',']).map_or(seconds, |(whole, _)| whole);
    let plain = [hours, minutes, seconds].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    plain.then(|| format!("{hours:0>2}:{minutes:0>2}:{seconds:0>2}"))
}

/// A date as `2019-02-05`, one with a time as `2019-02-05T10:00:00`, a time of day as `10:00:00`, a
/// span of time as `25:00:00`. None when the number is no date.
fn date(value: ExcelDateTime) -> Option<String> {
    let serial = value.as_f64();
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    if value.is_duration() {
        let seconds = value.as_duration()?.num_seconds();
        return Some(format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let part = if milli > 0 { format!(".{milli:03}") } else { String::new() };
    let time = format!("{hour:02}:{minute:02}:{second:02}{part}");
    let day = format!("{year:04}-{month:02}-{day:02}");
    Some(match serial {
        _ if serial < 1.0 => time,
        _ if time == "00:00:00" => day,
        _ => format!("{day}T{time}"),
    })
}

/// A date that the file spells in ISO 8601, without a time that is midnight.
pub(super) fn iso(date: &str) -> &str {
    let midnight = |time: &str| time.trim_end_matches('Z').chars().all(|c| matches!(c, '0' | ':' | '.'));
    match date.split_once('T') {
        Some((day, time)) if midnight(time) => day,
        _ => date,
    }
}

/// What a cell of calamine shows and what it was; none when it is blank.
pub(super) fn shown<'a>(value: &'a Data, format: &Format) -> Option<(Cow<'a, str>, Kind)> {
    let (text, kind) = match value {
        Data::Empty => return None,
        Data::String(text) => return Some((text.into(), Kind::Text)),
        #[expect(clippy::cast_precision_loss, reason = "no format keeps whole numbers of more than 32 bits")]
        Data::Int(number) => (format.show(*number as f64), Kind::Number),
        Data::Float(number) => (format.show(*number), Kind::Number),
        Data::Bool(truth) => return Some((boolean(*truth).into(), Kind::Boolean)),
        Data::DateTime(at) => match date(*at) {
            Some(date) => (date, Kind::Date),
            None => (plain(at.as_f64()), Kind::Number),
        },
        Data::DateTimeIso(date) => return Some((iso(date).into(), Kind::Date)),
        Data::DurationIso(span) => return Some((span.into(), Kind::Date)),
        Data::Error(error) => (error.to_string(), Kind::Error),
    };
    Some((text.into(), kind))
}

/// As spreadsheet programs show it, in English.
pub(super) const fn boolean(truth: bool) -> &'static str {
    if truth { "TRUE" } else { "FALSE" }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_were_typed() {
        let cases = [
            (3.0, "3"),
            (1.1, "1.1"),
            (-0.5, "-0.5"),
            (0.1 + 0.2, "0.3"),
            (0.0, "0"),
            (1e15, "1000000000000000"),
            (1e300, "1e300"),
        ];
        for (number, text) in cases {
            assert_eq!(plain(number), text);
        }
        assert_eq!(plain(f64::from(u32::MAX)), u32::MAX.to_string());
    }

    #[test]
    fn formats_add_what_they_show() {
        let cases = [
            ("General", 1.1, "1.1"),
            ("0.00", 1.1, "1.10"),
            ("0.00", 1.12345, "1.12345"),
            ("0.00", 7.0, "7.00"),
            ("0000", 101.0, "0101"),
            ("000.0", -1.0, "-001.0"),
            ("#,##0.00", 1234.5, "1234.50"),
            ("#,##0.00;[Red](#,##0.00)", 2.0, "2.00"),
            ("0%", 0.25, "25%"),
            ("\"K.\"0", 3.0, "K.3"),
            ("\"Unit \"General", 3.0, "Unit 3"),
            ("\\G0", 5.0, "G5"),
            ("0\" pts\"", 5.0, "5 pts"),
            ("_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", 5.0, "5"),
            ("[$-409]0.0", 5.0, "5.0"),
            ("# ?/?", 0.5, "0.5"),
            ("0.00E+00", 5.0, "5"),
            ("000-00", 5.0, "5"),
            ("@", 5.0, "5"),
            ("0.0.0", 5.0, "5"),
            ("\"never closed", 5.0, "never closed5"),
        ];
        for (code, number, text) in cases {
            assert_eq!(Format::parse(code).show(number), text, "{code}");
        }
    }

    #[test]
    fn what_a_program_showed_is_taken_if_it_is_the_number() {
        let cases = [
            (1.1, "1.10", "1.10"),
            (1.1, "1,10", "1.10"),
            (1234.5, "1.234,50 €", "1234.50 €"),
            (1234.5, "1,234.50", "1234.50"),
            (1234567.0, "1 234 567", "1234567"),
            (0.25, "25 %", "25 %"),
            (7.0, "007", "007"),
            (3.0, "K.3", "K.3"),
            (-2.0, "-2.0", "-2.0"),
            (std::f64::consts::PI, "3.14", "3.14159265358979"),
            (2.5, "###", "2.5"),
            (1.0, "WAHR", "WAHR"),
            (100_000.0, "1E+05", "100000"),
            (43501.0, "2019-02-05", "43501"),
        ];
        for (number, text, expected) in cases {
            assert_eq!(as_displayed(number, text), expected, "{text}");
        }
        assert_eq!(clock("PT10H5M00S").as_deref(), Some("10:05:00"));
        assert_eq!(clock("PT25H00M00.5S").as_deref(), Some("25:00:00"));
        assert_eq!(clock("P1D"), None);
    }

    #[test]
    fn dates_are_iso_in_both_systems() {
        let at = |serial, span, is_1904| {
            let kind = if span { ExcelDateTimeType::TimeDelta } else { ExcelDateTimeType::DateTime };
            let value = Data::DateTime(ExcelDateTime::new(serial, kind, is_1904));
            shown(&value, &Format::default()).map(|(text, kind)| (text.into_owned(), kind)).unwrap()
        };
        let date = |text: &str| (text.to_owned(), Kind::Date);
        assert_eq!(at(43501.0, false, false), date("2019-02-05"));
        assert_eq!(at(43501.0 - 1462.0, false, true), date("2019-02-05"));
        assert_eq!(at(43501.0 + 10.0 / 24.0, false, false), date("2019-02-05T10:00:00"));
        assert_eq!(at(0.5, false, false), date("12:00:00"));
        assert_eq!(at(25.0 / 24.0, true, false), date("25:00:00"));
        assert_eq!(at(-1.0, false, false), ("-1".to_owned(), Kind::Number));
        assert_eq!(at(1e12, false, false), ("1000000000000".to_owned(), Kind::Number));
        assert_eq!(iso("2019-02-05T00:00:00Z"), "2019-02-05");
        assert_eq!(iso("2019-02-05T00:10:00"), "2019-02-05T00:10:00");
    }
}

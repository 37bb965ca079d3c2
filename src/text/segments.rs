//! Segments: the lines and sentences of a text, as places in it.
//!
//! Never changes a text and knows nothing of what it is about: what a heading means is for whoever reads it. One pass,
//! which looks back and ahead no further than a fixed number of signs.

use std::ops::Range;

/// The longest sentence, in bytes; what is longer is cut at a blank.
const LONGEST: usize = 2_000;
/// A line that is shorter was ended by its writer, not by the width of a page; in bytes.
const SHORT: usize = 40;
/// How far back a full stop looks for an abbreviation, in bytes.
const ABBREVIATION: usize = 14;

/// Signs that begin an element of a list wherever they stand after a blank.
const BULLETS: &str = "•▪●◦‣■□►▶➢➤✓✔✅⁃∙";
/// Signs that do so at the beginning of a line, before a blank.
const DASHES: &str = "-*+–—·o";

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// The sign or the number of an element of a list.
    Bullet,
    /// The number signs of a heading in Markdown, with how many there are: from 1, the highest, to 6.
    Heading(u8),
}

/// One line as its writer meant it: lines that only the width of a page divides are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands, in bytes, without its mark and the blanks around it.
    pub at: Range<usize>,
    /// What it begins with.
    pub mark: Mark,
}

/// The lines of a text that say something, in order. Elements of a list that stand in one line, each after its sign, are
/// lines of their own.
pub fn lines(text: &str) -> impl Iterator<Item = Line> + '_ {
    Lines { text, at: 0, held: None }
}

/// The sentences of a text, in order, as places in bytes: never empty, never longer than 2,000 bytes, without blanks
/// around them. The end of a line ends a sentence, unless the sentence was only wrapped there.
pub fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    lines(text).flat_map(|line| sentences_within(text, line.at))
}

/// The sentences of a part of a text that is one line. None when `within` is no part of it.
pub fn sentences_within(text: &str, within: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut rest = within;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = sentence_end(text, &rest)?;
            let found = trimmed(text, rest.start..end);
            rest.start = end;
            if says_something(text.get(found.clone())?) {
                return Some(found);
            }
        }
        None
    })
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
    /// A line that was looked at and is not part of the one before.
    held: Option<Line>,
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let mut line = match self.held.take() {
            Some(line) => line,
            None => loop {
                let line = self.written()?;
                if self.says_something(&line) {
                    break line;
                }
            },
        };
        let mut last = line.at.clone();
        while let Some(next) = self.written() {
            if !self.says_something(&next) {
                break;
            }
            if !self.is_wrapped(&last, line.mark, &next) {
                self.held = Some(next);
                break;
            }
            line.at.end = next.at.end;
            last = next.at;
        }
        Some(line)
    }
}

impl Lines<'_> {
    /// The next line as it is written, without its mark; it may be empty.
    fn written(&mut self) -> Option<Line> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (mut blank, mut something) = (true, false);
        let mut ends = |c: char| {
            let bullet = something && blank && BULLETS.contains(c);
            blank = c.is_whitespace();
            something |= !blank;
            bullet || is_break(c)
        };
        let (end, after) = rest
            .char_indices()
            .find(|(_, c)| ends(*c))
            .map_or((rest.len(), rest.len()), |(at, c)| (at, if is_break(c) { at + c.len_utf8() } else { at }));
        let content = trimmed(self.text, self.at..self.at + end);
        self.at += after;
        let (mark, skipped) = unmarked(self.text.get(content.clone())?);
        Some(Line { at: trimmed(self.text, content.start + skipped..content.end), mark })
    }

    fn says_something(&self, line: &Line) -> bool {
        self.text.get(line.at.clone()).is_some_and(says_something)
    }

    /// Whether `next` goes on with the sentence that `last` ends in.
    fn is_wrapped(&self, last: &Range<usize>, mark: Mark, next: &Line) -> bool {
        let end = self.text.get(last.clone()).and_then(|last| last.chars().next_back());
        let begin = self.text.get(next.at.clone()).and_then(|next| next.chars().next());
        !matches!(mark, Mark::Heading(_))
            && next.mark == Mark::None
            && last.len() >= SHORT
            && end.is_some_and(|c| {
                c == ',' || (!is_end(c) && !matches!(c, ':' | ';') && begin.is_some_and(char::is_lowercase))
            })
    }
}

/// What a line begins with, and how many bytes of it that is.
fn unmarked(line: &str) -> (Mark, usize) {
    let hashes = line.bytes().take(7).take_while(|byte| *byte == b'#').count();
    let blank_after = |at: usize| line.get(at..).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    if let Ok(level @ 1..=6) = u8::try_from(hashes)
        && blank_after(hashes)
    {
        return (Mark::Heading(level), hashes);
    }
    let Some(first) = line.chars().next() else { return (Mark::None, 0) };
    let length = first.len_utf8();
    if BULLETS.contains(first) || (DASHES.contains(first) && blank_after(length)) {
        return (Mark::Bullet, length);
    }
    let open = usize::from(first == '(');
    let number = line.get(open..).unwrap_or_default();
    let digits = number.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let letter = usize::from(digits == 0 && number.starts_with(|c: char| c.is_ascii_alphabetic()));
    let closed = open + digits + letter;
    let closes = |byte: u8| byte == b')' || (open == 0 && byte == b'.');
    let numbered = (1..=3).contains(&(digits + letter)) && line.as_bytes().get(closed).copied().is_some_and(closes);
    if numbered && blank_after(closed + 1) { (Mark::Bullet, closed + 1) } else { (Mark::None, 0) }
}

/// Where the sentence ends that `rest` begins with; after its full stop and whatever closes with it.
fn sentence_end(text: &str, rest: &Range<usize>) -> Option<usize> {
    let part = text.get(rest.clone())?;
    let mut blank = None;
    for (at, c) in part.char_indices() {
        if at >= LONGEST {
            return Some(rest.start + blank.unwrap_or(at));
        }
        if c.is_whitespace() {
            blank = Some(at);
        }
        if !is_end(c) {
            continue;
        }
        let after = part.get(at + c.len_utf8()..)?;
        let follows = after.trim_start_matches(is_closing);
        let end = rest.start + part.len() - follows.len();
        let next = follows.trim_start().chars().next();
        let ends = match c {
            '。' | '！' | '？' | '｡' => true,
            _ if !(follows.is_empty() || follows.starts_with(char::is_whitespace)) => false,
            '.' | '…' => {
                !(next.is_some_and(char::is_lowercase) || (next.is_some() && is_abbreviated(part.get(..at)?, next)))
            }
            _ => true,
        };
        if ends {
            return Some(end);
        }
    }
    Some(rest.end)
}

/// Whether the full stop after `before` belongs to an abbreviation, of a few languages.
fn is_abbreviated(before: &str, next: Option<char>) -> bool {
    const ABBREVIATIONS: [&str; 28] = [
        "approx", "bzgl", "ca", "cf", "dept", "dr", "ej", "eks", "env", "ggf", "incl", "inkl", "jr", "mr", "mrs", "ms",
        "mt", "nr", "prof", "resp", "sog", "sr", "sra", "st", "usw", "vgl", "vs", "évt",
    ];
    let from = before.len().saturating_sub(ABBREVIATION);
    let Some(near) = (from..=before.len()).find_map(|from| before.get(from..)) else { return false };
    let word = near.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_lowercase();
    let initials = word.contains('.') && word.split('.').all(|part| (1..=2).contains(&part.chars().count()));
    let letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let numbered = word == "no" && next.is_some_and(char::is_numeric);
    initials || letter || numbered || ABBREVIATIONS.contains(&word.as_str())
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '｡' | '؟' | '۔' | '।' | '॥' | '։' | '።')
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '*' | '_')
}

fn says_something(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// The place without the blanks around what stands there.
pub(super) fn trimmed(text: &str, at: Range<usize>) -> Range<usize> {
    let Some(part) = text.get(at.clone()) else { return at };
    let begin = at.start + part.len() - part.trim_start().len();
    begin..begin + part.trim().len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).map(|at| &text[at]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        check("", &[]);
        check(" \n . … \n--\n", &[]);
        check("One. Two! Three? Four", &["One.", "Two!", "Three?", "Four"]);
        check("He said “go.” Then he went (at last.) Done", &["He said “go.”", "Then he went (at last.)", "Done"]);
        check(
            "Version 2.0 of e.g. the U.S. standard, approx. 3 pages",
            &["Version 2.0 of e.g. the U.S. standard, approx. 3 pages"],
        );
        check("Ask Dr. Miller about No. 5. Then go", &["Ask Dr. Miller about No. 5.", "Then go"]);
        check(
            "Use tools (saws etc.) with care. Wear gloves, etc.",
            &["Use tools (saws etc.) with care.", "Wear gloves, etc."],
        );
        check("水を検査する。記録する。", &["水を検査する。", "記録する。"]);
        check("هل تعمل؟ نعم. جيد", &["هل تعمل؟", "نعم.", "جيد"]);
        check("पानी जाँचें। लिखें।", &["पानी जाँचें।", "लिखें।"]);
        check("🧪 Test water. 🚰 Log it.", &["🧪 Test water.", "🚰 Log it."]);
    }

    #[test]
    fn lists_are_taken_apart() {
        check(
            "You will:\n- test water\n* log it\n1. report\n(b) file",
            &["You will:", "test water", "log it", "report", "file"],
        );
        check("Skills • Python ▪ SQL • C++", &["Skills", "Python", "SQL", "C++"]);
        check("Python\nsql\njava", &["Python", "sql", "java"]);
        check("# Duties\nTest water", &["Duties", "Test water"]);
        check("-5 degrees\n3.5 years", &["-5 degrees", "3.5 years"]);
        let marks: Vec<Mark> = lines("## A\n• b\nc").map(|line| line.mark).collect();
        assert_eq!(marks, [Mark::Heading(2), Mark::Bullet, Mark::None]);
    }

    #[test]
    fn wrapped_lines_are_one() {
        let wrapped =
            "Collect and test samples of drinking water,\nIncluding chlorine residual and turbidity at all\nstations";
        check(wrapped, &[wrapped]);
        check(
            "Collect and test samples of drinking water at all stations.\nthen rest",
            &["Collect and test samples of drinking water at all stations.", "then rest"],
        );
        check(
            "Collect and test samples of drinking water at all\n\nstations",
            &["Collect and test samples of drinking water at all", "stations"],
        );
    }

    #[test]
    fn long_texts_are_cut_and_take_one_pass() {
        let words = "word ".repeat(100_000);
        assert!(sentences(&words).all(|at| at.len() <= LONGEST && !words[at].contains("wor ")));
        assert_eq!(sentences(&"x".repeat(10_000)).count(), 5);
        // Looking at the rest of the text for each of its signs would take hours.
        for unit in
            [".", ". ", ".)", "\n", " \n", "-\n", "a\n", "• ", "a. ", "é", "(1) ", "# ", "\u{301}", ",\n", "…\"", "  "]
        {
            let text = unit.repeat(400_000 / unit.len());
            assert!(sentences(&text).count() <= text.len());
        }
        assert_eq!(sentences(&"Test water.\n".repeat(100_000)).count(), 100_000);
    }

    proptest! {
        #[test]
        fn places_are_in_order_and_nothing_is_lost(text in "[a-cA-C1-3 .!?,;:()•\\-*#\n\r\u{1f9ea}é水。ع]{0,300}") {
            let mut before = 0;
            let mut kept = String::new();
            for at in sentences(&text) {
                prop_assert!(at.start >= before && !at.is_empty());
                prop_assert_eq!(text[at.clone()].trim(), &text[at.clone()]);
                kept.push_str(&text[at.clone()]);
                before = at.end;
            }
            // Only the numbers of lists are left out.
            let letters = |text: &str| text.chars().filter(|c| matches!(c, 'é' | '水' | 'ع')).count();
            prop_assert_eq!(letters(&kept), letters(&text));
        }
    }
}

//! What text in a cell becomes, decided once for all formats. Never knows where the text came from.

use std::borrow::Cow;

/// The text of a cell without what nobody sees. Line ends of every kind are `\n`; spaces of fixed
/// width that do not break (U+00A0, U+2007, U+202F) are spaces; characters of no width (U+200B, U+2060,
/// U+FEFF, the soft hyphen) and controls other than tab and line feed are left out; white space at
/// the end is cut off. Spaces and tabs at the beginning stay, because some people write the
/// hierarchy with them, but blank lines there do not. The joiners that Persian, Indian languages and
/// emoji need (U+200C, U+200D) stay.
///
/// Whoever compares a cell with a stored text compares `clean` of both.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_end();
    if trimmed.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return Cow::Borrowed(trimmed);
    }
    let mut cleaned = String::with_capacity(trimmed.len());
    let mut after_return = false;
    for c in trimmed.chars() {
        match c {
            '\n' if after_return => {}
            // The vertical tab is Word's line break inside a paragraph.
            '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            '\u{a0}' | '\u{2007}' | '\u{202f}' => cleaned.push(' '),
            '\t' => cleaned.push('\t'),
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            c if c.is_control() => {}
            c => cleaned.push(c),
        }
        after_return = c == '\r';
    }
    cleaned.truncate(cleaned.trim_end().len());
    let blank_lines = cleaned.find(|c: char| !c.is_whitespace()).and_then(|first| cleaned.get(..first)?.rfind('\n'));
    if let Some(last) = blank_lines {
        cleaned.drain(..=last);
    }
    Cow::Owned(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_sees_is_changed() {
        let cases = [
            ("plain", "plain"),
            ("  - indented  ", "  - indented"),
            ("\tdeeper\t\n", "\tdeeper"),
            ("one\r\ntwo\rthree\u{b}four\u{2028}five", "one\ntwo\nthree\nfour\nfive"),
            ("\n\n  after blank lines", "  after blank lines"),
            ("CCSS\u{a0}1", "CCSS 1"),
            ("\u{a0}\u{a0}indented", "  indented"),
            ("\u{feff}co\u{ad}de\u{200b}\u{0}\u{7}", "code"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{a0}\u{200b} \u{feff}", ""),
            ("=SUM(A1)", "=SUM(A1)"),
            ("é—“”", "é—“”"),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text), expected, "{text:?}");
            assert_eq!(clean(&clean(text)), expected, "twice, {text:?}");
        }
    }
}

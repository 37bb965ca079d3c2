//! Plain text: what is left of a statement when its HTML and Markdown are taken away.
//!
//! For matching and for snippets only; what is published is never changed.

use std::borrow::Cow;

/// Named characters of HTML that are not one letter with an accent.
const NAMED: [(&str, &str); 20] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("times", "×"),
    ("divide", "÷"),
    ("deg", "°"),
    ("le", "≤"),
    ("ge", "≥"),
];

/// The accents of HTML's named letters, as combining marks.
const ACCENTS: [(&str, char); 7] = [
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circ", '\u{302}'),
    ("uml", '\u{308}'),
    ("tilde", '\u{303}'),
    ("cedil", '\u{327}'),
    ("ring", '\u{30a}'),
];

/// The text without tags, with named characters as themselves, links by their words, without signs
/// of emphasis, and with every run of white space as one space. Mathematics stays as it is written.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    let marked = |byte: u8| b"<&[*`#_~".contains(&byte) || byte.is_ascii_control();
    if !text.bytes().any(marked) && !text.contains("  ") && text.trim().len() == text.len() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (written, after) = piece(rest, c, out.chars().next_back());
        out.push_str(&written);
        rest = after;
    }
    Cow::Owned(out.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What stands for the beginning of `rest`, and what comes after it.
fn piece(rest: &str, first: char, before: Option<char>) -> (Cow<'_, str>, &str) {
    let tail = |length: usize| rest.get(length..).unwrap_or_default();
    let one = first.len_utf8();
    let itself = || (Cow::Borrowed(rest.get(..one).unwrap_or_default()), tail(one));
    match first {
        '<' => tag(rest).map_or_else(itself, |length| (Cow::Borrowed(" "), tail(length))),
        '&' => entity(rest).map_or_else(itself, |(text, length)| (text, tail(length))),
        // The words of a link stay, its address goes; `]` is met on the way.
        '[' if near(rest).contains("](") => (Cow::Borrowed(""), tail(one)),
        ']' if rest.starts_with("](") => match near(rest).find(')') {
            Some(end) => (Cow::Borrowed(""), tail(end + 1)),
            None => itself(),
        },
        '*' | '`' | '~' => (Cow::Borrowed(""), tail(one)),
        // Between letters it is part of a name.
        '_' if before.is_none_or(|c| !c.is_alphanumeric())
            || !rest.chars().nth(1).is_some_and(char::is_alphanumeric) =>
        {
            (Cow::Borrowed(""), tail(one))
        }
        '#' if before.is_none_or(|c| c == '\n' || c == '#') => (Cow::Borrowed(""), tail(one)),
        _ => itself(),
    }
}

/// As much of `rest` as one tag, comment or link may take.
fn near(rest: &str) -> &str {
    const MOST: usize = 1_000;
    let end = (MOST..MOST + 4).find(|end| rest.is_char_boundary(*end)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest)
}

/// The length of the tag or comment at the beginning of `rest`.
fn tag(rest: &str) -> Option<usize> {
    if rest.starts_with("<!--") {
        return Some(near(rest).find("-->")? + 3);
    }
    let name = rest.get(1..)?.trim_start_matches('/');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    // A sign of comparison has no end, or a far one.
    let end = near(rest).find('>')?;
    (!rest.get(1..end)?.contains('<')).then_some(end + 1)
}

/// The text and the length of the named or numbered character at the beginning of `rest`.
fn entity(rest: &str) -> Option<(Cow<'static, str>, usize)> {
    let end = rest.bytes().take(12).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let numbered = |digits: &str, radix| Some(char::from_u32(u32::from_str_radix(digits, radix).ok()?)?.to_string());
    let text = if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        Cow::Owned(hex.map_or_else(|| numbered(number, 10), |digits| numbered(digits, 16))?)
    } else if let Some((_, text)) = NAMED.iter().find(|(named, _)| *named == name) {
        Cow::Borrowed(*text)
    } else {
        let (accent, mark) = ACCENTS.iter().find(|(accent, _)| name.ends_with(accent))?;
        Cow::Owned(format!("{}{mark}", name.strip_suffix(accent).filter(|letter| letter.len() == 1)?))
    };
    Some((text, end + 1))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn markup_goes_and_words_stay() {
        for (text, expected) in [
            ("Add within 20", "Add within 20"),
            ("<p>Add <b>and</b> subtract</p>", "Add and subtract"),
            ("R&amp;D in caf&eacute;s &#8211; &#x41;", "R&D in cafe\u{301}s – A"),
            ("x < 3 and y > 2", "x < 3 and y > 2"),
            ("if a<b then c", "if a<b then c"),
            ("*Use* **place value** and _units_ in snake_case", "Use place value and units in snake_case"),
            ("See [the guide](https://a.example/b) now", "See the guide now"),
            ("# Heading\n\n- one\n- two", "Heading - one - two"),
            (r"Solve $x^2 = \frac{1}{2}$", r"Solve $x^2 = \frac{1}{2}$"),
            ("a <!-- hidden --> b", "a b"),
            ("AT&T & co; <", "AT&T & co; <"),
            ("[1] not a link", "[1] not a link"),
            ("  many   blanks ", "many blanks"),
            ("&#xFFFFFFFF; &#; &;", "&#xFFFFFFFF; &#; &;"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn hostile_texts_end_soon() {
        for text in
            ["[".repeat(100_000), "<".repeat(100_000), "[](".repeat(30_000), "<a".repeat(50_000), "&".repeat(100_000)]
        {
            assert!(plain(&text).len() <= text.len());
        }
    }
}

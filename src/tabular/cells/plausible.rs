//! How likely a decoded text is to be what its writer saw, judged by what stands next to what. Never
//! knows a language.

/// The higher, the likelier; characters of ASCII count nothing.
pub(super) fn plausibility(text: &str) -> i64 {
    let mut total = 0;
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_ascii() {
            let after = chars.peek().copied().unwrap_or(' ');
            let then = chars.clone().nth(1).unwrap_or(' ');
            total += one(before, c, after, then);
        }
        before = c;
    }
    total
}

/// Judges one character by those around it.
fn one(before: char, c: char, after: char, then: char) -> i64 {
    let in_word = before.is_alphabetic() || after.is_alphabetic();
    match c {
        '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => -10,
        '\u{a0}' => 0,
        '’' if before.is_alphabetic() => {
            if clitic(before, after, then) {
                3
            } else {
                1
            }
        }
        '’' | '”' => {
            if before.is_whitespace() || after.is_alphanumeric() {
                -1
            } else {
                3
            }
        }
        '‘' | '“' | '„' => {
            if !before.is_alphanumeric() && after.is_alphanumeric() {
                3
            } else {
                -1
            }
        }
        // Tight between letters it is rarer than a letter would be.
        '–' | '—' => {
            if before.is_lowercase() && after.is_lowercase() {
                1
            } else {
                3
            }
        }
        '…' | '•' | '·' => {
            if before.is_alphabetic() && after.is_alphabetic() {
                -2
            } else {
                2
            }
        }
        '«' | '»' => {
            if before.is_alphabetic() && after.is_alphabetic() {
                -2
            } else {
                1
            }
        }
        '¿' | '¡' => {
            if !before.is_alphanumeric() && after.is_alphabetic() {
                2
            } else {
                -3
            }
        }
        // Marks that stand above letters, alone; signs that hardly anybody types.
        '˜' | '¯' | '¸' | 'ˇ' | '˘' | '˙' | '˝' | '˛' | '¨' | '´' | '˚' | 'ˆ' | '◊' | '∂' | '∫' | '∆' | '¦' | '¬'
        | '¤' | '‚' => -3,
        'ª' | 'º' => {
            if before.is_numeric() || before == '.' {
                1
            } else {
                -2
            }
        }
        '²' | '³' | '¹' => {
            if before.is_alphanumeric() || before == ')' {
                2
            } else {
                -2
            }
        }
        '½' | '¼' | '¾' => {
            if in_word {
                -2
            } else {
                2
            }
        }
        'Ω' | 'µ' | 'π' | '∑' | '∏' | 'ƒ' | 'ﬁ' | 'ﬂ' => {
            if in_word {
                -2
            } else {
                0
            }
        }
        c if c.is_uppercase() => match (before.is_lowercase(), in_word) {
            (true, _) => -4,
            (false, true) => 1,
            (false, false) => -2,
        },
        c if c.is_alphabetic() => {
            if in_word {
                2
            } else {
                -1
            }
        }
        // Signs: degrees, currencies, operators.
        _ => {
            if before.is_alphabetic() && after.is_alphabetic() {
                -3
            } else {
                1
            }
        }
    }
}

/// An apostrophe where languages have one: "don’t", "teacher’s", "students’ work", "l’élève",
/// "qu’il".
fn clitic(before: char, after: char, then: char) -> bool {
    let ends_word = !then.is_alphabetic();
    match after {
        's' | 't' | 'd' | 'm' => ends_word,
        'l' | 'r' | 'v' => matches!(then, 'l' | 'e'),
        after if after.is_alphabetic() => {
            matches!(before, 'l' | 'd' | 'n' | 's' | 'c' | 'j' | 'm' | 't' | 'u' | 'L' | 'D' | 'J' | 'C' | 'S')
        }
        _ => before == 's',
    }
}

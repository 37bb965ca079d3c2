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

/// Marks that stand above letters, alone, and signs that hardly anybody types.
const RARE: &[char] =
    &['˜', '¯', '¸', 'ˇ', '˘', '˙', '˝', '˛', '¨', '´', '˚', 'ˆ', '◊', '∂', '∫', '∆', '¦', '¬', '¤', '‚'];

/// Judges one character by those around it.
fn one(before: char, c: char, after: char, then: char) -> i64 {
    let beside_letter = before.is_alphabetic() || after.is_alphabetic();
    let between_letters = before.is_alphabetic() && after.is_alphabetic();
    let judge = |fits: bool, yes, no| if fits { yes } else { no };
    match c {
        '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => -10,
        '\u{a0}' => 0,
        c if RARE.contains(&c) => -3,
        '’' if before.is_alphabetic() => judge(clitic(before, after, then), 3, 1),
        '’' | '”' => judge(!before.is_whitespace() && !after.is_alphanumeric(), 3, -1),
        '‘' | '“' | '„' => judge(!before.is_alphanumeric() && after.is_alphanumeric(), 3, -1),
        // Tight between letters it is rarer than a letter would be.
        '–' | '—' => judge(between_letters, 1, 3),
        '…' | '•' | '·' => judge(between_letters, -2, 2),
        '«' | '»' => judge(between_letters, -2, 1),
        '¿' | '¡' => judge(!before.is_alphanumeric() && after.is_alphabetic(), 2, -3),
        'ª' | 'º' => judge(before.is_numeric() || before == '.', 1, -2),
        '²' | '³' | '¹' => judge(before.is_alphanumeric() || before == ')', 2, -2),
        '½' | '¼' | '¾' => judge(beside_letter, -2, 2),
        'Ω' | 'µ' | 'π' | '∑' | '∏' | 'ƒ' | 'ﬁ' | 'ﬂ' => judge(beside_letter, -2, 0),
        c if c.is_uppercase() && before.is_lowercase() => -4,
        c if c.is_uppercase() => judge(beside_letter, 1, -2),
        c if c.is_alphabetic() => judge(beside_letter, 2, -1),
        // Signs: degrees, currencies, operators.
        _ => judge(between_letters, -3, 1),
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

//! Folding: one form for letters that people take for the same, whatever their case, accents or
//! width. Never looks at more than one word.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// A word in lower case, without accents and in its compatible form: `É` is `e`, `ﬁ` is `fi`, `Ａ` is
/// `a`, `ß` is `ss`. Signs that make another letter of one (Indic vowels, Japanese voicing) stay.
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(word.to_ascii_lowercase())
        } else {
            Cow::Borrowed(word)
        };
    }
    let apart = DecomposingNormalizerBorrowed::new_nfkd().normalize(word);
    let mut plain = String::with_capacity(apart.len());
    for c in apart.chars().filter(|c| !is_accent(*c)) {
        match c {
            'ß' | 'ẞ' => plain.push_str("ss"),
            'æ' | 'Æ' => plain.push_str("ae"),
            'œ' | 'Œ' => plain.push_str("oe"),
            'ø' | 'Ø' => plain.push('o'),
            'ł' | 'Ł' => plain.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => plain.push('d'),
            'þ' | 'Þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            // At the end of a word the small letter has another form, in the middle it has not.
            'ς' => plain.push('σ'),
            _ => plain.extend(c.to_lowercase().filter(|c| !is_accent(*c))),
        }
    }
    Cow::Owned(ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned())
}

/// Marks over and under letters of alphabets.
pub(super) fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}')
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn letters_that_look_alike_are_one() {
        for (word, folded) in [
            ("Fractions", "fractions"),
            ("Élève", "eleve"),
            ("e\u{301}le\u{300}ve", "eleve"),
            ("Straße", "strasse"),
            ("Ærlig", "aerlig"),
            ("Søknad", "soknad"),
            ("ﬁnd", "find"),
            ("ＡＢＣ", "abc"),
            ("İstanbul", "istanbul"),
            ("ΛΌΓΟΣ", "λογοσ"),
            ("λόγος", "λογοσ"),
            ("m²", "m2"),
            ("がく", "がく"),
            ("한국", "한국"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(fold(word), folded);
            assert_eq!(fold(&fold(word)), folded, "folding twice");
        }
    }
}

//! What people write as codes: how one looks, how one stands in front of a statement, which code
//! would be that of its parent. Knows single cells, never a sheet.

/// Longer than any code seen; what is longer is a text.
const LONGEST: usize = 60;

/// What may stand inside of a code besides letters and digits.
const INSIDE: &[char] = &['.', '-', '_', '/', ':', '(', ')', '+', '*', '&', '|', '–', '#'];

/// What may stand between a code and its statement.
const BETWEEN: &[char] = &[':', '-', '–', '—', '.', ')', '|', '=', '・', '：', '、', '．', '）'];

/// Whether a cell by itself looks like a code: `3.NF.A.1`, `ACELA1426`, `S-ID`, `1.2`, `IV`, `K`.
/// A lone number is one too.
#[must_use]
pub fn looks_like_code(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return false;
    }
    let words = text.split_whitespace().count();
    if words == 1 {
        return is_token(text);
    }
    // "RL 3.1", "MA 3.OA 1": a few short words, of which one has a digit and each is short or all capitals.
    words <= 3
        && text.chars().any(|c| c.is_ascii_digit())
        && text.split_whitespace().all(|word| is_token(word) && !is_word(word))
}

/// A word as in a sentence: small letters, with at most the first large.
fn is_word(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_alphabetic)
        && text.chars().count() > 2
        && letters.all(|c| c.is_lowercase() || c == '-' || c == '.')
}

/// One word that could be a code.
fn is_token(text: &str) -> bool {
    let body = text.trim_matches(|c| "()[]".contains(c)).trim_end_matches(['.', ':', ')']);
    if body.is_empty() || !body.chars().all(|c| c.is_alphanumeric() || INSIDE.contains(&c)) {
        return false;
    }
    // A code is written in letters that have large and small forms, if in letters at all.
    if body.chars().any(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()) {
        return false;
    }
    let digit = body.chars().any(|c| c.is_ascii_digit());
    let letters = body.chars().filter(|c| c.is_alphabetic()).count();
    let large = body.chars().filter(|c| c.is_uppercase()).count();
    // "O(a)" is a word of two endings.
    if body.contains('(') && !digit {
        return false;
    }
    let inner = body.chars().any(|c| matches!(c, '.' | '_' | '/'));
    digit || letters <= 2 || (large == letters && letters <= 12) || (inner && large > 0 && !body.contains("//"))
}

/// Takes a cell that begins with a code apart: `(EI01EO01) Perceber que…`, `3.OA.1 Represent…`,
/// `A – Number`, `[K2] …`, `I. …`. None when it begins with no code or has nothing but one.
#[must_use]
pub fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    for (open, close) in [('(', ')'), ('[', ']'), ('（', '）'), ('【', '】')] {
        if let Some(inner) = text.strip_prefix(open) {
            let (code, rest) = inner.split_once(close)?;
            let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || BETWEEN.contains(&c));
            return (looks_like_code(code) && says(rest)).then_some((code.trim(), rest));
        }
    }
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '：' | '・' | '、' | '．')).unwrap_or(text.len());
    let (first, after) = text.split_at(end);
    let code = first.trim_end_matches([':', '.', ')', '-', '–', '—', '|', '=']);
    let rest = after.trim_start();
    let rest = rest.trim_start_matches(BETWEEN).trim_start();
    if code.is_empty() || !says(rest) || code.len() > LONGEST || !is_token(code) || first.contains("//") {
        return None;
    }
    let marked = code.len() < first.len() || after.trim_start().starts_with(BETWEEN);
    let digit = code.chars().any(|c| c.is_ascii_digit());
    let letters = code.chars().filter(|c| c.is_alphabetic()).count();
    let large = code.chars().filter(|c| c.is_uppercase()).count();
    let separated = code.contains(['.', '-', '/', '_']);
    // "A number is …" begins with a word, "A. Number" and "A – Number" with a code.
    // "A Reading": a letter before a heading.
    let headed = code.len() == 1 && large == 1 && rest.starts_with(char::is_uppercase);
    let sure = digit
        || headed
        || (marked && letters <= 12 && (large == letters || letters <= 4))
        || (separated && large == letters);
    // "2-digit", "3D", "90-degree": a word of a sentence.
    let wordy = !marked && code.split('-').next_back().is_some_and(|part| part.len() > 2 && is_word(part));
    (sure && !wordy).then_some((code, rest))
}

/// Whether there is something to read.
fn says(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// The codes that a code's parent could have, the nearest first: cut at separators and between
/// letters and digits (`3.NF.A.1a`: `3.NF.A.1`, `3.NF.A`, `3.NF`, `3`), and with the rest as
/// noughts (`1.2`: `1.0`; `11-1011`: `11-1010`, `11-1000`, `11-0000`).
#[must_use]
pub fn ancestors(code: &str) -> Vec<String> {
    let code = code.trim();
    let chars: Vec<(usize, char)> = code.char_indices().collect();
    let mut found: Vec<String> = Vec::new();
    let mut add = |candidate: &str| {
        if !candidate.is_empty() && candidate != code && !found.iter().any(|one| one == candidate) {
            found.push(candidate.to_owned());
        }
    };
    for at in (1..chars.len()).rev() {
        let (Some(&(_, before)), Some(&(byte, here))) = (chars.get(at - 1), chars.get(at)) else { continue };
        let edge =
            !here.is_alphanumeric() || before.is_ascii_digit() != here.is_ascii_digit() && before.is_alphanumeric();
        if !edge {
            continue;
        }
        let head = code.get(..byte).unwrap_or_default();
        add(head);
        add(head.trim_end_matches(|c: char| !c.is_alphanumeric()));
        if matches!(here, '.' | '-') {
            let tail = code.get(byte + 1..).unwrap_or_default();
            if !tail.is_empty() && tail.chars().all(|c| c.is_ascii_digit()) {
                noughts(tail).for_each(|tail| add(&format!("{head}{here}{tail}")));
            }
        }
    }
    found
}

/// A run of digits with ever more of its end as noughts: `1011`: `1010`, `1000`, `0000`.
fn noughts(digits: &str) -> impl Iterator<Item = String> + '_ {
    (0..digits.len()).rev().filter_map(move |keep| {
        let (head, tail) = digits.split_at(keep);
        tail.bytes().any(|b| b != b'0').then(|| format!("{head}{}", "0".repeat(tail.len())))
    })
}

/// Shorter codes of digits alone that a code of digits begins with, the nearest first: `2654`:
/// `265`, `26`, `2`. For sheets whose codes are all so ([`ancestors`] does not cut runs of digits,
/// for 12 stands not under 1).
#[must_use]
pub fn shorter(code: &str) -> Vec<String> {
    let code = code.trim();
    let digits = code.chars().rev().take_while(char::is_ascii_digit).count();
    (1..digits).filter_map(|cut| code.get(..code.len() - cut).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_words() {
        for code in
            ["3.NF.A.1", "ACELA1426", "S-ID", "1.2", "IV", "K", "(EI01EO01)", "HS-LS1-1", "CCSS.Math", "RL 3.1", "7"]
        {
            assert!(looks_like_code(code), "{code}");
        }
        for text in
            ["Numbers", "Count to 100", "数と計算", "", "self-aware", "Grade 3", "Understand fractions as numbers"]
        {
            assert!(!looks_like_code(text), "{text}");
        }
    }

    #[test]
    fn a_code_in_front_of_a_statement_is_taken_off() {
        let both = [
            ("(EI01EO01) \nPerceber que suas ações", "EI01EO01", "Perceber que suas ações"),
            ("3.OA.1 Represent and solve", "3.OA.1", "Represent and solve"),
            ("3.OA.1: Represent", "3.OA.1", "Represent"),
            ("NF – Fractions", "NF", "Fractions"),
            ("A. Number", "A", "Number"),
            ("[K2] Count", "K2", "Count"),
            ("1) Count", "1", "Count"),
            ("A1：数と計算", "A1", "数と計算"),
        ];
        for (text, code, statement) in both {
            assert_eq!(split(text), Some((code, statement)), "{text}");
        }
        for text in [
            "A number is prime",
            "Represent and solve",
            "3.OA.1",
            "3-digit numbers are read",
            "Students can",
            "(see note) Count",
        ] {
            assert_eq!(split(text), None, "{text}");
        }
    }

    #[test]
    fn the_codes_of_parents_come_nearest_first() {
        assert_eq!(
            ancestors("3.NF.A.1a"),
            ["3.NF.A.1", "3.NF.A.0", "3.NF.A", "3.NF", "3"]
                .iter()
                .filter(|c| **c != "3.NF.A.0")
                .copied()
                .collect::<Vec<_>>()
        );
        assert!(ancestors("1.2").contains(&"1.0".to_owned()));
        let soc = ancestors("11-1011");
        let at = |code: &str| soc.iter().position(|one| one == code).unwrap();
        assert!(at("11-1010") < at("11-1000") && at("11-1000") < at("11-0000"));
        assert!(!ancestors("12").contains(&"1".to_owned()));
        assert_eq!(shorter("2654"), ["265", "26", "2"]);
    }
}

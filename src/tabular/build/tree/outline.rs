//! Outline numbers of several alphabets ("I.", "A.", "1.", "a."): the depth is told by which
//! alphabet goes on, and which one begins.

use super::super::drafts::{Draft, Parent};

/// A way of counting, with the marks around it: `(a)` and `a.` are two.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Style {
    alphabet: Alphabet,
    around: (String, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    Number,
    Upper,
    Lower,
    UpperRoman,
    LowerRoman,
}

pub(super) fn arrange(drafts: &mut [Draft<'_, '_>], first: usize) {
    let mut open: Vec<(Style, u32, usize)> = Vec::new();
    for (at, draft) in drafts.iter_mut().enumerate() {
        let readings = draft.code.as_deref().map(readings).unwrap_or_default();
        if readings.is_empty() {
            // Without a number it belongs to what is open.
            let above = open.last().map(|(_, _, above)| Parent::Draft(*above));
            draft.parent = above.unwrap_or(Parent::Top);
            continue;
        }
        let goes_on = open.iter().enumerate().rev().find_map(|(depth, (style, value, _))| {
            let next = readings.iter().find(|(own, number)| own == style && *number == value + 1)?;
            Some((depth, next.clone()))
        });
        let begins = || readings.iter().find(|(own, number)| *number == 1 && !open.iter().any(|(style, ..)| style == own));
        let again = || {
            let same = |(depth, (style, ..)): (usize, &(Style, u32, usize))| {
                readings.iter().find(|(own, _)| own == style).map(|next| (depth, next.clone()))
            };
            open.iter().enumerate().rev().find_map(same)
        };
        let (depth, (style, value)) = goes_on
            .or_else(|| begins().map(|next| (open.len(), next.clone())))
            .or_else(again)
            .or_else(|| readings.first().map(|next| (open.len(), next.clone())))
            .unwrap_or((0, (Style { alphabet: Alphabet::Number, around: Default::default() }, 1)));
        open.truncate(depth);
        draft.parent = open.last().map_or(Parent::Top, |(_, _, above)| Parent::Draft(*above));
        open.push((style, value, first + at));
    }
}

/// What the code may count: `I.` is the first Roman number or the ninth letter.
fn readings(code: &str) -> Vec<(Style, u32)> {
    let code = code.trim();
    let inner = code.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((before, after)) = code.split_once(inner).filter(|_| !inner.is_empty()) else { return Vec::new() };
    let style = |alphabet| Style { alphabet, around: (before.to_owned(), after.to_owned()) };
    if let Ok(number) = inner.parse::<u32>() {
        return vec![(style(Alphabet::Number), number)];
    }
    let upper = inner.chars().all(|c| c.is_ascii_uppercase());
    if !upper && !inner.chars().all(|c| c.is_ascii_lowercase()) {
        return Vec::new();
    }
    let (letters, romans) =
        if upper { (Alphabet::Upper, Alphabet::UpperRoman) } else { (Alphabet::Lower, Alphabet::LowerRoman) };
    let letter = inner.bytes().next().filter(|_| inner.len() == 1);
    let roman = roman(&inner.to_ascii_uppercase()).map(|number| (style(romans), number));
    let letter = letter.map(|byte| (style(letters), u32::from(byte.to_ascii_uppercase() - b'A') + 1));
    roman.into_iter().chain(letter).collect()
}

fn roman(text: &str) -> Option<u32> {
    let digit = |c| {
        Some(match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            'C' => 100,
            _ => return None,
        })
    };
    let digits: Vec<u32> = text.chars().map(digit).collect::<Option<_>>()?;
    let value = |(at, digit): (usize, &u32)| {
        let smaller = digits.get(at + 1).is_some_and(|next| next > digit);
        if smaller { -i64::from(*digit) } else { i64::from(*digit) }
    };
    u32::try_from(digits.iter().enumerate().map(value).sum::<i64>()).ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parents(codes: &[&str]) -> Vec<Option<usize>> {
        let mut drafts: Vec<Draft<'_, '_>> =
            codes.iter().map(|code| Draft::made(String::new(), "s", Some(code), Parent::Unknown)).collect();
        arrange(&mut drafts, 0);
        let number = |draft: Draft<'_, '_>| match draft.parent {
            Parent::Draft(above) => Some(above),
            _ => None,
        };
        drafts.into_iter().map(number).collect()
    }

    #[test]
    fn alphabets_tell_the_depth() {
        let codes = ["I.", "A.", "1.", "a.", "b.", "2.", "B.", "1.", "II.", "A."];
        let expect =
            [None, Some(0), Some(1), Some(2), Some(2), Some(1), Some(0), Some(6), None, Some(8)];
        assert_eq!(parents(&codes), expect);
    }

    #[test]
    fn a_letter_that_is_also_roman_goes_on_where_it_fits() {
        let codes = ["A.", "B.", "C.", "D.", "E.", "F.", "G.", "H.", "I.", "J."];
        assert!(parents(&codes).iter().all(Option::is_none));
        assert_eq!(parents(&["1)", "(a)", "(b)", "(i)", "(ii)", "(c)", "2)"]), [
            None,
            Some(0),
            Some(0),
            Some(2),
            Some(2),
            Some(0),
            None
        ]);
    }
}

//! The code of the parent begins the code of the child.

use std::collections::{HashMap, HashSet};

use super::super::before::key;
use super::super::drafts::{Draft, Parent};
use super::index::Index;

/// What separates the parts of a code.
const SEPARATORS: [char; 8] = ['.', '-', '_', '/', ' ', ':', '(', '|'];

pub(super) fn arrange(drafts: &mut [Draft<'_, '_>], first: usize) {
    let mut rows: HashMap<String, usize> = HashMap::with_capacity(drafts.len());
    for (at, draft) in drafts.iter().enumerate() {
        if let Some(code) = &draft.code {
            rows.entry(key(code)).or_insert(at);
        }
    }
    let by_letter = nests_by_letter(&rows.keys().map(String::as_str).collect());
    for (at, draft) in drafts.iter_mut().enumerate() {
        let Some(code) = draft.code.as_deref().map(key) else { continue };
        let known = |candidate: &String| *candidate != code && rows.get(candidate).is_some_and(|above| *above != at);
        let above = candidates(&code, by_letter).into_iter().find(known);
        let above = above.and_then(|code| rows.get(&code));
        draft.parent = above.map_or(Parent::Top, |above| Parent::Draft(first + above));
    }
}

/// The row whose code is that of the draft cut at its last dot.
pub(super) fn cut(draft: &Draft<'_, '_>, at: usize, index: &Index) -> Option<usize> {
    let (above, _) = draft.code.as_ref()?.rsplit_once('.')?;
    index.code(above).filter(|above| *above != at)
}

/// What the parent's code may be, nearest first.
fn candidates(code: &str, by_letter: bool) -> Vec<String> {
    let mut all = Vec::new();
    // 11-1011 stands under 11-1010, which stands under 11-1000.
    let mut zeroed: Vec<char> = code.chars().collect();
    for at in (1..zeroed.len()).rev() {
        let digit = zeroed.get_mut(at).filter(|c| c.is_ascii_digit() && **c != '0');
        if let Some(digit) = digit {
            *digit = '0';
            all.push(zeroed.iter().collect());
        }
    }
    let letters: Vec<(usize, char)> = code.char_indices().collect();
    for pair in letters.windows(2).rev() {
        let [(_, before), (at, here)] = pair else { continue };
        let kind = |c: &char| (c.is_numeric(), c.is_alphabetic());
        let separated = SEPARATORS.contains(here);
        if separated || by_letter || kind(before) != kind(here) && !SEPARATORS.contains(before) {
            let cut = code.get(..*at).unwrap_or_default();
            all.push(cut.trim_end_matches(SEPARATORS).to_owned());
            if separated {
                // "1" may be written "1.0".
                all.push(format!("{cut}{here}0"));
            }
        }
    }
    all
}

/// Whether codes nest digit by digit ("1", "11", "111") rather than count ("1" to "12").
fn nests_by_letter(codes: &HashSet<&str>) -> bool {
    let numbers: Option<Vec<u64>> = codes.iter().map(|code| code.parse().ok()).collect();
    let Some(numbers) = numbers else { return false };
    let (least, most) = (numbers.iter().min().copied().unwrap_or(0), numbers.iter().max().copied().unwrap_or(0));
    let counts = most - least + 1 == numbers.len() as u64;
    let shortest = codes.iter().map(|code| code.len()).min().unwrap_or(0);
    let longer = || codes.iter().filter(|code| code.len() > shortest);
    let nested = longer().filter(|code| code.get(..code.len() - 1).is_some_and(|above| codes.contains(above)));
    !counts && nested.count() * 10 >= longer().count() * 9
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
    fn codes_that_begin_alike_stand_under_one_another() {
        assert_eq!(parents(&["A.B", "A.B.C", "A.B.D", "A.B.C.L"]), [None, Some(0), Some(0), Some(1)]);
        assert_eq!(parents(&["3", "3a", "3b", "30"]), [None, Some(0), Some(0), None]);
        assert_eq!(parents(&["11-0000", "11-1000", "11-1010", "11-1011"]), [None, Some(0), Some(1), Some(2)]);
        assert_eq!(parents(&["11-1011.00", "11-1011.03"]), [None, Some(0)]);
        assert_eq!(parents(&["1.0", "1.1", "1.10", "2.0"]), [None, Some(0), Some(0), None]);
        assert_eq!(parents(&["CS-A-1", "CS-A", "CS"]), [Some(1), Some(2), None]);
    }

    #[test]
    fn digits_nest_unless_they_count() {
        assert_eq!(parents(&["1", "11", "111", "112", "2", "21"]), [None, Some(0), Some(1), Some(1), None, Some(4)]);
        let counted: Vec<String> = (1..=12).map(|number| number.to_string()).collect();
        let counted: Vec<&str> = counted.iter().map(String::as_str).collect();
        assert!(parents(&counted).iter().all(Option::is_none));
    }
}

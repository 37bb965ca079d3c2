//! Relations: which type of association a text and an item support, and no more than that.
//!
//! An exact match is claimed only for statements that say the same; nothing here tells broader from narrower, so
//! everything else is only related.

use super::collection::Collection;
use super::grade::Band;
use super::terms::Stems;
use crate::text::code::Code;

/// How much of both word lists has to be common for an exact match.
const EXACT: f32 = 0.8;

/// What is claimed between a text and an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Both say the same.
    Exact,
    /// The text is a part of what the item says.
    Part,
    Related,
}

impl Relation {
    /// The association type of CASE.
    #[must_use]
    pub const fn association(self) -> &'static str {
        match self {
            Relation::Exact => "exactMatchOf",
            Relation::Part => "isPartOf",
            Relation::Related => "isRelatedTo",
        }
    }
}

/// What begins a statement and says nothing of what it is about.
const LEAD_INS: [&str; 16] = [
    "students will be able to",
    "the student will be able to",
    "the learner will be able to",
    "learners will be able to",
    "i can",
    "students will",
    "the student will",
    "the students will",
    "students can",
    "student will",
    "the learner will",
    "learners will",
    "students",
    "learners",
    "pupils",
    "the student is expected to",
];

/// What a text claims about an item of a collection.
pub(super) fn relation(
    text: &str,
    code: Option<&str>,
    grades: &[String],
    collection: &Collection,
    item: u32,
) -> Relation {
    let Some(other) = collection.items().get(item as usize) else { return Relation::Related };
    let language = other.language.as_deref();
    let same = |statement: &str| likeness(text, statement, language);
    let labels = other.labels.iter().map(|label| same(label));
    let likeness = labels.fold(same(&other.statement), f32::max);
    if likeness >= EXACT && !grades_conflict(grades, &other.grades) && !codes_conflict(code, other.code.as_deref()) {
        return Relation::Exact;
    }
    let is_child = |at: &u32| {
        let child = collection.items().get(*at as usize);
        child.is_some_and(|child| same(&child.statement) >= EXACT && !codes_conflict(code, child.code.as_deref()))
    };
    if collection.below(&other.id).iter().any(is_child) { Relation::Part } else { Relation::Related }
}

/// Common words over all words, without what does not count.
#[expect(clippy::cast_precision_loss, reason = "counts of a text's words")]
fn likeness(one: &str, other: &str, language: Option<&str>) -> f32 {
    let (one, other) = (core(one, language), core(other, language));
    let common = one.iter().filter(|stem| other.contains(stem)).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 0.0 } else { common as f32 / all as f32 }
}

/// The stems of what a statement says: without lead-in, examples and what stands in brackets.
fn core(text: &str, language: Option<&str>) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let lower = plain.to_lowercase();
    let example = ["for example", "e.g.", "such as"].iter().filter_map(|word| lower.find(word)).min();
    // Lower case may have another length in some scripts; then nothing is cut.
    let kept = example.filter(|_| lower.len() == plain.len()).and_then(|at| plain.get(..at)).unwrap_or(&plain);
    let mut stems = Stems::default().of(without_lead_in(kept), language);
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// A statement from where it says what it is about.
pub(super) fn without_lead_in(text: &str) -> &str {
    let trimmed = text.trim_start();
    let begins = |lead: &&&str| trimmed.get(..lead.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(lead));
    let lead = LEAD_INS.iter().filter(begins).map(|lead| lead.len()).max().unwrap_or_default();
    trimmed.get(lead..).unwrap_or(trimmed)
}

pub(super) fn grades_conflict(one: &[String], other: &[String]) -> bool {
    Band::of(one).zip(Band::of(other)).is_some_and(|(one, other)| one.gap(other) > 0)
}

/// Whether two codes are of one scheme and not the same: equal but for their last parts.
fn codes_conflict(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one.and_then(Code::new), other.and_then(Code::new)) else { return false };
    let known = |code: &Code| std::iter::once(code.joined()).chain(code.variants()).collect::<Vec<_>>();
    let (ones, others) = (known(&one), known(&other));
    let is_same = ones.iter().any(|code| others.contains(code));
    let kind = |code: &Code| code.separated().chars().map(|c| if c.is_numeric() { '0' } else { c }).collect::<String>();
    !is_same && kind(&one) == kind(&other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::Item;

    #[test]
    fn only_the_same_is_an_exact_match() {
        let item = |id: &str, parent: &str, statement: &str, code: &str, grade: &str| Item {
            id: id.to_owned(),
            parent: Some(parent.to_owned()),
            statement: statement.to_owned(),
            code: Some(code.to_owned()),
            grades: vec![grade.to_owned()],
            ..Item::default()
        };
        let collection = Collection::new(vec![
            item("a", "d", "Recount stories, including fables, and determine their central message", "RL.2.2", "02"),
            item("b", "a", "Recount fables from diverse cultures", "RL.2.2a", "02"),
        ]);
        let check = |text: &str, code: Option<&str>, grade: &str, at: u32, expected: Relation| {
            assert_eq!(relation(text, code, &[grade.to_owned()], &collection, at), expected, "{text}");
        };
        let same =
            "Students will recount stories, including fables, and determine their central message (e.g. courage).";
        check(same, None, "02", 0, Relation::Exact);
        check(same, None, "03", 0, Relation::Related);
        check(same, Some("RL.3.2"), "02", 0, Relation::Related);
        check(same, Some("RL-2-2"), "02", 0, Relation::Exact);
        check("I can recount fables from diverse cultures", None, "02", 0, Relation::Part);
        check("Write about fables", None, "02", 0, Relation::Related);
        check("", None, "02", 0, Relation::Related);
    }
}

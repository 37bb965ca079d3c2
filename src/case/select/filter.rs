//! The filter expression of `/CFDocuments`: its grammar, and whether a document satisfies it
//! (digest 3.1).
//!
//! ```text
//! filter = clause *( ( " AND " / " OR " ) clause )      AND binds tighter than OR
//! clause = name predicate "'" value "'"                 a quote inside the value is doubled
//! ```
//!
//! The standard recommends at most one logical operator; any number is accepted here. It must never
//! turn into SQL or look at a request.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    clip,
    compare::{Operand, text},
    property::{self, Leaves, Path},
};
use crate::case::Version;

/// A parsed filter: true when all clauses of any group hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    groups: Vec<Vec<Clause>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Clause {
    path: Path,
    predicate: Predicate,
    value: Operand,
    /// The value's comma-separated parts, for arrays.
    parts: Vec<Operand>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Predicate {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Contains,
}

/// The two-character predicates come first, so that `>=` is not read as `>`.
const PREDICATES: &[(&str, Predicate)] = &[
    ("!=", Predicate::NotEqual),
    (">=", Predicate::GreaterOrEqual),
    ("<=", Predicate::LessOrEqual),
    ("=", Predicate::Equal),
    (">", Predicate::Greater),
    ("<", Predicate::Less),
    ("~", Predicate::Contains),
];

const EXAMPLE: &str = "title~'algebra' AND statusStartDate>='2027-01-01'";

impl Filter {
    /// Reads an expression whose percent-encoding is already undone.
    ///
    /// # Errors
    /// A sentence that says what is wrong and how to write it.
    pub(super) fn parse(version: Version, expression: &str) -> Result<Filter, String> {
        let mut rest = expression;
        let mut groups = Vec::new();
        let mut group = Vec::new();
        loop {
            let (clause, after) = parse_clause(version, rest)?;
            group.push(clause);
            if after.is_empty() {
                groups.push(group);
                return Ok(Filter { groups });
            } else if let Some(next) = after.strip_prefix(" AND ") {
                rest = next;
            } else if let Some(next) = after.strip_prefix(" OR ") {
                groups.push(std::mem::take(&mut group));
                rest = next;
            } else {
                return Err(format!(
                    "after a quoted value comes the end, ` AND ` or ` OR ` (upper case, one space \
                     on each side), not `{}`; a quote inside a value is written twice",
                    clip(after)
                ));
            }
        }
    }

    /// Whether the document, in the wire form of the filter's version, satisfies the filter.
    pub(super) fn accepts(&self, document: &Value) -> bool {
        self.groups.iter().any(|group| group.iter().all(|clause| clause.holds(document)))
    }
}

/// Reads one clause; returns it with the text after its closing quote.
fn parse_clause(version: Version, rest: &str) -> Result<(Clause, &str), String> {
    let end = rest.find(['=', '!', '>', '<', '~', '\'']).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    if name.is_empty() {
        return Err(format!("a property name is missing; write it as in `{EXAMPLE}`"));
    }
    let Some((predicate, rest)) =
        PREDICATES.iter().find_map(|(sign, predicate)| Some((*predicate, rest.strip_prefix(sign)?)))
    else {
        return Err(format!(
            "after `{}` comes one of = != > >= < <= ~ and a value in single quotes, as in `{EXAMPLE}`",
            clip(name)
        ));
    };
    let Some(path) = Path::parse(version, name) else {
        return Err(unknown_property(version, name));
    };
    let (value, rest) = parse_value(rest)?;
    Ok((Clause::new(path, predicate, &value), rest))
}

/// Reads a quoted value; returns it with doubled quotes undone, and the text after it.
fn parse_value(rest: &str) -> Result<(String, &str), String> {
    let Some(mut rest) = rest.strip_prefix('\'') else {
        return Err(format!("values are written in single quotes whatever their type, as in `{EXAMPLE}`"));
    };
    let mut value = String::new();
    while let Some((text, after)) = rest.split_once('\'') {
        value.push_str(text);
        match after.strip_prefix('\'') {
            Some(next) => {
                value.push('\'');
                rest = next;
            }
            None => return Ok((value, after)),
        }
    }
    Err(format!("the closing quote of `{}` is missing; a quote inside a value is written twice", clip(rest)))
}

fn unknown_property(version: Version, name: &str) -> String {
    format!(
        "a CFDocument of CASE {} has no property `{}`; the properties are {}, and \
         members of a link are written with a dot, as in licenseURI.title",
        version.number(),
        clip(name),
        property::names(version).join(", ")
    )
}

impl Clause {
    fn new(path: Path, predicate: Predicate, value: &str) -> Clause {
        let parts = parts(value).into_iter().map(Operand::new).collect();
        Clause { path, predicate, value: Operand::new(value), parts }
    }

    /// An absent property satisfies `!=` and nothing else.
    fn holds(&self, document: &Value) -> bool {
        let leaves = self.path.leaves(document);
        if leaves.values.is_empty() {
            return self.predicate == Predicate::NotEqual;
        }
        match self.predicate {
            Predicate::Equal => self.equals(&leaves),
            Predicate::NotEqual => !self.equals(&leaves),
            Predicate::Contains => self.is_contained(&leaves),
            Predicate::Greater => self.any(&leaves, Ordering::is_gt),
            Predicate::GreaterOrEqual => self.any(&leaves, Ordering::is_ge),
            Predicate::Less => self.any(&leaves, Ordering::is_lt),
            Predicate::LessOrEqual => self.any(&leaves, Ordering::is_le),
        }
    }

    /// On arrays: the parts name every element and nothing else, in any order. Elements are split at
    /// commas too, so that `['Arts, Visual']` can be named at all.
    fn equals(&self, leaves: &Leaves) -> bool {
        if !leaves.plural {
            return self.any(leaves, Ordering::is_eq);
        }
        let elements: Vec<Value> = leaves.values.iter().flat_map(|value| split_element(value)).collect();
        let same = |part: &Operand, element: &Value| part.order(element, self.path.is_time()).is_eq();
        elements.iter().all(|element| self.parts.iter().any(|part| same(part, element)))
            && self.parts.iter().all(|part| elements.iter().any(|element| same(part, element)))
    }

    /// On arrays: any part is in any element.
    fn is_contained(&self, leaves: &Leaves) -> bool {
        let parts = if leaves.plural { &self.parts[..] } else { std::slice::from_ref(&self.value) };
        parts.iter().any(|part| leaves.values.iter().any(|value| part.is_in(value)))
    }

    /// Whether any value stands to the whole operand as asked. For arrays the standard says nothing
    /// about the four order predicates; one element that satisfies them is enough here.
    fn any(&self, leaves: &Leaves, asked: fn(Ordering) -> bool) -> bool {
        let time = self.path.is_time();
        leaves.values.iter().any(|value| asked(self.value.order(value, time)))
    }
}

/// The comma-separated parts, trimmed, blank ones dropped unless there is nothing else.
fn parts(value: &str) -> Vec<&str> {
    let parts: Vec<&str> = value.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { vec![""] } else { parts }
}

fn split_element(value: &Value) -> Vec<Value> {
    match value {
        Value::String(_) => parts(&text(value)).into_iter().map(Value::from).collect(),
        other => vec![other.clone()],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "identifier": "6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d10",
            "title": "Algebra's  Début",
            "version": "1.0",
            "subject": ["s1", "s2", "s3"],
            "lastChangeDateTime": "2027-01-05T10:00:00+01:00",
            "statusStartDate": "2027-07-01",
            "licenseURI": {"title": "CC BY 4.0", "identifier": "i", "uri": "https://x.example/l"},
            "subjectURI": [{"title": "Maths, pure", "identifier": "i", "uri": "https://x.example/s"}],
            "extensions": {"vendor": {"rank": 12, "open": true}, "tags": ["a", "b"]},
        })
    }

    #[track_caller]
    fn check(expression: &str, expect: bool) {
        let filter = Filter::parse(Version::V1p1, expression).expect(expression);
        assert_eq!(filter.accepts(&document()), expect, "{expression}");
    }

    #[track_caller]
    fn check_error(expression: &str, expect: &str) {
        let sentence = Filter::parse(Version::V1p1, expression).expect_err(expression);
        assert!(sentence.contains(expect), "{expression}: {sentence}");
    }

    #[test]
    fn the_digests_array_examples() {
        check("subject='s1'", false);
        check("subject='s1,s2'", false);
        check("subject='s1,s2,s3'", true);
        check("subject='s3, s1,s2'", true);
        check("subject='s1,s2,s3,s4'", false);
        check("subject~'s1'", true);
        check("subject~'s1,s2'", true);
        check("subject~'s1,s2,s3'", true);
        check("subject~'s4'", false);
        check("subject~'s4,S'", true);
    }

    #[test]
    fn arrays_under_the_other_predicates() {
        check("subject!='s1'", true);
        check("subject!='s1,s2,s3'", false);
        check("subject>'s2'", true);
        check("subject>'s3'", false);
        check("subject<'s1'", false);
        check("subject=''", false);
        check("subject~''", true);
        check("subject~','", true);
        check("extensions.tags='b,a'", true);
    }

    #[test]
    fn an_element_with_a_comma_can_be_named() {
        check("subjectURI.title='Maths, pure'", true);
        check("subjectURI.title='maths'", false);
        check("subjectURI.title~'pure'", true);
    }

    #[test]
    fn scalars_are_compared_without_case() {
        check("title='ALGEBRA''S  DÉBUT'", true);
        check("title='Algebra''s  Debut'", false);
        check("title~'BRA''S'", true);
        check("title!='x'", true);
        check("title>'algebra'", true);
        check("title<'algebra'", false);
        check("version='1.0'", true);
        check("version>='1.0'", true);
        check("version<='1.0'", true);
        check("version<'1.0'", false);
        check("title='Algebra''s,  Début'", false);
    }

    #[test]
    fn times_are_compared_as_times() {
        check("lastChangeDateTime='2027-01-05T09:00:00Z'", true);
        check("lastChangeDateTime>'2027-01-05T09:30:00Z'", false);
        check("lastChangeDateTime>'2027-01-05'", true);
        check("statusStartDate<='2027-07-01'", true);
        check("statusStartDate<'2027-07-01T00:00:01Z'", true);
        check("statusStartDate~'2027-07'", true);
    }

    #[test]
    fn members_of_links_and_extensions() {
        check("licenseURI.title='cc by 4.0'", true);
        check("licenseURI~'cc by'", true);
        check("extensions.vendor.rank>'9'", true);
        check("extensions.vendor.open='true'", true);
        check("extensions.vendor.missing='true'", false);
    }

    #[test]
    fn an_absent_property_satisfies_only_not_equal() {
        for sign in ["=", ">", ">=", "<", "<=", "~"] {
            check(&format!("publisher{sign}''"), false);
        }
        check("publisher!='x'", true);
    }

    #[test]
    fn and_binds_tighter_than_or() {
        check("version='1.0' AND subject~'s1'", true);
        check("version='2' AND subject~'s1'", false);
        check("version='2' OR subject~'s1'", true);
        check("version='1.0' OR version='2' AND version='3'", true);
        check("version='2' AND version='3' OR version='1.0'", true);
        check("version='2' OR version='3' OR version='4'", false);
        check("title!=' AND ' AND title!=' OR '", true);
    }

    #[test]
    fn quotes() {
        check("publisher!=''''", true);
        check("title~''''", true);
        check_error("title='''", "closing quote");
        check_error("title='a", "closing quote");
        check_error("title=''x'", "not `x'`");
        check_error("title=\"a\"", "single quotes");
        check_error("title=a", "single quotes");
    }

    #[test]
    fn bad_grammar_says_what_to_write() {
        check_error("", "property name is missing");
        check_error("='x'", "property name is missing");
        check_error("title", "after `title` comes one of");
        check_error("title'x'", "after `title` comes one of");
        check_error("title!'x'", "after `title` comes one of");
        check_error("title=='x'", "single quotes");
        check_error("title='x' and version='1'", "upper case");
        check_error("title='x'  AND version='1'", "one space");
        check_error("title='x' AND ", "property name is missing");
        check_error("title='x' ", "comes the end");
        check_error("title ='x'", "no property `title `");
        check_error("titel='x'", "no property `titel`");
    }

    #[test]
    fn unknown_names_depend_on_the_version() {
        let sentence = Filter::parse(Version::V1p0, "frameworkType='x'").expect_err("1.1 only");
        assert!(sentence.contains("CASE 1.0") && !sentence.contains("extensions"), "{sentence}");
        assert!(Filter::parse(Version::V1p1, "frameworkType='x'").is_ok());
    }
}

//! The one table of CFDocument's properties, and how a dotted name finds values in a document.
//!
//! Filter, sort and field selection all ask this file which names exist in a version (digest 8.3, 10).
//! It must never compare values: that is `compare`'s work.

use serde_json::{Map, Value};

use crate::case::Version;

/// What the values of a property are, as far as selection cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text, or a list of texts.
    Text,
    /// A date or a date-time: compared as a point in time.
    Time,
    /// A LinkURI or a list of them: its three members can be named after a dot.
    Link,
    /// `extensions`: any name at any depth.
    Open,
}

struct Property {
    name: &'static str,
    kind: Kind,
    since: Version,
}

const fn since_v1p0(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, since: Version::V1p0 }
}

const fn since_v1p1(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, since: Version::V1p1 }
}

/// CFDocument outside a package, in the order of digest 8.3.
const PROPERTIES: &[Property] = &[
    since_v1p0("identifier", Kind::Text),
    since_v1p0("uri", Kind::Text),
    since_v1p1("frameworkType", Kind::Text),
    since_v1p1("caseVersion", Kind::Text),
    since_v1p0("creator", Kind::Text),
    since_v1p0("title", Kind::Text),
    since_v1p0("lastChangeDateTime", Kind::Time),
    since_v1p0("officialSourceURL", Kind::Text),
    since_v1p0("publisher", Kind::Text),
    since_v1p0("description", Kind::Text),
    since_v1p0("subject", Kind::Text),
    since_v1p0("subjectURI", Kind::Link),
    since_v1p0("language", Kind::Text),
    since_v1p0("version", Kind::Text),
    since_v1p0("adoptionStatus", Kind::Text),
    since_v1p0("statusStartDate", Kind::Time),
    since_v1p0("statusEndDate", Kind::Time),
    since_v1p0("licenseURI", Kind::Link),
    since_v1p0("notes", Kind::Text),
    since_v1p1("extensions", Kind::Open),
    since_v1p0("CFPackageURI", Kind::Link),
];

/// The members of a LinkURI (digest 8.2).
const LINK_MEMBERS: &[&str] = &["title", "identifier", "uri"];

fn in_version(version: Version) -> impl Iterator<Item = &'static Property> {
    PROPERTIES.iter().filter(move |property| property.since <= version)
}

/// The top-level property of this exact name, if the version has it. Names are case-sensitive.
pub(super) fn top_level(version: Version, name: &str) -> Option<&'static str> {
    in_version(version).map(|property| property.name).find(|known| *known == name)
}

/// Every top-level name of the version, for error sentences.
pub(super) fn names(version: Version) -> Vec<&'static str> {
    in_version(version).map(|property| property.name).collect()
}

/// A name that exists in a version, split at its dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    segments: Vec<String>,
    kind: Kind,
}

/// The scalar values a path leads to in one document. No values means the property is absent.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Leaves<'a> {
    pub(super) values: Vec<&'a Value>,
    /// Whether an array, or an object as a whole, was met on the way: then array semantics apply,
    /// even to a single value.
    pub(super) plural: bool,
}

impl Path {
    /// Reads `title`, `licenseURI.title`, `extensions.a.b`; `None` when the version has no such name.
    pub(super) fn parse(version: Version, text: &str) -> Option<Path> {
        let segments: Vec<String> = text.split('.').map(str::to_owned).collect();
        let (first, rest) = segments.split_first()?;
        let property = in_version(version).find(|property| property.name == first)?;
        let exists = match property.kind {
            Kind::Text | Kind::Time => rest.is_empty(),
            Kind::Link => match rest {
                [] => true,
                [member] => LINK_MEMBERS.contains(&member.as_str()),
                _ => false,
            },
            Kind::Open => rest.iter().all(|segment| !segment.is_empty()),
        };
        exists.then_some(Path { kind: property.kind, segments })
    }

    /// Whether values are points in time.
    pub(super) fn is_time(&self) -> bool {
        self.kind == Kind::Time
    }

    /// Whether this is the plain `identifier`.
    pub(super) fn is_identifier(&self) -> bool {
        self.segments == ["identifier"]
    }

    /// The values in `document`. An array stands for its elements and an object named as a whole
    /// (`licenseURI`, `extensions`) for the values of its members; `null` is absent.
    pub(super) fn leaves<'a>(&self, document: &'a Value) -> Leaves<'a> {
        let mut leaves = Leaves::default();
        collect(document, &self.segments, &mut leaves);
        leaves
    }
}

fn collect<'a>(value: &'a Value, segments: &[String], leaves: &mut Leaves<'a>) {
    match value {
        Value::Null => {}
        Value::Array(elements) => {
            leaves.plural = true;
            for element in elements {
                collect(element, segments, leaves);
            }
        }
        Value::Object(members) if segments.is_empty() => {
            leaves.plural = true;
            for member in members.values() {
                collect(member, segments, leaves);
            }
        }
        Value::Object(members) => {
            if let Some((member, rest)) = descend(members, segments) {
                collect(member, rest, leaves);
            }
        }
        scalar if segments.is_empty() => leaves.values.push(scalar),
        _ => {}
    }
}

/// Takes the longest run of segments that is a member's name, because the standard suggests
/// extension names with dots of their own (`vendor.name`, digest 12.7).
fn descend<'a, 's>(members: &'a Map<String, Value>, segments: &'s [String]) -> Option<(&'a Value, &'s [String])> {
    (1..=segments.len()).rev().find_map(|count| {
        let (name, rest) = segments.split_at_checked(count)?;
        members.get(&name.join(".")).map(|member| (member, rest))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(name: &str, document: Value, expect: &[Value], plural: bool) {
        let path = Path::parse(Version::V1p1, name).expect("known name");
        let leaves = path.leaves(&document);
        assert_eq!(leaves.values, expect.iter().collect::<Vec<_>>());
        assert_eq!(leaves.plural, plural);
    }

    #[test]
    fn names_differ_by_version() {
        for name in ["frameworkType", "caseVersion", "extensions", "extensions.a"] {
            assert!(Path::parse(Version::V1p1, name).is_some(), "{name} in 1.1");
            assert!(Path::parse(Version::V1p0, name).is_none(), "{name} in 1.0");
        }
        assert!(Path::parse(Version::V1p0, "subjectURI.title").is_some());
        assert_eq!((names(Version::V1p0).len(), names(Version::V1p1).len()), (18, 21));
    }

    #[test]
    fn refuses_names_that_do_not_exist() {
        for name in [
            "",
            "Title",
            "titel",
            "title.x",
            "licenseURI.name",
            "licenseURI.title.x",
            "licenseURI.",
            "extensions.",
            "extensions..a",
            "fullStatement",
            ".title",
        ] {
            assert_eq!(Path::parse(Version::V1p1, name), None, "{name}");
        }
    }

    #[test]
    fn finds_scalars_arrays_and_links() {
        check("title", json!({"title": "A"}), &[json!("A")], false);
        check("subject", json!({"subject": ["A"]}), &[json!("A")], true);
        let link = json!({"title": "T", "identifier": "I", "uri": "U"});
        check("licenseURI.title", json!({"licenseURI": link}), &[json!("T")], false);
        check("subjectURI.uri", json!({"subjectURI": [link]}), &[json!("U")], true);
        let whole = [json!("T"), json!("I"), json!("U")];
        check("licenseURI", json!({"licenseURI": link}), &whole, true);
    }

    #[test]
    fn null_missing_and_empty_are_absent() {
        check("title", json!({"title": null}), &[], false);
        check("title", json!({}), &[], false);
        check("subject", json!({"subject": []}), &[], true);
        check("licenseURI.title", json!({"licenseURI": "text"}), &[], false);
        check("title", json!("not an object"), &[], false);
    }

    #[test]
    fn extension_names_may_hold_dots() {
        check("extensions.a.b", json!({"extensions": {"a": {"b": 1}}}), &[json!(1)], false);
        check("extensions.a.b", json!({"extensions": {"a.b": true}}), &[json!(true)], false);
        let both = json!({"extensions": {"a.b": 1, "a": {"b": 2}}});
        check("extensions.a.b", both, &[json!(1)], false);
    }
}

//! The table of operations, and what a path below `/ims/case/` means. Pure.

use crate::case::Version;
use crate::case::model::Class;
use crate::case::status::Failure;
use crate::registry::Operation;
use crate::server::url;

use super::discovery;

/// The reads that take an identifier, by the segment that names them (digest 2).
const OPERATIONS: [(&str, Operation); 11] = [
    ("CFDocuments", Operation::Document),
    ("CFPackages", Operation::Package),
    ("CFItems", Operation::Item),
    ("CFItemAssociations", Operation::ItemAssociations),
    ("CFAssociations", Operation::Association),
    ("CFAssociationGroupings", Operation::Grouping),
    ("CFConcepts", Operation::Concepts),
    ("CFItemTypes", Operation::ItemTypes),
    ("CFSubjects", Operation::Subjects),
    ("CFLicenses", Operation::License),
    ("CFRubrics", Operation::Rubric),
];

/// The segment of the read that answers with one object of a class; criteria and levels have none.
#[must_use]
pub(crate) fn segment_of(class: Class) -> Option<&'static str> {
    let operation = match class {
        Class::Package => Operation::Package,
        Class::Document => Operation::Document,
        Class::Item => Operation::Item,
        Class::Association => Operation::Association,
        Class::Concept => Operation::Concepts,
        Class::Subject => Operation::Subjects,
        Class::License => Operation::License,
        Class::ItemType => Operation::ItemTypes,
        Class::Grouping => Operation::Grouping,
        Class::Rubric => Operation::Rubric,
        Class::Criterion | Class::Level => return None,
    };
    OPERATIONS.iter().find(|(_, known)| *known == operation).map(|(segment, _)| *segment)
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    Documents,
    Object(Operation, String),
    Discovery,
}

/// A path below `/ims/case/`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CasePath {
    /// As the path names it; the newest where it names none, so that errors have a spelling.
    pub(super) version: Version,
    pub(super) target: Result<Target, Failure>,
    /// The path with the identifier left out, for metrics.
    pub(super) route: String,
}

impl CasePath {
    /// Reads a path whose segments may still be percent-encoded. `.json` at its end and one slash
    /// behind it are tolerated, as clients of other servers send them (digest 16.1).
    pub(super) fn parse(tail: &str) -> CasePath {
        let unknown =
            |version| CasePath { version, target: Err(Failure::UnknownPath), route: "/ims/case/{unknown}".to_owned() };
        let tail = tail.strip_suffix('/').unwrap_or(tail);
        let (name, rest) = tail.split_once('/').unwrap_or((tail, ""));
        let Some(version) = Version::ALL.into_iter().find(|version| version.segment() == name) else {
            return unknown(Version::V1p1);
        };
        match below(version, rest) {
            Some((target, route)) => {
                CasePath { version, target, route: format!("/ims/case/{}/{route}", version.segment()) }
            }
            None => unknown(version),
        }
    }
}

/// What is below a base path, and its pattern.
fn below(version: Version, rest: &str) -> Option<(Result<Target, Failure>, String)> {
    if rest == discovery::path(version) {
        return Some((Ok(Target::Discovery), rest.to_owned()));
    }
    let rest = rest.strip_suffix(".json").unwrap_or(rest);
    if rest == "CFDocuments" {
        return Some((Ok(Target::Documents), rest.to_owned()));
    }
    let (segment, id) = rest.split_once('/')?;
    let (_, mut operation) = *OPERATIONS.iter().find(|(known, _)| *known == segment)?;
    let mut route = format!("{segment}/{{id}}");
    let mut id = id;
    if let (Operation::Item, Some(item)) = (operation, id.strip_suffix("/associations")) {
        (operation, id) = (Operation::ItemAssociations, item);
        route.push_str("/associations");
    }
    if id.is_empty() || id.contains('/') {
        return None;
    }
    let target = url::decode(id).map(|id| Target::Object(operation, id)).map_err(|_| Failure::InvalidSelection {
        parameter: "sourcedId".to_owned(),
        description: "the identifier in the path is not percent-encoded UTF-8; write % as %25".to_owned(),
    });
    Some((target, route))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tail: &str, version: Version, target: Option<Target>) {
        let path = CasePath::parse(tail);
        assert_eq!((path.version, path.target.ok()), (version, target), "{tail}");
    }

    fn object(operation: Operation, id: &str) -> Target {
        Target::Object(operation, id.to_owned())
    }

    #[test]
    fn operations() {
        check("v1p0/CFDocuments", Version::V1p0, Some(Target::Documents));
        check("v1p1/CFDocuments.json", Version::V1p1, Some(Target::Documents));
        check("v1p1/CFDocuments/", Version::V1p1, Some(Target::Documents));
        check("v1p1/CFItems/a", Version::V1p1, Some(object(Operation::Item, "a")));
        check("v1p1/CFItems/a.json", Version::V1p1, Some(object(Operation::Item, "a")));
        check("v1p0/CFItems/a/associations.json", Version::V1p0, Some(object(Operation::ItemAssociations, "a")));
        check("v1p0/CFItems/http%3A%2F%2Fx%2Fy", Version::V1p0, Some(object(Operation::Item, "http://x/y")));
        check("v1p1/discovery/imscasev1p1_openapi3_v1p0.json", Version::V1p1, Some(Target::Discovery));
    }

    #[test]
    fn everything_else_is_unknown() {
        for tail in [
            "",
            "/",
            "v1p1",
            "v1p1/",
            "v1p1/CFItems",
            "v1p1/CFItems/",
            "v1p1//CFItems/a",
            "v1p1/CFItems/a/b",
            "v1p1/cfitems/a",
        ] {
            assert_eq!(CasePath::parse(tail).target, Err(Failure::UnknownPath), "{tail}");
        }
        check("v9p9/CFDocuments", Version::V1p1, None);
        check("v1p1/discovery/imscasev1p0_openapi3_v1p0.json", Version::V1p1, None);
    }

    #[test]
    fn malformed_encoding_is_the_clients_mistake() {
        let target = CasePath::parse("v1p1/CFItems/%zz").target;
        assert_eq!(target.unwrap_err().http_status(), 400);
    }
}

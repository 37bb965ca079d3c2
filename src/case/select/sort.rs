//! The order of the documents on `/CFDocuments` (digest 3.2): always total, always stable.
//!
//! It must never drop a document: what lacks the property comes last in both directions.

use std::cmp::Ordering;

use serde_json::Value;

use super::{compare::Key, property::Path};
use crate::case::Version;

/// How documents are ordered. Ties of a property are broken by ascending identifier.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Order {
    /// By identifier, byte by byte. Ascending, it is the server's default order.
    Identifier {
        descending: bool,
    },
    Property {
        path: Path,
        descending: bool,
    },
}

impl Order {
    /// The order for a `sort` name. An absent or unknown name gives the default order, and then
    /// the direction has nothing to apply to.
    pub(super) fn new(version: Version, sort: Option<&str>, descending: bool) -> Order {
        match sort.and_then(|name| Path::parse(version, name)) {
            None => Order::Identifier { descending: false },
            Some(path) if path.is_identifier() => Order::Identifier { descending },
            Some(path) => Order::Property { path, descending },
        }
    }

    /// Sorts in place.
    pub(super) fn sort(&self, documents: &mut Vec<Value>) {
        match self {
            Order::Identifier { descending } => {
                documents.sort_by(|a, b| directed(identifier(a).cmp(identifier(b)), *descending));
            }
            Order::Property { path, descending } => {
                let mut keyed: Vec<(Vec<Key>, Value)> =
                    documents.drain(..).map(|document| (keys(path, &document), document)).collect();
                keyed.sort_by(|(a, x), (b, y)| {
                    order_keys(a, b, *descending).then_with(|| identifier(x).cmp(identifier(y)))
                });
                documents.extend(keyed.into_iter().map(|(_, document)| document));
            }
        }
    }
}

fn identifier(document: &Value) -> &str {
    document.get("identifier").and_then(Value::as_str).unwrap_or_default()
}

fn keys(path: &Path, document: &Value) -> Vec<Key> {
    let leaves = path.leaves(document);
    leaves.values.into_iter().map(|value| Key::new(value, path.is_time())).collect()
}

/// Arrays are compared element by element; an absent property, which has no keys, comes last.
fn order_keys(a: &[Key], b: &[Key], descending: bool) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (false, false) => {}
        (a_absent, b_absent) => return a_absent.cmp(&b_absent),
    }
    let different = a.iter().zip(b).map(|(x, y)| x.order(y)).find(|order| order.is_ne());
    directed(different.unwrap_or_else(|| a.len().cmp(&b.len())), descending)
}

fn directed(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(sort: Option<&str>, descending: bool, documents: Value, expect: &str) {
        let Value::Array(mut documents) = documents else { panic!("an array") };
        Order::new(Version::V1p1, sort, descending).sort(&mut documents);
        let found: Vec<&str> = documents.iter().map(identifier).collect();
        assert_eq!(found.join(" "), expect);
    }

    fn titled() -> Value {
        json!([
            {"identifier": "d", "title": "b"}, {"identifier": "e"}, {"identifier": "c", "title": "B"},
            {"identifier": "a", "title": "Á"}, {"identifier": "b", "title": null}, {"identifier": "f", "title": "a"},
        ])
    }

    #[test]
    fn default_order_is_the_identifiers_bytes() {
        let documents = json!([{"identifier": "b"}, {"identifier": "B"}, {"identifier": "a"}]);
        check(None, false, documents.clone(), "B a b");
        check(None, true, documents.clone(), "B a b");
        check(Some("nonsense"), true, documents.clone(), "B a b");
        check(Some(""), false, documents.clone(), "B a b");
        check(Some("identifier"), false, documents.clone(), "B a b");
        check(Some("identifier"), true, documents, "b a B");
    }

    #[test]
    fn absent_comes_last_in_both_directions() {
        check(Some("title"), false, titled(), "f a c d b e");
        check(Some("title"), true, titled(), "c d a f b e");
    }

    #[test]
    fn arrays_sort_element_by_element() {
        let documents = json!([
            {"identifier": "1", "subject": ["b"]}, {"identifier": "2", "subject": ["a", "c"]},
            {"identifier": "3", "subject": []}, {"identifier": "4", "subject": ["a"]},
            {"identifier": "5", "subject": ["A", "b"]},
        ]);
        check(Some("subject"), false, documents.clone(), "4 5 2 1 3");
        check(Some("subject"), true, documents, "1 2 5 4 3");
    }

    #[test]
    fn times_sort_as_times_and_links_by_their_members() {
        let documents = json!([
            {"identifier": "1", "lastChangeDateTime": "2027-01-05T10:00:00Z"},
            {"identifier": "2", "lastChangeDateTime": "2027-01-05T10:30:00+01:00"},
            {"identifier": "3", "lastChangeDateTime": "unknown"},
        ]);
        check(Some("lastChangeDateTime"), false, documents, "2 1 3");
        let documents = json!([
            {"identifier": "1", "licenseURI": {"title": "b"}}, {"identifier": "2", "licenseURI": {"title": "A"}},
        ]);
        check(Some("licenseURI"), false, documents.clone(), "2 1");
        check(Some("licenseURI.title"), true, documents, "1 2");
    }

    #[test]
    fn equal_documents_keep_their_order() {
        let mut documents = vec![json!({"identifier": "a", "n": 1}), json!({"identifier": "a", "n": 2})];
        let before = documents.clone();
        Order::new(Version::V1p1, Some("title"), true).sort(&mut documents);
        assert_eq!(documents, before);
    }
}

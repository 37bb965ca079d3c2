//! A proposed crosswalk as files: a CASE package of associations, and sheets for somebody to review.

use chrono::Utc;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ProposedAssociation, ProposedCrosswalk};
use crate::case::model::{Package, Timestamp};
use crate::case::read::{self, Context};
use crate::registry::{RegistryError, ResolvedObject, now, written};
use crate::tabular::write::{Match, MatchedItem, matches_csv, matches_xlsx};

impl ProposedCrosswalk {
    /// The proposals as a CASE 1.1 package of associations, in whose extensions stands how sure each is and that nobody
    /// has reviewed it. Uris begin with `base_url`; identifiers are the same for the same proposals.
    #[must_use]
    pub fn package(&self, base_url: &str) -> Value {
        let at = written(now());
        let named = |what: &str| {
            Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("casement crosswalk {what}").as_bytes()).to_string()
        };
        let ends = self.proposals.first().map(|one| (&one.origin.framework, &one.destination.framework));
        let (from, to) =
            ends.map_or((String::new(), String::new()), |(from, to)| (from.title.clone(), to.title.clone()));
        let id = named(&ends.map_or_else(String::new, |(from, to)| format!("{} {}", from.identifier, to.identifier)));
        let title = format!("Proposed crosswalk: {from} to {to}");
        let uri = |id: &str| format!("{base_url}/uri/{id}");
        let end = |object: &ResolvedObject| {
            let title = object.code.as_deref().unwrap_or(&object.statement);
            json!({"title": title, "identifier": object.identifier, "uri": object.uri})
        };
        let associations = self.proposals.iter().map(|one| {
            let (origin, destination) = (&one.origin.identifier, &one.destination.identifier);
            let own = named(&format!("{id} {origin} {} {destination}", one.association_type));
            json!({
                "identifier": own, "uri": uri(&own), "associationType": one.association_type, "lastChangeDateTime": at,
                "originNodeURI": end(&one.origin), "destinationNodeURI": end(&one.destination),
                "extensions": {"confidence": one.confidence, "method": self.method(), "model": self.model, "review": "proposed"},
            })
        });
        let associations: Vec<Value> = associations.map(without_nulls).collect();
        json!({
            "CFDocument": {
                "identifier": id, "uri": uri(&id), "title": title, "creator": "Casement", "adoptionStatus": "Draft",
                "lastChangeDateTime": at,
                "description": "Associations that a machine proposes; nobody has reviewed them.",
            },
            "CFItems": [],
            "CFAssociations": associations,
        })
    }

    fn method(&self) -> &'static str {
        if self.semantic == "on" { "semantic" } else { "lexical" }
    }

    /// The proposals as CSV to review.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        matches_csv(&self.proposals.iter().map(line).collect::<Vec<_>>())
    }

    /// The proposals as a workbook to review.
    ///
    /// # Errors
    /// [`RegistryError::Write`] when they are more than a sheet holds, or there is no room for temporary files.
    pub fn xlsx(&self, base_url: &str) -> Result<Vec<u8>, RegistryError> {
        let lines: Vec<Match<'_>> = self.proposals.iter().map(line).collect();
        Ok(matches_xlsx(&self.read(base_url)?, &lines)?)
    }

    /// The package as it would be read.
    fn read(&self, base_url: &str) -> Result<Package, RegistryError> {
        let context = Context { base_url: base_url.to_owned(), now: Timestamp::from_instant(Utc::now()) };
        let readings = read::packages(self.package(base_url).to_string().as_bytes(), &context)?;
        readings.into_iter().next().map(|reading| reading.package).ok_or_else(|| read::ReadError::Empty.into())
    }
}

fn line(one: &ProposedAssociation) -> Match<'_> {
    Match {
        origin: end(&one.origin),
        association_type: one.association_type,
        destination: end(&one.destination),
        confidence: one.confidence,
    }
}

fn end(object: &ResolvedObject) -> MatchedItem<'_> {
    MatchedItem {
        identifier: &object.identifier,
        code: object.code.as_deref().unwrap_or_default(),
        statement: &object.statement,
    }
}

/// What CASE never has.
fn without_nulls(mut value: Value) -> Value {
    if let Some(extensions) = value.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.retain(|_, value| !value.is_null());
    }
    value
}

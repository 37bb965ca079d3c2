//! Tests of credentials, by what they are about. Never contains rules, only what comes of them.

mod fixtures;
mod placing;
mod reading;
mod recognising;
mod signed;
mod snippets;
mod unchanged;

use serde_json::{Value, json};

use super::{
    Addition, AlignmentOptions, Document, OnSigned, Outcome, PlaceOf, Placed, ReadHints, Target, TargetClass,
    TargetFramework, place, read,
};

const BASE: &str = "https://case.example.org";

/// The item of the worked examples.
fn item() -> Target {
    Target {
        class: TargetClass::Item,
        identifier: "8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21".to_owned(),
        uri: format!("{BASE}/uri/8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21"),
        short: Some("Chlorine residual testing".to_owned()),
        full: Some("Measure free and total chlorine residual in treated water.".to_owned()),
        code: Some("WT.2.3".to_owned()),
        notes: Some("Teach with the colorimeter.".to_owned()),
        item_type: Some("Skill".to_owned()),
        language: Some("en".to_owned()),
        framework: TargetFramework {
            identifier: "5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10".to_owned(),
            uri: format!("{BASE}/uri/5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10"),
            title: "Riverwell Water Treatment Skills".to_owned(),
        },
        base: BASE.to_owned(),
    }
}

/// Another class with the texts that it has.
fn other(class: TargetClass, short: Option<&str>, full: Option<&str>) -> Target {
    Target {
        class,
        identifier: "1b7c9e40-2f35-4c68-8d0a-6e5f3a9b7d42".to_owned(),
        uri: format!("{BASE}/uri/1b7c9e40-2f35-4c68-8d0a-6e5f3a9b7d42"),
        short: short.map(str::to_owned),
        full: full.map(str::to_owned),
        code: None,
        notes: None,
        ..item()
    }
}

/// A document that is read without hints.
fn document(value: &Value) -> Document {
    read(value.to_string().as_bytes(), ReadHints::default()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// Every target once in every place that may have it.
fn everywhere<'a>(document: &Document, targets: &'a [Target]) -> Vec<Addition<'a>> {
    let places = document.places.iter().enumerate().filter(|(_, place)| place.of != PlaceOf::Result);
    places.flat_map(|(place, _)| targets.iter().map(move |target| Addition { place, target })).collect()
}

/// What comes of adding the item to every place.
fn placed(document: &Document, on_signed: OnSigned) -> Placed {
    let targets = [item()];
    place(document, &everywhere(document, &targets), AlignmentOptions::default(), on_signed).expect("nothing is wrong")
}

/// The document after that.
fn aligned(value: &Value) -> Value {
    let placed = placed(&document(value), OnSigned::Detach);
    serde_json::from_slice(&placed.document.expect("it is not frozen")).unwrap()
}

/// The pointers of what was added.
fn pointers(placed: &Placed) -> Vec<&str> {
    let pointer = |outcome| match outcome {
        &Outcome::Added { ref pointer, .. } | &Outcome::Detached { ref pointer, .. } => Some(pointer.as_str()),
        Outcome::Present => None,
    };
    placed.outcomes.iter().filter_map(pointer).collect()
}

/// An achievement of Open Badges 3.0 with every place that alignments have, each with one.
fn achievement() -> Value {
    let alignment = |name: &str| json!([{ "type": ["Alignment"], "targetName": name, "targetUrl": format!("https://a.example/{name}") }]);
    json!({
        "id": "https://badges.example.edu/achievements/1", "type": ["Achievement"], "name": "Water Sampling",
        "description": "Collects samples.", "criteria": { "narrative": "Collect **six** samples." },
        "alignment": alignment("one"),
        "resultDescription": [{
            "id": "urn:uuid:0a3f5a0e-7a0e-4e0b-9f5e-1f6f8f2b9c01", "type": ["ResultDescription"], "name": "Quality",
            "resultType": "RubricCriterionLevel", "alignment": alignment("two"),
            "rubricCriterionLevel": [{
                "id": "urn:uuid:0a3f5a0e-7a0e-4e0b-9f5e-1f6f8f2b9c02", "type": ["RubricCriterionLevel"], "name": "Proficient",
                "level": "3", "alignment": alignment("three")
            }]
        }]
    })
}

/// A credential with that achievement.
fn credential() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:7d8f1b7c-6a51-4f0a-9d66-8a2f64c0f111", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": { "id": "https://badges.example.edu/issuers/rcc", "type": ["Profile"], "name": "Riverwell" },
        "validFrom": "2026-05-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:learner1", "type": ["AchievementSubject"], "achievement": achievement(),
            "result": [{ "type": ["Result"], "value": "A Person's 4.5", "alignment": [
                { "type": ["Alignment"], "targetName": "four", "targetUrl": "https://a.example/four" }] }]
        }
    })
}

/// The same with a proof.
fn proved(mut credential: Value) -> Value {
    credential["proof"] = json!([{ "type": "DataIntegrityProof", "proofValue": "z3Mvz" }]);
    credential
}

/// A CLR 2.0 with these credentials and one achievement of its own.
fn record(credentials: Vec<Value>) -> Value {
    let clr = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";
    let mut record = credential();
    record["@context"].as_array_mut().unwrap().insert(1, json!(clr));
    record["type"] = json!(["VerifiableCredential", "ClrCredential"]);
    record["name"] = json!("Transcript");
    record["credentialSubject"] =
        json!({ "type": ["ClrSubject"], "verifiableCredential": credentials, "achievement": [achievement()] });
    record
}

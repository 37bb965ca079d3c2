//! Bytes → what is in them, leniently: one object for a list of it, other versions' and snake-case names, language maps.
//!
//! Walks from the document down to its achievements. Never repairs anything, and never takes out what names a person.

mod achievement;
mod remarks;

use serde_json::{Map, Value};

use super::document::{Document, Frozen, Reason, Warning};
use super::jws;
use super::kind::{Kind, list, recognise};
use achievement::Reader;

/// Why a body is not read at all. No message has text of the body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    #[error(
        "the body is empty; send a credential, an achievement or a badge class as JSON, or a signed one as a compact JWS"
    )]
    Empty,
    #[error("the body is neither JSON nor a compact JWS: at line {line}, column {column} it {what}")]
    NotJson { line: usize, column: usize, what: &'static str },
    /// The content type promises a JWS.
    #[error(
        "the content type announces a signed credential, but the body is no compact JWS of three parts of base64url"
    )]
    NotJws,
    #[error("what the JWS signs is not a JSON object")]
    Payload,
    /// Names that the JSON library uses for itself, which would not come back as they came.
    #[error("the body has a member whose name begins with $serde_json::private, which cannot be kept")]
    Reserved,
    #[error(
        "the body is neither a credential nor an achievement; send an Open Badges 2.0 BadgeClass or Assertion, an Open \
         Badges 3.0 Achievement or credential, a CLR 1.0 or 2.0, a VerifiablePresentation, or an object with a name or a \
         description"
    )]
    Unrecognised,
}

/// What is known of a body beside its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadHints<'a> {
    /// Its media type, with or without parameters.
    pub content_type: Option<&'a str>,
    /// BCP 47 tag of the language to read where there are several.
    pub language: Option<&'a str>,
}

/// Reads a document.
///
/// # Errors
/// When it is no document of these at all.
pub fn read(bytes: &[u8], hints: ReadHints<'_>) -> Result<Document, CredentialError> {
    let (value, signed) = parse(bytes, hints.content_type)?;
    let kind = recognise(&value).ok_or(CredentialError::Unrecognised)?;
    let mut walk = Walk::new(hints.language);
    let mut scope = Scope::default();
    if signed.is_some() {
        walk.frozen.push(Frozen { pointer: String::new(), reason: Reason::Jws });
        scope.frozen = Some(Reason::Jws);
    }
    walk.document(kind, &value, &scope);
    if walk.reader.places.is_empty() {
        walk.reader.warn("", "noAchievement", "There is no achievement in the document that could be aligned.");
    }
    let Walk { reader, frozen } = walk;
    let Reader { places, warnings, .. } = reader;
    Ok(Document { kind, places, frozen, warnings, source: bytes.to_vec(), signed })
}

/// The value, and its text when it was inside of a JWS.
fn parse(bytes: &[u8], content_type: Option<&str>) -> Result<(Value, Option<String>), CredentialError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(CredentialError::Empty);
    }
    let signed = |jws: &str| jws::payload(jws).map(|(value, text)| (value, Some(text))).ok_or(CredentialError::Payload);
    if let Some(jws) = std::str::from_utf8(bytes).ok().and_then(jws::compact) {
        return signed(jws);
    }
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let announced = ["application/vc+jwt", "application/vc+ld+json+jwt", "application/jwt", "application/jose"];
    if announced.iter().any(|name| media_type.eq_ignore_ascii_case(name)) {
        return Err(CredentialError::NotJws);
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    if memchr(bytes, b"$serde_json::private") {
        return Err(CredentialError::Reserved);
    }
    if let Some(jws) = value.as_str().and_then(jws::compact) {
        return signed(jws);
    }
    Ok((value, None))
}

fn memchr(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn not_json(error: &serde_json::Error) -> CredentialError {
    let what = if error.is_eof() {
        "ends too early"
    } else if error.to_string().starts_with("recursion limit") {
        "is nested too deeply"
    } else {
        "cannot be read on"
    };
    CredentialError::NotJson { line: error.line(), column: error.column(), what }
}

/// Where the walk stands.
#[derive(Clone, Debug, Default)]
struct Scope {
    pointer: String,
    frozen: Option<Reason>,
    proofs: Vec<String>,
    embedded: bool,
}

impl Scope {
    /// One step down.
    fn at(&self, step: &str) -> Scope {
        let step = step.replace('~', "~0").replace('/', "~1");
        Scope { pointer: format!("{}/{step}", self.pointer), ..self.clone() }
    }

    /// The steps to a member: itself, or each element of it.
    fn each<'v>(&self, members: &'v Map<String, Value>, name: &str) -> Vec<(Scope, &'v Value)> {
        let here = self.at(name);
        match members.get(name) {
            Some(Value::Array(values)) => {
                values.iter().enumerate().map(|(position, value)| (here.at(&position.to_string()), value)).collect()
            }
            Some(Value::Null) | None => Vec::new(),
            Some(value) => vec![(here, value)],
        }
    }
}

struct Walk<'a> {
    reader: Reader<'a>,
    frozen: Vec<Frozen>,
}

impl<'a> Walk<'a> {
    fn new(language: Option<&'a str>) -> Walk<'a> {
        Walk { reader: Reader::new(language), frozen: Vec::new() }
    }

    fn document(&mut self, kind: Kind, value: &Value, scope: &Scope) {
        let Some(members) = value.as_object() else { return };
        let scope = &self.frozen_by_proof(members, scope);
        match kind {
            Kind::Ob3Credential | Kind::Clr2 => self.credential(kind, members, scope),
            Kind::Presentation => self.nested(members, "verifiableCredential", scope),
            Kind::Ob2Assertion => self.assertion_of_badge(members, scope),
            Kind::Clr1 => self.record(members, scope),
            Kind::Clr1Assertion => self.assertion_of_record(members, scope),
            Kind::BadgrV2 if members.get("result").is_some_and(Value::is_array) => {
                for (scope, value) in scope.each(members, "result") {
                    self.achievement(kind, value, &scope);
                }
            }
            Kind::Ob3Achievement
            | Kind::Ob2BadgeClass
            | Kind::Clr1Achievement
            | Kind::BadgrV1
            | Kind::BadgrV2
            | Kind::Untyped => self.achievement(kind, value, scope),
        }
    }

    /// The scope of what has a proof, and a note of it.
    fn frozen_by_proof(&mut self, members: &Map<String, Value>, scope: &Scope) -> Scope {
        let mut inside = scope.clone();
        if list(members.get("proof")).next().is_some() {
            inside.proofs.push(scope.pointer.clone());
            if scope.frozen != Some(Reason::Jws) {
                inside.frozen = Some(Reason::Proof);
                self.frozen.push(Frozen { pointer: scope.pointer.clone(), reason: Reason::Proof });
            }
        } else if scope.frozen == Some(Reason::OuterProof) {
            self.frozen.push(Frozen { pointer: scope.pointer.clone(), reason: Reason::OuterProof });
        }
        inside
    }

    /// A credential of Open Badges 3.0 or CLR 2.0; a CLR has credentials and achievements in its subject.
    fn credential(&mut self, kind: Kind, members: &Map<String, Value>, scope: &Scope) {
        remarks::credential(&mut self.reader, kind, members, &scope.pointer);
        for (scope, subject) in scope.each(members, "credentialSubject") {
            let Some(subject) = subject.as_object() else { continue };
            for (scope, achievement) in scope.each(subject, "achievement") {
                self.achievement(Kind::Ob3Achievement, achievement, &scope);
            }
            for (scope, result) in scope.each(subject, "result") {
                self.reader.result(Kind::Ob3Achievement, result, &scope);
            }
            self.nested(subject, "verifiableCredential", &scope);
        }
    }

    /// Credentials inside of another, as JSON or signed.
    fn nested(&mut self, members: &Map<String, Value>, name: &str, scope: &Scope) {
        let inside = Scope { frozen: scope.frozen.map(outer), ..scope.clone() };
        for (scope, value) in inside.each(members, name) {
            let jws = value.as_str().and_then(jws::compact).or_else(|| jws::enveloped(value));
            if let Some(jws) = jws {
                self.signed(jws, &scope);
            } else if let Some(kind) = recognise(value) {
                self.document(kind, value, &scope);
            } else {
                self.reader.warn(&scope.pointer, "unrecognised", "This is no credential that is known here.");
            }
        }
    }

    /// A JWS that is a part of the document.
    fn signed(&mut self, jws: &str, scope: &Scope) {
        self.frozen.push(Frozen { pointer: scope.pointer.clone(), reason: Reason::Jws });
        let payload = jws::payload(jws);
        let Some((value, kind)) = payload.and_then(|(value, _)| recognise(&value).map(|kind| (value, kind))) else {
            self.reader.warn(
                &scope.pointer,
                "unrecognised",
                "What this JWS signs is no credential that is known here.",
            );
            return;
        };
        let pointer = format!("{}#", scope.pointer);
        let inside = Scope { pointer, frozen: Some(Reason::Jws), embedded: true, proofs: Vec::new() };
        self.document(kind, &value, &inside);
    }

    fn achievement(&mut self, kind: Kind, value: &Value, scope: &Scope) {
        match value.as_object() {
            Some(members) => self.reader.achievement(kind, members, scope),
            None => self.reader.warn(
                &scope.pointer,
                "notEmbedded",
                "The achievement is only referred to; send the achievement itself to have it aligned.",
            ),
        }
    }

    fn assertion_of_badge(&mut self, members: &Map<String, Value>, scope: &Scope) {
        self.achievement(Kind::Ob2BadgeClass, members.get("badge").unwrap_or(&Value::Null), &scope.at("badge"));
    }

    /// CLR 1.0.
    fn record(&mut self, members: &Map<String, Value>, scope: &Scope) {
        let inside = Scope { frozen: scope.frozen.map(outer), ..scope.clone() };
        for (scope, assertion) in inside.each(members, "assertions") {
            let Some(assertion) = assertion.as_object() else { continue };
            let scope = self.frozen_by_proof(assertion, &scope);
            self.assertion_of_record(assertion, &scope);
        }
        for (scope, achievement) in inside.each(members, "achievements") {
            self.achievement(Kind::Clr1Achievement, achievement, &scope);
        }
        for name in ["signedAssertions", "signedClr"] {
            self.nested(members, name, scope);
        }
    }

    fn assertion_of_record(&mut self, members: &Map<String, Value>, scope: &Scope) {
        for (scope, achievement) in scope.each(members, "achievement") {
            self.achievement(Kind::Clr1Achievement, achievement, &scope);
        }
        for (scope, result) in scope.each(members, "results") {
            self.reader.result(Kind::Clr1Achievement, result, &scope);
        }
    }
}

/// Why a part of what is frozen is.
fn outer(reason: Reason) -> Reason {
    match reason {
        Reason::Proof | Reason::OuterProof => Reason::OuterProof,
        Reason::Jws => Reason::Jws,
    }
}

/// What the reader of achievements tells the walk of.
impl Reader<'_> {
    fn warn(&mut self, pointer: &str, code: &'static str, message: &'static str) {
        self.warnings.push(Warning { pointer: pointer.to_owned(), code, message });
    }
}

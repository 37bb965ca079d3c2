//! What a document is: told by its members, in the order of section 2.1 of the design's digest of the standards.
//!
//! Never contains what is read of a document.

use serde_json::{Map, Value};

use super::alignment::Spelling;

/// What documents there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Ob2BadgeClass,
    Ob2Assertion,
    Ob3Achievement,
    /// An OpenBadgeCredential or AchievementCredential, of VC 1.1 or 2.0.
    Ob3Credential,
    Clr1,
    Clr1Assertion,
    Clr1Achievement,
    Clr2,
    Presentation,
    /// A body of the Badgr API, version 1 (snake case) or 2.
    BadgrV1,
    BadgrV2,
    /// Members of an achievement without a type.
    Untyped,
}

impl Kind {
    /// Its name in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ob2BadgeClass => "ob2/BadgeClass",
            Kind::Ob2Assertion => "ob2/Assertion",
            Kind::Ob3Achievement => "ob3/Achievement",
            Kind::Ob3Credential => "ob3/OpenBadgeCredential",
            Kind::Clr1 => "clr1/Clr",
            Kind::Clr1Assertion => "clr1/Assertion",
            Kind::Clr1Achievement => "clr1/Achievement",
            Kind::Clr2 => "clr2/ClrCredential",
            Kind::Presentation => "vc/VerifiablePresentation",
            Kind::BadgrV1 => "badgr/v1",
            Kind::BadgrV2 => "badgr/v2",
            Kind::Untyped => "untyped",
        }
    }

    /// How its alignments are spelled.
    #[must_use]
    pub fn spelling(self) -> Spelling {
        match self {
            Kind::Ob2BadgeClass | Kind::Ob2Assertion | Kind::BadgrV2 => Spelling::Ob2,
            Kind::Ob3Achievement | Kind::Ob3Credential | Kind::Clr2 | Kind::Presentation | Kind::Untyped => {
                Spelling::Ob3
            }
            Kind::Clr1 | Kind::Clr1Assertion | Kind::Clr1Achievement => Spelling::Clr1,
            Kind::BadgrV1 => Spelling::BadgrV1,
        }
    }

    /// The member that holds its alignments.
    pub(super) fn holder(self) -> &'static str {
        match self {
            Kind::Clr1 | Kind::Clr1Assertion | Kind::Clr1Achievement | Kind::BadgrV2 => "alignments",
            _ => "alignment",
        }
    }
}

/// What a JSON value is; nothing when it is no document of these.
#[must_use]
pub fn recognise(value: &Value) -> Option<Kind> {
    let members = value.as_object()?;
    let typed = |name: &str| types(members).any(|found| found == name);
    let has = |names: &[&str]| names.iter().any(|name| members.get(*name).is_some_and(|value| !value.is_null()));
    if typed("ClrCredential") {
        return Some(Kind::Clr2);
    }
    if typed("OpenBadgeCredential") || typed("AchievementCredential") {
        return Some(Kind::Ob3Credential);
    }
    if typed("VerifiablePresentation") {
        return Some(Kind::Presentation);
    }
    if typed("Achievement") {
        let of_clr = has(&["requirement", "alignments", "resultDescriptions", "issuer"]);
        let of_badges = contexts(members).any(|context| context.contains("/spec/ob/v3p0/"));
        return Some(if of_clr && !of_badges { Kind::Clr1Achievement } else { Kind::Ob3Achievement });
    }
    if typed("BadgeClass") {
        return Some(Kind::Ob2BadgeClass);
    }
    if typed("Assertion") && has(&["badge"]) {
        return Some(Kind::Ob2Assertion);
    }
    if typed("Clr") || has(&["assertions", "achievements", "signedAssertions", "signedClr"]) {
        return Some(Kind::Clr1);
    }
    if typed("Assertion") && has(&["achievement"]) {
        return Some(Kind::Clr1Assertion);
    }
    if has(&["credentialSubject"]) {
        return Some(Kind::Ob3Credential);
    }
    without_type(members, has)
}

/// What has none of the types above: a body of the Badgr API, or members of an achievement. What has another type is
/// something else, such as a person or a job.
fn without_type(members: &Map<String, Value>, has: impl Fn(&[&str]) -> bool) -> Option<Kind> {
    let badgr = members.get("entityType").is_some_and(|kind| kind == "BadgeClass");
    let snake = list(members.get("alignment")).any(|alignment| alignment.get("target_name").is_some());
    if has(&["criteria_text", "criteria_url", "criteria_narrative"]) || snake {
        Some(Kind::BadgrV1)
    } else if badgr || has(&["criteriaNarrative", "criteriaUrl", "alignments"]) {
        Some(Kind::BadgrV2)
    } else if types(members).next().is_none()
        && has(&["name", "description", "criteria", "alignment", "humanCode", "resultDescription"])
    {
        Some(Kind::Untyped)
    } else {
        None
    }
}

/// What `type` or `@type` says.
pub(super) fn types(members: &Map<String, Value>) -> impl Iterator<Item = &str> {
    list(members.get("type").or_else(|| members.get("@type"))).filter_map(Value::as_str)
}

/// The addresses in `@context`, in order.
pub(super) fn contexts(members: &Map<String, Value>) -> impl Iterator<Item = &str> {
    list(members.get("@context")).filter_map(Value::as_str)
}

/// One value for a list of it, as JSON-LD has it.
pub(super) fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (many, one) = match value {
        Some(Value::Array(many)) => (many.as_slice(), None),
        Some(Value::Null) | None => (&[][..], None),
        one => (&[][..], one),
    };
    many.iter().chain(one)
}

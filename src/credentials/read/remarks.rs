//! What is odd about a document: told, never repaired.

use serde_json::{Map, Value};

use super::super::document::Existing;
use super::super::kind::{Kind, contexts, list};
use super::achievement::Reader;

const VC: [&str; 2] = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1"];

/// Of a credential of Open Badges 3.0 or CLR 2.0.
pub(super) fn credential(reader: &mut Reader<'_>, kind: Kind, members: &Map<String, Value>, pointer: &str) {
    let mut found = contexts(members);
    let ordered = found.next().is_some_and(|first| VC.contains(&first));
    let wanted = if kind == Kind::Clr2 { "/spec/clr/" } else { "/spec/ob/" };
    if !ordered || !found.next().is_some_and(|second| second.contains(wanted)) {
        reader.warn(
            pointer,
            "contexts",
            "@context does not begin with the one of W3C and then that of Open Badges, or of CLR in a CLR.",
        );
    }
    let times = ["validFrom", "validUntil", "issuanceDate", "expirationDate", "awardedDate"];
    if times.iter().any(|name| members.get(*name).and_then(Value::as_str).is_some_and(without_zone)) {
        reader.warn(pointer, "timeWithoutZone", "A time has no time zone, which the schema asks for.");
    }
}

/// Of an achievement or a badge class.
pub(super) fn achievement(reader: &mut Reader<'_>, kind: Kind, members: &Map<String, Value>, pointer: &str) {
    let required: &[&str] = match kind {
        Kind::Ob3Achievement => &["id", "type", "name", "description", "criteria"],
        Kind::Ob2BadgeClass => &["id", "type", "name", "description", "image", "criteria", "issuer"],
        Kind::Clr1Achievement => &["id", "name", "issuer"],
        _ => &[],
    };
    if required.iter().any(|name| members.get(*name).is_none_or(Value::is_null)) {
        reader.warn(pointer, "incomplete", "A member that its version requires is missing.");
    }
    if ["endorsement", "endorsementJwt", "endorsements", "signedEndorsements"]
        .iter()
        .any(|name| list(members.get(*name)).next().is_some())
    {
        reader.warn(
            pointer,
            "endorsed",
            "There are endorsements, which were of the achievement without what is added.",
        );
    }
}

/// Of a member that holds alignments.
pub(super) fn alignments(reader: &mut Reader<'_>, kind: Kind, members: &Map<String, Value>, name: &str, pointer: &str) {
    let Some(value) = members.get(name).filter(|value| !value.is_null()) else { return };
    let here = format!("{pointer}/{name}");
    if !matches!(value, Value::Array(_) | Value::Object(_)) {
        reader.warn(&here, "alignmentType", "This is neither an alignment nor a list of alignments.");
    }
    if name != kind.holder() {
        reader.warn(&here, "otherHolder", "Alignments have another name in this version; others will not see these.");
    }
}

/// Of one alignment.
pub(super) fn alignment(reader: &mut Reader<'_>, alignment: &Existing) {
    if alignment.url.is_none() || alignment.name.is_none() {
        let message = "An alignment has no targetUrl or no targetName; both are required.";
        reader.warn(&alignment.pointer, "alignmentIncomplete", message);
    }
}

/// Whether this is a time of day without `Z` or an offset.
fn without_zone(text: &str) -> bool {
    let Some((_, time)) = text.split_once(['T', 't']) else { return false };
    !time.ends_with(['Z', 'z']) && !time.contains(['+', '-'])
}

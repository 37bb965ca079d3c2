//! What is signed by a compact JWS: looked into, never verified and never changed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::splice;

/// How an enveloped credential of VC 2.0 holds its JWS.
const ENVELOPES: [&str; 3] =
    ["data:application/vc+jwt,", "data:application/vc+ld+json+jwt,", "data:application/vc-ld+jwt,"];

/// The text, when it has the form of a compact JWS: three parts of base64url, of which the first is a header.
pub(super) fn compact(text: &str) -> Option<&str> {
    let text = text.trim();
    let mut parts = text.split('.');
    let well_formed = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let all = !header.is_empty() && !payload.is_empty() && [header, payload, signature].into_iter().all(well_formed);
    (all && parts.next().is_none()).then_some(text)
}

/// The JWS of an enveloped credential.
pub(super) fn enveloped(value: &Value) -> Option<&str> {
    let id = value.get("id")?.as_str()?;
    ENVELOPES.iter().find_map(|start| compact(id.strip_prefix(start)?))
}

/// What was signed, as a value and as text: the payload, or its claim `vc` in VC 1.1. Nothing when that is no JSON object.
pub(super) fn payload(jws: &str) -> Option<(Value, String)> {
    let encoded = jws.split('.').nth(1)?;
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('=')).ok()?).ok()?;
    let mut payload: Value = serde_json::from_str(&text).ok()?;
    match payload.get_mut("vc") {
        Some(claim) if claim.is_object() => Some((claim.take(), splice::at(&text, "/vc")?.to_owned())),
        _ => payload.is_object().then_some((payload, text)),
    }
}

//! Whether what a document says of an achievement is that it was achieved: revoked, expired and failed ones are none.
//!
//! Reads states and dates only, never who it is about.

use serde_json::Value;

use super::document::{Document, Place};

/// What a document says of its achievements, to be asked place by place.
pub struct Standing(Value);

impl Document {
    /// What it says of its achievements.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let text = self.signed.as_deref().map_or(self.source.as_slice(), str::as_bytes);
        // It was read before; what is no JSON says nothing.
        Standing(serde_json::from_slice(text).unwrap_or_default())
    }
}

impl Standing {
    /// Why the achievement of a place does not count at a time (RFC 3339, in UTC); `None` when it does, or when nothing is
    /// said. Of what is inside of a JWS that is a part of the document nothing is known.
    #[must_use]
    pub fn withheld(&self, place: &Place, now: &str) -> Option<&'static str> {
        if place.embedded {
            return None;
        }
        // What holds the achievement, up to the credential or the assertion that it belongs to.
        let mut pointer = place.pointer.as_str();
        while let Some((holder, _)) = pointer.rsplit_once('/') {
            if let Some(holder) = self.0.pointer(holder)
                && let Some(why) = of(holder, now)
            {
                return Some(why);
            }
            pointer = holder;
        }
        of(&self.0, now)
    }
}

fn of(holder: &Value, now: &str) -> Option<&'static str> {
    let text = |name: &str| holder.get(name).and_then(Value::as_str);
    if holder.get("revoked").and_then(Value::as_bool) == Some(true) {
        return Some("it was revoked");
    }
    if ["validUntil", "expirationDate", "expires"]
        .iter()
        .any(|name| text(name).is_some_and(|until| is_before(until, now)))
    {
        return Some("it has expired");
    }
    let states = ["result", "results"].iter().filter_map(|name| holder.get(*name)).flat_map(|results| match results {
        Value::Array(all) => all.iter().collect(),
        one => vec![one],
    });
    let mut states = states.filter_map(|result| result.get("status").and_then(Value::as_str)).peekable();
    states.peek()?;
    let mut told = None;
    for state in states {
        match state {
            "Failed" => told = Some("its result is Failed"),
            "Withdrew" => told = Some("its result is Withdrew"),
            "Enrolled" | "InProgress" | "OnHold" => told = Some("it is not completed"),
            // One that is completed is enough.
            _ => return None,
        }
    }
    told
}

/// Whether a date lies before another. Compared as far as both are written: time zones are hours, and a badge is valid for years.
fn is_before(date: &str, now: &str) -> bool {
    const SECONDS: usize = "2026-01-01T00:00:00".len();
    let (date, now) = (date.get(..SECONDS).unwrap_or(date), now.get(..SECONDS).unwrap_or(now));
    let is_date = date.len() >= 10 && date.bytes().take(4).all(|byte| byte.is_ascii_digit());
    is_date && date.get(..now.len().min(date.len())) < now.get(..date.len().min(now.len()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::credentials::{ReadHints, read};

    fn withheld(credential: &Value) -> Option<&'static str> {
        let document = read(credential.to_string().as_bytes(), ReadHints::default()).unwrap();
        document.standing().withheld(&document.places[0], "2026-11-30T12:00:00Z")
    }

    #[test]
    fn only_what_was_achieved_counts() {
        let credential = |more: Value, subject: Value| {
            let mut credential = json!({"type": ["VerifiableCredential", "OpenBadgeCredential"],
                "credentialSubject": {"achievement": {"type": ["Achievement"], "name": "Water"}}});
            more.as_object().unwrap().iter().for_each(|(name, value)| credential[name] = value.clone());
            let members = subject.as_object().unwrap().iter();
            members.for_each(|(name, value)| credential["credentialSubject"][name] = value.clone());
            withheld(&credential)
        };
        let none = json!({});
        assert_eq!(credential(none.clone(), none.clone()), None);
        assert_eq!(
            credential(json!({"validUntil": "2026-11-30T11:59:59+02:00"}), none.clone()),
            Some("it has expired")
        );
        assert_eq!(credential(json!({"validUntil": "2027-01-01T00:00:00Z"}), none.clone()), None);
        assert_eq!(credential(json!({"validUntil": "2025-01-01"}), none.clone()), Some("it has expired"));
        assert_eq!(credential(json!({"validUntil": "soon", "expires": 3}), none.clone()), None);
        assert_eq!(credential(json!({"revoked": true}), none.clone()), Some("it was revoked"));
        assert_eq!(credential(none.clone(), json!({"result": [{"status": "Failed"}]})), Some("its result is Failed"));
        assert_eq!(credential(none.clone(), json!({"result": {"status": "InProgress"}})), Some("it is not completed"));
        assert_eq!(credential(none.clone(), json!({"result": [{"status": "Failed"}, {"status": "Completed"}]})), None);
        assert_eq!(credential(none, json!({"result": [{"value": "A"}]})), None);
    }
}

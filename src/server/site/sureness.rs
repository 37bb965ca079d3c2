//! How sure something is, as pages say it: a bar, a plain word, and a number.

use std::borrow::Borrow;

use super::{Site, rich};
use crate::registry::{ACCEPTED_FROM, REFUSED_BELOW};

impl Site<'_> {
    /// A confidence from 0 to 1 as HTML.
    pub(super) fn sureness(&self, confidence: impl Borrow<f64>) -> String {
        let confidence = *confidence.borrow();
        let (word, share) = (self.say(word(confidence)), self.share(confidence));
        let label = rich::escape(&self.words.with("sureness", &[("word", &word), ("share", &share)]));
        let (word, share) = (rich::escape(&word), rich::escape(&share));
        format!(
            "<span class=\"sureness\"><meter min=\"0\" max=\"1\" value=\"{confidence:.3}\" aria-label=\"{label}\"></meter> \
             <b>{word}</b> <span class=\"count\">{share}</span></span>"
        )
    }

    /// A share from 0 to 1 as whole per cent.
    pub(super) fn share(&self, share: f64) -> String {
        self.words.percent(parts(share), 1_000)
    }
}

/// In thousandths.
fn parts(share: f64) -> u64 {
    // It is between 0 and 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 … 1000")]
    let parts = (share.clamp(0.0, 1.0) * 1_000.0).round() as u64;
    parts
}

/// The message for a confidence: what is accepted unless somebody says otherwise is likely, what is not claimed unlikely.
fn word(confidence: f64) -> &'static str {
    match confidence {
        sure if sure >= 0.95 => "sure-almost-certain",
        sure if sure >= ACCEPTED_FROM => "sure-likely",
        sure if sure >= 0.5 => "sure-possible",
        sure if sure >= f64::from(REFUSED_BELOW) => "sure-doubtful",
        _ => "sure-unlikely",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_confidence_has_its_word() {
        let words = [1.0, 0.8, 0.79, 0.25, 0.24].map(word);
        assert_eq!(words, ["sure-almost-certain", "sure-likely", "sure-possible", "sure-doubtful", "sure-unlikely"]);
        assert_eq!([0.0, 0.4567, 1.0, 2.0].map(parts), [0, 457, 1_000, 1_000]);
    }
}

//! Secrets: made by the system, shown once, kept as a hash. Knows nothing of what they are for.
//!
//! With 32 bytes of chance in one, its SHA-256 is enough to keep; passwords, which people choose, are
//! kept otherwise (`passwords`).

use std::fmt;
use std::hint::black_box;

use sha2::{Digest, Sha256};

use crate::registry::{RegistryError, hex};

/// Something to be shown once to whom it belongs, and to nobody else.
pub struct Secret(pub(super) String);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn random() -> Result<Secret, RegistryError> {
        random::<32>().map(Secret)
    }

    /// Whether text is the secret.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        same(&self.0, text)
    }

    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whether text is so many bytes as [`random`] writes them.
pub(super) fn is_hex(text: &str, bytes: usize) -> bool {
    text.len() == bytes * 2 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What is kept of a secret.
pub(super) fn hashed(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()), 32)
}

/// So many bytes from the system, in hexadecimal.
pub(super) fn random<const N: usize>() -> Result<String, RegistryError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(RegistryError::Random)?;
    Ok(hex(&bytes, bytes.len()))
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(super) fn same(a: &str, b: &str) -> bool {
    let differences = a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| black_box(all | (a ^ b)));
    a.len() == b.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_never_show() {
        let (a, b) = (random::<32>().unwrap(), random::<32>().unwrap());
        assert!(a != b && same(&a, &a) && !same(&a, &b) && !same(&a, "") && !same("", &a));
        assert!(!format!("{:?}", Secret(a.clone())).contains(&a));
    }
}

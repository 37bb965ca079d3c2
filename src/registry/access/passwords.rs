//! Passwords: what is accepted as one, what is kept of it, and whether one is right. Pure but for the
//! system's random numbers; takes tens of milliseconds and 19 MiB, on purpose.
//!
//! Kept is Argon2id with the parameters that OWASP's cheat sheet names first, in the PHC form, which
//! holds the parameters too: they can be raised for new passwords.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use icu_normalizer::ComposingNormalizerBorrowed;

use super::UserError;
use super::secret::{Secret, random};
use crate::registry::RegistryError;

/// The fewest characters of a password (NIST SP 800-63B asks for 8, and 15 where it is all there is).
const SHORTEST: usize = 12;
/// The most bytes: nobody types more, and hashing must not be made slow by it.
const LONGEST: usize = 1_024;
/// The fewest different characters.
const DIFFERENT: usize = 5;
/// The hash of nothing in particular: what is compared with where there is no password, so that it takes
/// as long.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8gdXNlciBoYXMgdGhpcw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// Checks that a password may be taken by a user.
///
/// # Errors
/// [`UserError::Password`], with what to do.
pub(super) fn check(name: &str, password: &str) -> Result<(), UserError> {
    let length = password.chars().count();
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    Err(UserError::Password(match () {
        () if length < SHORTEST => "is too short: take at least 12 characters, such as a few words",
        () if password.len() > LONGEST => "is too long: take at most 1,024 bytes",
        () if different.len() < DIFFERENT => "has too few different characters",
        () if password.to_lowercase().contains(name) && length < name.chars().count() + SHORTEST / 2 => {
            "is hardly more than the name"
        }
        () => return Ok(()),
    }))
}

/// What is kept of a password.
///
/// # Errors
/// When the system gives no random numbers.
pub(super) fn hash(password: &str) -> Result<String, RegistryError> {
    let hashed = Argon2::default().hash_password(composed(password).as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|error| RegistryError::Password(error.to_string()))
}

/// Whether a password is the one of which that is kept. Takes the same time where nothing is kept.
pub(super) fn is_right(password: &str, kept: Option<&str>) -> bool {
    let is_short = password.len() <= LONGEST;
    let password = if is_short { composed(password).into_owned() } else { String::new() };
    let Ok(hash) = PasswordHash::new(kept.unwrap_or(DECOY)) else { return false };
    let is_right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    is_right && is_short && kept.is_some()
}

/// A password that nobody chose: 96 bits of chance.
///
/// # Errors
/// When the system gives no random numbers.
pub(super) fn generate() -> Result<Secret, RegistryError> {
    let parts = [random::<3>()?, random::<3>()?, random::<3>()?, random::<3>()?];
    Ok(Secret(parts.join("-")))
}

/// One spelling of what is the same text: keyboards differ in how they write an accent.
fn composed(password: &str) -> std::borrow::Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfkc().normalize(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_right_in_whatever_form_it_is_typed() {
        let kept = hash("caf\u{e9} am Dom, 7 Uhr").unwrap();
        assert!(is_right("cafe\u{301} am Dom, 7 Uhr", Some(&kept)));
        assert!(!is_right("cafe am Dom, 7 Uhr", Some(&kept)) && !is_right("", Some(&kept)));
        assert!(!is_right("anything", None) && !is_right(&"a".repeat(LONGEST + 1), Some(&kept)));
        assert!(!is_right("anything", Some("not a hash")));
        assert_ne!(hash("the same one twice").unwrap(), hash("the same one twice").unwrap());
    }

    #[test]
    fn nobody_takes_as_long_as_somebody() {
        let (decoy, kept) = (PasswordHash::new(DECOY).unwrap(), hash("a password of ours").unwrap());
        let kept = PasswordHash::new(&kept).unwrap();
        assert_eq!((decoy.algorithm, decoy.version, &decoy.params), (kept.algorithm, kept.version, &kept.params));
        let lengths = |hash: &PasswordHash| (hash.salt.as_ref().unwrap().len(), hash.hash.as_ref().unwrap().len());
        assert_eq!(lengths(&decoy), lengths(&kept));
    }

    #[test]
    fn what_is_easily_guessed_is_refused() {
        for weak in ["", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "annaannaanna1", "Anna@School.Example1"] {
            assert!(check("anna@school.example", weak).is_err(), "{weak}");
        }
        assert!(check("anna", &"ab cd".repeat(300)).is_err());
        for good in ["correct horse battery", "日本語のとても長い秘密の言葉です", generate().unwrap().reveal()]
        {
            assert_eq!(check("anna", good), Ok(()), "{good}");
        }
    }
}

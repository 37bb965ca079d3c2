//! How to be let in by another server: a bearer token, or the OAuth 2.0 client credentials grant.
//!
//! Kept and passed around are the places where secrets are, never the secrets; those are read at
//! the last moment.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where a secret is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecretPlace {
    /// In a variable of the environment. It has to begin with `CASEMENT_`, so that nobody can have
    /// secrets of other programs sent somewhere.
    Variable(String),
    /// In a file, of which it is the only line.
    File(PathBuf),
}

/// What a server is told to let us in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Access {
    /// A token that somebody made.
    Bearer { token: SecretPlace },
    /// A token to be asked for (RFC 6749 4.4, the 1EdTech Security Framework).
    #[serde(rename_all = "camelCase")]
    ClientCredentials { token_url: String, client_id: String, secret: SecretPlace, scope: Option<String> },
}

/// Why a secret cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error("the variable {0} holds no secret; set it, or name another place")]
    NotSet(String),
    #[error("the variable {0} may not hold a secret for another server; its name has to begin with CASEMENT_")]
    NotOurs(String),
    #[error("{file} cannot be read")]
    Unreadable {
        file: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{0} is empty, or more than one line; a secret is expected and nothing else")]
    NoSecret(String),
}

/// A secret. Shows itself to nobody.
#[derive(Clone)]
pub(super) struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretPlace::Variable(name) => write!(f, "the variable {name}"),
            SecretPlace::File(file) => write!(f, "{}", file.display()),
        }
    }
}

impl SecretPlace {
    /// Reads the secret; `variable` looks into the environment.
    pub(super) fn read(&self, variable: fn(&str) -> Option<String>) -> Result<Secret, AccessError> {
        let text = match self {
            SecretPlace::Variable(name) if !name.starts_with("CASEMENT_") => {
                return Err(AccessError::NotOurs(name.clone()));
            }
            SecretPlace::Variable(name) => variable(name).ok_or_else(|| AccessError::NotSet(name.clone()))?,
            SecretPlace::File(file) => std::fs::read_to_string(file)
                .map_err(|source| AccessError::Unreadable { file: file.display().to_string(), source })?,
        };
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AccessError::NoSecret(self.to_string()));
        }
        Ok(Secret(text.to_owned()))
    }

    /// Whether a secret may be there at all.
    ///
    /// # Errors
    /// [`AccessError::NotOurs`].
    pub fn check(&self) -> Result<(), AccessError> {
        match self {
            SecretPlace::Variable(name) if !name.starts_with("CASEMENT_") => Err(AccessError::NotOurs(name.clone())),
            _ => Ok(()),
        }
    }
}

impl Access {
    /// Where its secret is found.
    #[must_use]
    pub fn secret(&self) -> &SecretPlace {
        match self {
            Access::Bearer { token } => token,
            Access::ClientCredentials { secret, .. } => secret,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str) -> Option<String> {
        (name == "CASEMENT_FETCH_TOKEN").then(|| " s3cret\n".to_owned())
    }

    #[test]
    fn secrets_are_read_where_they_are_and_shown_nowhere() {
        let read = |name: &str| SecretPlace::Variable(name.to_owned()).read(variable);
        let secret = read("CASEMENT_FETCH_TOKEN").unwrap();
        assert_eq!((secret.0.as_str(), format!("{secret:?}").as_str()), ("s3cret", "…"));
        assert!(matches!(read("CASEMENT_OTHER"), Err(AccessError::NotSet(_))));
        assert!(matches!(read("AWS_SECRET_ACCESS_KEY"), Err(AccessError::NotOurs(_))));

        let folder = tempfile::tempdir().unwrap();
        let file = |text: &str| {
            let path = folder.path().join("secret");
            std::fs::write(&path, text).unwrap();
            SecretPlace::File(path).read(variable)
        };
        assert_eq!(file("abc\n").unwrap().0, "abc");
        for wrong in ["", "\n", "a\nb", "a b"] {
            assert!(matches!(file(wrong), Err(AccessError::NoSecret(_))), "{wrong:?}");
        }
        assert!(matches!(
            SecretPlace::File(folder.path().join("none")).read(variable),
            Err(AccessError::Unreadable { .. })
        ));
    }

    #[test]
    fn it_is_stored_without_secrets() {
        let access = Access::ClientCredentials {
            token_url: "https://h.example/token".to_owned(),
            client_id: "us".to_owned(),
            secret: SecretPlace::Variable("CASEMENT_FETCH_CLIENT_SECRET".to_owned()),
            scope: None,
        };
        let stored = serde_json::to_string(&access).unwrap();
        assert_eq!(
            stored,
            r#"{"kind":"clientCredentials","tokenUrl":"https://h.example/token","clientId":"us","secret":{"variable":"CASEMENT_FETCH_CLIENT_SECRET"},"scope":null}"#
        );
        assert_eq!(serde_json::from_str::<Access>(&stored).unwrap(), access);
    }
}

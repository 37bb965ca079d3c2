//! Signing in at an identity provider: the authorization code flow of OpenID Connect Core 1.0 with
//! PKCE (RFC 7636). The provider is found by its discovery document, and known by its issuer.
//!
//! Who somebody is, is issuer and subject together; what else a provider says of them gives a new
//! account its name, and its role where the configuration says how.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use super::audit::Deed;
use super::id_token::{self, Expected, IdTokenError, Keys};
use super::secret::hashed;
use super::sessions::{SessionRules, SignedIn};
use super::users::folded;
use super::{Actor, Role};
use crate::fetch::{Answer, Client, FetchError, Settings};
use crate::registry::{Registry, RegistryError, now};
use crate::store::{StoredUser, Tx};

/// How long what a provider publishes is remembered.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);
/// The largest document of a provider.
const LARGEST: u64 = 1 << 20;
/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many names are tried for somebody whose own is taken.
const NAMES: u32 = 50;

/// How a provider is used.
#[derive(Clone, Debug)]
pub struct OpenIdRules {
    pub issuer: Url,
    pub client_id: String,
    /// The file with the secret of the client, where it has one.
    pub secret_file: Option<PathBuf>,
    /// With spaces between.
    pub scopes: String,
    /// The claim that names an account.
    pub name_claim: String,
    /// The claim that holds roles; dots lead into objects.
    pub role_claim: Option<String>,
    /// What it holds for each role, the most first.
    pub roles: Vec<(Role, Vec<String>)>,
    /// The role of those who have none of these; they are not let in without one.
    pub default_role: Option<Role>,
    /// Where a provider sends people back to.
    pub redirect_uri: String,
    pub fetching: Settings,
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum OpenIdError {
    #[error("the identity provider cannot be asked")]
    Provider(#[source] FetchError),
    #[error("the discovery document of the identity provider {0}")]
    Discovery(&'static str),
    #[error("the secret of the client cannot be read")]
    Secret(#[source] std::io::Error),
    #[error("the identity provider sent no ID token")]
    NoToken,
    #[error("the ID token is not taken")]
    Token(#[source] IdTokenError),
    /// They are somebody there, and have no role here.
    #[error("the identity provider gives them no role here")]
    NoRole,
    #[error("the account is disabled")]
    Disabled,
}

/// One attempt to sign in: everything about it follows from one secret, which a cookie keeps.
#[derive(Clone, Debug)]
pub struct Handshake {
    /// What the provider sends back unseen.
    pub state: String,
    /// What the ID token has to hold.
    nonce: String,
    /// What the code is good with.
    verifier: String,
}

impl Handshake {
    /// The attempt of that secret.
    #[must_use]
    pub fn of(secret: &str) -> Handshake {
        let part = |what: &str| hashed(&format!("casement openid {what} {secret}"));
        Handshake { state: part("state"), nonce: part("nonce"), verifier: part("verifier") }
    }
}

/// What a provider says of itself (OpenID Connect Discovery 1.0, 3).
#[derive(Clone, Debug, Deserialize)]
struct Discovery {
    issuer: String,
    #[serde(deserialize_with = "address")]
    authorization_endpoint: Url,
    #[serde(deserialize_with = "address")]
    token_endpoint: Url,
    #[serde(deserialize_with = "address")]
    jwks_uri: Url,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// An address that a browser or this server may be sent to.
fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let url: Url = String::deserialize(deserializer)?.parse().map_err(D::Error::custom)?;
    let is_web = matches!(url.scheme(), "http" | "https");
    if is_web { Ok(url) } else { Err(D::Error::custom("it is no address of the web")) }
}

/// Somebody as a provider knows them.
pub struct Identity {
    claims: Map<String, Value>,
}

/// One provider.
pub struct OpenId {
    rules: OpenIdRules,
    known: Mutex<Option<(Instant, Discovery)>>,
}

impl OpenId {
    /// The provider of a configuration. Asks nothing yet.
    #[must_use]
    pub fn new(rules: OpenIdRules) -> OpenId {
        OpenId { rules, known: Mutex::new(None) }
    }

    fn client(&self) -> Client {
        let fetching = self.rules.fetching.clone();
        let settings = Settings { max_bytes: LARGEST, timeout: PATIENCE.min(fetching.timeout), ..fetching };
        Client::new(settings, &self.rules.issuer, None)
    }

    fn get<T: for<'a> Deserialize<'a>>(&self, url: &Url, wrong: &'static str) -> Result<T, OpenIdError> {
        match self.client().get(url, None).map_err(OpenIdError::Provider)? {
            Answer::Sent(sent) => serde_json::from_slice(&sent.body).map_err(|_| OpenIdError::Discovery(wrong)),
            Answer::Unchanged => Err(OpenIdError::Discovery(wrong)),
        }
    }

    fn discovery(&self) -> Result<Discovery, OpenIdError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, discovery)) = known.as_ref().filter(|(at, _)| at.elapsed() < REMEMBERED) {
            return Ok(discovery.clone());
        }
        let issuer = self.rules.issuer.as_str().trim_end_matches('/');
        let address = format!("{issuer}/.well-known/openid-configuration");
        let address = address.parse().map_err(|_| OpenIdError::Discovery("has no address"))?;
        let found: Discovery = self.get(&address, "is not one")?;
        // Whoever serves it might not be whom it names (Discovery 4.3).
        if found.issuer.trim_end_matches('/') != issuer {
            return Err(OpenIdError::Discovery("names another issuer"));
        }
        *known = Some((Instant::now(), found.clone()));
        Ok(found)
    }

    /// Where somebody is sent to sign in.
    ///
    /// # Errors
    /// When the provider cannot be found.
    pub fn address(&self, handshake: &Handshake) -> Result<Url, OpenIdError> {
        let mut url = self.discovery()?.authorization_endpoint;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(handshake.verifier.as_bytes()));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.rules.client_id)
            .append_pair("redirect_uri", &self.rules.redirect_uri)
            .append_pair("scope", &self.rules.scopes)
            .append_pair("state", &handshake.state)
            .append_pair("nonce", &handshake.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Whether an answer that names its issuer (RFC 9207) is of this provider.
    #[must_use]
    pub fn is_from(&self, issuer: &str) -> bool {
        issuer.trim_end_matches('/') == self.rules.issuer.as_str().trim_end_matches('/')
    }

    /// Who came back with a code.
    ///
    /// # Errors
    /// [`OpenIdError`].
    pub fn identify(&self, code: &str, handshake: &Handshake) -> Result<Identity, OpenIdError> {
        let discovery = self.discovery()?;
        let secret = self.rules.secret_file.as_ref().map(std::fs::read_to_string).transpose();
        let secret = secret.map_err(OpenIdError::Secret)?.map(|secret| secret.trim().to_owned());
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.rules.redirect_uri.as_str()),
            ("code_verifier", handshake.verifier.as_str()),
        ];
        let id = self.rules.client_id.as_str();
        // Basic is what every provider takes that says nothing (Core 9).
        let methods = discovery.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
        let posts = !methods.is_empty() && !methods.iter().any(|method| method == "client_secret_basic");
        let mut basic = None;
        match &secret {
            Some(secret) if posts => form.extend([("client_id", id), ("client_secret", secret.as_str())]),
            Some(secret) => basic = Some((id, secret.as_str())),
            None => form.push(("client_id", id)),
        }
        let answer = self.client().post_form(&discovery.token_endpoint, basic, &form).map_err(OpenIdError::Provider)?;
        let token = answer.get("id_token").and_then(Value::as_str).ok_or(OpenIdError::NoToken)?;
        let keys: Keys = self.get(&discovery.jwks_uri, "leads to keys that are none")?;
        let expected =
            Expected { issuer: &discovery.issuer, client_id: id, nonce: &handshake.nonce, now: now() / 1_000_000 };
        id_token::claims(token, &keys, &expected).map(|claims| Identity { claims }).map_err(OpenIdError::Token)
    }

    /// The role that the provider's claims give.
    fn role(&self, identity: &Identity) -> Given {
        let Some(path) = self.rules.role_claim.as_deref() else { return Given::Unsaid };
        let held = identity.texts(path);
        let fits = |values: &[String]| values.iter().any(|value| held.contains(&value.as_str()));
        let found = self.rules.roles.iter().find(|(_, values)| fits(values)).map(|(role, _)| *role);
        found.or(self.rules.default_role).map_or(Given::Nothing, Given::Role)
    }
}

/// What a provider's claims say of a role.
#[derive(Clone, Copy)]
enum Given {
    /// The configuration does not say where to look.
    Unsaid,
    /// They give none.
    Nothing,
    Role(Role),
}

impl Identity {
    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// The texts that a claim holds, one or several. Its name may have dots of its own.
    fn texts(&self, path: &str) -> Vec<&str> {
        let whole = self.claims.get(path);
        let inner = || {
            let mut parts = path.split('.');
            let first = self.claims.get(parts.next()?)?;
            parts.try_fold(first, |value, part| value.get(part))
        };
        match whole.or_else(inner) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// What is kept of who they are.
    fn subject(&self) -> String {
        format!("{} {}", self.text("iss").unwrap_or_default(), self.text("sub").unwrap_or_default())
    }

    /// A name for their account.
    fn name(&self, claim: &str) -> String {
        let told = [claim, "preferred_username", "email", "name"].into_iter().filter_map(|claim| self.text(claim));
        let fit = |text: &str| {
            let text: String = text.split_whitespace().collect::<Vec<_>>().join(".");
            folded(&text).filter(|name| name.chars().count() <= 56)
        };
        let subject = self.text("sub").unwrap_or_default();
        told.into_iter().find_map(fit).unwrap_or_else(|| format!("user-{}", &hashed(subject)[..12]))
    }
}

/// A name that nobody has yet.
fn free_name(tx: &mut Tx<'_>, wanted: &str, subject: &str) -> Result<String, RegistryError> {
    if tx.user(wanted)?.is_none() {
        return Ok(wanted.to_owned());
    }
    for number in 2..NAMES {
        let name = format!("{wanted}-{number}");
        if tx.user(&name)?.is_none() {
            return Ok(name);
        }
    }
    Ok(format!("user-{}", &hashed(subject)[..12]))
}

impl Registry {
    /// Signs in whom a provider identified: an account of theirs is made at the first time, and its role
    /// follows the provider where it gives one.
    ///
    /// # Errors
    /// [`OpenIdError::NoRole`] and [`OpenIdError::Disabled`].
    pub fn sign_in_identity(
        &self,
        provider: &OpenId,
        identity: &Identity,
        (agent, before): (&str, Option<&str>),
        rules: SessionRules,
        actor: &Actor,
    ) -> Result<SignedIn, RegistryError> {
        let (subject, at) = (identity.subject(), now());
        let given = provider.role(identity);
        let name = self.store.write(|tx| {
            let Some(user) = tx.user_of_subject(&subject)? else {
                let role = match given {
                    Given::Role(role) => Some(role),
                    Given::Unsaid => provider.rules.default_role,
                    Given::Nothing => None,
                };
                let role = role.ok_or(OpenIdError::NoRole)?;
                let name = free_name(tx, &identity.name(&provider.rules.name_claim), &subject)?;
                let user = StoredUser {
                    name: name.clone(),
                    password: None,
                    subject: Some(subject.clone()),
                    role: role.name().to_owned(),
                    frameworks: None,
                    created_at: at,
                    disabled_at: None,
                };
                tx.add_user(&user)?;
                actor.did(tx, at, Deed::User("user.create", &name))?;
                return Ok(name);
            };
            if user.disabled_at.is_some() {
                return Err(RegistryError::from(OpenIdError::Disabled));
            }
            match given {
                Given::Role(role) if role.name() != user.role => {
                    tx.change_user(&StoredUser { role: role.name().to_owned(), ..user.clone() })?;
                    actor.did(tx, at, Deed::User("user.role", &user.name))?;
                }
                Given::Nothing => return Err(OpenIdError::NoRole.into()),
                Given::Role(_) | Given::Unsaid => {}
            }
            Ok(user.name)
        })?;
        self.begin_session(&name, agent, before, rules, actor)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn identity(claims: &Value) -> Identity {
        Identity { claims: claims.as_object().unwrap().clone() }
    }

    #[test]
    fn roles_are_found_in_what_claims_hold() {
        let claims = json!({"a": ["x", 7, "y"], "b": {"c": ["z"]}, "https://x.example/roles": "w", "d": {"e": 7}});
        let identity = identity(&claims);
        for (path, expect) in [
            ("a", &["x", "y"][..]),
            ("b.c", &["z"]),
            ("https://x.example/roles", &["w"]),
            ("b", &[]),
            ("d.e", &[]),
            ("nothing.at.all", &[]),
            ("", &[]),
        ] {
            assert_eq!(identity.texts(path), expect, "{path}");
        }
    }

    #[test]
    fn an_account_gets_a_name_that_can_be_one() {
        for (claims, expect) in [
            (json!({"preferred_username": "Anna", "email": "a@x.example"}), "anna"),
            (json!({"email": "a@x.example"}), "a@x.example"),
            (json!({"name": "Anna de la Cruz"}), "anna.de.la.cruz"),
            (json!({"upn": "U1", "email": "a@x.example"}), "u1"),
            (json!({"preferred_username": "<script>", "email": ["a"], "sub": "7"}), "user-7902699be42c"),
        ] {
            assert_eq!(identity(&claims).name("upn"), expect, "{claims}");
        }
    }

    #[test]
    fn every_attempt_is_another() {
        let (a, b) = (Handshake::of("a"), Handshake::of("b"));
        assert!(a.state != b.state && a.state != a.nonce && a.nonce != a.verifier);
        assert!((43..=128).contains(&a.verifier.len()), "RFC 7636, 4.1");
    }
}

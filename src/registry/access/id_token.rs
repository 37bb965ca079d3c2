//! ID tokens of OpenID Connect Core 1.0, 3.1.3.7: signed JSON (RFC 7515, 7519) by a key that the
//! provider publishes (RFC 7517). Pure: the time comes in.
//!
//! Only signatures with a public key are taken, each with the kind of key that it belongs to; what a
//! token says of its own key is not looked at, but for the name of one that the provider published.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;
/// The largest token.
const LONGEST: usize = 64 << 10;

/// Why an ID token is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    #[error("it is no signed token")]
    Form,
    #[error("it is signed with {0}, and RS256, PS256, ES256 and EdDSA are taken")]
    Algorithm(String),
    #[error("no key of the provider is the one that it names")]
    NoKey,
    #[error("its signature is not right")]
    Signature,
    #[error("its {0} is not what was expected")]
    Claim(&'static str),
    #[error("it has expired, or the clocks differ")]
    Expired,
}

/// What a token has to be.
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub now: i64,
}

/// One key of a provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The keys of a provider.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Keys {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// What must be understood, and is not.
    crit: Option<Value>,
}

/// What a token says of somebody, once it is known that it may be believed.
///
/// # Errors
/// [`IdTokenError`].
pub(super) fn claims(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<Map<String, Value>, IdTokenError> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { return Err(IdTokenError::Form) };
    if token.len() > LONGEST {
        return Err(IdTokenError::Form);
    }
    let head: Header = serde_json::from_slice(&decoded(header)?).map_err(|_| IdTokenError::Form)?;
    if head.crit.is_some() {
        return Err(IdTokenError::Form);
    }
    let signed = token.get(..header.len() + 1 + payload.len()).ok_or(IdTokenError::Form)?;
    verify(&head, signed.as_bytes(), &decoded(signature)?, keys)?;
    let claims: Map<String, Value> = serde_json::from_slice(&decoded(payload)?).map_err(|_| IdTokenError::Form)?;
    check(&claims, expected)?;
    Ok(claims)
}

fn decoded(part: &str) -> Result<Vec<u8>, IdTokenError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| IdTokenError::Form)
}

fn verify(head: &Header, signed: &[u8], signature: &[u8], keys: &Keys) -> Result<(), IdTokenError> {
    let (kty, crv) = match head.alg.as_str() {
        "RS256" | "PS256" => ("RSA", None),
        "ES256" => ("EC", Some("P-256")),
        "EdDSA" => ("OKP", Some("Ed25519")),
        other => return Err(IdTokenError::Algorithm(other.chars().take(20).collect())),
    };
    let all = keys.keys.iter().filter_map(|key| serde_json::from_value::<Key>(key.clone()).ok());
    let mut fitting = all.filter(|key| {
        let is_named = head.kid.is_none() || key.kid == head.kid;
        let is_for_signing = key.usage.as_deref().is_none_or(|usage| usage == "sig");
        key.kty == kty && key.crv.as_deref() == crv && is_named && is_for_signing
    });
    let key = fitting.next().ok_or(IdTokenError::NoKey)?;
    // A token that names no key may be signed by any one, but then there has to be one only.
    if head.kid.is_none() && fitting.next().is_some() {
        return Err(IdTokenError::NoKey);
    }
    let part = |part: &Option<String>| decoded(part.as_deref().unwrap_or_default());
    let outcome = match head.alg.as_str() {
        "RS256" | "PS256" => {
            let public = RsaPublicKeyComponents { n: part(&key.n)?, e: part(&key.e)? };
            let how = if head.alg == "RS256" { &RSA_PKCS1_2048_8192_SHA256 } else { &RSA_PSS_2048_8192_SHA256 };
            public.verify(how, signed, signature)
        }
        "ES256" => {
            let point = [vec![4], part(&key.x)?, part(&key.y)?].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
        }
        _ => UnparsedPublicKey::new(&ED25519, part(&key.x)?).verify(signed, signature),
    };
    outcome.map_err(|_| IdTokenError::Signature)
}

fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), IdTokenError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err(IdTokenError::Claim("iss"));
    }
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !audience.contains(&expected.client_id) {
        return Err(IdTokenError::Claim("aud"));
    }
    let party = text("azp");
    if (audience.len() > 1 || claims.contains_key("azp")) && party != Some(expected.client_id) {
        return Err(IdTokenError::Claim("azp"));
    }
    if text("nonce") != Some(expected.nonce) {
        return Err(IdTokenError::Claim("nonce"));
    }
    if text("sub").is_none_or(|subject| subject.is_empty() || subject.len() > 255) {
        return Err(IdTokenError::Claim("sub"));
    }
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64);
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 have less than 53 bits")]
    let (now, leeway) = (expected.now as f64, LEEWAY as f64);
    if seconds("exp").is_none_or(|end| end + leeway <= now) || seconds("iat").is_none_or(|begin| begin - leeway > now) {
        return Err(IdTokenError::Expired);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
    use serde_json::json;

    use super::*;

    struct Signer {
        pair: EcdsaKeyPair,
    }

    impl Signer {
        fn new() -> Signer {
            let random = SystemRandom::new();
            let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let document = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
            Signer { pair: EcdsaKeyPair::from_pkcs8(how, document.as_ref(), &random).unwrap() }
        }

        fn keys(&self) -> Value {
            let point = self.pair.public_key().as_ref();
            let part = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
            json!([{"kty": "EC", "crv": "P-256", "kid": "k", "use": "sig", "x": part(1), "y": part(33)}])
        }

        fn sign(&self, header: &Value, claims: &Value) -> String {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let signed = format!("{}.{}", part(header), part(claims));
            let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
        }
    }

    fn keys(keys: Value) -> Keys {
        Keys { keys: keys.as_array().unwrap().clone() }
    }

    fn good() -> Value {
        json!({"iss": "https://id.example", "aud": "casement", "sub": "7", "nonce": "n", "iat": 1000, "exp": 1300})
    }

    fn expected(now: i64) -> Expected<'static> {
        Expected { issuer: "https://id.example", client_id: "casement", nonce: "n", now }
    }

    fn with(change: &Value) -> Value {
        let mut claims = good();
        for (name, value) in change.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        claims
    }

    #[test]
    fn only_what_was_asked_for_is_believed() {
        let signer = Signer::new();
        let header = json!({"alg": "ES256", "kid": "k"});
        let check = |change: Value, now: i64, expect: Result<(), IdTokenError>| {
            let token = signer.sign(&header, &with(&change));
            let found = claims(&token, &keys(signer.keys()), &expected(now)).map(drop);
            assert_eq!(found, expect, "{change} at {now}");
        };
        let wrong = |claim: &'static str| Err(IdTokenError::Claim(claim));
        check(json!({}), 1100, Ok(()));
        check(json!({"aud": ["casement"]}), 1100, Ok(()));
        check(json!({"aud": ["other", "casement"], "azp": "casement"}), 1100, Ok(()));
        check(json!({"aud": ["other", "casement"]}), 1100, wrong("azp"));
        check(json!({"azp": "other"}), 1100, wrong("azp"));
        check(json!({"aud": "other"}), 1100, wrong("aud"));
        check(json!({"aud": null}), 1100, wrong("aud"));
        check(json!({"iss": "https://id.example/"}), 1100, wrong("iss"));
        check(json!({"nonce": "m"}), 1100, wrong("nonce"));
        check(json!({"nonce": null}), 1100, wrong("nonce"));
        check(json!({"sub": ""}), 1100, wrong("sub"));
        check(json!({"sub": 7}), 1100, wrong("sub"));
        check(json!({"exp": null}), 1100, Err(IdTokenError::Expired));
        check(json!({"exp": "1300"}), 1100, Err(IdTokenError::Expired));
        check(json!({}), 1359, Ok(()));
        check(json!({}), 1360, Err(IdTokenError::Expired));
        check(json!({}), 940, Ok(()));
        check(json!({}), 939, Err(IdTokenError::Expired));
    }

    #[test]
    fn nothing_unsigned_or_signed_by_others_gets_through() {
        let (signer, other) = (Signer::new(), Signer::new());
        let header = json!({"alg": "ES256", "kid": "k"});
        let token = signer.sign(&header, &good());
        let ours = keys(signer.keys());
        let take = |token: &str, keys: &Keys| claims(token, keys, &expected(1100)).map(drop);
        assert_eq!(take(&token, &ours), Ok(()));
        assert_eq!(take(&token, &keys(other.keys())), Err(IdTokenError::Signature));
        assert_eq!(take(&token, &Keys::default()), Err(IdTokenError::NoKey));
        for (header, expect) in [
            (json!({"alg": "none"}), IdTokenError::Algorithm("none".to_owned())),
            (json!({"alg": "HS256", "kid": "k"}), IdTokenError::Algorithm("HS256".to_owned())),
            (json!({"alg": "RS256", "kid": "k"}), IdTokenError::NoKey),
            (json!({"alg": "ES256", "kid": "other"}), IdTokenError::NoKey),
            (json!({"alg": "ES256", "kid": "k", "crit": ["x"]}), IdTokenError::Form),
            (json!({"kid": "k"}), IdTokenError::Form),
        ] {
            assert_eq!(take(&signer.sign(&header, &good()), &ours), Err(expect), "{header}");
        }
        let (signed, _) = token.rsplit_once('.').unwrap();
        let forged = token.replacen(&URL_SAFE_NO_PAD.encode(good().to_string())[..20], &"A".repeat(20), 1);
        for (wrong, expect) in [
            (format!("{signed}."), IdTokenError::Signature),
            (signed.to_owned(), IdTokenError::Form),
            (format!("{token}.x"), IdTokenError::Form),
            (forged, IdTokenError::Signature),
            (String::new(), IdTokenError::Form),
            ("a.b.c".to_owned(), IdTokenError::Form),
            ("x".repeat(LONGEST + 1), IdTokenError::Form),
        ] {
            assert_eq!(take(&wrong, &ours), Err(expect));
        }
    }

    #[test]
    fn a_key_without_a_name_is_taken_when_it_is_the_only_one() {
        let signer = Signer::new();
        let token = signer.sign(&json!({"alg": "ES256"}), &good());
        let one = signer.keys();
        assert!(claims(&token, &keys(one.clone()), &expected(1100)).is_ok());
        let two = json!([one[0], Signer::new().keys()[0]]);
        assert_eq!(claims(&token, &keys(two), &expected(1100)), Err(IdTokenError::NoKey));
        let odd = json!([7, {"kty": "EC"}, {"kty": "oct", "k": "x"}, one[0]]);
        assert!(claims(&token, &keys(odd), &expected(1100)).is_ok());
    }

    #[test]
    fn edwards_keys_sign_as_well() {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap();
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({"alg": "EdDSA"})), part(&good()));
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes())));
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let all = keys(json!([{"kty": "OKP", "crv": "Ed25519", "x": public}]));
        assert!(claims(&token, &all, &expected(1100)).is_ok());
    }
}

//! The standard's API descriptions, localised for this server (digest 6): the official files with
//! nothing changed but where the server is.

use serde_json::{Value, json};

use crate::case::{Version, schema};
use crate::config::PublicUrl;
use crate::server::etag::Tagged;
use crate::server::openapi::security_schemes;

/// Both descriptions, written once at start.
pub(crate) struct Discovery {
    v1p0: Tagged,
    v1p1: Tagged,
}

impl Discovery {
    /// Localises the embedded files.
    ///
    /// # Errors
    /// When one of them is not JSON.
    pub(crate) fn new(public_url: &PublicUrl) -> Result<Discovery, serde_json::Error> {
        let localised = |version| Ok(Tagged::new(document(version, public_url)?));
        Ok(Discovery { v1p0: localised(Version::V1p0)?, v1p1: localised(Version::V1p1)? })
    }

    /// The description of a version.
    #[must_use]
    pub(crate) fn of(&self, version: Version) -> Tagged {
        match version {
            Version::V1p0 => self.v1p0.clone(),
            Version::V1p1 => self.v1p1.clone(),
        }
    }
}

/// The description of a version, for a server with that public address.
///
/// # Errors
/// When the embedded file is no JSON, which is a fault of ours.
pub fn document(version: Version, public_url: &PublicUrl) -> Result<String, serde_json::Error> {
    let mut document: Value = serde_json::from_str(schema::openapi(version))?;
    localise(version, &mut document, public_url);
    serde_json::to_string_pretty(&document)
}

/// Where it is, below the base path. The standard prescribes the one of 1.1; that of 1.0 is named
/// alike, as another server does, although it is OpenAPI 2.
pub(super) fn path(version: Version) -> &'static str {
    match version {
        Version::V1p0 => "discovery/imscasev1p0_openapi3_v1p0.json",
        Version::V1p1 => "discovery/imscasev1p1_openapi3_v1p0.json",
    }
}

fn localise(version: Version, document: &mut Value, public_url: &PublicUrl) {
    let base_path = format!("{}/ims/case/{}", public_url.path(), version.segment());
    match version {
        Version::V1p0 => {
            document["host"] = json!(public_url.authority());
            document["basePath"] = json!(base_path);
            document["schemes"] = json!([public_url.scheme()]);
        }
        Version::V1p1 => {
            document["servers"] = json!([{
                "url": format!("{}://{{hostName}}{{basePath}}", public_url.scheme()),
                "description": "This server.",
                "variables": {
                    "hostName": { "description": "The host of this server.", "default": public_url.authority() },
                    "basePath": {
                        "description": "The base path of CASE 1.1 on this server.",
                        "enum": [&base_path],
                        "default": &base_path,
                    },
                },
            }]);
            // Reading is open, so the operations themselves demand nothing.
            let schemes = security_schemes(public_url).into_iter();
            let schemes = schemes.filter_map(|(name, scheme)| Some((name, serde_json::to_value(scheme).ok()?)));
            document["components"]["securitySchemes"] =
                schemes.filter(|(name, _)| name != "basic").collect::<serde_json::Map<_, _>>().into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn localised(version: Version, url: &str) -> Value {
        let mut document = serde_json::from_str(schema::openapi(version)).unwrap();
        localise(version, &mut document, &url.parse().unwrap());
        assert_eq!(document["paths"].as_object().map(serde_json::Map::len), Some(12));
        document
    }

    #[test]
    fn the_1_1_file_names_this_server() {
        let document = localised(Version::V1p1, "https://h.example");
        assert_eq!(document["servers"][0]["url"], "https://{hostName}{basePath}");
        assert_eq!(document["servers"][0]["variables"]["hostName"]["default"], "h.example");
        assert_eq!(document["servers"][0]["variables"]["basePath"]["enum"], json!(["/ims/case/v1p1"]));
        let document = localised(Version::V1p1, "http://127.0.0.1:8080/x");
        assert_eq!(document["servers"][0]["url"], "http://{hostName}{basePath}");
        assert_eq!(document["servers"][0]["variables"]["basePath"]["default"], "/x/ims/case/v1p1");
    }

    #[test]
    fn the_1_0_file_names_this_server() {
        let document = localised(Version::V1p0, "http://127.0.0.1:8080");
        assert_eq!(document["host"], "127.0.0.1:8080");
        assert_eq!(document["basePath"], "/ims/case/v1p0");
        assert_eq!(document["schemes"], json!(["http"]));
    }
}

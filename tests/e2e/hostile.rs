//! A framework that says everything that pages must not do, in every text there is.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use crate::browser::{Browser, DESKTOP, PHONE};
use crate::server::server;

/// What is tried, in one text: it would set `window.broken` if it ran, and it would be seen if it drew.
pub const EVIL: &str = "<script>window.broken=1</script><img src=x onerror=\"window.broken=2\"><svg/onload=window.broken=3>\
    <a href=\"javascript:window.broken=4\">a</a>[md](javascript:window.broken=5) ![i](https://evil.invalid/i.png)\
    <p style=\"position:fixed;inset:0\">style</p><style>*{display:none}</style><iframe src=\"https://evil.invalid/\"></iframe>\
    \" onmouseover=\"window.broken=6\" ' autofocus onfocus='window.broken=7 $\\href{javascript:window.broken=8}{x}$ \u{202e}reversed\u{0} \
    </title></textarea></script></main></body> {{7*7}} ${7*7} <!-- <b";

const ID: &str = "6d0e4c1a-7f3b-4d4e-8a55-0f6f1d2c3b4a";

fn id(n: u32) -> String {
    format!("6d0e4c1a-7f3b-4d4e-8a55-{n:012x}")
}

/// The text of every field: what is tried, and a word that fits nowhere.
fn text() -> String {
    format!("{EVIL} {} تجربة", "W".repeat(3_000))
}

fn object(n: u32, more: Value) -> Value {
    let mut object = json!({
        "identifier": id(n), "uri": format!("https://evil.invalid/uri/{}", id(n)), "lastChangeDateTime": "2025-01-01T00:00:00Z",
    });
    let members: &mut Map<String, Value> = object.as_object_mut().expect("an object");
    members.extend(more.as_object().cloned().unwrap_or_default());
    object
}

fn link(n: u32) -> Value {
    json!({ "title": text(), "identifier": id(n), "uri": "javascript:window.broken=9" })
}

/// The package as a file, made once.
pub fn package() -> PathBuf {
    static FILE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, file) = FILE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("hostile.json");
        let evil = text();
        let item = |n: u32| {
            object(n, json!({
                "fullStatement": evil, "humanCodingScheme": evil, "abbreviatedStatement": evil, "alternativeLabel": evil, "notes": evil,
                "CFItemType": evil, "listEnumeration": evil, "conceptKeywords": [evil], "educationLevel": [evil], "language": evil,
                "statusEndDate": "2020-01-01",
            }))
        };
        let edge = |n: u32, kind: &str, from: u32, to: u32| {
            object(n, json!({ "associationType": kind, "originNodeURI": link(from), "destinationNodeURI": link(to) }))
        };
        let level = |n: u32| object(n, json!({ "quality": evil, "description": evil, "feedback": evil, "score": 1 }));
        let criterion = object(50, json!({ "category": evil, "description": evil, "CFItemURI": link(11), "CFRubricCriterionLevels": [level(51), level(52)] }));
        let package = json!({
            "CFDocument": {
                "identifier": ID, "uri": "javascript:window.broken=10", "lastChangeDateTime": "2025-01-01T00:00:00Z", "title": evil, "creator": evil,
                "publisher": evil, "description": evil, "notes": evil, "version": evil, "adoptionStatus": evil, "language": evil, "subject": [evil],
                "officialSourceURL": "javascript:window.broken=11", "licenseURI": link(60),
            },
            "CFItems": (11..15).map(item).collect::<Vec<_>>(),
            "CFAssociations": [
                edge(21, "isChildOf", 12, 11), edge(22, "isChildOf", 13, 11), edge(23, "isChildOf", 14, 13),
                edge(24, "replacedBy", 13, 12), edge(25, "ext:evil", 13, 99), edge(26, "exactMatchOf", 14, 98),
            ],
            "CFDefinitions": { "CFLicenses": [object(60, json!({ "title": evil, "licenseText": evil }))] },
            "CFRubrics": [object(40, json!({ "title": evil, "description": evil, "CFRubricCriteria": [criterion] }))],
        });
        std::fs::write(&file, package.to_string()).expect("a file");
        (folder, file)
    });
    file.clone()
}

/// Its pages.
pub fn paths() -> Vec<String> {
    let framework = format!("/frameworks/{ID}");
    let mut paths: Vec<String> = [
        "",
        "?levels=3",
        "/outline",
        "/table",
        "/print",
        "/associations",
        "/rubrics",
        "/history",
        "/crosswalks",
        "?q=reversed",
    ]
    .map(|rest| format!("{framework}{rest}"))
    .to_vec();
    paths.extend([11, 13, 24, 40, 50, 51, 60].map(|n| format!("/uri/{}", id(n))));
    paths.extend([
        "/".to_owned(),
        "/search?q=reversed".to_owned(),
        format!("/compare?old={ID}&new={ID}"),
        format!("/crosswalk?from={ID}&to={ID}"),
    ]);
    let evil = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect::<String>();
    paths.extend([
        format!("/search?q={evil}"),
        format!("/{evil}"),
        format!("/?subject={evil}"),
        format!("/search?grade={evil}&q=a"),
    ]);
    paths
}

#[test]
fn nothing_that_a_framework_says_runs_or_leaves_its_place() {
    let server = server();
    for look in [DESKTOP, PHONE] {
        let browser = Browser::start(look);
        for path in paths() {
            browser.open(&format!("{}{path}", server.address));
            let seen = browser.run(
                "return { broken: window.broken || 0, \
                   wide: document.documentElement.scrollWidth - document.documentElement.clientWidth, \
                   scripts: document.querySelectorAll('script:not([type=\"application/ld+json\"])').length, \
                   foreign: document.querySelectorAll('main img, main iframe, main style, main [style], main [onerror], main [onload], main [onclick]').length, \
                   links: [...document.links].filter((a) => !/^(https?|mailto):/.test(a.protocol)).length, \
                   shown: document.querySelector('main').innerText.trim().length > 0 }",
            );
            assert_eq!(
                seen,
                json!({ "broken": 0, "wide": 0, "scripts": 1, "foreign": 0, "links": 0, "shown": true }),
                "{look:?} {path}"
            );
            // An address that names nothing is no trouble of the page.
            let trouble =
                browser.log("browser").into_iter().filter(|entry| !entry["message"].to_string().contains("404"));
            assert_eq!(trouble.collect::<Vec<_>>(), Vec::<Value>::new(), "{path}");
            let outside = browser
                .requests()
                .into_iter()
                .filter(|url| !url.starts_with(&server.address) && !url.starts_with("data:"));
            assert_eq!(outside.collect::<Vec<_>>(), Vec::<String>::new(), "{path}");
        }
    }
}

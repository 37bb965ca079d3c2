//! Aligning a badge by keyboard and by mouse and taking it away; a job against a record; with scripts and without.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP, Look, keys};
use crate::server::{Server, server};

const MATH: &str = "Common Core State Standards for Math";
const WITHOUT_SCRIPTS: Look = Look { scripts: false, ..DESKTOP };

/// A badge about two standards of mathematics.
pub const BADGE: &str = r#"{
  "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
  "type": ["VerifiableCredential", "OpenBadgeCredential"],
  "credentialSubject": {
    "achievement": {
      "type": ["Achievement"], "id": "urn:a", "creditsAvailable": 1.50, "name": "Multiplying",
      "description": "Interprets products of whole numbers (3.OA.A.1) and quotients (3.OA.A.2).",
      "criteria": {"narrative": "Shows both with counters."}
    }
  }
}
"#;

/// A posting for the same, with something that nobody has shown.
pub const POSTING: &str =
    "Tutor\n\nYou bring:\n- Multiplication by 3.OA.A.1\n- Fractions by 5.NF.A.1\n- A driving licence\n";

/// The badge with an alignment.
pub fn aligned(server: &Server) -> String {
    let math = server.framework(MATH);
    let item = server.item(&math, "3.OA.A.1");
    let mut badge: Value = serde_json::from_str(BADGE).expect("JSON");
    badge["credentialSubject"]["achievement"]["alignment"] = json!([{"type": ["Alignment"], "targetName": "x", "targetUrl": server.json(&format!("/uri/{item}.json"))["uri"]}]);
    badge.to_string()
}

/// Opens the workbench with one framework chosen: the codes are those of another as well.
fn open(browser: &Browser, server: &Server) {
    browser.open(&format!("{}/align?framework={}", server.address, server.framework(MATH)));
}

/// Opens the workbench and aligns a text.
pub fn align(browser: &Browser, server: &Server, text: &str) {
    open(browser, server);
    browser.put("#text", text);
    browser.click(".paste button.primary");
    browser.until("document.querySelector('.state, #work')");
}

/// Opens the page of a job against a record, and compares two.
pub fn compare(browser: &Browser, server: &Server) {
    browser.open(&format!("{}/match", server.address));
    browser.put("#job", POSTING);
    browser.put("#record", &aligned(server));
    let math = server.framework(MATH);
    browser.run(&format!("document.querySelector('[name=framework][value=\"{math}\"]').checked = true"));
    browser.click(".paste button.primary");
    browser.until("document.querySelector('.requirements')");
}

/// The boxes by what each is for, and whether it is ticked.
fn boxes(browser: &Browser) -> Vec<(String, bool)> {
    let all = browser.run(
        "return [...document.querySelectorAll('[name=accept]')].map((box) => [box.closest('label').innerText.trim(), box.checked])",
    );
    let pair = |one: &Value| (one[0].as_str().unwrap_or_default().to_owned(), one[1] == true);
    all.as_array().expect("a list").iter().map(pair).collect()
}

#[test]
fn a_badge_is_aligned_and_downloaded() {
    let server = server();
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let downloads = tempfile::tempdir().expect("a folder");
        let browser = Browser::start(look);
        browser.download_to(downloads.path());
        align(&browser, server, BADGE);
        assert!(browser.text("main").contains("ob3/OpenBadgeCredential"));
        let ticked: Vec<String> = boxes(&browser).into_iter().filter(|(_, is)| *is).map(|(text, _)| text).collect();
        assert!(ticked.iter().any(|text| text.starts_with("3.OA.A.1")), "{ticked:?}");
        // By keyboard: the first is rejected, the next accepted; without scripts by the mouse.
        browser.run("document.querySelectorAll('[name=accept]').forEach((box) => { if (box.checked) box.click(); })");
        browser.run("document.querySelector('[name=accept]').focus()");
        if look.scripts {
            browser.press("a");
            assert!(boxes(&browser)[0].1 && browser.text("#accepted").starts_with('1'));
            browser.press(keys::UP);
            browser.press("r");
            browser.press("a");
            assert_eq!(boxes(&browser).iter().map(|(_, is)| *is).take(2).collect::<Vec<_>>(), [false, true]);
        } else {
            browser.press(" ");
            assert!(boxes(&browser)[0].1);
        }
        let accepted = boxes(&browser).into_iter().find(|(_, is)| *is).expect("one").0;
        browser.click(".finish button[formaction]");
        let file = downloads.path().join("aligned.json");
        Browser::until_file(&file);
        let text = std::fs::read_to_string(&file).expect("text");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let alignment = document["credentialSubject"]["achievement"]["alignment"].as_array().expect("a list");
        assert_eq!(alignment.len(), 1, "{text}");
        let id = alignment[0]["targetCode"].as_str().expect("an identifier");
        let code = server.json(&format!("/uri/{id}.json"))["humanCodingScheme"].clone();
        assert!(accepted.starts_with(code.as_str().expect("a code")), "{accepted} {code}");
        assert!(
            text.contains("\"creditsAvailable\": 1.50, \"name\": \"Multiplying\",\n"),
            "nothing else changed: {text}"
        );
        // And to be copied.
        browser.click(".finish button.primary");
        browser.until("document.querySelector('#finished')");
        assert_eq!(browser.run("return document.querySelector('#finished').textContent").as_str(), Some(text.as_str()));
    }
}

#[test]
fn a_file_is_taken_as_it_is() {
    let server = server();
    let folder = tempfile::tempdir().expect("a folder");
    let file: PathBuf = folder.path().join("posting.txt");
    std::fs::write(&file, POSTING.replace('\n', "\r\n")).expect("a file");
    let browser = Browser::start(DESKTOP);
    open(&browser, server);
    browser.write("#file", file.to_str().expect("text"));
    browser.click(".paste button.primary");
    browser.until("document.querySelector('.passage')");
    assert!(browser.text(".passage").contains("Multiplication by 3.OA.A.1"));
    assert!(browser.text("main").contains("A job posting"));
    // A mark in the text leads to its candidates.
    browser.click(".passage .segment.found");
    browser.until("document.querySelector('.segments > li:target')");
    browser.choose("#format", "hropen");
    browser.click(".finish button.primary");
    browser.until("document.querySelector('#finished')");
    assert!(browser.text("#finished").contains("competencyName"));
}

#[test]
fn a_job_is_held_against_a_record() {
    let server = server();
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let browser = Browser::start(look);
        compare(&browser, server);
        let met = browser.text(".requirement.met");
        assert!(met.contains("3.OA.A.1") && met.contains("Multiplying"), "{met}");
        assert!(browser.text(".requirement.missing").contains("5.NF.A.1"));
        assert!(browser.text(".requirement.unaligned").contains("licence"));
        browser.click(".requirement.met .way a");
        browser.until("location.pathname.startsWith('/uri/')");
        // Nothing to compare with is said, and what was chosen is not lost by going back.
        browser.open(&format!("{}/match", server.address));
        browser.click(".paste button.primary");
        browser.until("document.querySelector('[role=alert]')");
    }
}

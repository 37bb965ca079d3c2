//! The align workbench without scripts: everything is recognised, candidates are shown with their reasons, exactly what was
//! accepted comes out, and nothing of what was sent is kept.

use casement::registry::Role;
use serde_json::{Value, json};

use crate::job_align::{serving, skills};
use crate::support::browser::{Browser, user};
use crate::support::build::{Framework, id, uri};
use crate::support::{Answer, TestApp, TestDb, casement, for_each_backend, import_one};

const SECRET: &str = "Zebedee Quux";

/// The values of the boxes of a page, and whether each is ticked.
fn boxes(page: &str) -> Vec<(String, bool)> {
    let all = page.split("name=\"accept\" value=\"").skip(1);
    all.map(|rest| {
        let (value, rest) = rest.split_once('"').unwrap();
        (value.to_owned(), rest.split('>').next().unwrap().contains("checked"))
    })
    .collect()
}

/// The box of an item.
#[track_caller]
fn box_of(page: &str, item: &str) -> (String, bool) {
    let found = boxes(page).into_iter().find(|(value, _)| value.starts_with(&id(item)));
    found.unwrap_or_else(|| panic!("no {item}: {page}"))
}

/// What a hidden field of the form with candidates holds.
#[track_caller]
fn hidden(page: &str, name: &str) -> String {
    let form = page.split("id=\"work\"").nth(1).unwrap_or_else(|| panic!("no form: {page}"));
    let rest = form.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}")).1;
    rest.split('"').next().unwrap().to_owned()
}

#[track_caller]
fn paste(browser: &Browser<'_>, text: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![("text", text)];
    fields.extend(more);
    let answer = browser.post("/align", &fields).expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.text()
}

/// Takes away what comes of accepting these.
fn take(browser: &Browser<'_>, page: &str, accepted: &[&str], more: &[(&str, &str)]) -> Answer {
    let (document, kind) = (hidden(page, "document"), hidden(page, "kind"));
    let mut fields = vec![("document", document.as_str()), ("kind", kind.as_str())];
    fields.extend(accepted.iter().map(|value| ("accept", *value)));
    fields.extend(more);
    browser.post("/align/download", &fields)
}

fn badge() -> String {
    // The spelling of numbers and every blank have to stay.
    format!(
        "{{\n    \"@context\": [\"https://www.w3.org/ns/credentials/v2\", \"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json\"],\n    \
         \"type\": [\"VerifiableCredential\", \"OpenBadgeCredential\"],\n    \"credentialSubject\": {{ \"id\": \"did:example:zebedee\", \"name\": \"{SECRET}\",\n        \
         \"achievement\": {{\n            \"type\": [\"Achievement\"], \"id\": \"urn:a\", \"creditsAvailable\": 1.50,\n            \
         \"name\": \"Water <b>\",\n            \"description\": \"Covers WT.2.3 and WT.2.4.\",\n            \
         \"criteria\": {{\"narrative\": \"Sample.\"}}\n        }}\n    }}\n}}\n"
    )
}

#[test]
fn a_badge_is_aligned_and_comes_back_with_exactly_what_was_accepted() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let browser = Browser::new(&app);
        let page = browser.multipart("/align", &[("file", Some("badge.json"), badge().as_bytes())]).expect(200).text();
        assert!(page.contains("A badge or a record") && page.contains("ob3/OpenBadgeCredential"), "{page}");
        assert!(page.contains("Water &#60;b&#62;") && !page.contains("Water <b>"));
        assert!(page.contains("<mark>WT.2.3</mark>") || page.contains("its code stands there"), "{page}");
        assert!(page.contains("only words compared"), "what was not done is told");
        let (chlorine, is_ticked) = box_of(&page, "chlorine");
        assert!(is_ticked && chlorine.ends_with(" /credentialSubject/achievement"), "{chlorine}");
        let (turbidity, _) = box_of(&page, "turbidity");

        let done = take(&browser, &page, &[&turbidity], &[]).expect(200);
        assert_eq!(done.header("content-type"), "application/json");
        assert!(done.header("content-disposition").contains("aligned.json"));
        let document: Value = serde_json::from_str(&done.text()).unwrap();
        let alignment = document["credentialSubject"]["achievement"]["alignment"].as_array().unwrap();
        assert_eq!(alignment.len(), 1);
        assert_eq!(alignment[0]["targetUrl"], uri("turbidity"));
        // Without what was put in it is what was sent, byte for byte.
        let at = done.text().find(",\n            \"alignment\"").unwrap();
        let end = done.text().find("\n        }\n    }\n}").unwrap();
        assert_eq!(format!("{}{}", &done.text()[..at], &done.text()[end..]), badge());
        assert_eq!(take(&browser, &page, &[], &[]).expect(200).text(), badge(), "nothing accepted, nothing changed");

        let shown = {
            let (document, kind) = (hidden(&page, "document"), hidden(&page, "kind"));
            let fields = [("document", document.as_str()), ("kind", &kind), ("accept", &chlorine)];
            browser.post("/align/finished", &fields).expect(200).text()
        };
        assert!(shown.contains("1 alignment was put in") && shown.contains(&uri("chlorine")), "{shown}");
        // What is made up is left out.
        let forged = format!("{} /nowhere", id("chlorine"));
        assert_eq!(take(&browser, &page, &[&forged, "x", "x /"], &[]).expect(200).text(), badge());
        for secret in [SECRET, "zebedee"] {
            assert!(!app.log().contains(secret), "nothing is logged");
        }
    });
}

#[test]
fn a_text_is_shown_with_its_sentences_and_gives_snippets() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let browser = Browser::new(&app);
        let text = "Every day:\r\n- Measure turbidity.\r\n- Whistle <i>loudly</i> & well.\r\n";
        let page = paste(&browser, text, &[]);
        assert!(page.contains("A text") && page.contains("2 parts"), "{page}");
        assert!(page.contains("href=\"#s1\" id=\"t1\">Measure turbidity."), "{page}");
        assert!(page.contains("&#60;i&#62;loudly") && !page.contains("<i>loudly"));
        let (turbidity, is_ticked) = box_of(&page, "turbidity");
        assert!(is_ticked, "{page}");
        assert!(page.contains("<meter") && page.contains("Test water"), "how sure, and where it stands");
        let json: Value = serde_json::from_str(&take(&browser, &page, &[&turbidity, &turbidity], &[]).text()).unwrap();
        assert_eq!(json.as_array().unwrap().len(), 1, "once");
        assert_eq!(json[0]["targetUrl"], uri("turbidity"));
        let xml = take(&browser, &page, &[&turbidity], &[("format", "qti")]).expect(200);
        assert_eq!(xml.header("content-type"), "application/xml");
        assert!(xml.text().contains("curriculumStandardsMetadataSet"));
        assert!(take(&browser, &page, &[], &[]).expect(422).text().contains("Nothing was accepted"));

        let nothing = paste(&browser, "Zzyzx qwerty blorp.", &[]);
        assert!(nothing.contains("Nothing here fits"), "{nothing}");
        // Spanish, and as something else than it looks.
        let spanish = {
            let mut browser = Browser::new(&app);
            browser.headers.push(("Accept-Language".to_owned(), "es".to_owned()));
            paste(&browser, "Measure turbidity in the plant", &[("kind", "job")])
        };
        assert!(spanish.contains("Una oferta de empleo") && spanish.contains("Qué encaja"), "{spanish}");
    });
}

#[test]
fn a_posting_is_recognised_and_keeps_every_other_byte() {
    for_each_backend(|db| {
        let app = serving(db, &[skills()]);
        let browser = Browser::new(&app);
        let posting = "{\r\n\t\"@type\": \"JobPosting\",\r\n\t\"title\": \"Operator\", \"n\": 1e3,\r\n\t\"skills\": [\"Measure turbidity\", \"Work by WT.2.3\"],\r\n\t\
                       \"qualifications\": \"Grade D licence.\"\r\n}";
        let page = browser.multipart("/align", &[("file", Some("job.json"), posting.as_bytes())]).expect(200).text();
        assert!(page.contains("A job posting") && page.contains("schema.org/JobPosting"), "{page}");
        assert!(page.contains("1 more that is no competency") && page.contains("a licence or certificate"), "{page}");
        let all: Vec<String> = ["turbidity", "chlorine"].map(|item| box_of(&page, item).0).to_vec();
        let done = take(&browser, &page, &[&all[0], &all[1]], &[]).expect(200).text();
        let document: Value = serde_json::from_str(&done).unwrap();
        let names: Vec<&Value> = document["skills"].as_array().unwrap()[2..].iter().map(|term| &term["@id"]).collect();
        assert_eq!(names, [&json!(uri("turbidity")), &json!(uri("chlorine"))]);
        let rest = posting.split("\"Work by WT.2.3\"").collect::<Vec<_>>();
        assert!(done.starts_with(rest[0]) && done.ends_with(rest[1]), "{done}");
        // A posting that is a text has its sentences marked, and gives snippets.
        let text = "Operator\n\nYou bring:\n- Measure turbidity\n- A driving licence\n";
        let page = paste(&browser, text, &[]);
        assert!(page.contains("A job posting") && page.contains("id=\"t1\">Measure turbidity"), "{page}");
        let (turbidity, _) = box_of(&page, "turbidity");
        let json: Value = serde_json::from_str(&take(&browser, &page, &[&turbidity], &[]).text()).unwrap();
        assert_eq!(json[0]["@type"], "DefinedTerm", "as postings have it");
    });
}

#[test]
fn what_is_signed_is_left_alone_or_loses_its_signature() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[skills()]);
    let browser = Browser::new(&app);
    let mut signed: Value = serde_json::from_str(&badge()).unwrap();
    signed["proof"] = json!({"type": "DataIntegrityProof", "proofValue": "z"});
    let page = paste(&browser, &signed.to_string(), &[]);
    assert!(page.contains("name=\"onSigned\""), "{page}");
    let (chlorine, _) = box_of(&page, "chlorine");
    let beside = take(&browser, &page, &[&chlorine], &[]).expect(200);
    assert!(beside.header("content-disposition").contains("alignments.json"));
    let told: Value = serde_json::from_str(&beside.text()).unwrap();
    assert_eq!(told[0]["pointer"], "/credentialSubject/achievement/alignment/0");
    let opened: Value =
        serde_json::from_str(&take(&browser, &page, &[&chlorine], &[("onSigned", "unsign")]).text()).unwrap();
    assert!(opened.get("proof").is_none());
    assert_eq!(opened["credentialSubject"]["achievement"]["alignment"][0]["targetUrl"], uri("chlorine"));
}

#[test]
fn what_cannot_be_aligned_is_said_on_the_page() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[skills()]);
    let browser = Browser::new(&app);
    let sent = |parts: &[(&str, Option<&str>, &[u8])]| browser.multipart("/align", parts);
    let large = vec![b'a'; (4 << 20) + 1];
    let many = "Measure turbidity again. ".repeat(101);
    for (answer, status, sentence) in [
        (browser.post("/align", &[("text", " \r\n ")]), 422, "There is nothing to align"),
        (browser.post("/align", &[]), 422, "There is nothing to align"),
        (browser.post("/align", &[("document", "%%%")]), 422, "did not arrive whole"),
        (sent(&[("text", None, b"a"), ("file", Some("b"), b"b")]), 422, "not both"),
        (sent(&[("file", Some("b.txt"), b"caf\xe9 au lait")]), 422, "Save it as UTF-8"),
        (sent(&[("file", Some("b.txt"), &large)]), 413, "too large for this page"),
        (sent(&[("text", None, b"\xff")]), 400, "did not arrive whole"),
        (browser.post("/align", &[("text", "{\"a\": ")]), 400, "ends too early"),
        (browser.post("/align", &[("text", "{\"type\": \"Person\"}")]), 422, "neither a credential nor an achievement"),
        (browser.post("/align", &[("text", &many)]), 400, "101 sentences"),
        (browser.post("/align", &[("text", "Measure"), ("framework", "nowhere")]), 400, "nowhere"),
    ] {
        let page = answer.expect(status).text();
        assert!(page.contains("role=\"alert\"") && page.contains(sentence), "{sentence}: {page}");
        assert!(page.contains("name=\"text\""), "to be tried again");
    }
    // What can be mended is not to be pasted once more.
    let page = browser.post("/align", &[("text", "{\"a\": </textarea>")]).expect(400).text();
    assert!(page.contains("{&#34;a&#34;: &#60;/textarea&#62;</textarea>"), "{page}");
    for path in ["/align/finished", "/align/download"] {
        assert_eq!(browser.get(path).expect(405).header("allow"), "POST, OPTIONS");
        browser.post(path, &[]).expect(422);
    }
    browser.send("PUT", "/align", &[], b"").expect(405);
}

#[test]
fn only_what_somebody_may_see_is_aligned_to() {
    for_each_backend(|db| {
        let hidden_one = Framework::new("kitchen")
            .document(json!({"title": "Kitchen Skills"}))
            .item("knife", json!({"fullStatement": "Sharpen kitchen knives", "humanCodingScheme": "K.1"}));
        import_one(&db.registry(), &hidden_one.json);
        casement(db, &["private", "add", &hidden_one.id()]).expect(0);
        user(db, "anna", Role::Reader);
        let app = serving(db, &[skills()]);
        let (anna, visitor) = (Browser::signed_in(&app, "anna"), Browser::new(&app));
        for (browser, sees) in [(&anna, true), (&visitor, false)] {
            assert_eq!(browser.get("/align").expect(200).text().contains("Kitchen Skills"), sees);
            assert_eq!(paste(browser, "Sharpen kitchen knives", &[]).contains("K.1"), sees);
        }
        // A box for what they do not see gives them nothing.
        let page = paste(&visitor, "Measure turbidity.", &[]);
        let forged = format!("{} ", id("knife"));
        take(&visitor, &page, &[&forged], &[]).expect(422);
        assert!(take(&anna, &page, &[&forged], &[]).expect(200).text().contains("knives"));
    });
}

/// The page of a form is not one that others may put into theirs, and has nothing inline.
#[test]
fn pages_are_as_strict_as_all_others() {
    let db = TestDb::sqlite();
    let app = TestApp::start(&db);
    let browser = Browser::new(&app);
    for path in ["/align", "/match"] {
        let answer = browser.get(path).expect(200);
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        let page = answer.text();
        assert!(!page.contains(" style=\"") && !page.contains(" onclick="), "{page}");
    }
    assert!(browser.get("/").text().contains("href=\"/align\""));
}

//! The page of a job against a record, without scripts: what is met, by which way, what is missing, and what cannot be read.

use serde_json::json;

use crate::job_align::{serving, skills};
use crate::job_match::{badge, outcomes};
use crate::support::browser::Browser;
use crate::support::build::id;
use crate::support::{TestDb, for_each_backend};

#[test]
fn requirements_are_shown_met_or_missing_with_their_way() {
    for_each_backend(|db| {
        let app = serving(db, &[skills(), outcomes()]);
        let browser = Browser::new(&app);
        let job = "Operator & <3\r\n\r\nYou bring:\r\n- Chlorine work by WT.2.3\r\n- Measure turbidity\r\n- A driving licence\r\n- Ability to whistle\r\n";
        let record = badge("Lab & <3", Some("titration"), json!({})).to_string();
        let page = browser.post("/match", &[("job", job), ("record", &record)]).expect(200).text();
        assert!(page.contains("Operator &#38; &#60;3") && page.contains("Lab &#38; &#60;3"), "{page}");
        for (class, count) in [("met", 1), ("missing", 1), ("unaligned", 2)] {
            assert_eq!(page.matches(&format!("class=\"card requirement {class}\"")).count(), count, "{class}: {page}");
        }
        let way = page.split("class=\"way\"").nth(1).unwrap().split("</ol>").next().unwrap();
        let steps = ["its code stands there", "matches exactly", "is aligned to it"];
        assert!(steps.iter().all(|step| way.contains(step)), "{way}");
        for item in ["chlorine", "titration"] {
            assert!(way.contains(&format!("/uri/{}\"", id(item))), "{way}");
        }
        assert_eq!(way.matches("<meter").count(), 3);
        // What is missing leads to its item as well.
        let missing = page.split("requirement missing").nth(1).unwrap().split("</li>").next().unwrap();
        assert!(missing.contains(&format!("/uri/{}\"", id("turbidity"))), "{missing}");
        assert!(page.contains("a licence or certificate"));
        for secret in ["zebedee", "Zebedee"] {
            assert!(!page.contains(secret) && !app.log().contains(secret));
        }

        // A framework in place of a job, and several files of which one does not count.
        let over = badge("Over", Some("turbidity"), json!({"validUntil": "2020-01-01T00:00:00Z"})).to_string();
        let water = id("water");
        let parts: [(&str, Option<&str>, &[u8]); 4] = [
            ("wanted", None, water.as_bytes()),
            ("record", None, b""),
            ("recordFile", Some("a.json"), record.as_bytes()),
            ("recordFile", Some("b.json"), over.as_bytes()),
        ];
        let page = browser.multipart("/match", &parts).expect(200).text();
        assert!(page.contains("Riverwell Water Treatment Skills") && page.contains("1 does not count"), "{page}");
        assert!(page.contains("it has expired"));
    });
}

#[test]
fn what_cannot_be_compared_is_said_on_the_page() {
    let db = TestDb::sqlite();
    let app = serving(&db, &[skills()]);
    let browser = Browser::new(&app);
    let record = badge("x", Some("chlorine"), json!({})).to_string();
    for (fields, status, sentence) in [
        (vec![("record", record.as_str())], 422, "Say what is asked for"),
        (vec![("job", "Measure turbidity")], 422, "Give a record"),
        (vec![("job", "Measure"), ("wanted", "x"), ("record", "{}")], 422, "but not both"),
        (vec![("job", "Measure turbidity"), ("record", "{\"a\"")], 422, "cannot be read as JSON"),
        (vec![("job", "Measure turbidity"), ("record", "hello")], 422, "cannot be compared"),
        (vec![("job", "{\"type\": \"Person\"}"), ("record", record.as_str())], 422, "no job"),
        (vec![("wanted", "nowhere"), ("record", record.as_str())], 422, "nowhere"),
        (vec![("job", "Measure"), ("framework", "nowhere"), ("record", record.as_str())], 400, "nowhere"),
    ] {
        let page = browser.post("/match", &fields).expect(status).text();
        assert!(page.contains("role=\"alert\"") && page.contains(sentence), "{sentence}: {page}");
    }
    let nothing = browser.post("/match", &[("job", "...?"), ("record", &record)]);
    assert!(nothing.status < 500, "{}", nothing.text());
}

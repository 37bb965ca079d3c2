//! What holds for every page: nothing against it from axe, in light and dark, on a desk and on a
//! phone; within its budget; nothing from elsewhere; nothing wider than the window. And their pictures.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::{Browser, DESKTOP, Look, PHONE};
use crate::server::{Server, server};
use crate::{people, workbench};

/// What HTML, styles and script of a page may weigh together when they are packed, in bytes.
const BUDGET: usize = 120_000;

/// Every kind of page with a name for its picture.
fn pages(server: &Server) -> Vec<(&'static str, String)> {
    let math = server.framework("Common Core State Standards for Math");
    let reference = server.framework("Casement Reference Framework: Digital and Data Literacy");
    let california = server.framework("California Common Core State Standards - Mathematics");
    let item = server.item(&math, "3.OA.A.1");
    let rubric = server.json(&format!("/ims/case/v1p1/CFPackages/{reference}"))["CFRubrics"][0]["identifier"].clone();
    let association =
        server.json(&format!("/ims/case/v1p1/CFPackages/{math}"))["CFAssociations"][0]["identifier"].clone();
    let text = |value: &Value| value.as_str().expect("an identifier").to_owned();
    vec![
        ("home", "/".to_owned()),
        ("home-filtered", "/?language=fr".to_owned()),
        ("home-none", "/?language=fr&subject=x".to_owned()),
        ("framework", format!("/frameworks/{math}")),
        ("framework-permalink", format!("/uri/{reference}")),
        ("tree-open", format!("/frameworks/{math}?at={item}")),
        ("tree-filter", format!("/frameworks/{math}?q=fractions")),
        ("tree-nothing", format!("/frameworks/{math}?q=zzzzqqqq")),
        ("outline", format!("/frameworks/{math}/outline")),
        ("table", format!("/frameworks/{math}/table")),
        ("print", format!("/frameworks/{reference}/print")),
        ("associations", format!("/frameworks/{california}/associations")),
        ("crosswalks", format!("/frameworks/{california}/crosswalks")),
        ("rubrics", format!("/frameworks/{reference}/rubrics")),
        ("history", format!("/frameworks/{math}/history")),
        ("compare", format!("/compare?old={math}&new={california}")),
        ("compare-choose", "/compare".to_owned()),
        ("crosswalk", format!("/crosswalk?from={california}&to={math}")),
        ("crosswalk-choose", "/crosswalk".to_owned()),
        ("item", format!("/uri/{item}")),
        ("rubric", format!("/uri/{}", text(&rubric))),
        ("association", format!("/uri/{}", text(&association))),
        ("align", format!("/align?framework={math}")),
        ("match", "/match".to_owned()),
        ("sign-in", "/sign-in".to_owned()),
        ("search", "/search".to_owned()),
        ("search-hits", "/search?q=adding+fractions".to_owned()),
        ("search-grouped", "/search?q=network&group=framework".to_owned()),
        ("search-nothing", "/search?q=zzzzqqqq".to_owned()),
        ("nothing-here", "/uri/00000000-0000-4000-8000-000000000000".to_owned()),
    ]
}

/// What a page is called, and how a browser comes to it.
type Way = (&'static str, fn(&Browser, &Server));

/// Pages that come of a form that is sent.
const ANSWERS: [Way; 6] = [
    ("align-badge", |browser, server| workbench::align(browser, server, workbench::BADGE)),
    ("align-posting", |browser, server| workbench::align(browser, server, workbench::POSTING)),
    ("align-nothing", |browser, server| workbench::align(browser, server, "Zzyzx qwerty blorp.")),
    ("align-problem", |browser, server| {
        browser.open(&format!("{}/align", server.address));
        browser.put("#text", "{\"type\": \"Person\"}");
        browser.click(".paste button.primary");
        browser.until("document.querySelector('[role=alert]')");
    }),
    ("align-finished", |browser, server| {
        workbench::align(browser, server, workbench::BADGE);
        browser.click(".finish button.primary");
        browser.until("document.querySelector('#finished')");
    }),
    ("match-met", workbench::compare),
];

/// Pages of who is signed in.
const SIGNED_IN: [Way; 7] = [
    ("account", |browser, server| browser.open(&format!("{}/account", server.address))),
    ("tokens", |browser, server| browser.open(&format!("{}/tokens", server.address))),
    ("users", |browser, server| browser.open(&format!("{}/users", server.address))),
    ("user", |browser, server| browser.open(&format!("{}/users/{}", server.address, people::NAME))),
    ("audit", |browser, server| browser.open(&format!("{}/audit", server.address))),
    ("import", |browser, server| browser.open(&format!("{}/import", server.address))),
    ("import-planned", people::send_workbook),
];

fn looks() -> [Look; 4] {
    let dark = |look: Look| Look { dark: true, ..look };
    [DESKTOP, PHONE, dark(DESKTOP), dark(PHONE)]
}

/// What is wrong with the page that a browser shows.
fn inspect(browser: &Browser, name: &str, look: Look) -> Vec<String> {
    let axe = include_str!("axe/axe.min.js");
    let mut wrong: Vec<String> = Vec::new();
    let wide = browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    if wide != json!(0) {
        wrong.push(format!("{name} {look:?}: {wide} px wider than the window"));
    }
    browser.run(&format!("{axe}; return true"));
    let found = browser.run_async(
        "const done = arguments[arguments.length - 1]; \
         axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.map((one) => \
           one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + (node.any[0]?.message || '')).join(' | '))))",
    );
    let found = found.as_array().cloned().unwrap_or_else(|| panic!("axe: {found}"));
    wrong.extend(found.iter().map(|one| format!("{name} {look:?}: {one}")));
    wrong
}

#[test]
fn axe_finds_nothing_and_nothing_is_wider_than_the_window() {
    let server = server();
    let mut wrong: Vec<String> = Vec::new();
    for look in looks() {
        let browser = Browser::start(look);
        for (name, path) in pages(server) {
            browser.open(&format!("{}{path}", server.address));
            wrong.extend(inspect(&browser, name, look));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn axe_finds_nothing_on_what_comes_of_forms_and_on_pages_of_who_is_signed_in() {
    let mut wrong: Vec<String> = Vec::new();
    // With the script, and as those see it who have none.
    let with_script = looks().map(|look| (look, true)).into_iter();
    for (look, has_script) in with_script.chain([(DESKTOP, false), (PHONE, false)]) {
        for (server, all) in [(server(), &ANSWERS[..]), (people::server(), &SIGNED_IN[..])] {
            let browser = Browser::start(look);
            if !has_script {
                browser.without_the_script();
            }
            if std::ptr::eq(server, people::server()) {
                people::sign_in(&browser, server, "/account");
            }
            for (name, come) in all {
                come(&browser, server);
                wrong.extend(inspect(&browser, name, look));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_is_within_its_budget_and_asks_nobody_else() {
    let server = server();
    let browser = Browser::start(DESKTOP);
    let [styles, script] = ["casement.css", "casement.js"].map(|name| {
        std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)).expect("a file")
    });
    let fixed = packed(&styles) + packed(&script);
    for (name, path) in pages(server) {
        let url = format!("{}{path}", server.address);
        browser.open(&url);
        let asked = browser.requests();
        let outside = asked.iter().filter(|asked| !asked.starts_with(&server.address) && !asked.starts_with("data:"));
        assert_eq!(outside.collect::<Vec<_>>(), Vec::<&String>::new(), "{name}");
        let trouble = browser.log("browser").into_iter().filter(|entry| !entry["message"].to_string().contains("404"));
        assert_eq!(trouble.collect::<Vec<_>>(), Vec::<Value>::new(), "{name}");
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.get(&url).header("Accept", "text/html").call().expect("an answer");
        let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        let html = answer.body_mut().with_config().limit(50 << 20).read_to_vec().expect("bytes");
        // Lists that are meant to hold a whole framework are content.
        if !["print", "outline", "table"].contains(&name) {
            let all = packed(&html) + fixed;
            assert!(all < BUDGET, "{name}: {all} bytes");
        }
    }
}

fn packed(bytes: &[u8]) -> usize {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory").len()
}

/// With CASEMENT_SCREENSHOTS=DIR every page is drawn at 1280 and 390 pixels, in light, and some in dark.
#[test]
fn every_page_is_drawn() {
    let folder = std::env::var_os("CASEMENT_SCREENSHOTS").map(PathBuf::from);
    let kept = tempfile::tempdir().expect("a folder");
    let (folder, all) = match &folder {
        Some(folder) => (folder.as_path(), true),
        None => (kept.path(), false),
    };
    std::fs::create_dir_all(folder).expect("a folder");
    let server = server();
    for look in looks() {
        let browser = Browser::start(look);
        let few = if all { usize::MAX } else { 2 };
        let picture =
            |name: &str| folder.join(format!("{name}-{}{}.png", look.width, if look.dark { "-dark" } else { "" }));
        for (name, path) in pages(server).into_iter().take(few) {
            browser.open(&format!("{}{path}", server.address));
            let file = picture(name);
            browser.draw(&file);
            let mut start = [0; 8];
            std::fs::File::open(&file).and_then(|mut file| file.read_exact(&mut start)).expect("a picture");
            assert_eq!(&start, b"\x89PNG\r\n\x1a\n");
        }
        for (name, come) in ANSWERS.iter().take(few) {
            come(&browser, server);
            browser.draw(&picture(name));
        }
        people::sign_in(&browser, people::server(), "/account");
        for (name, come) in SIGNED_IN.iter().take(few) {
            come(&browser, people::server());
            browser.draw(&picture(name));
        }
    }
}

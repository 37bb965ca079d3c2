//! What people do: browse a tree by mouse and by keyboard, search, follow and copy, change the look,
//! with and without scripts, below a path of a proxy.

use serde_json::json;

use crate::browser::{Browser, DESKTOP, Look, PHONE, keys};
use crate::proxy::Proxy;
use crate::server::{Server, server};

const MATH: &str = "Common Core State Standards for Math";
const WITHOUT_SCRIPTS: Look = Look { scripts: false, ..DESKTOP };
const FOCUSED: &str = "document.activeElement.closest('li').dataset.id";

fn at(server: &Server, path: &str) -> String {
    format!("{}{path}", server.address)
}

#[test]
fn a_tree_opens_by_mouse() {
    let server = server();
    let math = server.framework(MATH);
    let browser = Browser::start(DESKTOP);
    browser.open(&at(server, &format!("/frameworks/{math}?levels=0")));
    let closed = "#tree [role=treeitem][aria-expanded=false]";
    let first = browser.run(&format!("return document.querySelector('{closed}').closest('li').dataset.id"));
    let first = first.as_str().expect("an identifier");
    browser.click(&format!("#i-{first} > .row > a.twist"));
    browser.until(&format!("document.querySelectorAll('#i-{first} > ul > li').length > 0"));
    assert_eq!(browser.run(&format!("return document.querySelector('#i-{first} > .row').ariaExpanded")), json!("true"));
    browser.click(&format!("#i-{first} > .row > a.twist"));
    browser.until(&format!("document.querySelector('#i-{first} > ul').hidden"));
    // The page did not change under it.
    assert!(browser.address().contains("levels=0"));
}

#[test]
fn a_tree_is_walked_by_keyboard() {
    let server = server();
    let math = server.framework(MATH);
    let browser = Browser::start(DESKTOP);
    browser.open(&at(server, &format!("/frameworks/{math}?levels=0")));
    browser.until("document.querySelector('#tree[role=tree] [tabindex=\"0\"]')");
    browser.run("document.querySelector('#tree [tabindex=\"0\"]').focus()");
    browser.press(keys::END);
    let top = browser.run(&format!("return {FOCUSED}"));
    browser.press(keys::RIGHT);
    browser.until("document.activeElement.ariaExpanded === 'true'");
    browser.press(keys::RIGHT);
    browser.until(&format!("{FOCUSED} !== {top}"));
    assert_eq!(browser.run("return document.activeElement.getAttribute('aria-level')"), json!("2"));
    let first = browser.run(&format!("return {FOCUSED}"));
    browser.press(keys::DOWN);
    browser.until(&format!("{FOCUSED} !== {first}"));
    browser.press(keys::UP);
    browser.until(&format!("{FOCUSED} === {first}"));
    // All siblings at once.
    browser.press("*");
    browser.until("[...document.activeElement.closest('ul').children].every((li) => li.querySelector(':scope > .row').ariaExpanded !== 'false')");
    browser.press(keys::LEFT);
    browser.until("document.activeElement.ariaExpanded === 'false'");
    browser.press(keys::LEFT);
    browser.until(&format!("{FOCUSED} === {top}"));
    // Letters jump to what begins with them.
    browser.press(keys::DOWN);
    let name = "document.activeElement.querySelector('.name').innerText.trim()";
    let other = browser.run(
        "const all = [...document.querySelectorAll('#tree [role=treeitem]')].filter((li) => li.offsetParent); \
         return all.at(-1).querySelector('.name').innerText.trim().split(/\\s/)[0].slice(0, 3)",
    );
    browser.press(other.as_str().expect("text"));
    browser.until(&format!("{name}.toLowerCase().startsWith({}.toLowerCase())", other));
    browser.press(keys::END);
    browser.press(keys::ENTER);
    browser.until("location.pathname.startsWith('/uri/')");
}

#[test]
fn a_deep_link_opens_the_path() {
    let server = server();
    let math = server.framework(MATH);
    let item = server.item(&math, "3.OA.A.1");
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let browser = Browser::start(look);
        browser.open(&at(server, &format!("/uri/{item}")));
        browser.run("document.querySelector('.aside a[href*=\"?at=\"]').id = 'in-tree'");
        browser.click("#in-tree");
        browser.until("document.querySelector('li.found')");
        assert!(browser.text("li.found").contains("3.OA.A.1"));
        assert!(browser.is_there(&format!("#i-{item}.found")));
    }
}

#[test]
fn a_framework_is_found_by_words_within_it() {
    let server = server();
    let math = server.framework(MATH);
    let browser = Browser::start(DESKTOP);
    browser.open(&at(server, &format!("/frameworks/{math}")));
    browser.write("#tree-filter", "pythagorean");
    browser.press(keys::ENTER);
    browser.until("document.querySelectorAll('li.found').length > 1");
    assert!(browser.text("#tree").contains("Pythagorean"));
}

#[test]
fn search_narrows_down_while_somebody_types() {
    let server = server();
    let browser = Browser::start(DESKTOP);
    browser.open(&at(server, "/"));
    browser.write("#site-search", "adding fract");
    browser.until("document.querySelectorAll('#suggestions [role=option]').length > 2");
    browser.press(keys::DOWN);
    browser.until("document.querySelector('#suggestions [aria-selected=true]')");
    browser.press(keys::ESCAPE);
    browser.press("ions");
    browser.press(keys::ENTER);
    browser.until("location.pathname === '/search' && document.querySelectorAll('.hit').length > 5");
    let all = browser.text("#hits [role=status]");
    browser.run("[...document.querySelectorAll('.facet a')].find((a) => a.href.includes('grade=05')).id = 'grade-5'");
    browser.click("#grade-5");
    browser.until("location.search.includes('grade=05') && document.querySelector('.hit')");
    let fewer = browser.text("#hits [role=status]");
    assert_ne!(all, fewer);
    // What is typed now is searched at once, and the address can be shared.
    browser.write("#site-search", " denominators");
    browser.until("location.search.includes('denominators')");
    browser.until(&format!("document.querySelector('#hits [role=status]').innerText !== {}", json!(fewer)));
    let shared = browser.address();
    let other = Browser::start(DESKTOP);
    other.open(&shared);
    assert!(other.is_there("#hits .hit mark"));
}

#[test]
fn an_identifier_is_copied() {
    let server = server();
    let math = server.framework(MATH);
    let item = server.item(&math, "3.OA.A.1");
    let browser = Browser::start(DESKTOP);
    browser.open(&at(server, &format!("/uri/{item}")));
    // A browser without a window has no clipboard to look into.
    browser.run("window.copied = null; navigator.clipboard.writeText = async (text) => { window.copied = text; }");
    browser.click("[data-copy=c-id]");
    browser.until(&format!("window.copied === {}", json!(item)));
    let uri = server.json(&format!("/uri/{item}.json"))["uri"].clone();
    browser.click("[data-copy=c-uri]");
    browser.until(&format!("window.copied === {uri}"));
}

#[test]
fn the_look_and_the_language_are_chosen_and_kept() {
    let server = server();
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let browser = Browser::start(look);
        browser.open(&at(server, "/search?q=fractions"));
        let ground = || browser.run("return getComputedStyle(document.body).backgroundColor");
        let light = ground();
        browser.click("button[name=theme][value=dark]");
        browser.until("document.documentElement.dataset.theme === 'dark'");
        assert_ne!(ground(), light);
        browser.open(&at(server, "/"));
        assert_eq!(browser.run("return document.documentElement.dataset.theme"), json!("dark"));
        browser.click("button[name=theme][value=auto]");
        browser.until("!document.documentElement.dataset.theme");
        assert_eq!(ground(), light);
        browser.open(&at(server, "/search?q=fractions"));
        browser.click("button[name=language][value=es]");
        browser.until("document.documentElement.lang === 'es'");
        assert!(browser.address().ends_with("/search?q=fractions"), "back to where it was chosen");
        browser.open(&at(server, "/"));
        assert!(browser.text("h1").contains("Marcos de competencias"));
    }
}

#[test]
fn everything_works_without_scripts() {
    let server = server();
    let math = server.framework(MATH);
    let browser = Browser::start(WITHOUT_SCRIPTS);
    browser.open(&at(server, "/"));
    browser.write("#site-search", "adding fractions");
    browser.press(keys::ENTER);
    browser.until("location.pathname === '/search' && document.querySelectorAll('.hit').length > 5");
    browser.open(&at(server, &format!("/frameworks/{math}?levels=0")));
    let before = browser.run("return document.querySelectorAll('#tree li').length").as_u64();
    browser.click("#tree a.twist");
    browser.until("location.search.includes('at=')");
    assert!(browser.run("return document.querySelectorAll('#tree li').length").as_u64() > before);
    for tab in ["outline", "table", "associations", "crosswalks", "history"] {
        browser.open(&at(server, &format!("/frameworks/{math}/{tab}")));
        assert!(browser.is_there(".tabs [aria-current=page]"), "{tab}");
    }
}

#[test]
fn a_phone_shows_a_tree_that_opens() {
    let server = server();
    let math = server.framework(MATH);
    let browser = Browser::start(PHONE);
    browser.open(&at(server, &format!("/frameworks/{math}?levels=0")));
    browser.click("#tree a.twist");
    browser.until("document.querySelectorAll('#tree ul > li').length > 2");
    let size = browser.run(
        "const box = document.querySelector('a.twist').getBoundingClientRect(); return Math.min(box.width, box.height)",
    );
    assert!(size.as_f64() >= Some(20.0), "a finger finds it: {size}");
}

#[test]
fn below_a_path_of_a_proxy_every_link_stays_there() {
    let proxy = Proxy::bind("/standards");
    let public = format!("{}/standards", proxy.address());
    let server = Server::start(&format!("--public-url {public}"), &[]);
    proxy.lead_to(&server.address);
    let browser = Browser::start(DESKTOP);
    browser.open(&format!("{public}/"));
    let math = server.framework(MATH);
    let item = server.item(&math, "3.OA.A.1");
    for path in
        ["/".to_owned(), format!("/frameworks/{math}"), format!("/uri/{item}"), "/search?q=fractions".to_owned()]
    {
        browser.open(&format!("{public}{path}"));
        let lost = browser.run(
            "return [...document.querySelectorAll('a[href], link[href], script[src], img[src], form[action]')] \
               .map((one) => one.getAttribute('href') || one.getAttribute('src') || one.getAttribute('action')) \
               .filter((to) => to.startsWith('/') && !to.startsWith('/standards/'))",
        );
        assert_eq!(lost, json!([]), "{path}");
        assert_ne!(
            browser.run("return getComputedStyle(document.body).backgroundColor"),
            json!("rgba(0, 0, 0, 0)"),
            "{path}"
        );
    }
    browser.open(&format!("{public}/frameworks/{math}?levels=0"));
    browser.click("#tree a.twist");
    browser.until("document.querySelectorAll('#tree ul > li').length > 2");
    browser.click("button[name=language][value=es]");
    browser.until("document.documentElement.lang === 'es'");
    assert!(browser.address().starts_with(&public));
}

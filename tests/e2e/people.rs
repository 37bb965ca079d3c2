//! What those do who have an account: sign in and out, and import a workbook with a mistake in it, which is corrected, applied
//! and undone; with scripts and without.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::json;

use crate::browser::{Browser, DESKTOP, Look};
use crate::server::Server;

/// Who everybody signs in as.
pub const NAME: &str = "anna";
pub const PASSWORD: &str = "correct horse battery";
const WITHOUT_SCRIPTS: Look = Look { scripts: false, ..DESKTOP };

/// A server with an admin.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::with_user(NAME, PASSWORD))
}

/// Signs in, and comes to a page.
pub fn sign_in(browser: &Browser, server: &Server, next: &str) {
    browser.open(&format!("{}/sign-in?next={next}", server.address));
    browser.write("#name", NAME);
    browser.write("#password", PASSWORD);
    browser.click("main form button.primary");
    browser.until(&format!("location.pathname === {}", json!(next)));
}

/// A workbook whose columns do not say what they mean, as a file.
pub fn workbook() -> PathBuf {
    static FILE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, file) = FILE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("goals.csv");
        let rows = "Code,Statement,Grades\nG.1,Count to ten,with fingers\nG.2,Count to twenty,with beads\nG.3,Name a circle,aloud\n";
        std::fs::write(&file, rows).expect("a file");
        (folder, file)
    });
    file.clone()
}

/// Sends the workbook, and waits for the page of its import.
pub fn send_workbook(browser: &Browser, server: &Server) {
    browser.open(&format!("{}/import", server.address));
    browser.write("#file", workbook().to_str().expect("text"));
    browser.click(".import-form button.primary");
    browser.until("location.pathname.startsWith('/import/')");
    // Where the page does not follow by itself, it is loaded again.
    let page = browser.address();
    for _ in 0..500 {
        if browser.is_there("#import-state.planned") {
            return;
        }
        browser.open(&page);
    }
    panic!("{page} is never read");
}

#[test]
fn somebody_signs_in_and_out() {
    let server = server();
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let browser = Browser::start(look);
        browser.open(&format!("{}/account", server.address));
        browser.until("location.pathname === '/sign-in'");
        browser.write("#name", NAME);
        browser.write("#password", "wrong horse battery");
        browser.click("main form button.primary");
        browser.until("document.querySelector('[role=alert]')");
        browser.write("#password", PASSWORD);
        browser.click("main form button.primary");
        browser.until("location.pathname === '/account'");
        assert!(browser.text(".site-header nav").contains(NAME));
        browser.click("form[action$='/sign-out'] button");
        browser.until("!document.querySelector('.site-header nav').innerText.includes('anna')");
        browser.open(&format!("{}/account", server.address));
        browser.until("location.pathname === '/sign-in'");
    }
}

#[test]
fn a_workbook_is_imported_corrected_and_undone() {
    let server = server();
    for look in [DESKTOP, WITHOUT_SCRIPTS] {
        let browser = Browser::start(look);
        sign_in(&browser, server, "/import");
        send_workbook(&browser, server);
        assert!(browser.text(".tree-preview").contains("Count to twenty"));
        // What is called grades has none: each of its cells is remarked upon. It is notes, and the framework has a name.
        let remarks = || {
            browser.run("return document.querySelector('main').textContent.split('no grade that is known').length - 1")
        };
        assert_eq!(remarks(), json!(3));
        browser.choose("select[name='column.0.C']", "notes");
        browser.write("#title", " Goals of a browser");
        browser.click("#how-read ~ form button");
        browser.until("document.querySelector('#import-state.planned') && document.querySelector(\"select[name='column.0.C']\").value === 'notes'");
        assert!(browser.text("main").contains("Goals of a browser"));
        assert_eq!(remarks(), json!(0));
        browser.click(".apply button.primary");
        browser.until("document.querySelector('#import-state.applied')");
        browser.click("main .notice.good a");
        browser.until("document.querySelector('#tree')");
        assert!(browser.text("#tree").contains("Name a circle"));
        browser.run("history.back()");
        browser.until("document.querySelector('#import-state.applied')");
        let framework = browser.run("return document.querySelector('main .notice.good a').href");
        browser.click("form[action$='/undo'] button");
        browser.until("document.querySelector('#import-state.undone')");
        browser.open(framework.as_str().expect("an address"));
        assert!(!browser.is_there("#tree"), "it is gone");
    }
}

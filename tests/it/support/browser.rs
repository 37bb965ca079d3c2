//! A browser without scripts: keeps cookies, finds the token of a page's forms, sends them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{Answer, TestApp, TestDb, encode};
use casement::registry::{Actor, NewUser, Role};

/// The cookie of a session at a server that is known by https and has its host for itself.
pub const SESSION: &str = "__Host-casement-session";

/// A password that is taken.
pub const PASSWORD: &str = "correct horse battery";

/// Adds a user with [`PASSWORD`].
pub fn user(db: &TestDb, name: &str, role: Role) {
    user_of(db, name, role, None);
}

/// The same, good for some frameworks.
pub fn user_of(db: &TestDb, name: &str, role: Role, frameworks: Option<Vec<String>>) {
    let new = NewUser { name: name.to_owned(), password: Some(PASSWORD.to_owned()), role, frameworks };
    db.registry().add_user(new, &Actor::cli()).unwrap();
}

/// One browser at one server.
pub struct Browser<'a> {
    pub app: &'a TestApp,
    pub cookies: RefCell<BTreeMap<String, String>>,
    /// What is sent along with every request.
    pub headers: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a TestApp) -> Browser<'a> {
        let headers = vec![("Accept".to_owned(), "text/html".to_owned())];
        Browser { app, cookies: RefCell::default(), headers }
    }

    /// One that comes from another address, by a proxy on this machine.
    pub fn from(app: &'a TestApp, address: &str) -> Browser<'a> {
        let mut browser = Browser::new(app);
        browser.headers.push(("X-Forwarded-For".to_owned(), address.to_owned()));
        browser
    }

    /// One in which somebody signed in.
    #[track_caller]
    pub fn signed_in(app: &'a TestApp, name: &str) -> Browser<'a> {
        let browser = Browser::new(app);
        browser.sign_in(name, PASSWORD).expect(303);
        browser
    }

    #[track_caller]
    pub fn send(&self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers: Vec<(&str, &str)> = self.headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        if !cookies.is_empty() {
            headers.push(("Cookie", &cookies));
        }
        headers.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        headers.extend(more);
        let answer = self.app.send_with(method, path, &headers, body);
        for cookie in answer.headers.get_all("set-cookie") {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// Sends a form as it is.
    #[track_caller]
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        self.send("POST", path, &[kind], pairs.join("&").as_bytes())
    }

    /// Loads a page and sends a form of it.
    #[track_caller]
    pub fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token(page);
        let mut all = vec![("csrf", token.as_str())];
        all.extend(fields);
        self.post(action, &all)
    }

    /// Loads a page and sends its form with a file.
    #[track_caller]
    pub fn upload(&self, page: &str, action: &str, name: &str, file: &[u8]) -> Answer {
        let token = self.token(page);
        self.multipart(action, &[("csrf", None, token.as_bytes()), ("file", Some(name), file)])
    }

    /// Sends a form with files: name, what the file is called, content.
    #[track_caller]
    pub fn multipart(&self, action: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            body.extend_from_slice(
                format!("--boundary\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes(),
            );
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--boundary--\r\n");
        self.send("POST", action, &[("Content-Type", "multipart/form-data; boundary=boundary")], &body)
    }

    /// The token of the forms of a page.
    #[track_caller]
    pub fn token(&self, page: &str) -> String {
        token_in(&self.get(page).expect(200).text())
    }

    /// What the cookie of the session holds.
    pub fn session(&self) -> Option<String> {
        self.cookies.borrow().get(SESSION).cloned()
    }

    #[track_caller]
    pub fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.submit("/sign-in", "/sign-in", &[("name", name), ("password", password), ("next", "/account")])
    }

    /// Whether the server takes them for somebody.
    pub fn is_known(&self) -> bool {
        self.get("/account").status == 200
    }
}

/// The token in the text of a page.
#[track_caller]
pub fn token_in(page: &str) -> String {
    let rest = page.split_once("name=\"csrf\" value=\"").expect("a form").1;
    rest.split('"').next().unwrap().to_owned()
}

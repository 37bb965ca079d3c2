//! A browser by the WebDriver protocol: as much of it as the tests need.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

/// How long is waited for something to appear.
const PATIENCE: Duration = Duration::from_secs(20);
/// The key under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys of a keyboard, as the protocol writes them.
pub mod keys {
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
    pub const END: &str = "\u{e010}";
}

/// The driver, which ends with this process: what it waits for is the end of its input.
struct Driver {
    address: String,
    _process: Child,
}

/// Starts a program that is killed when this process is gone, however it goes.
pub fn tied(command: &str) -> Child {
    let script = format!("{command} & p=$!; cat >/dev/null; kill $p 2>/dev/null; wait $p 2>/dev/null");
    let mut tied = Command::new("bash");
    tied.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    tied.spawn().expect("bash is there")
}

fn driver() -> &'static Driver {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let mut process = tied("chromedriver --port=0 2>/dev/null");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let port = loop {
            let line = lines.next().expect("chromedriver is installed and starts").expect("text");
            // "ChromeDriver was started successfully on port 12345."
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Driver { address: format!("http://127.0.0.1:{port}"), _process: process }
    })
}

/// How a browser is started.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    pub scripts: bool,
}

pub const DESKTOP: Look = Look { width: 1280, height: 900, dark: false, scripts: true };
pub const PHONE: Look = Look { width: 390, height: 844, dark: false, scripts: true };

/// One browser with nothing remembered.
pub struct Browser {
    session: String,
    agent: ureq::Agent,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.agent.delete(&self.session).call());
    }
}

impl Browser {
    pub fn start(look: Look) -> Browser {
        let profile = tempfile::tempdir().expect("a folder");
        let mut args: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--lang=en-US",
            // The names of the world lead nowhere: a page that asks for one fails at once, and is seen.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ]
        .map(str::to_owned)
        .to_vec();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        let mut prefs = json!({ "intl.accept_languages": "en-US,en" });
        if !look.scripts {
            prefs["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": { "performance": "ALL", "browser": "ALL" },
            "goog:chromeOptions": { "args": args, "prefs": prefs, "binary": binary() },
        } } });
        let config =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(120)));
        let agent: ureq::Agent = config.build().into();
        let mut answer =
            agent.post(format!("{}/session", driver().address)).send(wanted.to_string()).expect("a driver");
        let text = answer.body_mut().read_to_string().expect("text");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let id = value["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {value}"));
        let browser = Browser { session: format!("{}/session/{id}", driver().address), agent, _profile: profile };
        let metrics =
            json!({ "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": look.width < 600 });
        browser.cdp("Emulation.setDeviceMetricsOverride", metrics);
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.cdp("Emulation.setEmulatedMedia", media);
        browser
    }

    fn send(&self, path: &str, body: &Value) -> Result<Value, Value> {
        let mut answer = self.agent.post(format!("{}{path}", self.session)).send(body.to_string()).expect("a driver");
        let text = answer.body_mut().with_config().limit(200 << 20).read_to_string().expect("text");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        if answer.status().is_success() { Ok(value["value"].clone()) } else { Err(value["value"].clone()) }
    }

    #[track_caller]
    fn done(&self, path: &str, body: &Value) -> Value {
        self.send(path, body).unwrap_or_else(|error| panic!("{path} {body}: {error}"))
    }

    pub fn cdp(&self, command: &str, params: Value) -> Value {
        self.done("/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    #[track_caller]
    pub fn open(&self, url: &str) {
        self.done("/url", &json!({ "url": url }));
    }

    pub fn address(&self) -> String {
        let mut answer = self.agent.get(format!("{}/url", self.session)).call().expect("a driver");
        let value: Value = serde_json::from_str(&answer.body_mut().read_to_string().expect("text")).expect("JSON");
        value["value"].as_str().unwrap_or_default().to_owned()
    }

    /// What a script gives; works where the page's own do not run.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.done("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a promise of a script gives.
    #[track_caller]
    pub fn run_async(&self, script: &str) -> Value {
        self.done("/execute/async", &json!({ "script": script, "args": [] }))
    }

    fn find(&self, selector: &str) -> Option<String> {
        let found = self.send("/element", &json!({ "using": "css selector", "value": selector })).ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    /// An element, as soon as it is there.
    #[track_caller]
    fn wait(&self, selector: &str) -> String {
        let begun = Instant::now();
        loop {
            if let Some(element) = self.find(selector) {
                return element;
            }
            assert!(begun.elapsed() < PATIENCE, "nothing is {selector} at {}", self.address());
            std::thread::yield_now();
        }
    }

    /// Waits until a script says true.
    #[track_caller]
    pub fn until(&self, condition: &str) {
        let begun = Instant::now();
        while self.run(&format!("return Boolean({condition})")) != json!(true) {
            assert!(begun.elapsed() < PATIENCE, "never: {condition} at {}", self.address());
        }
    }

    #[track_caller]
    pub fn click(&self, selector: &str) {
        let element = self.wait(selector);
        self.done(&format!("/element/{element}/click"), &json!({}));
    }

    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        self.wait(selector);
        self.run(&format!("return document.querySelector({}).innerText", json!(selector)))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    #[track_caller]
    pub fn write(&self, selector: &str, text: &str) {
        let element = self.wait(selector);
        self.done(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Puts a long text into a box at once.
    #[track_caller]
    pub fn put(&self, selector: &str, text: &str) {
        self.wait(selector);
        self.run(&format!("document.querySelector({}).value = {}", json!(selector), json!(text)));
    }

    /// Chooses of a drop-down.
    #[track_caller]
    pub fn choose(&self, selector: &str, value: &str) {
        self.click(&format!("{selector} option[value=\"{value}\"]"));
    }

    /// Keeps the script of the site from being loaded: pages are then as they are without scripts, but can be looked into.
    pub fn without_the_script(&self) {
        self.cdp("Network.enable", json!({}));
        self.cdp("Network.setBlockedURLs", json!({ "urls": ["*/casement.js"] }));
    }

    /// Has what is downloaded put into a folder.
    pub fn download_to(&self, folder: &std::path::Path) {
        self.cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder }));
    }

    /// Waits until a file is there, whole.
    #[track_caller]
    pub fn until_file(file: &std::path::Path) {
        let begun = Instant::now();
        while !file.exists() {
            assert!(begun.elapsed() < PATIENCE, "never: {}", file.display());
            std::thread::yield_now();
        }
    }

    /// Presses keys wherever the focus is.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let presses = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() })));
        let actions =
            json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": presses.collect::<Vec<_>>() }] });
        self.done("/actions", &actions);
    }

    pub fn is_there(&self, selector: &str) -> bool {
        self.find(selector).is_some()
    }

    /// What was logged since this was last asked: `browser` or `performance`.
    pub fn log(&self, kind: &str) -> Vec<Value> {
        self.done("/se/log", &json!({ "type": kind })).as_array().cloned().unwrap_or_default()
    }

    /// The addresses that were asked for since the log was last read; without what pages of the browser's own, such as a
    /// new tab, ask of itself.
    pub fn requests(&self) -> Vec<String> {
        let messages = self.log("performance").into_iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let sent = message["message"]["method"] == "Network.requestWillBeSent";
            sent.then(|| message["message"]["params"]["request"]["url"].as_str().map(str::to_owned))?
        });
        messages.filter(|url| !["chrome:", "chrome-untrusted:"].iter().any(|own| url.starts_with(own))).collect()
    }

    /// The whole page as a picture, written to a file.
    pub fn draw(&self, file: &std::path::Path) {
        // Right after a page was opened there may be no layout yet.
        self.until("document.readyState === 'complete' && document.documentElement.scrollWidth > 0");
        let mut size = self.cdp("Page.getLayoutMetrics", json!({}));
        while size["cssContentSize"]["width"] == 0 {
            size = self.cdp("Page.getLayoutMetrics", json!({}));
        }
        let (width, height) = (size["cssContentSize"]["width"].as_f64(), size["cssContentSize"]["height"].as_f64());
        let (width, height) = (width.unwrap_or(1280.0), height.unwrap_or(900.0).min(5_000.0));
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let taken = self.cdp("Page.captureScreenshot", json!({ "captureBeyondViewport": true, "clip": clip }));
        let bytes =
            base64::prelude::BASE64_STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("base64");
        std::fs::File::create(file).and_then(|mut file| file.write_all(&bytes)).expect("a file");
    }
}

fn binary() -> &'static str {
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    known
        .into_iter()
        .find(|path| std::path::Path::new(path).exists())
        .expect("chromium is installed (scripts/test does it)")
}

//! The site in a real browser: Debian's chromium by its chromedriver. `scripts/test` installs them.
//!
//! `cargo test --test e2e` runs it; with CASEMENT_SCREENSHOTS=DIR the pages are also drawn to files.

mod browse;
mod browser;
mod hostile;
mod pages;
mod proxy;
mod server;

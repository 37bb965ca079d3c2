//! The site in a real browser: Debian's chromium by its chromedriver. `scripts/test` installs them.
//!
//! `cargo test --test e2e` runs it; with CASEMENT_SCREENSHOTS=DIR the pages are also drawn to files.

#![allow(
    unreachable_pub,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::uninlined_format_args,
    reason = "these are tests, helpers included"
)]

mod browse;
mod browser;
mod hostile;
mod pages;
mod people;
mod proxy;
mod server;
mod workbench;

//! Other CASE servers: asks them for catalogues and packages, and trusts them with nothing.
//!
//! `client` is the only place that opens connections to other machines; `resolve` and `address`
//! decide where it may; `target` reads the addresses that people give; `catalogue` and `package`
//! know how CASE servers really answer (digest 16). What comes back is bytes and small facts: the
//! packages themselves are read by `case::read`, elsewhere. Never contains a database or a file,
//! but for the files that hold secrets.

mod access;
mod address;
mod busy;
mod catalogue;
mod client;
mod error;
mod json;
mod package;
mod resolve;
mod target;

pub use access::{Access, AccessError, SecretPlace};
pub use address::{Allowed, is_public};
pub use busy::Stop;
pub use catalogue::{Catalogue, Listed};
pub use client::{Answer, Client, Download, Settings};
pub use error::FetchError;
pub use target::{Kind, Target};

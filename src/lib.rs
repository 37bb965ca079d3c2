//! Casement publishes competency frameworks over 1EdTech CASE 1.0 and 1.1.
//!
//! The code map, in reading order: `case` is the standard, pure; `store` the databases; `fetch`
//! other CASE servers; `tabular` spreadsheets and `exchange` other formats; `registry` the use cases;
//! `text` is words and codes, `search` the index, `align` what a text is about; `server` and `cli` the two ways to reach them. Arrows point
//! downwards only: `server`, `cli` → `registry` → `store`, `fetch`, `tabular`, `exchange`, `search`, `align` → `case`, `text`.

pub mod align;
pub mod case;
pub mod cli;
pub mod config;
pub mod credentials;
pub mod exchange;
pub mod fetch;
pub mod registry;
pub mod search;
pub mod server;
pub mod store;
pub mod tabular;
pub mod telemetry;
pub mod text;

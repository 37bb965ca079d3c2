//! Spreadsheets to packages and back: cells, the layout that is found in them or declared by a
//! profile, the package that is built from both, and the sheets that a package is written to.
//!
//! Pure but for the child process that old binary workbooks are read in. Never opens a database,
//! never decides what to do about a problem: a bad row is an entry in the report, and the rest goes on.

pub mod build;
pub mod cells;
pub mod codes;
pub mod correct;
pub mod detect;
pub mod mapping;
pub mod plain;
pub mod tree;
pub mod write;

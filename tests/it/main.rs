//! The integration tests: one binary, a list of modules. `support` is what they share.
//!
//! They run on SQLite; on PostgreSQL too when `CASEMENT_TEST_POSTGRES` holds the URL of a server
//! where databases may be created; and over the files of `CASEMENT_TEST_DATA` too when it names a
//! folder.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    clippy::too_many_lines,
    reason = "tests fail by stopping, and read best without ceremony"
)]

mod support;

mod mcp;
mod meta;

mod reader_identity;
mod reader_losses;
mod reader_refusals;
mod reader_tolerance;

mod exchange_asn;
mod exchange_common_standards;
mod exchange_ctdl_asn;
mod exchange_hostile;

mod generated;
mod job_align;
mod job_match;
mod lossless;
mod versions;

mod migrations;
mod sheet_answers;
mod sheet_build;
mod sheet_cli;
mod sheet_detect;
mod sheet_files;
mod sheet_round;
mod sheet_shapes;
mod sheet_unseen;
mod sheet_update;
mod store_aliases;
mod store_changes;
mod store_concurrency;
mod store_conflicts;
mod store_plan;
mod store_undo;
mod two_servers;

mod http_attacks;
mod http_conformance;
mod http_errors;
mod http_forms;
mod http_list;

mod http_clients;
mod http_permalinks;
mod site_pages;

mod http_imports;
mod http_imports_refused;
mod http_imports_runs;
mod http_imports_sheets;
mod read_only;

mod cli_import;
mod cli_inputs;
mod cli_verbs;

mod ops_backup;
mod ops_check;
mod ops_crash;
mod ops_disk;

mod access_limits;
mod access_oauth;
mod access_openid;
mod access_private;
mod access_sessions;
mod access_tokens;
mod access_users;

mod site_align;
mod site_import;
mod site_match;

mod align_achievement;
mod align_batch;
mod align_eval;
mod align_feedback;
mod align_http;
mod align_model;
mod crosswalk;

mod alignments_http;
mod resolve_cli;
mod resolve_http;

mod search_codes;
mod search_http;
mod search_index;
mod sheets_hostile;
mod sheets_read;

mod fetch_guard;
mod fetch_import;
mod fetch_source;
mod mirror;

mod export_doors;
mod export_forms;
mod export_sheets;

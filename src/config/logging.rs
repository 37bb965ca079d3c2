//! How and what is logged, as it is configured. Pure.

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A line for people.
    Pretty,
    /// A JSON object a line.
    Json,
}

pub(super) fn as_log_format(text: &str) -> Result<LogFormat, String> {
    match text.to_ascii_lowercase().as_str() {
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err("`pretty` or `json`".to_owned()),
    }
}

pub(super) fn as_log_level(text: &str) -> Result<String, String> {
    let expected = || "`error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,casement=debug`".to_owned();
    let good = !text.is_empty() && text.parse::<tracing_subscriber::filter::Targets>().is_ok();
    if good { Ok(text.to_owned()) } else { Err(expected()) }
}

//! Which database a URL means. Parsed here and never by Diesel, which would take a mistyped
//! scheme for the name of a new SQLite file.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A database to open.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`, as libpq takes it.
    Postgres(String),
}

/// A URL that names no database Casement knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the database URL must begin with sqlite: or postgres://, e.g. sqlite:casement.db or postgres://user@host/name"
)]
pub struct UnknownDatabase;

impl FromStr for DatabaseUrl {
    type Err = UnknownDatabase;

    fn from_str(text: &str) -> Result<Self, UnknownDatabase> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(DatabaseUrl::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").ok_or(UnknownDatabase)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() { Err(UnknownDatabase) } else { Ok(DatabaseUrl::Sqlite(path.into())) }
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => f.write_str(&masked(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "postgres://…".to_owned() };
    let (authority, path) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
    // A password may also stand in the query.
    let path = path.split('?').next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}{path}")
        }
        None => format!("{scheme}://{authority}{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_a_typo_is_an_error() {
        assert_eq!("sqlite:a/b.db".parse(), Ok(DatabaseUrl::Sqlite("a/b.db".into())));
        assert_eq!("sqlite:///a/b.db".parse(), Ok(DatabaseUrl::Sqlite("/a/b.db".into())));
        assert!(matches!("postgresql://h/d".parse(), Ok(DatabaseUrl::Postgres(_))));
        for wrong in ["postgress://h/d", "casement.db", "", "sqlite:", "mysql://h"] {
            assert_eq!(wrong.parse::<DatabaseUrl>(), Err(UnknownDatabase), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("postgres://me:se:c@ret@h:5/d?password=secret", "postgres://me@h:5/d"),
            ("postgres://h/d", "postgres://h/d"),
            ("postgres://h?password=secret", "postgres://h"),
        ] {
            let url: DatabaseUrl = url.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown);
        }
    }
}

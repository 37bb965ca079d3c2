//! The configuration: flags, then `CASEMENT_*` variables, then a TOML file, then defaults.
//!
//! Every key is written once, in the `keys!` table below; the flags, the variables, the file and
//! the printed reference all come from it. Nothing here opens a database or a socket, and no other
//! module reads the environment.

mod branding;
mod fetching;
mod logging;
mod network;
mod openid;
mod public_url;
mod values;

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use url::Url;

use crate::fetch::Allowed;
use crate::store::DatabaseUrl;
use branding::{as_name, as_picture, as_text};
use fetching::as_allowed;
use logging::{as_log_format, as_log_level};
use network::as_networks;
use openid::{as_issuer, as_optional, as_role, as_words};
use public_url::as_public_url;
use values::{as_addr, as_boolean, as_count, as_database_url, as_folder, as_path, as_whole};

pub use logging::LogFormat;
pub use network::Network;
pub use public_url::PublicUrl;

/// The file that is read when it is there and no other is named.
pub const DEFAULT_FILE: &str = "casement.toml";

/// Where the value of a key came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag on the command line.
    Flag,
    /// A `CASEMENT_*` variable.
    Environment,
    /// The TOML file.
    File(PathBuf),
    /// Nothing was said.
    Default,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that its key does not take.
    #[error("{place}: `{value}` is not {expected}")]
    Value {
        /// The flag, variable or key, with the file for a key.
        place: String,
        /// What stood there, secrets masked.
        value: String,
        /// What belongs there.
        expected: String,
    },
    /// Keys that do not exist.
    #[error("{}: unknown {}; the keys are {known}", file.display(), .keys.join(", "))]
    UnknownKeys {
        /// The file they stand in.
        file: PathBuf,
        /// The unknown ones.
        keys: Vec<String>,
        /// All that exist.
        known: String,
    },
    /// A file that cannot be read.
    #[error("{}: cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file that is not TOML.
    #[error("{}: is not TOML", file.display())]
    NotToml {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: toml::de::Error,
    },
    /// Two values that do not fit together.
    #[error("{0}")]
    Contradiction(String),
}

/// What is known of a key before any value is.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in the file.
    pub name: &'static str,
    /// Its variable.
    pub variable: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Its default as text; empty where it follows from other keys.
    pub default: &'static str,
}

/// Writes the configuration, its flags and its reference from one table. A line reads: name, type,
/// variable, what the flag's value is called, default, parser.
macro_rules! keys {
    (
        common { $( #[doc = $chelp:literal] $cname:ident: $ctype:ty, $cvar:literal, $cvalue:literal, $cdefault:literal, $cparse:path; )+ }
        server { $( #[doc = $shelp:literal] $sname:ident: $stype:ty, $svar:literal, $svalue:literal, $sdefault:literal, $sparse:path; )+ }
    ) => {
        /// The effective configuration.
        #[derive(Clone, Debug)]
        pub struct Config {
            $( #[doc = $chelp] pub $cname: $ctype, )+
            $( #[doc = $shelp] pub $sname: $stype, )+
            /// Each value as it was written and where, in the order of [`KEYS`].
            written: Vec<(String, Origin)>,
        }

        /// Flags that every command takes.
        #[derive(Clone, Debug, Default, clap::Args)]
        #[command(next_help_heading = "Configuration")]
        pub struct CommonArgs {
            /// Read this TOML file [env: CASEMENT_CONFIG] [default: casement.toml, if there is one]
            #[arg(long, value_name = "FILE", global = true)]
            pub config: Option<PathBuf>,
            $(
                #[arg(long, value_name = $cvalue, global = true, help = flag_help($chelp, $cvar, $cdefault))]
                pub $cname: Option<String>,
            )+
        }

        /// Flags of the server.
        #[derive(Clone, Debug, Default, clap::Args)]
        #[command(next_help_heading = "Server")]
        pub struct ServerArgs {
            $(
                #[arg(
                    long,
                    value_name = $svalue,
                    num_args = arity($svalue),
                    default_missing_value = "true",
                    help = flag_help($shelp, $svar, $sdefault)
                )]
                pub $sname: Option<String>,
            )+
            /// Do not load the frameworks that come with the program; the same as `--demo false`
            #[arg(long, conflicts_with = "demo")]
            pub no_demo: bool,
        }

        /// Every key, in the order of the reference.
        pub const KEYS: &[Key] = &[
            $( Key { name: stringify!($cname), variable: $cvar, help: $chelp.trim_ascii(), default: $cdefault }, )+
            $( Key { name: stringify!($sname), variable: $svar, help: $shelp.trim_ascii(), default: $sdefault }, )+
        ];

        fn resolve(layers: &Layers<'_>, common: &CommonArgs, server: &ServerArgs) -> Result<Config, ConfigError> {
            let mut written = Vec::with_capacity(KEYS.len());
            let mut keys = KEYS.iter();
            $( let $cname = layers.value(keys.next(), common.$cname.as_deref(), &mut written, $cparse)?; )+
            $( let $sname = layers.value(keys.next(), server.$sname.as_deref(), &mut written, $sparse)?; )+
            Ok(Config { $( $cname, )+ $( $sname, )+ written })
        }

    };
}

keys! {
    common {
        /// Where the database and everything derived from it lives.
        data_dir: PathBuf, "CASEMENT_DATA_DIR", "DIR", "./casement-data", as_path;
        /// The database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`; without it SQLite's `casement.db` in the data directory.
        database_url: Option<DatabaseUrl>, "CASEMENT_DATABASE_URL", "URL", "", as_database_url;
        /// The address the world knows this server by; new identifiers' uris begin with it, so set it before importing. Without it `http://` and `addr`.
        public_url: Option<PublicUrl>, "CASEMENT_PUBLIC_URL", "URL", "", as_public_url;
        /// The folder of the model that meanings are compared with (`model.safetensors`, `vocab.txt`, `config.json`); without it `model` in the data directory, if that is there.
        model_dir: Option<PathBuf>, "CASEMENT_MODEL_DIR", "DIR", "", as_folder;
        /// How many threads compute vectors at once; 0 is as many as there are processors.
        model_threads: u32, "CASEMENT_MODEL_THREADS", "N", "0", as_whole;
        /// How many connections to the database are kept.
        pool_size: u32, "CASEMENT_POOL_SIZE", "N", "10", as_count;
        /// How the log is written: `pretty` for people, `json` for programs.
        log_format: LogFormat, "CASEMENT_LOG_FORMAT", "FORMAT", "pretty", as_log_format;
        /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,casement=debug`.
        log_level: String, "CASEMENT_LOG_LEVEL", "LEVEL", "info", as_log_level;
        /// What may be fetched from although it is no public address: host names, addresses and blocks, with commas between; private networks and this machine are refused otherwise.
        fetch_allow_private: Allowed, "CASEMENT_FETCH_ALLOW_PRIVATE", "LIST", "", as_allowed;
        /// The largest package that is fetched from another server, in bytes when unpacked.
        fetch_max_bytes: u64, "CASEMENT_FETCH_MAX_BYTES", "N", "536870912", as_count;
        /// How long one answer of another server may take, in seconds.
        fetch_timeout_seconds: u64, "CASEMENT_FETCH_TIMEOUT_SECONDS", "N", "300", as_count;
    }
    server {
        /// The address to listen on; port 0 takes a free one.
        addr: String, "CASEMENT_ADDR", "HOST:PORT", "127.0.0.1:8080", as_addr;
        /// How many documents a page of CFDocuments has when the request does not say.
        default_page_limit: u64, "CASEMENT_DEFAULT_PAGE_LIMIT", "N", "100", as_count;
        /// The most documents a page of CFDocuments may have.
        max_page_limit: u64, "CASEMENT_MAX_PAGE_LIMIT", "N", "10000", as_count;
        /// The largest request body in bytes.
        max_body_bytes: usize, "CASEMENT_MAX_BODY_BYTES", "N", "67108864", as_count;
        /// How long one request may take, in seconds.
        request_timeout_seconds: u64, "CASEMENT_REQUEST_TIMEOUT_SECONDS", "N", "30", as_count;
        /// The largest file that is imported over HTTP, in bytes when unpacked; as it is sent, `max_body_bytes` is the limit.
        import_max_bytes: u64, "CASEMENT_IMPORT_MAX_BYTES", "N", "268435456", as_count;
        /// How long one request to `/api/v1/imports` or `/api/v1/crosswalks` may take, in seconds.
        import_timeout_seconds: u64, "CASEMENT_IMPORT_TIMEOUT_SECONDS", "N", "600", as_count;
        /// How long reading one spreadsheet that was sent over HTTP may take, in seconds.
        import_sheet_seconds: u64, "CASEMENT_IMPORT_SHEET_SECONDS", "N", "30", as_count;
        /// How many days an import over HTTP that is not applied is kept, and the file of one that is.
        import_keep_days: u32, "CASEMENT_IMPORT_KEEP_DAYS", "N", "30", as_count;
        /// How many connections are open at once; more wait.
        max_connections: usize, "CASEMENT_MAX_CONNECTIONS", "N", "4096", as_count;
        /// How many requests read the database at once; more wait. Keep it below `pool_size`.
        concurrent_reads: usize, "CASEMENT_CONCURRENT_READS", "N", "8", as_count;
        /// How long a request waits for the database before it is told to come back, in seconds.
        queue_timeout_seconds: u64, "CASEMENT_QUEUE_TIMEOUT_SECONDS", "N", "5", as_count;
        /// How long a cache may use an answer without asking again, in seconds; 0 is never.
        cache_seconds: u32, "CASEMENT_CACHE_SECONDS", "N", "0", as_whole;
        /// How many requests a client (a token, else an address) may make each second; 0 is any number. Clients on this machine are not counted.
        requests_per_second: u32, "CASEMENT_REQUESTS_PER_SECOND", "N", "50", as_whole;
        /// How many requests a client may make at once before `requests_per_second` holds.
        request_burst: u32, "CASEMENT_REQUEST_BURST", "N", "200", as_count;
        /// How often a client may come with a wrong token or password before it has to wait, each minute; 0 is any number.
        failed_logins_per_minute: u32, "CASEMENT_FAILED_LOGINS_PER_MINUTE", "N", "10", as_whole;
        /// How long somebody stays signed in without doing anything, in minutes.
        session_idle_minutes: u64, "CASEMENT_SESSION_IDLE_MINUTES", "N", "120", as_count;
        /// How long somebody stays signed in at most, in hours.
        session_hours: u64, "CASEMENT_SESSION_HOURS", "N", "24", as_count;
        /// The identity provider that people may sign in at, by its OpenID Connect issuer, such as `https://login.example.org`; none without it.
        oidc_issuer: Option<Url>, "CASEMENT_OIDC_ISSUER", "URL", "", as_issuer;
        /// What this server is called there.
        oidc_client_id: String, "CASEMENT_OIDC_CLIENT_ID", "ID", "", as_text;
        /// The file with the secret that it has there, if it has one.
        oidc_secret_file: Option<PathBuf>, "CASEMENT_OIDC_SECRET_FILE", "FILE", "", as_picture;
        /// What the provider is called on the button.
        oidc_name: String, "CASEMENT_OIDC_NAME", "NAME", "OpenID Connect", as_name;
        /// What is asked of the provider, with spaces between; `openid` belongs to it.
        oidc_scopes: String, "CASEMENT_OIDC_SCOPES", "SCOPES", "openid profile email", as_text;
        /// The claim that gives a new account its name.
        oidc_name_claim: String, "CASEMENT_OIDC_NAME_CLAIM", "CLAIM", "preferred_username", as_text;
        /// The claim that says roles, such as `groups` or `realm_access.roles`; without it admins give them.
        oidc_role_claim: Option<String>, "CASEMENT_OIDC_ROLE_CLAIM", "CLAIM", "", as_optional;
        /// What that claim holds for admins, with commas between.
        oidc_admins: Vec<String>, "CASEMENT_OIDC_ADMINS", "VALUES", "", as_words;
        /// The same for editors.
        oidc_editors: Vec<String>, "CASEMENT_OIDC_EDITORS", "VALUES", "", as_words;
        /// The same for readers.
        oidc_readers: Vec<String>, "CASEMENT_OIDC_READERS", "VALUES", "", as_words;
        /// The role of everybody else who signs in there: `reader`, `editor` or `admin`; without it they are not let in.
        oidc_default_role: Option<String>, "CASEMENT_OIDC_DEFAULT_ROLE", "ROLE", "", as_role;
        /// The proxies in front of this server, addresses or ranges with commas between; what they say in X-Forwarded-For of their clients is believed.
        trusted_proxies: Vec<Network>, "CASEMENT_TRUSTED_PROXIES", "ADDRESSES", "", as_networks;
        /// Whether pages of other sites may read this server (CORS `*`, reading only).
        cors: bool, "CASEMENT_CORS", "BOOL", "true", as_boolean;
        /// Whether the frameworks that come with the program are loaded.
        demo: bool, "CASEMENT_DEMO", "BOOL", "true", as_boolean;
        /// Whether this server runs the mirrors that are due.
        mirrors: bool, "CASEMENT_MIRRORS", "BOOL", "true", as_boolean;
        /// Whether this server only reads its database, which is then up to date and written by others; `--read-only` says so.
        read_only: bool, "CASEMENT_READ_ONLY", "BOOL", "false", as_boolean;
        /// What stands at the top of every page.
        site_name: String, "CASEMENT_SITE_NAME", "NAME", "Casement", as_name;
        /// A picture that stands beside it: `.svg`, `.png`, `.webp` or `.jpg`.
        site_logo: Option<PathBuf>, "CASEMENT_SITE_LOGO", "FILE", "", as_picture;
        /// The colour of links and buttons on light ground, as `#rrggbb`.
        site_accent: Option<String>, "CASEMENT_SITE_ACCENT", "COLOUR", "", branding::as_dark_colour;
        /// The same on dark ground.
        site_accent_dark: Option<String>, "CASEMENT_SITE_ACCENT_DARK", "COLOUR", "", branding::as_light_colour;
        /// A line at the foot of every page.
        site_footer: String, "CASEMENT_SITE_FOOTER", "TEXT", "", as_text;
        /// How many threads answer requests; 0 is one for each core.
        workers: usize, "CASEMENT_WORKERS", "N", "0", as_whole;
        /// How long running requests get to finish when the server is told to stop, in seconds.
        shutdown_timeout_seconds: u64, "CASEMENT_SHUTDOWN_TIMEOUT_SECONDS", "N", "30", as_whole;
    }
}

impl Config {
    /// Reads the configuration of this process.
    ///
    /// # Errors
    /// When a value, a key or the file is wrong; the message says which and what is expected.
    pub fn load(common: &CommonArgs, server: &ServerArgs) -> Result<Config, ConfigError> {
        Config::load_from(common, server, &|name| std::env::var(name).ok(), Path::new("."))
    }

    /// Reads a configuration with the environment and working directory given.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_from(
        common: &CommonArgs,
        server: &ServerArgs,
        environment: &dyn Fn(&str) -> Option<String>,
        directory: &Path,
    ) -> Result<Config, ConfigError> {
        let mut server = server.clone();
        if server.no_demo {
            server.demo = Some("false".to_owned());
        }
        let file = find_file(common, environment, directory);
        let table = file.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let layers = Layers { environment, file: file.unwrap_or_default(), table };
        let config = resolve(&layers, common, &server)?;
        config.check()?;
        Ok(config)
    }

    /// The database, or what follows from `data_dir` where none is configured.
    #[must_use]
    pub fn database_url(&self) -> DatabaseUrl {
        let default = || DatabaseUrl::Sqlite(self.data_dir.join("casement.db"));
        self.database_url.clone().unwrap_or_else(default)
    }

    /// The public address, or what follows from `addr` where none is configured.
    #[must_use]
    pub fn public_url(&self) -> PublicUrl {
        self.public_url.clone().unwrap_or_else(|| PublicUrl::of_address(&self.addr))
    }

    /// Every key with its effective value, its meaning and where the value came from, as TOML that
    /// can be saved and read back. A password in the database URL is masked.
    #[must_use]
    pub fn to_reference(&self) -> String {
        let mut text = String::new();
        for (key, (written, origin)) in KEYS.iter().zip(&self.written) {
            let (value, follows) = match (key.name, written.is_empty()) {
                // Displayed without its password.
                ("database_url", empty) => (self.database_url().to_string(), empty),
                ("public_url", empty) => (self.public_url().to_string(), empty),
                _ => (written.clone(), false),
            };
            let plain = value.parse::<u64>().is_ok() || value.parse::<bool>().is_ok();
            let value = if plain { value } else { toml::Value::from(value).to_string() };
            // What follows from other keys stays open when the text is saved as a file.
            let hash = if follows { "# " } else { "" };
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "# {} [{}] (from: {origin})
{hash}{} = {value}
",
                key.help, key.variable, key.name
            );
        }
        text
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.default_page_limit > self.max_page_limit {
            let sentence = format!(
                "default_page_limit ({}) is above max_page_limit ({}); lower the first or raise the second",
                self.default_page_limit, self.max_page_limit
            );
            return Err(ConfigError::Contradiction(sentence));
        }
        if self.oidc_issuer.is_some() && self.oidc_client_id.is_empty() {
            let sentence = "oidc_issuer is set and oidc_client_id is not; set what this server is called there";
            return Err(ConfigError::Contradiction(sentence.to_owned()));
        }
        Ok(())
    }
}

/// The layers below the flags.
struct Layers<'a> {
    environment: &'a dyn Fn(&str) -> Option<String>,
    file: PathBuf,
    table: toml::Table,
}

impl Layers<'_> {
    /// The first layer that says something about the key decides; an empty variable says nothing.
    fn value<T>(
        &self,
        key: Option<&'static Key>,
        flag: Option<&str>,
        written: &mut Vec<(String, Origin)>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        // The table's macro walks the same list; the default only keeps this free of panics.
        let key = key.unwrap_or(&Key { name: "", variable: "", help: "", default: "" });
        let (text, origin) = if let Some(text) = flag {
            (text.to_owned(), Origin::Flag)
        } else if let Some(text) = (self.environment)(key.variable).filter(|text| !text.is_empty()) {
            (text, Origin::Environment)
        } else if let Some(value) = self.table.get(key.name) {
            (toml_text(value), Origin::File(self.file.clone()))
        } else {
            (key.default.to_owned(), Origin::Default)
        };
        let value = parse(&text).map_err(|expected| ConfigError::Value {
            place: place(key, &origin),
            value: without_secrets(&text),
            expected,
        })?;
        // A password must not come along into debug output.
        let shown = if key.name == "database_url" && !text.is_empty() { "…".to_owned() } else { text };
        written.push((shown, origin));
        Ok(value)
    }
}

fn place(key: &Key, origin: &Origin) -> String {
    match origin {
        Origin::Flag => format!("--{}", key.name.replace('_', "-")),
        Origin::Environment => key.variable.to_owned(),
        Origin::File(file) => format!("{}: {}", file.display(), key.name),
        Origin::Default => format!("default of {}", key.name),
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag => f.write_str("flag"),
            Origin::Environment => f.write_str("environment"),
            Origin::File(file) => write!(f, "{}", file.display()),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A named file must be there; the usual one may be.
fn find_file(common: &CommonArgs, environment: &dyn Fn(&str) -> Option<String>, directory: &Path) -> Option<PathBuf> {
    let variable = || environment("CASEMENT_CONFIG").filter(|text| !text.is_empty()).map(PathBuf::from);
    let usual = || Some(directory.join(DEFAULT_FILE)).filter(|file| file.is_file());
    common.config.clone().or_else(variable).or_else(usual)
}

fn read_file(file: &Path) -> Result<toml::Table, ConfigError> {
    let text =
        std::fs::read_to_string(file).map_err(|source| ConfigError::Unreadable { file: file.to_owned(), source })?;
    let table: toml::Table = text.parse().map_err(|source| ConfigError::NotToml { file: file.to_owned(), source })?;
    let unknown = |name: &&String| !KEYS.iter().any(|key| key.name == name.as_str());
    let keys: Vec<String> = table.keys().filter(unknown).map(|name| format!("`{name}`")).collect();
    if keys.is_empty() {
        return Ok(table);
    }
    let known = KEYS.iter().map(|key| key.name).collect::<Vec<_>>().join(", ");
    Err(ConfigError::UnknownKeys { file: file.to_owned(), keys, known })
}

/// A flag that says yes or no says yes when it stands alone.
fn arity(value: &str) -> clap::builder::ValueRange {
    if value == "BOOL" { (0..=1).into() } else { 1.into() }
}

fn flag_help(help: &str, variable: &str, default: &str) -> String {
    let default = if default.is_empty() { String::new() } else { format!(" [default: {default}]") };
    format!("{} [env: {variable}]{default}", help.trim())
}

/// A value of the file as the text its flag would have.
fn toml_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What may hold a password is not repeated in a message.
fn without_secrets(text: &str) -> String {
    match text.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://…"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;

//! Other CASE servers as the command line names them: what to fetch there, and how to be let in.
//!
//! Never fetches a package and never prints one; that is `import`'s and the registry's.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::failure::{Failure, UsageError};
use super::output::{ExitStatus, Printer};
use super::text::{one_line, short};
use crate::case::Version;
use crate::fetch::{Access, Catalogue, Client, Kind, Listed, SecretPlace, Settings, Target};

/// The version that is asked for first has everything; the other is what older servers have.
pub(super) const VERSIONS: [Version; 2] = [Version::V1p1, Version::V1p0];

/// Where secrets are unless other places are named.
const TOKEN: &str = "CASEMENT_FETCH_TOKEN";
const CLIENT_SECRET: &str = "CASEMENT_FETCH_CLIENT_SECRET";

/// Which frameworks of another server are meant.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Other servers")]
pub(super) struct ChoiceArgs {
    /// A framework of the server, by identifier, several times if need be; the framework that a
    /// spreadsheet is read into
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    pub(super) framework: Vec<String>,

    /// Every framework of the server
    #[arg(long)]
    pub(super) all: bool,
}

/// How to be let in by another server.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Access to other servers")]
pub(super) struct AccessArgs {
    /// Ask this OAuth 2.0 address for a token (client credentials)
    #[arg(long, value_name = "URL", requires = "client_id")]
    oauth_token_url: Option<String>,

    /// The client's name for OAuth
    #[arg(long, value_name = "NAME", requires = "oauth_token_url")]
    client_id: Option<String>,

    /// The scope to ask for
    #[arg(long, value_name = "SCOPE", requires = "oauth_token_url")]
    oauth_scope: Option<String>,

    /// The variable that holds the client's secret; its name begins with CASEMENT_ [default: CASEMENT_FETCH_CLIENT_SECRET]
    #[arg(long, value_name = "VARIABLE", requires = "oauth_token_url", conflicts_with = "client_secret_file")]
    client_secret_env: Option<String>,

    /// The file that holds the client's secret
    #[arg(long, value_name = "FILE", requires = "oauth_token_url")]
    client_secret_file: Option<PathBuf>,

    /// The variable that holds a bearer token; its name begins with CASEMENT_ [default: CASEMENT_FETCH_TOKEN, if it is set]
    #[arg(long, value_name = "VARIABLE", conflicts_with_all = ["oauth_token_url", "token_file"])]
    token_env: Option<String>,

    /// The file that holds a bearer token
    #[arg(long, value_name = "FILE", conflicts_with = "oauth_token_url")]
    token_file: Option<PathBuf>,
}

impl AccessArgs {
    /// What the flags and the environment say.
    pub(super) fn access(&self, settings: &Settings) -> Option<Access> {
        let place = |file: &Option<PathBuf>, variable: &Option<String>| {
            let named = || variable.clone().map(SecretPlace::Variable);
            file.clone().map(SecretPlace::File).or_else(named)
        };
        if let (Some(token_url), Some(client_id)) = (&self.oauth_token_url, &self.client_id) {
            let usual = || SecretPlace::Variable(CLIENT_SECRET.to_owned());
            return Some(Access::ClientCredentials {
                token_url: token_url.clone(),
                client_id: client_id.clone(),
                secret: place(&self.client_secret_file, &self.client_secret_env).unwrap_or_else(usual),
                scope: self.oauth_scope.clone().filter(|scope| !scope.is_empty()),
            });
        }
        let usual = || (settings.variable)(TOKEN).map(|_| SecretPlace::Variable(TOKEN.to_owned()));
        place(&self.token_file, &self.token_env).or_else(usual).map(|token| Access::Bearer { token })
    }
}

/// One thing to fetch.
pub(super) enum Wanted {
    /// What is at the address itself.
    At(Target),
    /// A framework that the server listed or described.
    Listed { base: String, version: Version, listed: Listed },
}

impl Wanted {
    /// What it is called in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Wanted::At(target) => one_line(&target.shown()),
            Wanted::Listed { base, version, listed } => {
                one_line(&format!("{base}/ims/case/{}/CFPackages/{}", version.segment(), listed.identifier))
            }
        }
    }
}

/// What to fetch from an address.
///
/// # Errors
/// When the server cannot be asked, does not have what is named, or nothing is named.
pub(super) fn wanted(client: &Client, target: Target, choice: &ChoiceArgs) -> Result<Vec<Wanted>, Failure> {
    let Kind::Catalogue(version) = target.kind else {
        if choice.all || !choice.framework.is_empty() {
            let sentence = format!("{} is one framework; --framework and --all choose among several", target.shown());
            return Err(UsageError(sentence).into());
        }
        return Ok(vec![Wanted::At(target)]);
    };
    let base = target.base;
    let versions = version.map_or(VERSIONS.to_vec(), |version| vec![version]);
    if choice.all {
        let Catalogue { base, version, listed } = client.catalogue(&base, &versions)?;
        let listed = listed.into_iter().map(|listed| Wanted::Listed { base: base.clone(), version, listed });
        return Ok(listed.collect());
    }
    if choice.framework.is_empty() {
        let sentence = format!(
            "{} is a whole server; choose with --framework ID or --all, or see what it has with --list",
            one_line(&base)
        );
        return Err(UsageError(sentence).into());
    }
    let describe = |id: &String| {
        let (version, listed) = client.describe(&base, &versions, id)?;
        Ok(Wanted::Listed { base: base.clone(), version, listed })
    };
    choice.framework.iter().map(describe).collect()
}

/// Prints what servers list.
///
/// # Errors
/// When one cannot be asked.
pub(super) fn list(
    sources: &[PathBuf],
    settings: &Settings,
    access: Option<&Access>,
    json: bool,
    printer: &Printer,
) -> Result<ExitStatus, Failure> {
    let mut all = Vec::new();
    for source in sources {
        let target =
            address(source).ok_or_else(|| UsageError("--list lists servers, by http(s) address".to_owned()))??;
        let versions = match target.kind {
            Kind::Catalogue(Some(version)) => vec![version],
            _ => VERSIONS.to_vec(),
        };
        all.push(Client::new(settings.clone(), &target.url, access.cloned()).catalogue(&target.base, &versions)?);
    }
    if json {
        printer.json(&all.iter().flat_map(listing).collect::<Vec<_>>());
        return Ok(ExitStatus::Done);
    }
    let rows: Vec<Vec<String>> = all.iter().flat_map(|catalogue| catalogue.listed.iter().map(row)).collect();
    printer.table(&["IDENTIFIER", "LAST CHANGE", "TITLE"], &[], &rows);
    for Catalogue { base, version, listed } in &all {
        printer.say(format!("{} frameworks at {} (CASE {})", listed.len(), one_line(base), version.number()));
    }
    Ok(ExitStatus::Done)
}

fn row(listed: &Listed) -> Vec<String> {
    let change = listed.last_change.as_deref().unwrap_or("-");
    vec![one_line(&listed.identifier), short(change, 40), short(&listed.title, 160)]
}

fn listing(catalogue: &Catalogue) -> Vec<Value> {
    let each = catalogue.listed.iter().map(|listed| {
        json!({
            "identifier": listed.identifier,
            "title": listed.title,
            "creator": listed.creator,
            "lastChangeDateTime": listed.last_change,
            "server": catalogue.base,
            "caseVersion": catalogue.version.number(),
        })
    });
    each.collect()
}

/// The address that a source is, if it is one.
pub(super) fn address(source: &std::path::Path) -> Option<Result<Target, Failure>> {
    let text = source.to_str().filter(|text| Target::is_address(text))?;
    Some(Target::parse(text).map_err(Failure::from))
}

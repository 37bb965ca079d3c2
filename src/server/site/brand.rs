//! What an agency makes of the pages: its name, its mark, its colours, a line below. All of it comes
//! from the configuration, and is served like the files that are compiled in.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::config::Config;
use crate::registry::hex;

/// The largest picture that is taken as a mark, in bytes.
const LARGEST: usize = 512 * 1024;

/// What a logo may be.
const PICTURES: [(&str, &str); 5] = [
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("webp", "image/webp"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
];

/// Why there is no such brand.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrandError {
    #[error("site_logo: {path} cannot be read")]
    Unreadable {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("site_logo: {0} is no .svg, .png, .webp or .jpg")]
    Kind(String),
    #[error("site_logo: {0} has more than {LARGEST} bytes")]
    Large(String),
}

/// A file that pages load.
pub(crate) struct File {
    pub name: String,
    pub media_type: &'static str,
    pub content: Vec<u8>,
}

/// The look of one server.
#[derive(Default)]
pub(crate) struct Brand {
    /// What stands beside the mark.
    pub name: String,
    /// A line in the footer.
    pub footer: String,
    /// The name of the file with the mark, if it is not ours.
    pub logo: Option<String>,
    /// The name of the style sheet with the colours, if they are not ours.
    pub styles: Option<String>,
    files: Vec<File>,
    /// Changes with the files.
    pub hash: String,
}

impl Brand {
    /// The brand of a configuration.
    ///
    /// # Errors
    /// [`BrandError`] when the logo is none.
    pub(crate) fn new(config: &Config) -> Result<Brand, BrandError> {
        let mut brand =
            Brand { name: config.site_name.clone(), footer: config.site_footer.clone(), ..Brand::default() };
        if let Some(path) = &config.site_logo {
            let shown = path.display().to_string();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
            let kind = PICTURES.into_iter().find(|(known, _)| *known == ending);
            let (ending, media_type) = kind.ok_or_else(|| BrandError::Kind(shown.clone()))?;
            let content =
                std::fs::read(path).map_err(|source| BrandError::Unreadable { path: shown.clone(), source })?;
            if content.len() > LARGEST {
                return Err(BrandError::Large(shown));
            }
            let name = format!("logo.{ending}");
            brand.logo = Some(name.clone());
            brand.files.push(File { name, media_type, content });
        }
        let styles = styles(config.site_accent.as_deref(), config.site_accent_dark.as_deref());
        if !styles.is_empty() {
            let name = "brand.css".to_owned();
            brand.styles = Some(name.clone());
            brand.files.push(File { name, media_type: "text/css; charset=utf-8", content: styles.into_bytes() });
        }
        let mut all = Sha256::new();
        for file in &brand.files {
            all.update(&file.content);
        }
        brand.hash = hex(&all.finalize(), 8);
        Ok(brand)
    }

    /// A file of the brand.
    #[must_use]
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// The colours as a style sheet that follows ours; they are `#rrggbb`, as the configuration checks. A
/// colour that is made for light ground would not be read on dark, and the other way round.
fn styles(light: Option<&str>, dark: Option<&str>) -> String {
    let mut styles = String::new();
    // Writing to a String cannot fail.
    if let Some(colour) = light {
        let _ = writeln!(
            styles,
            "@media not all and (prefers-color-scheme: dark) {{ :root:not([data-theme=\"dark\"]) {{ --accent: {colour}; }} }}\n\
             :root[data-theme=\"light\"] {{ --accent: {colour}; }}"
        );
    }
    if let Some(colour) = dark {
        let _ = writeln!(
            styles,
            "@media (prefers-color-scheme: dark) {{ :root:not([data-theme=\"light\"]) {{ --accent: {colour}; }} }}\n\
             :root[data-theme=\"dark\"] {{ --accent: {colour}; }}"
        );
    }
    styles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ground_has_its_colour() {
        assert_eq!(styles(None, None), "");
        let light = styles(Some("#123456"), None);
        assert!(light.contains("#123456") && !light.contains("@media (prefers-color-scheme: dark)"), "{light}");
        let both = styles(Some("#123456"), Some("#abcdef"));
        assert_eq!((both.matches("#123456").count(), both.matches("#abcdef").count()), (2, 2));
    }
}

//! The look of the pages as it is configured. Checked here, so that no page can be unreadable. Pure.

use std::path::PathBuf;

/// The grounds of pages in light and in dark, as `assets/casement.css` has them.
const LIGHT_GROUND: [u8; 3] = [0xfb, 0xfa, 0xf7];
const DARK_GROUND: [u8; 3] = [0x14, 0x19, 0x1c];
/// How much text has to differ from its ground (WCAG 2.2, 1.4.3).
const CONTRAST: f64 = 4.5;

pub(super) fn as_name(text: &str) -> Result<String, String> {
    let fine = !text.trim().is_empty() && text.chars().count() <= 80 && !text.contains(char::is_control);
    if fine { Ok(text.trim().to_owned()) } else { Err("a name of 1 to 80 characters".to_owned()) }
}

pub(super) fn as_text(text: &str) -> Result<String, String> {
    if text.chars().count() <= 500 {
        Ok(text.trim().to_owned())
    } else {
        Err("a text of at most 500 characters".to_owned())
    }
}

pub(super) fn as_picture(text: &str) -> Result<Option<PathBuf>, String> {
    Ok((!text.is_empty()).then(|| PathBuf::from(text)))
}

/// A colour that can be read on light ground.
pub(super) fn as_dark_colour(text: &str) -> Result<Option<String>, String> {
    colour(text, LIGHT_GROUND, "a colour such as #17596a, dark enough to be read on white")
}

/// A colour that can be read on dark ground.
pub(super) fn as_light_colour(text: &str) -> Result<Option<String>, String> {
    colour(text, DARK_GROUND, "a colour such as #86c9d6, light enough to be read on black")
}

fn colour(text: &str, ground: [u8; 3], expected: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let known = parts(text).filter(|parts| contrast(*parts, ground) >= CONTRAST);
    known.map(|_| Some(text.to_ascii_lowercase())).ok_or_else(|| expected.to_owned())
}

fn parts(text: &str) -> Option<[u8; 3]> {
    let digits =
        text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// The ratio of two colours' luminance, from 1 to 21.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let [a, b] = [luminance(a), luminance(b)];
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_can_be_read_on_its_ground() {
        assert_eq!(as_dark_colour(""), Ok(None));
        assert_eq!(as_dark_colour("#7A1F3D"), Ok(Some("#7a1f3d".to_owned())));
        assert_eq!(as_light_colour("#ffffff"), Ok(Some("#ffffff".to_owned())));
        for bad in ["#fff", "red", "#ffffff", "#12345g", "#aabbcc; } body { display: none"] {
            assert!(as_dark_colour(bad).is_err(), "{bad}");
        }
        assert!(as_light_colour("#17596a").is_err());
        assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 0.01);
    }
}

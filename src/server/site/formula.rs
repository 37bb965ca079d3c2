//! Formulas as frameworks write them, in the notation of TeX, as MathML: what browsers draw and
//! screen readers read, without a script or a font.
//!
//! What is converted is checked again: only elements and attributes of MathML that draw get through.

use std::collections::HashSet;
use std::sync::OnceLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use super::rich::escape;

/// Longer ones are shown as they are written: they are no formulas.
const LONGEST: usize = 1_000;
/// How deep braces may stand in each other: the converter calls itself for each.
const DEEPEST: usize = 24;

const ELEMENTS: [&str; 26] = [
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "mstyle",
    "merror",
    "mpadded",
    "mphantom",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "mtable",
    "mtr",
    "mtd",
];
const ATTRIBUTES: [&str; 20] = [
    "display",
    "mathvariant",
    "stretchy",
    "form",
    "fence",
    "separator",
    "symmetric",
    "largeop",
    "movablelimits",
    "lspace",
    "rspace",
    "minsize",
    "maxsize",
    "accent",
    "accentunder",
    "linethickness",
    "width",
    "height",
    "depth",
    "displaystyle",
];

/// A formula as MathML, or nothing where it is none that can be read.
pub(super) fn mathml(source: &str, is_display: bool) -> Option<String> {
    static CONVERTER: OnceLock<Option<LatexToMathML>> = OnceLock::new();
    if source.len() > LONGEST || source.trim().is_empty() || depth(source) > DEEPEST {
        return None;
    }
    let converter = CONVERTER.get_or_init(|| LatexToMathML::new(MathCoreConfig::default()).ok()).as_ref()?;
    let display = if is_display { MathDisplay::Block } else { MathDisplay::Inline };
    let converted = converter.convert_with_local_state(source, display).ok()?;
    checked(&converted.mathml)
}

/// How deep groups, and what the converter calls itself for, stand in each other at most.
fn depth(source: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for sign in source.chars() {
        match sign {
            '{' | '^' | '_' | '[' => now += 1,
            '}' | ']' => now = now.saturating_sub(1),
            _ => continue,
        }
        most = most.max(now);
    }
    // Commands without braces nest as well: `\sqrt\sqrt\sqrt`.
    most.max(source.matches("\\left").count()).max(longest_run(source))
}

/// The most commands that stand one after another without anything between.
fn longest_run(source: &str) -> usize {
    let (mut run, mut most) = (0_usize, 0_usize);
    for part in source.split('\\').skip(1) {
        run = if part.chars().all(|c| c.is_ascii_alphabetic() || c.is_whitespace()) { run + 1 } else { 0 };
        most = most.max(run);
    }
    most
}

/// MathML with only what draws; nothing if there is anything else in it.
fn checked(mathml: &str) -> Option<String> {
    static KNOWN: OnceLock<(HashSet<&str>, HashSet<&str>)> = OnceLock::new();
    let (elements, attributes) = KNOWN.get_or_init(|| (ELEMENTS.into(), ATTRIBUTES.into()));
    let mut reader = quick_xml::Reader::from_str(mathml);
    let mut written = String::with_capacity(mathml.len());
    let mut open = Vec::new();
    loop {
        use quick_xml::events::Event;
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                let name = write_tag(&tag, elements, attributes, &mut written)?;
                open.push(name);
                written.push('>');
            }
            Event::Empty(tag) => {
                let name = write_tag(&tag, elements, attributes, &mut written)?;
                written.push_str("></");
                written.push_str(&name);
                written.push('>');
            }
            Event::End(_) => {
                let name = open.pop()?;
                written.push_str("</");
                written.push_str(&name);
                written.push('>');
            }
            Event::Text(text) => written.push_str(&escape(&text)),
            Event::GeneralRef(reference) => {
                let name: &str = &reference;
                let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
                written.push_str(&plain.then(|| format!("&{name};"))?);
            }
            Event::Eof => break,
            _ => return None,
        }
    }
    open.is_empty().then_some(written)
}

fn write_tag(
    tag: &quick_xml::events::BytesStart<'_>,
    elements: &HashSet<&str>,
    attributes: &HashSet<&str>,
    written: &mut String,
) -> Option<String> {
    let name = tag.name().as_ref().to_owned();
    if !elements.contains(name.as_str()) {
        return None;
    }
    written.push('<');
    written.push_str(&name);
    for attribute in tag.attributes() {
        let attribute = attribute.ok()?;
        let key = attribute.key.as_ref();
        let value: &str = &attribute.value;
        let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "-.% ".contains(c));
        if attributes.contains(key) && plain {
            written.extend([" ", key, "=\"", value, "\""]);
        }
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_of_real_frameworks_become_mathml() {
        for source in [
            r"\frac{1}{2}",
            r"3^{2} \times 3^{-5} = 3^{-3} = \frac{1}{3}^{3}",
            r"\sqrt{2}",
            r"y = (1.2)^{\frac{t}{10}}",
            r"a \leq b \neq c",
            r"5 \times \Box = 48",
            r"\sin(\theta)",
            r"\left( \frac{a}{b} \right)",
            r"\bar{x}",
            r"\sum_{i=0}^n i",
            "x < y",
        ] {
            let mathml = mathml(source, false).unwrap_or_else(|| panic!("{source}"));
            assert!(mathml.starts_with("<math>") && mathml.ends_with("</math>"), "{mathml}");
        }
        assert_eq!(mathml("x<2", false).unwrap(), "<math><mi>x</mi><mo>&lt;</mo><mn>2</mn></math>");
        assert!(mathml("x", true).unwrap().contains("display=\"block\""));
    }

    #[test]
    fn what_is_no_formula_is_not_shown_as_one() {
        let deep = "{".repeat(10_000) + &"}".repeat(10_000);
        let run = r"\sqrt".repeat(5_000);
        let long = "x+".repeat(1_000);
        for source in ["", "  ", r"\frac{1", r"\nosuchcommand", &deep, &run, &long, r"\href{javascript:alert(1)}{x}"] {
            let shown = mathml(source, false).unwrap_or_default();
            assert!(!shown.contains("href") && !shown.contains("javascript"), "{shown}");
            assert!(shown.len() < 10_000);
        }
        assert_eq!(mathml(&deep, false), None);
        assert_eq!(mathml(&run, false), None);
    }

    #[test]
    fn nothing_but_drawing_gets_through() {
        for bad in ["<math><script>x</script></math>", "<math><mi>a</math>", "<math><!-- x --></math>", "<a>x</a>"] {
            assert_eq!(checked(bad), None, "{bad}");
        }
        let shown = checked(
            r#"<math onclick="x" style="color:red"><mi href="javascript:x" mathvariant="normal">a</mi></math>"#,
        );
        assert_eq!(shown.as_deref(), Some("<math><mi mathvariant=\"normal\">a</mi></math>"));
    }
}

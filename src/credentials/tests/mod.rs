//! Tests of credentials, by what they are about. Never contains rules, only what comes of them.

mod snippets;

use super::{Target, TargetClass, TargetFramework};

const BASE: &str = "https://case.example.org";

/// The item of the worked examples.
fn item() -> Target {
    Target {
        class: TargetClass::Item,
        identifier: "8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21".to_owned(),
        uri: format!("{BASE}/uri/8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21"),
        short: Some("Chlorine residual testing".to_owned()),
        full: Some("Measure free and total chlorine residual in treated water.".to_owned()),
        code: Some("WT.2.3".to_owned()),
        notes: Some("Teach with the colorimeter.".to_owned()),
        item_type: Some("Skill".to_owned()),
        language: Some("en".to_owned()),
        framework: TargetFramework {
            identifier: "5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10".to_owned(),
            uri: format!("{BASE}/uri/5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10"),
            title: "Riverwell Water Treatment Skills".to_owned(),
        },
        base: BASE.to_owned(),
    }
}

/// Another class with the texts that it has.
fn other(class: TargetClass, short: Option<&str>, full: Option<&str>) -> Target {
    Target {
        class,
        identifier: "1b7c9e40-2f35-4c68-8d0a-6e5f3a9b7d42".to_owned(),
        uri: format!("{BASE}/uri/1b7c9e40-2f35-4c68-8d0a-6e5f3a9b7d42"),
        short: short.map(str::to_owned),
        full: full.map(str::to_owned),
        code: None,
        notes: None,
        ..item()
    }
}

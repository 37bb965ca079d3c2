//! Plain text, Markdown and HTML, in several languages and scripts.

use super::{read_as, told};
use crate::credentials::job::{Class, Importance, Kind, Section};

const PLAIN: &str = "Water Treatment Operator I

Riverwell Utilities seeks an operator for rotating shifts.

You will:
- collect and test water samples, including chlorine residual and turbidity
- log readings and compare them with permit limits

You bring:
- a grade D operator licence, or the ability to get one within 12 months
- clear written communication

Nice to have: Python; 2 years of experience with pumps

Equal opportunity employer. Paid holidays.
";

#[test]
fn plain_text_is_read_by_its_headings() {
    let job = read_as(PLAIN, "text/plain; charset=utf-8");
    assert_eq!((job.kind, job.title.as_deref()), (Kind::Text, Some("Water Treatment Operator I")));
    assert_eq!(
        told(&job),
        [
            "Description Condition Unstated: Riverwell Utilities seeks an operator for rotating shifts.",
            "Responsibilities Task Required: collect and test water samples, including chlorine residual and turbidity",
            "Responsibilities Task Required: log readings and compare them with permit limits",
            "Qualifications Credential Required: a grade D operator licence, or the ability to get one within 12 months",
            "Qualifications Skill Required: clear written communication",
            "Qualifications Experience Preferred: Python; 2 years of experience with pumps",
            "Qualifications Boilerplate Unstated: Equal opportunity employer.",
            "Qualifications Boilerplate Unstated: Paid holidays.",
        ]
    );
}

#[test]
fn markdown_has_levels() {
    let text = "# Operator\n\nWe are a utility.\n\n## Requirements\n\n### Must have\n\n1. **Python** and `SQL`\n\n### Pumps\n\n\
        * Run pumps\n\n## Benefits\n\n### Health\n\n- Fruit\n\n## Team\n\nMeasure water\n";
    let job = read_as(text, "text/markdown");
    assert_eq!(job.title.as_deref(), Some("Operator"));
    assert_eq!(
        told(&job),
        [
            "Description Boilerplate Unstated: We are a utility.",
            "Qualifications Skill Required: Python and SQL",
            "Description Task Unstated: Run pumps",
            "Benefits Boilerplate Unstated: Fruit",
            "Description Task Unstated: Measure water",
        ]
    );
}

#[test]
fn pages_are_read_as_they_are_seen() {
    let html = "<!doctype html><html><head><title>Jobs – Operator</title><script>alert('- Must know everything')</script></head>\
        <body><nav><a href=/>Home</a></nav><h1>Operator 🧪</h1><p><b>Your tasks:</b></p><ul><li>Pr&uuml;fe <i>Wasser</i> &amp; Luft</li>\
        <li>Log it<br>daily</li></ul><p><strong>Your profile</strong></p><p>Speaks العربية fluently. Has a driving licence.</p>\
        <footer>Equal opportunity</footer></body></html>";
    let job = read_as(html, "text/html");
    assert_eq!((job.kind, job.title.as_deref()), (Kind::Html, Some("Operator 🧪")));
    assert_eq!(
        told(&job),
        [
            "Responsibilities Task Required: Prüfe Wasser & Luft",
            "Responsibilities Task Required: Log it",
            "Responsibilities Task Required: daily",
            "Qualifications Skill Required: Speaks العربية fluently.",
            "Qualifications Credential Required: Has a driving licence.",
        ]
    );
}

#[test]
fn data_in_a_page_comes_before_its_text() {
    let html = "<script type=\"application/ld+json\">{broken</script><script type=\"application/ld+json\">{\"@context\":\
        \"https://schema.org\",\"@graph\":[{\"@type\":\"WebPage\"},{\"@type\":\"JobPosting\",\"title\":\"Operator\",\"skills\":\"Test water\"}]}\
        </script><p>Something else</p>";
    let job = super::read(html.as_bytes(), Some("text/html")).unwrap();
    assert_eq!((job.kind, job.title.as_deref(), job.node.as_str()), (Kind::JobPosting, Some("Operator"), "/@graph/1"));
    assert_eq!(job.requirements[0].pointer, "/@graph/1/skills");
    // Data without anything that is asked for leaves the text.
    let html =
        "<script type='application/ld+json'>{\"@type\":\"JobPosting\",\"title\":\"X\"}</script><p>Test water</p>";
    assert_eq!(told(&read_as(html, "text/html")), ["Description Task Unstated: Test water"]);
}

#[test]
fn headings_and_phrases_are_known_in_many_languages() {
    for (text, section, class, importance) in [
        ("Aufgaben:\n- Wasserproben prüfen", Section::Responsibilities, Class::Task, Importance::Required),
        ("Votre profil :\n- Permis B", Section::Qualifications, Class::Credential, Importance::Required),
        ("Requisitos\n- Experiencia en bombas", Section::Qualifications, Class::Experience, Importance::Required),
        ("Wat bieden wij\n- Een auto", Section::Benefits, Class::Boilerplate, Importance::Unstated),
        ("Meriterande:\n- Python", Section::Qualifications, Class::Skill, Importance::Preferred),
        ("المتطلبات:\n- معرفة المضخات 🧪", Section::Qualifications, Class::Knowledge, Importance::Required),
        ("仕事内容\n・水質検査", Section::Responsibilities, Class::Task, Importance::Required),
    ] {
        let job = read_as(text, "text/plain");
        let found = &job.requirements[0];
        assert_eq!((found.section, found.class, found.importance), (section, class, importance), "{text}");
    }
}

#[test]
fn spans_count_unicode_scalars() {
    let job = read_as("🧪 Test. \u{202e}قياس الكلور. E\u{301}te\u{301} 👩‍🔬 done.", "text/plain");
    let spans: Vec<[usize; 2]> = job.requirements.iter().map(|requirement| requirement.span).collect();
    assert_eq!(spans, [[0, 7], [8, 21], [22, 37]]);
}

//! Choices that an address holds, as links: each leads to the same page with one more or one less.

use url::form_urlencoded;

/// The longest value that is taken.
const LONGEST: usize = 2_000;

/// What was chosen, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Filters {
    chosen: Vec<(String, String)>,
}

/// A value that can be chosen.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub value: String,
    pub count: Option<u64>,
    pub is_chosen: bool,
    /// The query that chooses it, or takes it back.
    pub query: String,
}

impl Filters {
    /// Those of a query whose names are known, once each; everything else in it is left out.
    pub(super) fn of(query: &str, names: &[&str]) -> Filters {
        let mut chosen: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let is_new = !chosen.iter().any(|(known, _)| *known == name);
            if is_new && names.contains(&name.as_ref()) && !value.trim().is_empty() && value.len() <= LONGEST {
                chosen.push((name.into_owned(), value.trim().to_owned()));
            }
        }
        Filters { chosen }
    }

    /// What was chosen under a name.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.chosen.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether nothing was chosen.
    pub(super) fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// All but what was chosen under a name.
    pub(super) fn without(&self, name: &str) -> Filters {
        Filters { chosen: self.chosen.iter().filter(|(known, _)| known != name).cloned().collect() }
    }

    /// Everything that was chosen.
    pub(super) fn chosen(&self) -> &[(String, String)] {
        &self.chosen
    }

    /// The query with a value under a name, or without any.
    pub(super) fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (known, other) in self.chosen.iter().filter(|(known, _)| known != name) {
            query.append_pair(known, other);
        }
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        match query.finish() {
            empty if empty.is_empty() => empty,
            query => format!("?{query}"),
        }
    }

    /// A value as it is offered.
    pub(super) fn choice(&self, name: &str, value: &str, count: Option<u64>) -> Choice {
        let is_chosen = self.value(name) == Some(value);
        let query = self.with(name, (!is_chosen).then_some(value));
        Choice { value: value.to_owned(), count, is_chosen, query }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_leads_there_and_back() {
        let filters = Filters::of("subject=Math&x=1&creator=A%26B&subject=Art", &["subject", "creator"]);
        assert_eq!(filters.value("subject"), Some("Math"));
        let other = filters.choice("subject", "Art", Some(2));
        assert_eq!((other.is_chosen, other.query.as_str()), (false, "?creator=A%26B&subject=Art"));
        let same = filters.choice("subject", "Math", None);
        assert_eq!((same.is_chosen, same.query.as_str()), (true, "?creator=A%26B"));
        assert_eq!(Filters::of("subject=Math", &["subject"]).with("subject", None), "");
        assert!(Filters::of(&format!("subject={}", "x".repeat(LONGEST + 1)), &["subject"]).is_empty());
    }
}

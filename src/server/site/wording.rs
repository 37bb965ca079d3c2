//! Two wordings as one text in which what was taken out and put in is marked. Pure.

use super::rich::escape;

/// Texts whose words multiply to more are shown one after the other: comparing takes as long as that.
const MOST: usize = 400_000;

/// What became of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    Out,
    In,
}

/// Both texts as HTML, what is only in the old one in `del`, what is only in the new one in `ins`.
pub(super) fn marked(old: &str, new: &str) -> String {
    let [before, after] = [old, new].map(|text| text.split_whitespace().collect::<Vec<_>>());
    let mut html = String::with_capacity(old.len() + new.len() + 64);
    let mut last = Fate::Kept;
    for (fate, word) in fates(&before, &after) {
        if fate != last {
            html.push_str(close(last));
        }
        if !html.is_empty() {
            html.push(' ');
        }
        if fate != last {
            html.push_str(match fate {
                Fate::Kept => "",
                Fate::Out => "<del>",
                Fate::In => "<ins>",
            });
        }
        html.push_str(&escape(word));
        last = fate;
    }
    html.push_str(close(last));
    html
}

const fn close(fate: Fate) -> &'static str {
    match fate {
        Fate::Kept => "",
        Fate::Out => "</del>",
        Fate::In => "</ins>",
    }
}

/// The words of both in the order to be read, by their longest common sequence.
fn fates<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Fate, &'t str)> {
    let same = |a: &[&str], b: &[&str]| a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let start = same(old, new);
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let reversed = |words: &[&'t str]| words.iter().rev().copied().collect::<Vec<_>>();
    let end = same(&reversed(old_rest), &reversed(new_rest));
    let (a, b) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    let mut fates: Vec<(Fate, &str)> = old.iter().take(start).map(|word| (Fate::Kept, *word)).collect();
    if a.len().saturating_mul(b.len()) > MOST {
        fates.extend(a.iter().map(|word| (Fate::Out, *word)));
        fates.extend(b.iter().map(|word| (Fate::In, *word)));
    } else {
        middle(a, b, &mut fates);
    }
    fates.extend(old_rest.iter().skip(old_rest.len() - end).map(|word| (Fate::Kept, *word)));
    fates
}

fn middle<'t>(a: &[&'t str], b: &[&'t str], fates: &mut Vec<(Fate, &'t str)>) {
    // For each beginning of both, how long what they have in common after it is.
    let width = b.len() + 1;
    let mut common = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i * width + j] = if a[i] == b[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            fates.push((Fate::Kept, a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || i < a.len() && common[(i + 1) * width + j] >= common[i * width + j + 1] {
            fates.push((Fate::Out, a[i]));
            i += 1;
        } else {
            fates.push((Fate::In, b[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_marked_where_they_differ() {
        for (old, new, expect) in [
            ("a b c", "a b c", "a b c"),
            ("a b c", "a x c", "a <del>b</del> <ins>x</ins> c"),
            ("", "a b", "<ins>a b</ins>"),
            ("a b", "", "<del>a b</del>"),
            (
                "add and subtract",
                "add, subtract and compare",
                "<del>add and</del> <ins>add,</ins> subtract <ins>and compare</ins>",
            ),
            ("<b> x", "<i> x", "<del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins> x"),
            ("", "", ""),
        ] {
            assert_eq!(marked(old, new), expect, "{old} {new}");
        }
    }

    #[test]
    fn huge_texts_are_not_compared_word_by_word() {
        let [old, new] = ["a b ", "c d "].map(|text| text.repeat(5_000));
        let html = marked(&old, &new);
        assert_eq!((html.matches("<del>").count(), html.matches("<ins>").count()), (1, 1));
    }
}

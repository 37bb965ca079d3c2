//! A tree as nested lists: links without scripts, and with them a tree in the sense of ARIA, which
//! `casement.js` makes of the same elements.

use super::filters::Filters;
use super::rich::{self, escape};
use super::{Site, content_tag};
use crate::registry::{ItemLine, TreeNode};
use crate::server::url;

/// How much of a statement a line shows, in characters.
const LINE: usize = 320;

/// The nodes as list items, those below within those above. `path` is the address of the framework.
pub(super) fn write(site: &Site<'_>, path: &str, nodes: &[TreeNode], filters: &Filters) -> String {
    let mut writer = Writer { site, path, filters, html: String::with_capacity(nodes.len() * 500) };
    let mut at = 0;
    if let Some(first) = nodes.first() {
        writer.level(nodes, &mut at, first.depth);
    }
    writer.html
}

struct Writer<'a> {
    site: &'a Site<'a>,
    path: &'a str,
    filters: &'a Filters,
    html: String,
}

impl Writer<'_> {
    /// The nodes of one level from a place on. The registry bounds how deep they go.
    fn level(&mut self, nodes: &[TreeNode], at: &mut usize, depth: usize) {
        while let Some(node) = nodes.get(*at).filter(|node| node.depth >= depth) {
            *at += 1;
            self.row(node);
            if let Some(below) = nodes.get(*at).filter(|next| next.depth > node.depth) {
                self.html.push_str("<ul>");
                self.level(nodes, at, below.depth);
                self.html.push_str("</ul>");
            }
            self.html.push_str("</li>");
            self.more(node);
        }
    }

    fn put(&mut self, parts: &[&str]) {
        self.html.extend(parts.iter().copied());
    }

    fn row(&mut self, node: &TreeNode) {
        let item = &node.item;
        let (site, id) = (self.site, escape(&item.identifier));
        let (nth, of) = (node.nth.to_string(), node.of.to_string());
        self.put(&["<li id=\"i-", &id, "\" data-id=\"", &id, "\" data-nth=\"", &nth, "\" data-of=\"", &of, "\""]);
        if node.children > 0 {
            self.put(&[" data-open=\"", if node.is_open { "true" } else { "false" }, "\""]);
        }
        self.put(&[if node.is_found { " class=\"found\">" } else { ">" }, "<div class=\"row\">"]);
        if node.children > 0 {
            let (says, to) =
                if node.is_open { ("close-branch", self.above(node)) } else { ("open-branch", self.at(node)) };
            let name = if item.code.is_empty() { cut(&item.statement) } else { item.code.clone() };
            let label = site.with(says, "name", &name);
            self.put(&["<a class=\"twist\" href=\"", &to, "\" aria-label=\"", &escape(&label), "\"></a>"]);
        } else {
            self.put(&["<span class=\"twist\"></span>"]);
        }
        let link = site.permalink(&item.identifier);
        self.put(&[
            "<a class=\"name\" id=\"n-",
            &id,
            "\" href=\"",
            &escape(&link),
            "\"",
            &language(item),
            " dir=\"auto\">",
        ]);
        if !item.code.is_empty() {
            self.put(&["<b class=\"code\">", &escape(&rich::cut(&item.code, 60)), "</b> "]);
        }
        self.put(&[&rich::line(&item.statement, LINE), "</a> <span class=\"marks\">"]);
        self.marks(node);
        self.put(&["</span></div>"]);
    }

    /// What is told beside the statement, quietly.
    fn marks(&mut self, node: &TreeNode) {
        let item = &node.item;
        if item.retired {
            let retired = escape(&self.site.say("retired"));
            self.put(&["<span class=\"tag retired\">", &retired, "</span> "]);
        }
        if !item.item_type.is_empty() {
            self.put(&["<span class=\"type\">", &escape(&rich::cut(&item.item_type, 40)), "</span> "]);
        }
        if node.children > 0 {
            let count = self.site.number(node.children);
            self.put(&["<span class=\"count\">", &count, "</span>"]);
        }
    }

    /// Where the siblings are that are left out.
    fn more(&mut self, node: &TreeNode) {
        if node.more == 0 {
            return;
        }
        let mut query = url::Query::default();
        if let Some(tree) = self.filters.value("tree") {
            query.push("tree", tree);
        }
        if let Some(parent) = &node.parent {
            query.push("below", parent);
        }
        query.push("from", &node.nth.to_string());
        let says = escape(&self.site.count("more-items", node.more));
        let (path, query) = (escape(self.path), escape(&query.written()));
        self.put(&["<li class=\"more\"><a href=\"", &path, &query, "#tree\">", &says, "</a></li>"]);
    }

    fn at(&self, node: &TreeNode) -> String {
        self.open_at(Some(&node.item.identifier))
    }

    /// The tree with the branch closed: open down to what is above.
    fn above(&self, node: &TreeNode) -> String {
        self.open_at(node.parent.as_deref())
    }

    fn open_at(&self, id: Option<&str>) -> String {
        let mut query = url::Query::default();
        if let Some(tree) = self.filters.value("tree") {
            query.push("tree", tree);
        }
        if let Some(id) = id {
            query.push("at", id);
        }
        let place = id.map(|id| format!("#i-{}", url::segment(id))).unwrap_or_default();
        escape(&format!("{}{}{place}", self.path, query.written()))
    }
}

fn cut(statement: &str) -> String {
    rich::cut(statement, 60)
}

fn language(item: &ItemLine) -> String {
    let tag = content_tag(&item.language);
    if tag.is_empty() { tag } else { format!(" lang=\"{tag}\"") }
}

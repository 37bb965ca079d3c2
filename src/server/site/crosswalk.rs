//! The crosswalk of two frameworks: how one covers the other, in numbers, as a picture, pair by pair.

use std::collections::HashMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::changes::crumb;
use super::filters::Filters;
use super::framework::{Head, nothing};
use super::picture;
use super::views::Pieces;
use super::{Amount, Section, Site, content_tag, rich};
use crate::registry::{Crosswalk, Crumb, ItemLine, Pair, Partner, Side, Strand, View};
use crate::server::error::ApiError;
use crate::server::state::AppState;
use crate::server::url;

/// How many links and items without one a page lists.
const PAGE: usize = 100;
/// What an address of the page may hold.
const ASKED: [&str; 5] = ["from", "to", "type", "page", "open"];

/// The frameworks that one has links with.
#[derive(Template)]
#[template(path = "framework_crosswalks.html")]
struct Partners<'a> {
    site: Site<'a>,
    head: Head<'a>,
    partners: Vec<Partner>,
}

impl Partners<'_> {
    fn link(&self, partner: &Partner) -> String {
        crosswalk_link(&self.site, self.head.id(), &partner.framework.identifier)
    }
}

fn crosswalk_link(site: &Site<'_>, from: &str, to: &str) -> String {
    let mut query = url::Query::default();
    query.push("from", from);
    query.push("to", to);
    site.link(&format!("/crosswalk{}", query.written()))
}

pub(super) async fn get_partners(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let look = move |view: &View<'_>| {
        let Some(page) = view.framework_page(&id)? else { return Ok(None) };
        Ok(view.partners(&id)?.map(|partners| (page, partners)))
    };
    let (page, partners) = state.look(&req, look).await?.ok_or_else(nothing)?;
    let head = Head::new(&state, &req, page, "crosswalks");
    Site::answer(&req, HttpResponse::Ok(), &Partners { site: head.site.clone(), head, partners })
}

/// Two frameworks side by side, or which to choose.
#[derive(Template)]
#[template(path = "crosswalk.html")]
struct Both<'a> {
    site: Site<'a>,
    filters: Filters,
    walk: Option<Crosswalk>,
    /// The items that the page names.
    items: HashMap<String, ItemLine>,
    frameworks: Vec<Crumb>,
}

impl Both<'_> {
    fn first(&self) -> usize {
        self.filters.value("page").and_then(|page| page.parse::<usize>().ok()).unwrap_or_default().saturating_mul(PAGE)
    }

    /// The links of this page.
    fn pairs<'w>(&self, walk: &'w Crosswalk) -> &'w [Pair] {
        piece(&walk.pairs, self.first())
    }

    fn pieces(&self, walk: &Crosswalk) -> Pieces {
        Pieces { from: self.first(), shown: self.pairs(walk).len(), total: walk.pairs.len(), size: PAGE }
    }

    fn page(&self, from: impl Amount) -> String {
        let number = (from.amount() / PAGE as u64).to_string();
        self.with("page", &number)
    }

    fn with(&self, name: &str, value: &str) -> String {
        let filters = if name == "page" { self.filters.clone() } else { self.filters.without("page") };
        self.site.link(&format!("/crosswalk{}", filters.with(name, (!value.is_empty()).then_some(value))))
    }

    fn swapped(&self, walk: &Crosswalk) -> String {
        crosswalk_link(&self.site, &walk.to.framework.identifier, &walk.from.framework.identifier)
    }

    fn csv(&self) -> String {
        self.site.link(&format!("/crosswalk.csv{}", self.filters.without("page").with("open", None)))
    }

    fn unmatched(side: &Side) -> &[String] {
        piece(&side.unmatched, 0)
    }

    /// An item in a line, with its link.
    fn item(&self, id: &str) -> String {
        let Some(item) = self.items.get(id) else { return rich::escape(id) };
        let code = if item.code.is_empty() {
            String::new()
        } else {
            format!("<b class=\"code\">{}</b> ", rich::escape(&item.code))
        };
        let link = rich::escape(&self.site.permalink(id));
        let (lang, text) = (content_tag(&item.language), rich::line(&item.statement, 240));
        format!("<a href=\"{link}\" lang=\"{lang}\" dir=\"auto\">{code}{text}</a>")
    }

    fn share(&self, part: impl Amount, whole: impl Amount) -> String {
        self.site.words.percent(part.amount(), whole.amount())
    }

    fn sides(walk: &Crosswalk) -> [&Side; 2] {
        [&walk.from, &walk.to]
    }

    fn strand(strand: &Strand) -> String {
        rich::escape(&picture::name(&strand.item, 80))
    }

    fn map(&self, walk: &Crosswalk) -> String {
        picture::heat_map(&self.site, walk)
    }

    fn bands(&self, walk: &Crosswalk) -> String {
        picture::bands(&self.site, walk)
    }

    fn is_chosen(&self, side: &str, id: &str) -> bool {
        self.filters.value(side) == Some(id)
    }
}

fn piece<T>(all: &[T], from: usize) -> &[T] {
    let from = from.min(all.len());
    all.get(from..(from + PAGE).min(all.len())).unwrap_or_default()
}

pub(super) async fn get_crosswalk(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &ASKED);
    let asked = filters.clone();
    let look = move |view: &View<'_>| {
        let frameworks: Vec<Crumb> = view.catalogue()?.iter().map(crumb).collect();
        let walk = match (asked.value("from"), asked.value("to")) {
            (Some(from), Some(to)) => view.crosswalk(from, to, asked.value("type"))?,
            _ => None,
        };
        let first = asked.value("page").and_then(|page| page.parse::<usize>().ok()).unwrap_or_default();
        let named = walk.iter().flat_map(|walk| {
            let pairs = piece(&walk.pairs, first.saturating_mul(PAGE)).iter().flat_map(|pair| [&pair.from, &pair.to]);
            pairs.chain(piece(&walk.from.unmatched, 0)).chain(piece(&walk.to.unmatched, 0)).cloned().collect::<Vec<_>>()
        });
        let named: Vec<String> = named.collect();
        let items = view.item_lines(&named)?;
        Ok((walk, items, frameworks))
    };
    let (walk, items, frameworks) = state.look(&req, look).await?;
    let site = Site::of(&state.frame, &req).within(Section::Frameworks);
    Site::answer(&req, HttpResponse::Ok(), &Both { site, filters, walk, items, frameworks })
}

/// The links as a file: one a line, with both texts.
pub(super) async fn get_crosswalk_csv(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &ASKED);
    let look = move |view: &View<'_>| {
        let (Some(from), Some(to)) = (filters.value("from"), filters.value("to")) else { return Ok(None) };
        let Some(walk) = view.crosswalk(from, to, filters.value("type"))? else { return Ok(None) };
        let named: Vec<String> = walk.pairs.iter().flat_map(|pair| [pair.from.clone(), pair.to.clone()]).collect();
        let items = view.item_lines(&named)?;
        Ok(Some((walk, items)))
    };
    let (walk, items) = state.look(&req, look).await?.ok_or_else(nothing)?;
    let mut response = HttpResponse::Ok();
    response.content_type("text/csv; charset=utf-8");
    response.insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"crosswalk.csv\""));
    Ok(response.body(csv(&walk, &items)))
}

fn csv(walk: &Crosswalk, items: &HashMap<String, ItemLine>) -> String {
    let mut text =
        "fromIdentifier,fromCode,fromStatement,associationType,direction,toIdentifier,toCode,toStatement\r\n"
            .to_owned();
    let none = ItemLine::default();
    for pair in &walk.pairs {
        let (from, to) = (items.get(&pair.from).unwrap_or(&none), items.get(&pair.to).unwrap_or(&none));
        let direction = if pair.is_forward { "forward" } else { "backward" };
        let cells = [&pair.from, &from.code, &from.statement, &pair.kind, direction, &pair.to, &to.code, &to.statement]
            .map(cell);
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell as RFC 4180 has it; a program that reads sheets must not take it for a formula.
fn cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_guarded() {
        for (text, expect) in
            [("a", "a"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("=1+1", "'=1+1"), ("", "")]
        {
            assert_eq!(cell(text), expect);
        }
    }
}

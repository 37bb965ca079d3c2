//! Packages, as bytes: rendered ones in the encoding that the client likes best; streamed from the
//! store, as it is read, while there is none.
//!
//! Never waits for rendering, and never touches the bytes.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use futures_util::stream;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::auth::access_of;
use super::error::ApiError;
use super::etag;
use super::state::AppState;
use crate::case::Version;
use crate::registry::{Encoding, PackageState, Registry};

/// How many pieces may wait for the client: the store is read no faster than they are taken.
const WAITING: usize = 4;
/// How many bytes of a body are handed over at once: as many as stay in the processor's cache.
const PIECE: usize = 64 << 10;

/// The package of a framework as the end of an answer; `None` when there is no such framework.
pub(crate) async fn answer(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    version: Version,
    id: &str,
    mut builder: HttpResponseBuilder,
) -> Result<Option<HttpResponse>, ApiError> {
    let package = match state.view(req).kept_package_state(version, id) {
        Some(known) => known,
        None => {
            let id = id.to_owned();
            state.look(req, move |view| view.package_state(version, &id)).await?
        }
    };
    let Some(package) = package else { return Ok(None) };
    builder.append_header((header::VARY, "Accept-Encoding"));
    if let Some(not_modified) = etag::validate(req, &mut builder, &package.tag, Some(package.modified)) {
        return Ok(Some(not_modified));
    }
    if !state.view(req).is_public() {
        return stream_from_store(req, state, version, package.document_id, builder).await;
    }
    let liked = liked(req);
    if let Some((encoding, bytes)) = rendered(state, &package, &liked).await? {
        if encoding != Encoding::Identity {
            builder.insert_header((header::CONTENT_ENCODING, encoding.name()));
        }
        return Ok(Some(builder.body(Pieces(bytes))));
    }
    state.render_soon(version, package.document_id.clone());
    stream_from_store(req, state, version, package.document_id, builder).await
}

/// A large body that is there already, handed over as the connection takes it: whole, it would be
/// copied into the buffer of every connection that waits.
struct Pieces(Bytes);

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0.size()
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let left = &mut self.get_mut().0;
        let piece = left.split_to(left.len().min(PIECE));
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

/// The first of the encodings in which the package is rendered.
async fn rendered(
    state: &web::Data<AppState>,
    package: &PackageState,
    liked: &[Encoding],
) -> Result<Option<(Encoding, Bytes)>, ApiError> {
    let registry = state.registry();
    let hot = liked.iter().find_map(|encoding| Some((*encoding, registry.hot_package(package, *encoding)?)));
    if hot.is_some() {
        return Ok(hot);
    }
    let (package, liked) = (package.clone(), liked.to_vec());
    let find = move |encoding: &Encoding, registry: &Registry| {
        Some((*encoding, registry.rendered_package(&package, *encoding)?))
    };
    state.read(move |registry| Ok(liked.iter().find_map(|encoding| find(encoding, registry)))).await
}

/// Reads the package and sends what is read, in one state of the database, tagged with that state.
async fn stream_from_store(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    version: Version,
    id: String,
    mut builder: HttpResponseBuilder,
) -> Result<Option<HttpResponse>, ApiError> {
    let (begin, begun) = oneshot::channel::<PackageState>();
    let (send, receive) = mpsc::channel::<Piece>(WAITING);
    let (reader, access, patience) = (web::Data::clone(state), access_of(req), state.request_timeout);
    let work = move |registry: &Registry| {
        let runtime = Handle::current();
        // It hung up, or takes nothing: reading on would keep the store from others.
        let put = |piece| match runtime.block_on(timeout(patience, send.send(piece))) {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(_)) | Err(_) => ControlFlow::Break(()),
        };
        let mut flow = ControlFlow::Continue(());
        let piece = |bytes| {
            flow = put(Piece::Bytes(bytes));
            flow
        };
        let found = registry.seen_by(access).stream_package(version, &id, |state| drop(begin.send(state)), piece)?;
        if flow.is_continue() {
            let _ = put(Piece::End);
        }
        Ok(found)
    };
    let reading = actix_web::rt::spawn(async move { reader.read(work).await });
    let Ok(package) = begun.await else {
        // It ended before it began: there is no such package any more, or the store failed.
        return reading.await.map_err(ApiError::internal)?.map(|_| None);
    };
    builder.insert_header((header::ETAG, format!("\"{}\"", package.tag)));
    Ok(Some(builder.streaming(stream::unfold(Some(receive), next))))
}

/// What is sent of a package.
enum Piece {
    Bytes(Bytes),
    /// It was whole.
    End,
}

/// The next piece for the client. When the reader stops without having said that it is the end, the
/// connection is cut: half a package must not look like a whole one.
async fn next(
    receive: Option<mpsc::Receiver<Piece>>,
) -> Option<(std::io::Result<Bytes>, Option<mpsc::Receiver<Piece>>)> {
    let mut receive = receive?;
    match receive.recv().await {
        Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some(receive))),
        Some(Piece::End) => None,
        None => Some((Err(std::io::Error::other("the package could not be sent to its end")), None)),
    }
}

/// The encodings that the client takes, the one it likes best first.
fn liked(req: &HttpRequest) -> Vec<Encoding> {
    let accept: Vec<&str> = req.headers().get_all(header::ACCEPT_ENCODING).filter_map(|v| v.to_str().ok()).collect();
    by_quality(&accept.join(","))
}

fn by_quality(accept: &str) -> Vec<Encoding> {
    let listed: Vec<(&str, f32)> = accept
        .split(',')
        .filter_map(|one| {
            let mut parts = one.split(';').map(str::trim);
            let name = parts.next().filter(|name| !name.is_empty())?;
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.trim().parse().ok()).unwrap_or(1.0);
            Some((name, quality))
        })
        .collect();
    let quality = |encoding: Encoding| {
        let named = |wanted: &str| listed.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, q)| *q);
        // What is not named is not taken, but for no encoding at all (RFC 9110, 12.5.3).
        let otherwise = if encoding == Encoding::Identity { 0.001 } else { 0.0 };
        named(encoding.name()).or_else(|| named("*")).unwrap_or(otherwise)
    };
    let mut taken: Vec<(Encoding, f32)> = Encoding::ALL.into_iter().map(|e| (e, quality(e))).collect();
    taken.retain(|(_, quality)| *quality > 0.0);
    taken.sort_by(|a, b| b.1.total_cmp(&a.1));
    taken.into_iter().map(|(encoding, _)| encoding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_decides_and_then_the_size() {
        use Encoding::{Brotli, Gzip, Identity, Zstd};
        for (accept, expect) in [
            ("", vec![Identity]),
            ("gzip", vec![Gzip, Identity]),
            ("gzip, deflate, br, zstd", vec![Brotli, Zstd, Gzip, Identity]),
            ("br;q=0.1, gzip;q=0.9", vec![Gzip, Brotli, Identity]),
            ("*", vec![Brotli, Zstd, Gzip, Identity]),
            ("GZIP;q=0, identity", vec![Identity]),
            ("zstd, identity;q=0", vec![Zstd]),
        ] {
            assert_eq!(by_quality(accept), expect, "{accept}");
        }
    }
}

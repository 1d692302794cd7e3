//! What those who watch the office see: whether it is ready, and how far each follower of the journal is behind.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use app::Folder;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use bus::Emitted;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// What is watched.
pub(super) struct Watched {
    pub(super) head: watch::Receiver<u64>,
    pub(super) settled: watch::Receiver<u64>,
    pub(super) lent: watch::Receiver<bool>,
    /// Why days that have come did not begin.
    pub(super) no_day_because: watch::Receiver<Option<String>>,
    /// `None`: nothing is emitted.
    pub(super) emitted: Option<watch::Receiver<Emitted>>,
    pub(super) folder: Folder,
}

/// A follower of the journal.
struct Follower {
    name: &'static str,
    position: u64,
    trouble: Option<String>,
}

/// Answers over HTTP until it is aborted.
pub(super) async fn listen(
    address: SocketAddr,
    watched: Arc<Watched>,
) -> anyhow::Result<AbortHandle> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("listening on {address} for those who watch"))?;
    tracing::info!(address = %listener.local_addr()?, "answering /ready, /live and /metrics");
    let pages = Router::new()
        .route("/live", get(async || "live\n"))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(watched);
    let serving = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, pages).await {
            tracing::error!(%error, "those who watch are answered no more");
        }
    });
    Ok(serving.abort_handle())
}

/// Ready: what happened is in the read models, and was acted on.  That NATS is away does not keep the office from working.
async fn ready(State(watched): State<Arc<Watched>>) -> (StatusCode, String) {
    let (head, settled) = (*watched.head.borrow(), *watched.settled.borrow());
    if *watched.lent.borrow() {
        return (StatusCode::OK, "ready: a command has the office just now\n".to_owned());
    }
    if settled < head {
        let behind = format!("not ready: at position {settled} of {head}\n");
        return (StatusCode::SERVICE_UNAVAILABLE, behind);
    }
    (StatusCode::OK, "ready\n".to_owned())
}

async fn metrics(State(watched): State<Arc<Watched>>) -> impl IntoResponse {
    // Disk is looked at, however shortly.
    let told = tokio::task::spawn_blocking(move || watched.metrics((app::clock::wall())())).await;
    match told {
        Ok(Ok(text)) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (StatusCode::OK, kind, text).into_response()
        }
        Ok(Err(failure)) => {
            tracing::error!(%failure, "the journal cannot be measured");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl Watched {
    /// In the format that Prometheus reads.
    fn metrics(&self, now: DateTime<Utc>) -> Result<String, app::Failure> {
        let head = *self.head.borrow();
        let reader = self.folder.reader()?;
        let mut positions = String::new();
        let mut events = String::new();
        let mut seconds = String::new();
        let mut trouble = String::new();
        for Follower { name, position, trouble: in_the_way } in self.followers() {
            let behind = head.saturating_sub(position);
            let since = match behind {
                0 => None,
                _ => reader.event(position + 1)?.map(|entry| entry.recorded_at),
            };
            let late =
                since.map_or(Duration::ZERO, |since| (now - since).to_std().unwrap_or_default());
            let of = format!("{{follower=\"{name}\"}}");
            // Writing to a text does not fail.
            let _ = writeln!(positions, "ledge_follower_position{of} {position}");
            let _ = writeln!(events, "ledge_follower_lag_events{of} {behind}");
            let _ = writeln!(seconds, "ledge_follower_lag_seconds{of} {}", late.as_secs_f64());
            let _ =
                writeln!(trouble, "ledge_follower_trouble{of} {}", u8::from(in_the_way.is_some()));
        }
        let lent = u8::from(*self.lent.borrow());
        let version = env!("CARGO_PKG_VERSION");
        let gauges = [
            (
                "ledge_build_info",
                "The program that runs.",
                format!("ledge_build_info{{version=\"{version}\"}} 1\n"),
            ),
            (
                "ledge_journal_position",
                "The last durable position of the journal.",
                format!("ledge_journal_position {head}\n"),
            ),
            (
                "ledge_office_lent",
                "1 while a command has the office.",
                format!("ledge_office_lent {lent}\n"),
            ),
            (
                "ledge_follower_position",
                "The position up to which a follower of the journal is done.",
                positions,
            ),
            ("ledge_follower_lag_events", "Events that a follower is behind.", events),
            (
                "ledge_follower_lag_seconds",
                "How long the oldest event that a follower is not done with has been recorded.",
                seconds,
            ),
            (
                "ledge_follower_trouble",
                "1 while something keeps a follower from going on, or days from beginning; the log says what.",
                trouble,
            ),
        ];
        let told = gauges.into_iter().map(|(name, help, lines)| {
            format!("# HELP {name} {help}\n# TYPE {name} gauge\n{lines}")
        });
        Ok(told.collect())
    }

    fn followers(&self) -> Vec<Follower> {
        let settled = *self.settled.borrow();
        let trouble = self.no_day_because.borrow().clone();
        let mut followers = vec![Follower { name: "office", position: settled, trouble }];
        if let Some(emitted) = &self.emitted {
            let Emitted { position, trouble, .. } = emitted.borrow().clone();
            followers.push(Follower { name: "nats", position: position.unwrap_or(0), trouble });
        }
        followers
    }
}

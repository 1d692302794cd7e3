//! `ledge serve`: the office as a service, which emits what happens to NATS.

use std::future::pending;
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use app::{Folder, Office, no_progress};
use bus::{Emission, Emitted};
use journal::Reader;
use tokio::net::UnixStream;
use tokio::sync::{oneshot, watch};
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::day::is_meant;
use super::{contact, interrupted, opened};
use crate::cli::{Day, Global, Serve, Watch};
use crate::loan::{self, Counter};
use crate::outcome::Outcome;
use crate::output::error_text;

mod watched;

use watched::Watched;

/// How often it is looked whether a day has come.
const BETWEEN_LOOKS: Duration = Duration::from_secs(30);

/// How often the journal's end is looked for while somebody else writes.
const BETWEEN_GLANCES: Duration = Duration::from_millis(20);

const BETWEEN_TRIES: Duration = Duration::from_secs(10);

/// A command that has the office for longer than this is told of.
const A_LONG_LOAN: Duration = Duration::from_secs(300);

/// How long what is on its way to NATS is waited for on stopping.
const LAST_WORDS: Duration = Duration::from_secs(10);

pub(crate) async fn run(global: &Global, asked: Serve) -> anyhow::Result<Outcome> {
    let folder = global.parts();
    let access = asked.nats.access("ledge");
    // What is wrong with the way to NATS is said before anything begins.
    let client = match &access {
        Some(access) => Some(access.connect_when_there().await?),
        None => None,
    };
    let mut served = Served::open(global, folder, asked.no_days).await?;
    let counter = Counter::open(served.folder.dir())
        .with_context(|| format!("opening a socket in {}", served.folder.dir().display()))?;

    let mut emission = match client {
        Some(client) => Some(served.emit(client, &asked)?),
        None => None,
    };
    let watched = Arc::new(Watched {
        head: served.head.subscribe(),
        settled: served.settled.subscribe(),
        lent: served.lent.subscribe(),
        no_day_because: served.no_day_because.subscribe(),
        emitted: emission.as_ref().map(|emission| emission.emitted.clone()),
        folder: served.folder.clone(),
    });
    let pages = match asked.watch {
        Some(Watch::At(address)) => Some(watched::listen(address, watched).await?),
        Some(Watch::Nowhere) | None => None,
    };
    if !global.quiet && std::io::stderr().is_terminal() {
        error_text("ledge: the office is served; Ctrl-C ends it.");
    }
    tracing::info!(folder = %served.folder.dir().display(), nats = asked.nats.nats, "serving");

    let ended = tokio::select! {
        ended = served.work(&counter) => ended,
        () = ended_by_itself(emission.as_mut()) => Err(anyhow!("emission ended by itself, which it never should")),
    };

    tracing::info!("stopping");
    drop(counter);
    if let Some(emission) = emission.take() {
        emission.stop().await;
    }
    if let Some(pages) = pages {
        pages.abort();
    }
    served.close().await?;
    ended?;
    Ok(Outcome::Done)
}

/// The office, while it is served.
struct Served {
    global: Global,
    folder: Folder,
    no_days: bool,
    /// `None` only while it is lent.
    office: Option<Office>,
    /// The journal's last durable position, whoever writes it.
    head: Arc<watch::Sender<u64>>,
    /// Tells it.
    telling: AbortHandle,
    /// Everything up to here is in the read models, and what follows from it was asked.
    settled: watch::Sender<u64>,
    lent: watch::Sender<bool>,
    /// Why days that have come did not begin.
    no_day_because: watch::Sender<Option<String>>,
}

/// Emission at work.
struct Emitting {
    emitted: watch::Receiver<Emitted>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Served {
    async fn open(global: &Global, folder: Folder, no_days: bool) -> anyhow::Result<Self> {
        let office = opened(global, &no_progress)?;
        let head = Arc::new(watch::Sender::new(0));
        let telling = tell_head(&office, folder.reader()?, &head);
        let mut served = Self {
            global: global.clone(),
            folder,
            no_days,
            office: Some(office),
            head,
            telling,
            settled: watch::Sender::new(0),
            lent: watch::Sender::new(false),
            no_day_because: watch::Sender::new(None),
        };
        served.settle().await?;
        Ok(served)
    }

    fn emit(&self, client: subscriber::Client, asked: &Serve) -> anyhow::Result<Emitting> {
        let reader = self.folder.reader()?;
        let emission = Emission::new(reader, self.head.subscribe(), client, asked.keeping());
        let emitted = emission.watch();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(emission.run(async move {
            // Dropped is stopped, too.
            let _ = stopped.await;
        }));
        Ok(Emitting { emitted, stop, task })
    }

    /// Until somebody interrupts it, or something fails that only people can mend.
    async fn work(&mut self, counter: &Counter) -> anyhow::Result<()> {
        let mut looks = interval(BETWEEN_LOOKS);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut interrupted = std::pin::pin!(interrupted());
        loop {
            tokio::select! {
                () = &mut interrupted => return Ok(()),
                asked = counter.next() => match asked {
                    Ok(to) => {
                        tokio::select! {
                            () = &mut interrupted => return Ok(()),
                            lent = self.lend(to) => lent?,
                        }
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a command that asked for the office could not be heard");
                        sleep(BETWEEN_GLANCES).await;
                    }
                },
                _ = looks.tick() => self.begin_days().await?,
            }
        }
    }

    /// Closes the office, lets the command have it, and opens it again when it comes back.
    async fn lend(&mut self, mut to: UnixStream) -> anyhow::Result<()> {
        if let Some(office) = self.office.take() {
            office.close().await?;
        }
        self.lent.send_replace(true);
        let mut out = std::pin::pin!(loan::lend(&mut to));
        let back = loop {
            match timeout(A_LONG_LOAN, &mut out).await {
                Ok(back) => break back,
                Err(_) => tracing::warn!(
                    "a command has had the office for minutes; no day begins meanwhile"
                ),
            }
        };
        if let Err(error) = back {
            tracing::warn!(%error, "the office came back in a hurry");
        }
        let office = opened(&self.global, &no_progress)?;
        self.telling.abort();
        self.telling = tell_head(&office, self.folder.reader()?, &self.head);
        self.office = Some(office);
        self.lent.send_replace(false);
        self.settle().await
    }

    /// Lets follow what follows from all that happened.
    async fn settle(&mut self) -> anyhow::Result<()> {
        let Some(office) = &mut self.office else { return Ok(()) };
        office.settle(&no_progress).await?;
        contact::tell_unremoved(&self.global, office.unremoved());
        self.settled.send_replace(office.desk().journal().head()?);
        Ok(())
    }

    /// Begins the days that have come, where days begin at all and nothing is left for people to say first.
    async fn begin_days(&mut self) -> anyhow::Result<()> {
        let Some(office) = &mut self.office else { return Ok(()) };
        if self.no_days || office.last_day()?.is_none_or(|last| last >= office.today()) {
            self.no_day_because.send_replace(None);
            return Ok(());
        }
        let asked = Day { until: None, first: false, lapse: false };
        if let Err(refusal) = is_meant(office, &asked) {
            let why = refusal.to_string();
            if self.no_day_because.borrow().as_ref() != Some(&why) {
                tracing::warn!(why, "no day begins");
                self.no_day_because.send_replace(Some(why));
            }
            return Ok(());
        }
        let begun = office.begin_days(None, &no_progress).await?;
        self.no_day_because.send_replace(None);
        for day in &begun.days {
            tracing::info!(day = %day.on, brought = ?day.brought, "a day has begun");
        }
        self.settle().await
    }

    async fn close(self) -> anyhow::Result<()> {
        self.telling.abort();
        match self.office {
            Some(office) => Ok(office.close().await?),
            None => Ok(()),
        }
    }
}

impl Emitting {
    /// Waits for what is on its way, but not for ever: it is emitted at the next start.
    async fn stop(self) {
        drop(self.stop);
        if self.task.is_finished() {
            return;
        }
        if timeout(LAST_WORDS, self.task).await.is_err() {
            tracing::warn!(
                "NATS did not acknowledge what was on its way; it is emitted at the next start"
            );
        }
    }
}

async fn ended_by_itself(emission: Option<&mut Emitting>) {
    match emission {
        Some(emission) => {
            if let Err(error) = (&mut emission.task).await {
                tracing::error!(%error, "emission broke down");
            }
        }
        None => pending().await,
    }
}

/// Tells the journal's end as long as this office writes, and then as somebody else does.
fn tell_head(office: &Office, reader: Reader, head: &Arc<watch::Sender<u64>>) -> AbortHandle {
    let (mut own, mut reader, head) = (office.recorded(), reader, Arc::clone(head));
    let told = move |now: u64| {
        head.send_if_modified(|head| now > std::mem::replace(head, now.max(*head)));
    };
    tokio::spawn(async move {
        loop {
            told(*own.borrow_and_update());
            if own.changed().await.is_err() {
                break;
            }
        }
        loop {
            match reader.changed().and_then(|_| reader.head()) {
                Ok(now) => told(now),
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be read; nothing is emitted");
                    sleep(BETWEEN_TRIES).await;
                }
            }
            sleep(BETWEEN_GLANCES).await;
        }
    })
    .abort_handle()
}

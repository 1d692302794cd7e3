//! Progress on standard error, for anything a person waits for.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::cli::Global;

/// What is done sooner shows nothing at all: a bar that flashes by tells nobody anything.
const PATIENCE: Duration = Duration::from_millis(300);

/// How long something has to go on before its rate says when it will be done.
const BEFORE_A_GUESS: Duration = Duration::from_secs(3);

/// Less than this is not worth saying.
const WORTH_SAYING: Duration = Duration::from_secs(2);

/// Shows how far something is; nothing where nobody looks (a pipe, `--quiet`, `--json`).
pub(crate) struct Bar(Option<Shown>);

struct Shown {
    bar: ProgressBar,
    /// Dropped when the work is done, which ends the thread that waits to show the bar.
    working: Option<Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Bar {
    pub(crate) fn new(global: &Global) -> Self {
        let shown = std::io::stderr().is_terminal() && !global.quiet && !global.json;
        Self(shown.then(Shown::after_a_while))
    }

    pub(crate) fn tell(&self, what: &str, done: u64, total: u64) {
        let Some(Shown { bar, .. }) = &self.0 else { return };
        if bar.message() != what {
            bar.reset();
            bar.set_message(what.to_owned());
        }
        bar.set_length(total);
        bar.set_position(done);
    }
}

impl Shown {
    fn after_a_while() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) =
            ProgressStyle::with_template("{msg:>22} {bar:30} {human_pos}/{human_len}{left}")
        {
            bar.set_style(style.with_key("left", time_left));
        }
        let (working, done) = mpsc::channel::<()>();
        let later = bar.clone();
        let waiting = thread::spawn(move || {
            if done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                later.set_draw_target(ProgressDrawTarget::stderr());
                later.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Self { bar, working: Some(working), waiting: Some(waiting) }
    }
}

/// `, about 12 s left`, once there is something to judge it by.
fn time_left(state: &ProgressState, out: &mut dyn Write) {
    let left = state.eta();
    if state.elapsed() >= BEFORE_A_GUESS && left >= WORTH_SAYING {
        // A bar that cannot be written is shown without it.
        let _ = write!(out, ", about {} s left", left.as_secs());
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(self.working.take());
        if let Some(waiting) = self.waiting.take() {
            // A thread that panicked showed nothing.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}

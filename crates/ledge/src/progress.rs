//! Progress on standard error, for anything a person waits for.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Global;

/// Shows how far something is; nothing where nobody looks (a pipe, `--quiet`, `--json`).
pub(crate) struct Bar(Option<Mutex<ProgressBar>>);

impl Bar {
    pub(crate) fn new(global: &Global) -> Self {
        let shown = std::io::stderr().is_terminal() && !global.quiet && !global.json;
        Self(shown.then(|| {
            let bar = ProgressBar::no_length();
            if let Ok(style) =
                ProgressStyle::with_template("{msg:>20} {bar:30} {human_pos}/{human_len} {eta}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(100));
            Mutex::new(bar)
        }))
    }

    pub(crate) fn tell(&self, what: &str, done: u64, total: u64) {
        let Some(bar) = self.0.as_ref().and_then(|bar| bar.lock().ok()) else { return };
        if bar.message() != what {
            bar.reset();
            bar.set_message(what.to_owned());
        }
        bar.set_length(total);
        bar.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.0.as_ref().and_then(|bar| bar.lock().ok()) {
            bar.finish_and_clear();
        }
    }
}

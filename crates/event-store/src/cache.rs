use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use cqrs_es::Aggregate;

use crate::known::Known;
use crate::locked::locked;

/// Aggregates of every kind that were used lately.
///
/// Whoever uses one takes it out, and puts it back only when it is still what its stream says: forgetting is what
/// happens by itself, at a refusal, an error, a panic or an abandoned call.
pub(crate) struct Cache {
    limits: Limits,
    shelf: Mutex<Shelf>,
}

/// What the cache holds at most; one aggregate heavier than `bytes` is not held at all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) aggregates: usize,
    /// Bytes, as [`Known::weight`] estimates them.
    pub(crate) bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { aggregates: 100_000, bytes: 128 << 20 }
    }
}

#[derive(Default)]
struct Shelf {
    kept: HashMap<Arc<str>, Kept>,
    /// By when they were put back, longest ago first.
    order: BTreeMap<u64, Arc<str>>,
    puts: u64,
    bytes: usize,
}

struct Kept {
    known: Box<dyn Any + Send>,
    bytes: usize,
    put: u64,
}

impl Cache {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, shelf: Mutex::default() }
    }

    pub(crate) fn take<A: Aggregate + 'static>(&self, stream: &str) -> Option<Box<Known<A>>> {
        let kept = locked(&self.shelf).remove(stream)?;
        kept.known.downcast().ok()
    }

    pub(crate) fn put<A: Aggregate + 'static>(&self, stream: Arc<str>, known: Box<Known<A>>) {
        let bytes = known.weight();
        if bytes > self.limits.bytes {
            locked(&self.shelf).remove(&stream);
            return;
        }
        // Dropped after the lock is given back: a heavy state takes its time.
        let mut forgotten = Vec::new();
        let mut shelf = locked(&self.shelf);
        forgotten.extend(shelf.remove(&stream));
        shelf.insert(stream, known, bytes);
        while shelf.kept.len() > self.limits.aggregates || shelf.bytes > self.limits.bytes {
            forgotten.extend(shelf.remove_oldest());
        }
        drop(shelf);
    }
}

impl Shelf {
    fn insert(&mut self, stream: Arc<str>, known: Box<dyn Any + Send>, bytes: usize) {
        self.puts += 1;
        self.bytes += bytes;
        self.order.insert(self.puts, Arc::clone(&stream));
        self.kept.insert(stream, Kept { known, bytes, put: self.puts });
    }

    fn remove(&mut self, stream: &str) -> Option<Kept> {
        let kept = self.kept.remove(stream)?;
        self.order.remove(&kept.put);
        self.bytes -= kept.bytes;
        Some(kept)
    }

    fn remove_oldest(&mut self) -> Option<Kept> {
        let (_, stream) = self.order.pop_first()?;
        let kept = self.kept.remove(&stream)?;
        self.bytes -= kept.bytes;
        Some(kept)
    }
}

#[cfg(test)]
mod tests {
    use cqrs_es::{DomainEvent, event_sink::EventSink};
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Default, Deserialize, Serialize)]
    struct Stone<const KIND: u8>;

    #[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
    struct Nothing;

    impl DomainEvent for Nothing {
        fn event_type(&self) -> String {
            "Nothing".to_owned()
        }

        fn event_version(&self) -> String {
            "1".to_owned()
        }
    }

    impl<const KIND: u8> Aggregate for Stone<KIND> {
        const TYPE: &'static str = "tests.stone";
        type Command = ();
        type Event = Nothing;
        type Error = std::fmt::Error;
        type Services = ();

        async fn handle(
            &mut self,
            (): (),
            (): &(),
            _: &EventSink<Self>,
        ) -> Result<(), Self::Error> {
            Ok(())
        }

        fn apply(&mut self, _: Nothing) {}
    }

    fn put(cache: &Cache, stream: &str, version: u64, payloads: usize) {
        let mut known = Box::new(Known::<Stone<1>>::default());
        let answer = crate::answers::Answer { position: version, version, events: 1 };
        known.committed(kernel::CommandId::derived(&[stream]), answer, payloads);
        cache.put(stream.into(), known);
    }

    fn take(cache: &Cache, stream: &str) -> Option<u64> {
        cache.take::<Stone<1>>(stream).map(|known| known.head.version)
    }

    #[test]
    fn what_is_taken_is_gone_until_it_is_put_back() {
        let cache = Cache::new(Limits::default());
        put(&cache, "a", 1, 0);
        put(&cache, "a", 2, 0);
        assert_eq!((take(&cache, "a"), take(&cache, "a")), (Some(2), None));
        assert_eq!(locked(&cache.shelf).bytes, 0);
    }

    #[test]
    fn the_one_put_back_longest_ago_goes_first() {
        let cache = Cache::new(Limits { aggregates: 2, bytes: usize::MAX });
        put(&cache, "a", 1, 0);
        put(&cache, "b", 1, 0);
        put(&cache, "a", 2, 0);
        put(&cache, "c", 1, 0);
        assert_eq!(
            (take(&cache, "a"), take(&cache, "b"), take(&cache, "c")),
            (Some(2), None, Some(1))
        );
    }

    #[test]
    fn heavy_ones_make_room_and_the_heaviest_are_not_kept() {
        let cache = Cache::new(Limits { aggregates: 100, bytes: 10_000 });
        for stream in ["a", "b", "c", "d"] {
            put(&cache, stream, 1, 3000);
        }
        assert!(locked(&cache.shelf).bytes <= 10_000);
        assert_eq!((take(&cache, "a"), take(&cache, "d")), (None, Some(1)));
        put(&cache, "b", 2, 10_001);
        assert_eq!((take(&cache, "b"), take(&cache, "c")), (None, Some(1)));
    }

    #[test]
    fn another_kind_with_the_same_name_is_not_found() {
        let cache = Cache::new(Limits::default());
        put(&cache, "a", 1, 0);
        assert!(cache.take::<Stone<2>>("a").is_none());
    }
}

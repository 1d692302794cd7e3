//! Chance that a run can be given again: its seed is printed, and taken from `LEDGE_SEED`.

use std::hash::{BuildHasher, RandomState};

/// Numbers that follow from a seed (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    /// Of the seed that is named, or of another one in every run.
    #[track_caller]
    pub(crate) fn of_this_run() -> Self {
        let named = std::env::var("LEDGE_SEED").map(|seed| seed.parse().unwrap());
        let seed = named.unwrap_or_else(|_| RandomState::new().hash_one("a seed"));
        eprintln!("LEDGE_SEED={seed}");
        Self(seed)
    }

    /// A number below `below`.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below.max(1)
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let numbers = |seed| {
        let mut chance = Chance(seed);
        [(); 8].map(|()| chance.below(1_000_000))
    };
    assert_eq!(numbers(7), numbers(7));
    assert_ne!(numbers(7), numbers(8));
    assert_eq!(Chance(7).below(0), 0);
}

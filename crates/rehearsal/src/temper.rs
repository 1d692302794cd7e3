use kernel::Urn;

/// What a school does of its own accord: the same for the same seed, school and matter, whenever it is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Temper {
    pub(crate) seed: u64,
}

impl Temper {
    /// A number below `below`, in a matter of a year.
    pub(crate) fn draw(self, urn: Urn, matter: &str, year: i32, below: u32) -> u32 {
        let matter = matter.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let year = u64::from(year.unsigned_abs());
        let mixed = [u64::from(urn.number()), matter, year].into_iter().fold(self.seed, mix);
        // The bias is below one in 2^32 / below.
        (((mixed >> 32) * u64::from(below)) >> 32) as u32
    }

    /// Whether it falls among so many of a hundred.
    pub(crate) fn percent(self, urn: Urn, matter: &str, year: i32, percent: u32) -> bool {
        self.draw(urn, matter, year, 100) < percent
    }
}

/// SplitMix64's finisher over the two numbers.
fn mix(hash: u64, word: u64) -> u64 {
    let mut z = hash.wrapping_add(word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_spread_and_the_same_everywhere() {
        let temper = Temper { seed: 2018 };
        let urn = |number: u32| -> Urn { number.to_string().parse().unwrap() };
        let drawn: Vec<u32> =
            (0..1_000).map(|n| temper.draw(urn(100_000 + 6 * n), "apply", 2018, 10)).collect();
        for tenth in 0..10 {
            let often = drawn.iter().filter(|one| **one == tenth).count();
            assert!((60..140).contains(&often), "{tenth}: {often}");
        }
        let first: Vec<u32> = drawn.into_iter().take(8).collect();
        assert_eq!(first, [3, 5, 1, 0, 3, 6, 1, 6]);
    }
}

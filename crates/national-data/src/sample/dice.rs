use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Chance, the same on every platform: whole numbers, and floating point only where IEEE 754 fixes every bit
/// (`+ - * /` and the square root; no logarithms or sines, which differ between libraries).
pub(super) struct Dice(ChaCha8Rng);

/// What is drawn.  Each has a stream of its own, so that (say) adding the primaries leaves every result as it was.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Secondaries = 1,
    Primaries = 2,
    Inspections = 3,
    PrimaryInspections = 4,
    Links = 5,
    Cover = 6,
    TwoYears = 7,
    LaterInspections = 8,
    LaterCover = 9,
    /// The examinations of the summer of `2000 + n` have stream `100 + n`.
    Results = 100,
}

impl Dice {
    pub(super) fn new(seed: u64, stream: Stream) -> Self {
        Self::numbered(seed, stream as u64)
    }

    pub(super) fn for_results(seed: u64, examined_in: i32) -> Self {
        Self::numbered(seed, Stream::Results as u64 + u64::from(examined_in.unsigned_abs() % 100))
    }

    fn numbered(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut chacha = ChaCha8Rng::from_seed(key);
        chacha.set_stream(stream);
        Self(chacha)
    }

    /// 0 up to, but not, `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        // The bias is below one in 2^32 / end, which no sample can show.
        ((u64::from(self.0.next_u32()) * u64::from(end)) >> 32) as u32
    }

    /// `first` to `last`, both included.
    pub(super) fn between(&mut self, first: i32, last: i32) -> i32 {
        first + self.below((last - first + 1).unsigned_abs()) as i32
    }

    pub(super) fn chance(&mut self, per_thousand: u32) -> bool {
        self.below(1000) < per_thousand
    }

    /// One of some things, of which there is at least one.
    pub(super) fn pick<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len() as u32) as usize]
    }

    /// One of some things, each as often as its weight says; there is at least one, and a weight above 0.
    pub(super) fn weighed<T: Copy>(&mut self, things: &[(u32, T)]) -> T {
        let mut left = self.below(things.iter().map(|(weight, _)| weight).sum());
        for (weight, thing) in things {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return *thing,
            }
        }
        things[0].1
    }

    /// About normally distributed, mean 0 and standard deviation 1: the sum of twelve uniform numbers.
    pub(super) fn normal(&mut self) -> f64 {
        let mut sum = 0_i64;
        for _ in 0..3 {
            let word = self.0.next_u64();
            sum += (0..4).map(|lane| ((word >> (16 * lane)) & 0xffff) as i64).sum::<i64>();
        }
        (sum as f64 - 12.0 * 32_767.5) / 65_536.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_has_mean_0_and_deviation_1() {
        let mut dice = Dice::new(7, Stream::Secondaries);
        let drawn: Vec<f64> = (0..20_000).map(|_| dice.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let variance = drawn.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.04, "{variance}");
    }

    #[test]
    fn weights_are_kept_and_0_is_never() {
        let mut dice = Dice::new(7, Stream::Links);
        let drawn: Vec<char> =
            (0..4_000).map(|_| dice.weighed(&[(3, 'a'), (0, 'b'), (1, 'c')])).collect();
        let often = drawn.iter().filter(|letter| **letter == 'a').count();
        assert!((2_850..3_150).contains(&often), "{often}");
        assert!(!drawn.contains(&'b'));
    }

    /// Written down once: another platform, or another release of a library, must draw the same.
    #[test]
    fn the_draws_are_the_same_everywhere() {
        let mut dice = Dice::new(2018, Stream::Secondaries);
        let drawn: Vec<u32> = (0..6).map(|_| dice.below(1000)).collect();
        assert_eq!(drawn, [141, 273, 881, 866, 372, 125]);
    }
}

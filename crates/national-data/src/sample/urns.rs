use super::school::{School, day};

/// Deals out the URNs: old schools first, by authority, then the newer ones as they opened.  Each school of the tables
/// has a block of six numbers to itself, and primary schools take what is left of the blocks, so that a nation with
/// primaries has the same numbers for all the others.
pub(super) fn deal_out(schools: &mut [School], before_primaries: usize) {
    const FIRST: u32 = 100_000;
    const BLOCK: u32 = 6;
    let (others, primaries) = schools.split_at_mut(before_primaries);
    let order = |schools: &[School]| {
        let mut order: Vec<usize> = (0..schools.len()).collect();
        order.sort_by_key(|index| {
            let school = &schools[*index];
            let since = school.opened.filter(|opened| *opened >= day(2003, 1, 1));
            (since, if since.is_none() { school.site.authority } else { 0 }, *index)
        });
        order
    };
    let own = |block: u32| FIRST + BLOCK * block + block * 5 % BLOCK;
    for (block, index) in (0..).zip(order(others)) {
        others[index].urn = own(block);
    }
    let mut left = (0_u32..).flat_map(|block| {
        (0..BLOCK)
            .map(move |place| FIRST + BLOCK * block + place)
            .filter(move |urn| *urn != own(block))
    });
    for index in order(primaries) {
        primaries[index].urn = left.next().unwrap_or(0);
    }
}

//! Reading fixed fields from the front of a record.

/// The first `N` bytes of `from`, which is left behind them; nothing, when there are fewer.
pub(crate) fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = from.split_first_chunk::<N>()?;
    *from = rest;
    Some(*head)
}

use std::sync::Arc;

use cqrs_es::Aggregate;

use crate::Failure;

/// The name of an aggregate's stream: `schools.school.100003`.
///
/// An id becomes a subject's token and a part of file names elsewhere, so it has none of their signs.
pub(crate) fn name<A: Aggregate>(id: &str) -> Result<Arc<str>, Failure> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if id.is_empty() || id.len() > 128 || !id.bytes().all(plain) {
        return Err(Failure::BadId { kind: A::TYPE, id: id.to_owned() });
    }
    let mut name = String::with_capacity(A::TYPE.len() + 1 + id.len());
    name.push_str(A::TYPE);
    name.push('.');
    name.push_str(id);
    Ok(name.into())
}

/// The id in a name made by [`name`].
pub(crate) fn id<A: Aggregate>(stream: &str) -> &str {
    stream.strip_prefix(A::TYPE).and_then(|rest| rest.strip_prefix('.')).unwrap_or(stream)
}

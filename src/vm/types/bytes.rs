//! `bytes`: the payload; methods follow.

use snakelet_macros::native_type;


/// The payload of bytes objects.
#[native_type(name = "bytes", flags(subclassable, match_self))]
pub struct Bytes {
    bytes: Box<[u8]>,
    /// The hash, 0 while not computed.
    pub(crate) hash: std::cell::Cell<u64>,
}

impl Bytes {
    pub fn new(bytes: Vec<u8>) -> Bytes {
        Bytes { bytes: bytes.into(), hash: std::cell::Cell::new(0) }
    }

    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }
}

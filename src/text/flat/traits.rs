//! The standard traits of `Text`.

use super::{Text, layout};
use alloc::alloc::handle_alloc_error;
use alloc::string::String;
use core::cmp::Ordering;

impl Clone for Text {
    /// Aborts when memory is out; user data goes through [`Text::try_clone`].
    fn clone(&self) -> Text {
        self.try_clone().unwrap_or_else(|_| handle_alloc_error(layout(self.len, self.kind)))
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::new()
    }
}

impl From<&str> for Text {
    fn from(s: &str) -> Text {
        Text::from_str(s)
    }
}

impl From<String> for Text {
    fn from(s: String) -> Text {
        Text::from_str(&s)
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Text) -> bool {
        self.equals(other)
    }
}

impl Text {
    /// `==` without a call, for look-ups, where little else happens.
    #[inline(always)]
    pub fn equals(&self, other: &Text) -> bool {
        self.len == other.len && self.kind == other.kind && equal_bytes(self.as_raw_bytes(), other.as_raw_bytes())
    }
}

/// Whether two slices of the same length are equal. Words and names are short: a call of `memcmp` costs more than they do,
/// so that up to 16 bytes are compared as two numbers, which overlap.
#[inline(always)]
fn equal_bytes(left: &[u8], right: &[u8]) -> bool {
    fn ends<const N: usize>(bytes: &[u8]) -> (Option<&[u8; N]>, Option<&[u8; N]>) {
        (bytes.first_chunk(), bytes.last_chunk())
    }
    match left.len() {
        0 => true,
        1 => left[0] == right[0],
        2..4 => ends::<2>(left) == ends(right),
        4..8 => ends::<4>(left) == ends(right),
        8..=16 => ends::<8>(left) == ends(right),
        _ => left == right,
    }
}

impl Eq for Text {}

impl core::hash::Hash for Text {
    /// For Rust's own maps; what Python sees is the method [`Text::hash`].
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        state.write(self.as_raw_bytes());
        state.write_u8(self.kind() as u8);
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        match self.as_str_if_ascii() {
            Some(s) => s == other,
            None => self.iter().eq(other.chars().map(u32::from)),
        }
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl Ord for Text {
    /// By code point.
    fn cmp(&self, other: &Text) -> Ordering {
        self.units().cmp(&other.units())
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl core::fmt::Debug for Text {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Debug::fmt(&*self.to_utf8_lossy(), f)
    }
}

impl core::fmt::Display for Text {
    /// Lone surrogates print as U+FFFD.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.to_utf8_lossy())
    }
}

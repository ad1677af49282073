//! `Text`: flat code units of one width, always the narrowest that holds every code point (PEP 393).
//!
//! Invariants, on which all of the crate relies:
//! - `kind` is `Kind::of` the largest code point (`Ascii` for the empty text), so two equal texts have equal bytes;
//! - every unit is a code point below 0x110000; lone surrogates are allowed;
//! - `cap == 0` means that the units are not owned: empty, or static data that is never written to or freed;
//! - otherwise `ptr` came from the global allocator with the layout of `cap` units of `kind.width()` bytes.
//!
//! This file holds the crate's only `unsafe` code.

mod convert;
mod traits;

use crate::units::{Codes, Unit, Units, with_units};
use crate::{HashKey, OutOfMemory};
use alloc::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use core::ptr::NonNull;

/// The width class of a text, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// One byte per code point, all below 0x80.
    Ascii,
    /// One byte per code point, at least one of 0x80 or more.
    Latin1,
    /// Two bytes per code point, at least one of 0x100 or more.
    Ucs2,
    /// Four bytes per code point, at least one of 0x10000 or more.
    Ucs4,
}

impl Kind {
    /// The narrowest kind that holds a code point; also right for the bitwise OR of many.
    #[inline]
    pub const fn of(code: u32) -> Kind {
        if code < 0x80 {
            Kind::Ascii
        } else if code < 0x100 {
            Kind::Latin1
        } else if code < 0x10000 {
            Kind::Ucs2
        } else {
            Kind::Ucs4
        }
    }

    /// Bytes per code point: 1, 2 or 4.
    #[inline]
    pub const fn width(self) -> usize {
        match self {
            Kind::Ascii | Kind::Latin1 => 1,
            Kind::Ucs2 => 2,
            Kind::Ucs4 => 4,
        }
    }

    /// The largest code point this kind stores: what `sys.maxunicode`-like size reports call "max char".
    pub const fn max_code(self) -> u32 {
        match self {
            Kind::Ascii => 0x7f,
            Kind::Latin1 => 0xff,
            Kind::Ucs2 => 0xffff,
            Kind::Ucs4 => 0x10ffff,
        }
    }
}

/// A Python string's contents. 16 bytes on wasm32.
pub struct Text {
    ptr: NonNull<u8>,
    len: usize,
    cap: usize,
    kind: Kind,
}

// SAFETY: a `Text` owns its units (or points at static data) and has no interior mutability.
unsafe impl Send for Text {}
// SAFETY: as above.
unsafe impl Sync for Text {}

/// The largest number of units of `kind` that one allocation may hold.
const fn max_len(kind: Kind) -> usize {
    isize::MAX as usize / kind.width()
}

// Making one.
impl Text {
    /// The empty text. Allocates nothing.
    #[inline]
    pub const fn new() -> Text {
        Text { ptr: NonNull::<u32>::dangling().cast(), len: 0, cap: 0, kind: Kind::Ascii }
    }

    /// A text over static ASCII, without a copy. Panics at compile time (when used in a constant) if it is not ASCII.
    #[inline]
    pub const fn from_static(s: &'static str) -> Text {
        assert!(s.is_ascii(), "Text::from_static takes ASCII only");
        // SAFETY: a reference's pointer is never null. The data is static and `cap == 0` keeps it from being written.
        let ptr = unsafe { NonNull::new_unchecked(s.as_ptr().cast_mut()) };
        Text { ptr, len: s.len(), cap: 0, kind: Kind::Ascii }
    }

    /// An empty text with room for `cap` code points below 0x100; wider ones move it when they come.
    pub fn with_capacity(cap: usize) -> Result<Text, OutOfMemory> {
        Text::allocate(cap, Kind::Ascii)
    }

    /// An empty text with room for `cap` code points of `kind`, at least one of which the caller writes.
    pub(crate) fn with_capacity_for(cap: usize, kind: Kind) -> Result<Text, OutOfMemory> {
        Text::allocate(cap, kind)
    }

    /// Uninitialised room of exactly `cap` units, `len` still 0. The caller must write a code point of `kind` for the
    /// narrowness invariant to hold.
    fn allocate(cap: usize, kind: Kind) -> Result<Text, OutOfMemory> {
        if cap == 0 {
            return Ok(Text { kind, ..Text::new() });
        }
        if cap > max_len(kind) {
            return Err(OutOfMemory);
        }
        // SAFETY: the size is not zero, and at most `isize::MAX` by the check above.
        let ptr = unsafe { alloc(layout(cap, kind)) };
        let ptr = NonNull::new(ptr).ok_or(OutOfMemory)?;
        Ok(Text { ptr, len: 0, cap, kind })
    }

    /// Copies a Rust string. Aborts when memory is out: for text of the program itself; user data takes
    /// [`Text::try_from_str`].
    #[expect(clippy::should_implement_trait, reason = "infallible, unlike FromStr, and wanted without an import")]
    pub fn from_str(s: &str) -> Text {
        Text::try_from_str(s).unwrap_or_else(|_| handle_alloc_error(Layout::for_value(s)))
    }

    /// Copies a Rust string.
    pub fn try_from_str(s: &str) -> Result<Text, OutOfMemory> {
        let bytes = s.as_bytes();
        if bytes.is_ascii() {
            return Text::from_units_as(Units::One(bytes), Kind::Ascii);
        }
        let mut text = Text::new();
        text.push_wide_str(s)?;
        Ok(text)
    }

    /// One code point (larger than 0x10ffff becomes U+FFFD). Those below 0x100 allocate nothing.
    pub fn from_code(code: u32) -> Result<Text, OutOfMemory> {
        if let Some(unit) = LATIN1.get(code as usize) {
            return Ok(Text { ptr: NonNull::from(unit), len: 1, cap: 0, kind: Kind::of(code) });
        }
        let code = if code < 0x110000 { code } else { 0xfffd };
        let mut text = Text::allocate(1, Kind::of(code))?;
        // SAFETY: room for one unit of the right kind was just reserved.
        unsafe { text.write_next(code) };
        Ok(text)
    }

    /// Copies a view, narrowed as far as it goes.
    pub fn from_units(units: Units<'_>) -> Result<Text, OutOfMemory> {
        Text::from_units_as(units, units.kind())
    }

    /// Copies a view whose kind is known.
    fn from_units_as(units: Units<'_>, kind: Kind) -> Result<Text, OutOfMemory> {
        let mut text = Text::allocate(units.len(), kind)?;
        // SAFETY: `units.len()` units were reserved, and `kind` holds them all.
        unsafe { text.write_units(units) };
        Ok(text)
    }

    /// ASCII bytes, each mapped to another ASCII byte.
    pub(crate) fn map_ascii(bytes: &[u8], map: impl Fn(usize, u8) -> u8) -> Result<Text, OutOfMemory> {
        let mut text = Text::allocate(bytes.len(), Kind::Ascii)?;
        for (i, &byte) in bytes.iter().enumerate() {
            // SAFETY: `bytes.len()` units were reserved; the mask keeps each one ASCII.
            unsafe { text.ptr.as_ptr().add(i).write(map(i, byte) & 0x7f) };
        }
        text.len = bytes.len();
        Ok(text)
    }

    /// A copy that reports running out of memory.
    pub fn try_clone(&self) -> Result<Text, OutOfMemory> {
        if self.cap == 0 {
            return Ok(Text { ptr: self.ptr, len: self.len, cap: 0, kind: self.kind });
        }
        Text::from_units_as(self.units(), self.kind)
    }
}

/// Every one-byte character in order, so that one-character texts need no allocation.
static LATIN1: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut i = 0;
    while i < 256 {
        bytes[i] = i as u8;
        i += 1;
    }
    bytes
};

// Looking at it.
impl Text {
    /// Length in code points.
    #[inline]
    pub const fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The narrowest kind that holds this text.
    #[inline]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    #[inline]
    pub const fn is_ascii(&self) -> bool {
        matches!(self.kind, Kind::Ascii)
    }

    /// Bytes owned on the heap.
    pub const fn heap_size(&self) -> usize {
        self.cap * self.kind.width()
    }

    /// The units as a typed slice.
    #[inline]
    pub const fn units(&self) -> Units<'_> {
        // SAFETY: `ptr` points at `len` initialised units of `kind`, aligned for them (static data is one byte wide;
        // the empty text dangles at alignment 4).
        unsafe {
            match self.kind {
                Kind::Ascii | Kind::Latin1 => Units::One(core::slice::from_raw_parts(self.ptr.as_ptr(), self.len)),
                Kind::Ucs2 => Units::Two(core::slice::from_raw_parts(self.ptr.as_ptr().cast(), self.len)),
                Kind::Ucs4 => Units::Four(core::slice::from_raw_parts(self.ptr.as_ptr().cast(), self.len)),
            }
        }
    }

    /// The units' bytes in memory order. Equal texts have equal bytes.
    #[inline]
    pub fn as_raw_bytes(&self) -> &[u8] {
        // SAFETY: `len` initialised units of `width` bytes each.
        unsafe { core::slice::from_raw_parts(self.ptr.as_ptr(), self.len * self.kind.width()) }
    }

    /// The code point at an index.
    #[inline]
    pub fn get(&self, index: usize) -> Option<u32> {
        self.units().get(index)
    }

    #[inline]
    pub fn iter(&self) -> Codes<'_> {
        self.units().iter()
    }

    /// The text as a Rust string, if it is ASCII. No copy.
    #[inline]
    pub fn as_str_if_ascii(&self) -> Option<&str> {
        // SAFETY: kind `Ascii` means that every byte is below 0x80.
        self.is_ascii().then(|| unsafe { core::str::from_utf8_unchecked(self.as_raw_bytes()) })
    }

    /// Keyed hash, equal for equal texts, and equal to [`crate::hash_bytes`] of the same ASCII. 0 for the empty text.
    #[inline]
    pub fn hash(&self, key: HashKey) -> u64 {
        crate::hash_bytes(key, self.as_raw_bytes())
    }
}

// New ones from old ones.
impl Text {
    /// `self[start:stop]` for indices already clipped: `start <= stop <= len`. Out-of-range indices are clipped.
    pub fn slice(&self, start: usize, stop: usize) -> Result<Text, OutOfMemory> {
        let stop = stop.min(self.len);
        let start = start.min(stop);
        if stop - start == self.len {
            return self.try_clone();
        }
        let units = self.units().slice(start, stop);
        if stop - start == 1 {
            return Text::from_code(units.at(0));
        }
        if self.is_ascii() { Text::from_units_as(units, Kind::Ascii) } else { Text::from_units(units) }
    }

    /// `count` code points from `start`, `step` apart; the caller has resolved the slice, so that all are in range.
    /// Indices out of range end the result early.
    pub fn slice_step(&self, start: usize, step: isize, count: usize) -> Result<Text, OutOfMemory> {
        if step == 1 {
            return self.slice(start, start.saturating_add(count));
        }
        let stride = step.unsigned_abs().max(1);
        let room = match start < self.len {
            false => 0,
            true if step > 0 => (self.len - 1 - start) / stride + 1,
            true => start / stride + 1,
        };
        let count = count.min(room);
        let index = |i: usize| if step > 0 { start + i * stride } else { start - i * stride };
        with_units!(self.units(), s => {
            let codes = (0..count).map(|i| s[index(i)].code());
            let kind = if self.is_ascii() { Kind::Ascii } else { Kind::of(codes.clone().fold(0, |all, code| all | code)) };
            let mut text = Text::allocate(count, kind)?;
            // SAFETY: `count` units were reserved, and `kind` holds them all.
            unsafe { text.write_codes(codes) };
            Ok(text)
        })
    }

    /// `self + other`.
    pub fn concat(&self, other: &Text) -> Result<Text, OutOfMemory> {
        let len = self.len.checked_add(other.len).ok_or(OutOfMemory)?;
        let mut text = Text::allocate(len, self.kind.max(other.kind))?;
        // SAFETY: room for both was reserved, in the wider of their kinds.
        unsafe {
            text.write_units(self.units());
            text.write_units(other.units());
        }
        Ok(text)
    }

    /// `self * count`.
    pub fn repeat(&self, count: usize) -> Result<Text, OutOfMemory> {
        let len = self.len.checked_mul(count).ok_or(OutOfMemory)?;
        if len == 0 {
            return Ok(Text::new());
        }
        let mut text = Text::allocate(len, self.kind)?;
        let width = self.kind.width();
        if self.len == 1 && width == 1 {
            // SAFETY: `len` bytes were reserved.
            unsafe { text.ptr.as_ptr().write_bytes(self.units().at(0) as u8, len) };
        } else {
            // SAFETY: `len` units were reserved; each copy reads the `done` bytes already written and writes as many
            // after them, at most to the end.
            unsafe {
                text.write_units(self.units());
                let (mut done, total) = (self.len * width, len * width);
                while done < total {
                    let more = done.min(total - done);
                    core::ptr::copy_nonoverlapping(text.ptr.as_ptr(), text.ptr.as_ptr().add(done), more);
                    done += more;
                }
            }
        }
        text.len = len;
        Ok(text)
    }
}

// Growing in place.
impl Text {
    /// Makes room for `extra` more code points, of the present width.
    pub fn reserve(&mut self, extra: usize) -> Result<(), OutOfMemory> {
        self.make_room(extra, Kind::Ascii)
    }

    /// Makes room for `extra` more code points of `kind` or narrower, one of which the caller writes next (or the
    /// narrowness invariant breaks). Grows by half at least, so that repeated appending is linear.
    #[inline]
    fn make_room(&mut self, extra: usize, kind: Kind) -> Result<(), OutOfMemory> {
        if kind.width() <= self.kind.width() && self.cap.wrapping_sub(self.len) >= extra && self.cap != 0 {
            return Ok(());
        }
        self.grow(extra, kind)
    }

    #[inline(never)]
    fn grow(&mut self, extra: usize, kind: Kind) -> Result<(), OutOfMemory> {
        if extra == 0 {
            return Ok(());
        }
        let needed = self.len.checked_add(extra).ok_or(OutOfMemory)?;
        let same_width = kind.width() <= self.kind.width();
        let wide = if same_width { self.kind } else { kind };
        let cap = if self.cap >= needed {
            self.cap
        } else {
            needed.max(self.cap.saturating_add(self.cap / 2).min(max_len(wide))).max(8)
        };
        if cap > max_len(wide) {
            return Err(OutOfMemory);
        }
        if same_width && self.cap != 0 {
            // SAFETY: `ptr` is owned with this layout, and the new size is neither zero nor above `isize::MAX`.
            let ptr = unsafe { realloc(self.ptr.as_ptr(), layout(self.cap, self.kind), cap * wide.width()) };
            self.ptr = NonNull::new(ptr).ok_or(OutOfMemory)?;
            self.cap = cap;
            return Ok(());
        }
        let mut text = Text::allocate(cap, wide)?;
        // SAFETY: `cap >= len`, and `wide` is at least our own kind.
        unsafe { text.write_units(self.units()) };
        *self = text;
        Ok(())
    }

    /// Appends a code point (below 0x110000; larger ones become U+FFFD).
    #[inline]
    pub fn push(&mut self, code: u32) -> Result<(), OutOfMemory> {
        if self.len < self.cap && code <= self.kind.max_code() {
            // SAFETY: there is room, and the code point fits.
            unsafe { self.write_next(code) };
            return Ok(());
        }
        self.push_slow(code)
    }

    #[inline(never)]
    fn push_slow(&mut self, code: u32) -> Result<(), OutOfMemory> {
        let code = if code < 0x110000 { code } else { 0xfffd };
        let kind = Kind::of(code);
        self.make_room(1, kind)?;
        self.kind = self.kind.max(kind);
        // SAFETY: room for one more was reserved, in at least its kind.
        unsafe { self.write_next(code) };
        Ok(())
    }

    /// Appends another text.
    #[inline]
    pub fn push_text(&mut self, other: &Text) -> Result<(), OutOfMemory> {
        self.push_units_as(other.units(), other.kind)
    }

    /// Appends a view.
    pub fn push_units(&mut self, units: Units<'_>) -> Result<(), OutOfMemory> {
        self.push_units_as(units, self.kind_with(units))
    }

    /// Our kind or that of some units, whichever is wider, looking at the units only if need be.
    fn kind_with(&self, units: Units<'_>) -> Kind {
        let widest = match units {
            Units::One(_) => Kind::Latin1,
            Units::Two(_) => Kind::Ucs2,
            Units::Four(_) => Kind::Ucs4,
        };
        if self.kind >= widest { self.kind } else { units.kind() }
    }

    /// Appends `self[start:stop]` of another text.
    pub fn push_slice(&mut self, other: &Text, start: usize, stop: usize) -> Result<(), OutOfMemory> {
        let units = other.units().slice(start, stop);
        let kind = if other.is_ascii() { Kind::Ascii } else { self.kind_with(units) };
        self.push_units_as(units, kind)
    }

    /// Appends a Rust string.
    pub fn push_str(&mut self, s: &str) -> Result<(), OutOfMemory> {
        if s.is_ascii() {
            return self.push_units_as(Units::One(s.as_bytes()), Kind::Ascii);
        }
        self.push_wide_str(s)
    }

    fn push_wide_str(&mut self, s: &str) -> Result<(), OutOfMemory> {
        let mut all = 0;
        let mut len = 0;
        for c in s.chars() {
            all |= c as u32;
            len += 1;
        }
        let kind = Kind::of(all);
        self.make_room(len, kind)?;
        self.kind = self.kind.max(kind);
        // SAFETY: room for all of them was reserved, in at least their kind.
        unsafe { self.write_codes(s.chars().map(u32::from)) };
        Ok(())
    }

    fn push_units_as(&mut self, units: Units<'_>, kind: Kind) -> Result<(), OutOfMemory> {
        if units.is_empty() {
            return Ok(());
        }
        self.make_room(units.len(), kind)?;
        self.kind = self.kind.max(kind);
        // SAFETY: room for all of them was reserved, in at least their kind.
        unsafe { self.write_units(units) };
        Ok(())
    }

    /// Appends a code point `count` times.
    pub fn push_repeated(&mut self, code: u32, count: usize) -> Result<(), OutOfMemory> {
        if count == 0 {
            return Ok(());
        }
        let code = if code < 0x110000 { code } else { 0xfffd };
        let kind = Kind::of(code);
        self.make_room(count, kind)?;
        self.kind = self.kind.max(kind);
        // SAFETY: room for `count` more was reserved, in at least their kind.
        unsafe { self.write_codes(core::iter::repeat_n(code, count)) };
        Ok(())
    }

    /// Gives unused capacity back, when it is much.
    pub fn shrink(&mut self) {
        if self.cap <= self.len + self.len / 4 + 32 {
            return;
        }
        if self.len == 0 {
            *self = Text::new();
            return;
        }
        // SAFETY: owned with this layout, and the new size is neither zero nor larger.
        let ptr = unsafe { realloc(self.ptr.as_ptr(), layout(self.cap, self.kind), self.len * self.kind.width()) };
        if let Some(ptr) = NonNull::new(ptr) {
            self.ptr = ptr;
            self.cap = self.len;
        }
    }

    /// Appends one unit.
    ///
    /// # Safety
    /// `len < cap`, and `code` fits `self.kind`.
    #[inline]
    unsafe fn write_next(&mut self, code: u32) {
        // SAFETY: the caller's promise; the pointer is aligned for units of `kind`.
        unsafe {
            match self.kind {
                Kind::Ascii | Kind::Latin1 => self.ptr.as_ptr().add(self.len).write(code as u8),
                Kind::Ucs2 => self.ptr.cast::<u16>().as_ptr().add(self.len).write(code as u16),
                Kind::Ucs4 => self.ptr.cast::<u32>().as_ptr().add(self.len).write(code),
            }
        }
        self.len += 1;
    }

    /// Appends code points.
    ///
    /// # Safety
    /// There is room for all of them, and they fit `self.kind`.
    unsafe fn write_codes(&mut self, codes: impl Iterator<Item = u32>) {
        /// Writes at a pointer, and counts.
        ///
        /// # Safety
        /// There is room for all code points.
        unsafe fn write<T: Unit>(to: *mut T, codes: impl Iterator<Item = u32>) -> usize {
            codes.fold(0, |i, code| {
                // SAFETY: the caller's promise.
                unsafe { to.add(i).write(T::truncate(code)) };
                i + 1
            })
        }
        // SAFETY: the caller's promise; the pointer is aligned for units of `kind`.
        self.len += unsafe {
            match self.kind {
                Kind::Ascii | Kind::Latin1 => write(self.ptr.as_ptr().add(self.len), codes),
                Kind::Ucs2 => write(self.ptr.cast::<u16>().as_ptr().add(self.len), codes),
                Kind::Ucs4 => write(self.ptr.cast::<u32>().as_ptr().add(self.len), codes),
            }
        };
    }

    /// Appends units.
    ///
    /// # Safety
    /// `len + units.len() <= cap`, every code point fits `self.kind`, and `units` is not our own storage.
    unsafe fn write_units(&mut self, units: Units<'_>) {
        // SAFETY: the caller's promise; the pointer is aligned for units of `kind`.
        unsafe {
            match self.kind {
                Kind::Ascii | Kind::Latin1 => with_units!(units, s => copy(s, self.ptr.as_ptr().add(self.len))),
                Kind::Ucs2 => with_units!(units, s => copy(s, self.ptr.cast::<u16>().as_ptr().add(self.len))),
                Kind::Ucs4 => with_units!(units, s => copy(s, self.ptr.cast::<u32>().as_ptr().add(self.len))),
            }
        }
        self.len += units.len();
    }
}

/// Copies units to another width.
///
/// # Safety
/// `to` has room for `from.len()` units, which all fit.
unsafe fn copy<A: Unit, B: Unit>(from: &[A], to: *mut B) {
    if size_of::<A>() == size_of::<B>() {
        // SAFETY: same width, room promised; a fresh or exclusively owned target never overlaps a borrowed source.
        unsafe { copy_bytes(from.as_ptr().cast(), to.cast(), size_of_val(from)) };
        return;
    }
    for (i, unit) in from.iter().enumerate() {
        // SAFETY: `i < from.len()`, for which there is room.
        unsafe { to.add(i).write(B::truncate(unit.code())) };
    }
}

/// Copies bytes. Words and names are short: up to 16 bytes are moved as two numbers, which overlap, for less than a call costs.
///
/// # Safety
/// Both are valid for `count` bytes and do not overlap.
unsafe fn copy_bytes(from: *const u8, to: *mut u8, count: usize) {
    /// Copies the first and the last bytes that make a `T`.
    unsafe fn copy_ends<T>(from: *const u8, to: *mut u8, count: usize) {
        let last = count - size_of::<T>();
        // SAFETY: the caller's promise, and that `count` is at least the size of T.
        unsafe {
            let (head, tail) = (from.cast::<T>().read_unaligned(), from.add(last).cast::<T>().read_unaligned());
            to.cast::<T>().write_unaligned(head);
            to.add(last).cast::<T>().write_unaligned(tail);
        }
    }
    // SAFETY: the caller's promise; each arm touches at most `count` bytes.
    unsafe {
        match count {
            0 => {}
            1 => to.write(from.read()),
            2..4 => copy_ends::<u16>(from, to, count),
            4..8 => copy_ends::<u32>(from, to, count),
            8..=16 => copy_ends::<u64>(from, to, count),
            _ => core::ptr::copy_nonoverlapping(from, to, count),
        }
    }
}

#[inline]
fn layout(cap: usize, kind: Kind) -> Layout {
    let width = kind.width();
    // SAFETY: 1, 2 and 4 are powers of two; sizes were checked against `isize::MAX` when first allocated.
    unsafe { Layout::from_size_align_unchecked(cap * width, width) }
}

impl Drop for Text {
    #[inline]
    fn drop(&mut self) {
        if self.cap != 0 {
            // SAFETY: owned, allocated with this layout.
            unsafe { dealloc(self.ptr.as_ptr(), layout(self.cap, self.kind)) };
        }
    }
}

#[cfg(test)]
mod tests;

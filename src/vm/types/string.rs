//! `str`: the payload and what the runtime itself needs of it; the methods are in `str_methods`.

use std::cell::Cell;

use snakelet_macros::native_type;
use snakelet_text::Text;

use crate::object::{Native, Ref, VmCell};
use crate::Value;

/// The payload of strs.
#[native_type(name = "str", flags(subclassable, match_self))]
pub struct Str {
    text: VmCell<Text>,
    /// The hash, 0 while not computed.
    hash: Cell<u64>,
    interned: Cell<bool>,
}

impl Str {
    pub fn new(text: Text) -> Str {
        Str { text: VmCell::new(text), hash: Cell::new(0), interned: Cell::new(false) }
    }

    /// A new str object.
    pub fn new_object(text: Text) -> Ref<Str> {
        Str::new(text).into_object()
    }

    #[inline(always)]
    pub fn text(&self) -> &Text {
        self.text.borrow()
    }

    /// The text for appending in place; only for a str that nobody else refers to.
    #[inline]
    pub(crate) fn text_mut(&self) -> &mut Text {
        self.hash.set(0);
        self.text.borrow_mut()
    }

    /// The hash as an unsigned number; `hash()` shows it as signed.
    #[inline]
    pub fn hash(&self) -> u64 {
        let hash = self.hash.get();
        if hash != 0 { hash } else { self.compute_hash() }
    }

    #[cold]
    fn compute_hash(&self) -> u64 {
        let hash = if self.text().is_empty() { 0 } else { self.text().hash(crate::hash::key()) };
        // -1 means an error in CPython's API and never is a hash.
        let hash = if hash == u64::MAX { u64::MAX - 1 } else { hash };
        self.hash.set(hash);
        hash
    }

    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.interned.get()
    }

    pub(crate) fn mark_interned(&self) {
        self.interned.set(true);
    }

    /// As UTF-8; lone surrogates become U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        self.text().to_utf8_lossy().into_owned()
    }
}

impl Value {
    /// A new str.
    pub fn from_text(text: Text) -> Value {
        Str::new(text).into_value()
    }

    /// A new str of this text.
    #[expect(clippy::should_implement_trait, reason = "it cannot fail")]
    pub fn from_str(text: &str) -> Value {
        Value::from_text(Text::from_str(text))
    }

    /// The text, if the value is a str (or of a subclass).
    #[inline]
    pub fn as_text(&self) -> Option<&Text> {
        Some(self.downcast::<Str>()?.text())
    }
}

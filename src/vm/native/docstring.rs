//! Documentation of natives: what their `__doc__` and `__text_signature__` answer.
//!
//! Few programs ask for it, so pages load it when one does. A text can only move out of the first download together with a
//! function that names it (`src/modules/parts.txt`): each docstring is behind a function of its own, called `native_docstring`.

use crate::{PyResult, Value, Vm};

/// The part of the runtime with all docstrings.
const PART: &str = "docs";

/// A text that documents a native function, method or attribute.
#[derive(Clone, Copy)]
pub struct Docstring(Option<fn() -> &'static str>);

impl Docstring {
    pub const NONE: Docstring = Docstring(None);

    /// `text` is a function named `native_docstring`; the macro [`docstring!`](crate::docstring) writes one.
    pub const fn new(text: fn() -> &'static str) -> Docstring {
        Docstring(Some(text))
    }

    pub fn is_none(self) -> bool {
        self.0.is_none()
    }

    /// The text, unless there is none or its part has not been loaded.
    pub(crate) fn now(self, vm: &Vm) -> Option<&'static str> {
        self.0.filter(|_| vm.host.has_part(PART)).map(|text| text())
    }

    #[cfg(test)]
    pub(crate) fn text(self) -> Option<&'static str> {
        self.0.map(|text| text())
    }

    /// The text as a str, or None. May defer.
    pub fn value(self, vm: &Vm) -> PyResult {
        let Some(text) = self.0 else { return Ok(Value::NONE) };
        if let Some(text) = self.now(vm) {
            return Ok(Value::from_str(text));
        }
        let vm_ref = vm.handle();
        Err(vm.defer(async move {
            vm_ref.load_part(PART).await?;
            Ok(Value::from_str(text()))
        }))
    }
}

/// A [`Docstring`] with this text, for declarations by hand.
#[macro_export]
macro_rules! docstring {
    ($text:literal) => {{
        fn native_docstring() -> &'static str {
            $text
        }
        $crate::native::Docstring::new(native_docstring)
    }};
}

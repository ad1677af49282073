//! Iterators that belong to no single container, and those of list and tuple.
//!
//! `sequence` has the iterators over positions, the other files one builtin type each. Iterators answer `Value::UNBOUND` at their
//! end.

mod callable;
mod enumerate;
mod filter;
mod gather;
mod map;
mod reversed;
mod sequence;
mod zip;

pub use callable::CallableIterator;
pub use enumerate::Enumerate;
pub use filter::Filter;
pub use map::Map;
pub use reversed::Reversed;
pub use sequence::{ListIterator, ListReverseIterator, SequenceIterator, TupleIterator};
pub use zip::Zip;

use crate::native::Args;
use crate::{PyResult, Value, Vm};

/// A builtin function by name, for pickling.
pub(crate) fn builtin(vm: &Vm, name: &str) -> Value {
    vm.builtins.get_text(name).unwrap_or_default()
}

impl Vm {
    /// Calls `callable` with positional arguments. May defer.
    pub(crate) fn call_plain(&self, callable: &Value, args: &[Value]) -> PyResult {
        match self.type_of(callable).slots().call {
            Some(slot) => slot(self, callable, Args::positional(args)),
            None => Err(self.type_error(format!("'{}' object is not callable", self.type_name(callable)))),
        }
    }
}

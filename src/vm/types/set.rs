//! `set` and `frozenset`: the payloads; methods follow.

use snakelet_macros::native_type;

use crate::object::VmCell;

/// The payload of sets.
#[native_type(name = "set", flags(subclassable, match_self))]
pub struct Set {
    pub table: VmCell<table::SetTable>,
}

/// The payload of frozen sets.
#[native_type(name = "frozenset", flags(subclassable, match_self))]
pub struct FrozenSet {
    pub table: VmCell<table::SetTable>,
    /// The hash, 0 while not computed.
    pub(crate) hash: std::cell::Cell<u64>,
}

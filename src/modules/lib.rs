//! Native standard modules that need no more of the runtime than its public interface, one file or folder each.

pub mod math;

use snakelet_vm::native::ModuleDef;

/// All modules of this crate, for `SessionConfig::modules`.
pub static MODULES: &[&ModuleDef] = &[&math::MODULE];

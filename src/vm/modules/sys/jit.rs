//! `sys._jit`: whether code is compiled while it runs, which it is not.

use snakelet_macros::native_module;

pub const MODULE: crate::native::ModuleDef = Jit::MODULE;

/// Declares module `sys._jit`.
struct Jit;

/// Utilities for observing just-in-time compilation.
#[native_module("_jit")]
impl Jit {
    /// Return True if the current Python executable supports JIT compilation, and False otherwise.
    #[function("is_available()")]
    fn is_available() -> bool {
        false
    }

    /// Return True if JIT compilation is enabled for the current Python process, and False otherwise.
    #[function("is_enabled()")]
    fn is_enabled() -> bool {
        false
    }

    /// Return True if the topmost Python frame is currently executing JIT code, and False otherwise.
    #[function("is_active()")]
    fn is_active() -> bool {
        false
    }
}

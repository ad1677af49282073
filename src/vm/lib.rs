//! The runtime: values, objects, the execution loop, builtin types and functions.
//!
//! Start reading at [`session`] (the embedder's interface), [`vm`] (what natives see), [`value`] and [`object`] (data), and
//! [`exec`] (the loop). Nothing here does input or output or names a web interface: whatever the outside must do is in
//! [`host`].

extern crate self as snakelet_vm;

pub mod builtins;
pub mod deferral;
pub mod embed;
pub mod errors;
pub mod exec;
mod extension;
pub mod files;
pub mod hash;
pub mod host;
pub mod import;
pub mod interpreters;
pub mod modules;
pub mod names;
pub mod native;
pub mod object;
pub mod protocol;
pub mod session;
pub mod types;
pub mod value;
pub mod vm;
pub mod zone;

pub use object::alloc;
pub use object::{Native, Ref, VmCell};
pub use value::Value;
pub use vm::{Raised, Vm, VmRef};

/// The result of what may raise.
pub type PyResult<T = Value> = Result<T, Raised>;

//! Native modules that need the insides of the interpreter. Those that get along with its public interface are in the crate
//! `snakelet-modules`.

mod abc;
mod atexit;
pub mod contextvars;
mod errno;
mod gc;
mod imp;
mod io;
mod posix;
pub mod signal;
pub mod structs;
pub mod sys;
pub mod thread;
pub mod time;
mod warnings;
mod weakref;

use crate::native::ModuleDef;

/// The native modules of this crate, `sys` and `builtins` left out, which every session has from the start.
pub static MODULES: &[&ModuleDef] = &[
    &abc::MODULE,
    &atexit::MODULE,
    &contextvars::MODULE,
    &errno::MODULE,
    &gc::MODULE,
    &imp::MODULE,
    &io::MODULE,
    &posix::MODULE,
    &signal::MODULE,
    &thread::MODULE,
    &time::MODULE,
    &warnings::MODULE,
    &weakref::MODULE,
];

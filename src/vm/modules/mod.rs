//! Native modules that need the insides of the interpreter. Those that get along with its public interface are in the crate
//! `snakelet-modules`.

mod io;
pub mod sys;

use crate::native::ModuleDef;

/// The native modules of this crate, `sys` and `builtins` left out, which every session has from the start.
pub static MODULES: &[&ModuleDef] = &[&io::MODULE];

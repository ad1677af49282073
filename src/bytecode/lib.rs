//! The instruction set, code objects and their tables.
//!
//! Everything that must agree about an instruction (compiler, loop, disassembler, verifier) comes from the one table in
//! [`instructions`]. A [`Code`] is what the compiler produces: plain data, independent of the runtime, which wraps it in
//! an object of its own with converted constants and inline caches.

mod code;
mod disassemble;
mod instructions;
mod liveness;
mod positions;
pub mod serialize;
mod verify;

pub use code::{AttrSite, Code, CodeFlags, Constant, GlobalSite, Handler, LineMark, TEMPORARY};
pub use disassemble::{disassemble, operands_text};
pub use instructions::{Instr, Op, OperandKind, Reg, flags, intrinsic};
pub use liveness::{check_liveness, check_reads, live_temporaries};
pub use num_bigint::BigInt;
pub use positions::{Position, PositionTable, PositionTableBuilder};
pub use verify::{last_register, verify};

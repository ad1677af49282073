//! Native standard modules that need no more of the runtime than its public interface, one file or folder each.

pub mod array;
pub mod ast;
pub mod binascii;
pub mod bisect;
pub mod bz2;
pub mod cmath;
pub mod codecs;
pub mod collections;
pub mod csv;
pub mod datetime;
pub mod decimal;
pub mod expat;
pub mod fetch;
pub mod functools;
pub mod hashes;
pub mod heapq;
pub mod itertools;
pub mod json;
pub mod lzma;
pub mod marshal;
pub mod math;
pub mod opcode;
pub mod operator;
pub mod pickle;
pub mod queue;
pub mod random;
pub mod select;
pub mod small;
pub mod socket;
pub mod sqlite;
pub mod sre;
pub mod statistics;
pub mod string_module;
pub mod structs;
pub mod subinterpreters;
pub mod suggestions;
mod support;
pub mod symtable;
pub mod templatelib;
pub mod tokenize;
pub mod typing;
pub mod unicodedata;
mod unpack;
pub mod zlib;
pub mod zone_data;
pub mod zstd;

use snakelet_vm::native::ModuleDef;

/// All modules of this crate, for `SessionConfig::modules`.
pub static MODULES: &[&ModuleDef] = &[
    &array::MODULE,
    ast::MODULE,
    &binascii::MODULE,
    &bisect::MODULE,
    &bz2::MODULE,
    &cmath::MODULE,
    &codecs::codecs::MODULE,
    &collections::MODULE,
    &csv::MODULE,
    &datetime::MODULE,
    &decimal::MODULE,
    &fetch::MODULE,
    &expat::MODULE,
    &functools::MODULE,
    &hashes::BLAKE2,
    &hashes::MD5,
    &hashes::SHA1,
    &hashes::SHA2,
    &hashes::SHA3,
    &heapq::MODULE,
    &itertools::MODULE,
    &lzma::MODULE,
    &marshal::MODULE,
    &json::MODULE,
    &math::MODULE,
    &opcode::MODULE,
    &operator::MODULE,
    &pickle::MODULE,
    &queue::MODULE,
    &random::MODULE,
    &select::MODULE,
    &suggestions::MODULE,
    &small::faulthandler::MODULE,
    &small::locale::MODULE,
    &small::tracemalloc::MODULE,
    &socket::MODULE,
    &sqlite::MODULE,
    &sre::MODULE,
    &statistics::MODULE,
    &string_module::string::MODULE,
    &structs::MODULE,
    &subinterpreters::MODULE,
    &symtable::SymbolTable::MODULE,
    &templatelib::templatelib::MODULE,
    &zone_data::MODULE,
    &tokenize::tokenize::MODULE,
    &typing::MODULE,
    &unicodedata::MODULE,
    &zlib::MODULE,
    &zstd::MODULE,
];

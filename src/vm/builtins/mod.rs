//! The builtin functions. Types, exceptions and constants of module `builtins` are put beside them by `import::start`.
//!
//! A file holds one function or a small family of them, as a block of `#[functions("builtins", FUNCTIONS)]`, which the list
//! below takes in.

mod any_all;
pub(crate) mod attributes;
pub(crate) mod classes;
mod evaluate;
mod importing;
pub(crate) mod input;
pub(crate) mod iteration;
mod min_max;
mod numbers;
mod open;
pub mod prepare;
pub(crate) mod print;
pub(crate) mod scopes;
mod shell;
mod size;
mod sorted;
mod sum;
mod text;

pub use evaluate::source_text;
use snakelet_macros::native_module;

/// Declares module `builtins`.
pub struct Builtins;

/// Built-in functions, types, exceptions, and other objects.
///
/// This module provides direct access to all 'built-in'
/// identifiers of Python; for example, builtins.len is
/// the full name for the built-in function len().
#[native_module("builtins", with = [
    any_all::AnyAll::FUNCTIONS,
    attributes::Attributes::FUNCTIONS,
    classes::Classes::FUNCTIONS,
    evaluate::Evaluate::FUNCTIONS,
    importing::Importing::FUNCTIONS,
    input::Input::FUNCTIONS,
    iteration::Iteration::FUNCTIONS,
    min_max::MinMax::FUNCTIONS,
    numbers::Numbers::FUNCTIONS,
    open::Open::FUNCTIONS,
    print::Print::FUNCTIONS,
    scopes::Scopes::FUNCTIONS,
    shell::Shell::FUNCTIONS,
    size::Size::FUNCTIONS,
    sorted::Sorted::FUNCTIONS,
    sum::Sum::FUNCTIONS,
    text::TextFunctions::FUNCTIONS,
])]
impl Builtins {}

pub const MODULE: crate::native::ModuleDef = Builtins::MODULE;

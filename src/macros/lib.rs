//! The attributes that declare builtin types, methods, functions and modules where they are written.
//!
//! Each attribute carries CPython's own signature text. The macros turn it into data: one static [`NativeDef`] per item
//! (name, displayed signature, doc comment, parameter table) and one thin wrapper function that hands the bound arguments to the
//! Rust function. All checking is done by ordinary functions in the runtime's `native` folder, whose header explains how to
//! declare things; the generated code only names them, always through `::snakelet_vm`.
//!
//! | file | subject |
//! |---|---|
//! | `signature.rs` | the signature text: parameters, kinds, defaults, error family, displayed form |
//! | `item.rs` | one annotated function: its attribute, its Rust parameters, its wrapper and table entry |
//! | `block.rs` | the impl blocks and modules that hold such functions |
//! | `native_type.rs` | `#[native_type]` on a payload struct |
//!
//! [`NativeDef`]: ../snakelet_vm/native/struct.NativeDef.html

use proc_macro::TokenStream;

mod block;
mod item;
mod native_type;
mod signature;

/// On a payload struct: makes it the payload of a builtin type.
///
/// `#[native_type(name = "list", module = "builtins", doc = "...", base = Object, flags(subclassable, sequence))]`.
/// `name` is required; `module` is `builtins`, `base` is `object` and the Python `__doc__` is None when absent; the flags are
/// the constants of `TypeFlags`, in small letters. `Traverse` is derived: every field is shown to the cycle collector, except those with
/// `#[skip_traverse]`. With `manual_traverse` the type implements `Traverse` itself.
#[proc_macro_attribute]
pub fn native_type(arguments: TokenStream, item: TokenStream) -> TokenStream {
    finish(native_type::expand(arguments.into(), item.into()))
}

/// On an impl block of a payload type: declares its methods, getters, slots.
///
/// `#[methods]` is the type's main block; `#[methods(with = [List::SEARCH])]` adds further blocks to it, which other files
/// declare as `#[methods(block = SEARCH)] impl List { ... }`.
#[proc_macro_attribute]
pub fn methods(arguments: TokenStream, item: TokenStream) -> TokenStream {
    finish(block::methods(arguments.into(), item.into()))
}

/// On an inline module (or an impl block of a unit struct): declares a native module.
///
/// `#[native_module("math", doc = "...", types = [Deque], with = [trigonometry::FUNCTIONS])] mod math { ... }` collects every
/// `#[function]`, `#[constant]` and the optional `#[exec]` in it and adds `pub const MODULE: ModuleDef`.
#[proc_macro_attribute]
pub fn native_module(arguments: TokenStream, item: TokenStream) -> TokenStream {
    finish(block::native_module(arguments.into(), item.into()))
}

/// On an inline module or impl block: a further part of a native module, for its `with = [...]`.
///
/// `#[functions("math", FUNCTIONS)] mod trigonometry { ... }` adds `pub const FUNCTIONS: FunctionBlock`.
#[proc_macro_attribute]
pub fn functions(arguments: TokenStream, item: TokenStream) -> TokenStream {
    finish(block::functions(arguments.into(), item.into()))
}

fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(syn::Error::into_compile_error).into()
}

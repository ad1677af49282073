//! The WebAssembly module's surface: one class, [`Interpreter`], over the machine's `Session`.
//!
//! It is kept small, since every byte of it is downloaded before the first line of Python runs, and it decides nothing: what a
//! request means, when to run and when to stop is the business of `web/runtime`. `web/runtime/raw.ts` declares the same surface
//! for TypeScript; the two change together.

mod bridge;
mod convert;
mod host;
mod interpreter;
mod proxy;
mod report;

pub use interpreter::Interpreter;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: snakelet_vm::alloc::SizeClasses = snakelet_vm::alloc::SizeClasses;

thread_local! {
    /// What the last panic said. A panic ends the instance, but its memory can still be read.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs when the module is instantiated.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        PANIC.with(|panic| {
            if let Ok(mut text) = panic.try_borrow_mut() {
                *text = Some(info.to_string());
            }
        });
    }));
}

/// The text of the panic that ended this instance, if one did.
#[wasm_bindgen(js_name = panicText)]
pub fn panic_text() -> Option<String> {
    PANIC.with(|panic| panic.try_borrow().ok().and_then(|text| text.clone()))
}

//! The WebAssembly module's surface: one class, `Interpreter`, over the machine's `Session`.

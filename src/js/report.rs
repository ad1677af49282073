//! An exception as a JavaScript object: `RawError` of `web/runtime/raw.ts`.

use js_sys::{Array, Object, Reflect};
use snakelet_vm::errors::report::{ErrorReport, FrameReport};
use wasm_bindgen::prelude::*;

/// The report with JavaScript's names.
pub fn to_js(report: &ErrorReport) -> JsValue {
    let error = Object::new();
    set(&error, "type", &report.type_name.as_str().into());
    set(&error, "message", &report.message.as_str().into());
    set(&error, "traceback", &report.traceback.as_str().into());
    let frames: Array = report.frames.iter().map(frame_to_js).collect();
    set(&error, "frames", &frames);
    if let Some(hint) = &report.hint {
        set(&error, "hint", &hint.as_str().into());
    }
    if let Some(code) = report.exit_code {
        set(&error, "exitCode", &code.into());
    }
    error.into()
}

fn frame_to_js(frame: &FrameReport) -> JsValue {
    let object = Object::new();
    set(&object, "file", &frame.file.as_str().into());
    set(&object, "name", &frame.name.as_str().into());
    for (name, number) in
        [("line", Some(frame.line)), ("col", frame.col), ("endLine", frame.end_line), ("endCol", frame.end_col)]
    {
        if let Some(number) = number {
            set(&object, name, &number.into());
        }
    }
    if let Some(source) = &frame.source {
        set(&object, "source", &source.as_str().into());
    }
    object.into()
}

/// Sets a property of an object of our own, which can't fail.
fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

//! The services that JavaScript gives at once: clocks, random bytes, and wrapping what has no counterpart there.

use snakelet_vm::host::Host;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `RawHost` of `web/runtime/raw.ts`.
    pub type JsHost;

    #[wasm_bindgen(method)]
    fn time(this: &JsHost) -> f64;

    #[wasm_bindgen(method)]
    fn monotonic(this: &JsHost) -> f64;

    #[wasm_bindgen(method)]
    fn random(this: &JsHost, buffer: &mut [u8]);

    #[wasm_bindgen(method, js_name = hasPart)]
    fn has_part(this: &JsHost, part: &str) -> bool;

    #[wasm_bindgen(method, js_name = mayFetch)]
    fn may_fetch(this: &JsHost) -> bool;

    /// What stands for an object without a counterpart: `kept` is its number among the kept values or 0.
    #[wasm_bindgen(method)]
    pub fn wrap(this: &JsHost, kept: u32, class: &str, repr: &str, abilities: u32) -> JsValue;

    /// Performs one of the operations of `web/compat/jsproxy.ts` on an object; the host itself: there is no such thing.
    #[wasm_bindgen(method, catch)]
    pub fn operate(this: &JsHost, kind: u32, target: &JsValue, a: &JsValue, b: &JsValue) -> Result<JsValue, JsValue>;

    /// The number of the kept value that an object stands for, or 0.
    #[wasm_bindgen(method, js_name = keptOf)]
    pub fn kept_of(this: &JsHost, object: &JsValue) -> u32;
}

/// The machine's view of a [`JsHost`].
pub struct Services(pub JsHost);

impl Host for Services {
    fn time(&self) -> f64 {
        self.0.time()
    }

    fn monotonic(&self) -> f64 {
        self.0.monotonic()
    }

    fn random(&self, buffer: &mut [u8]) {
        self.0.random(buffer);
    }

    fn has_part(&self, part: &str) -> bool {
        self.0.has_part(part)
    }

    fn may_fetch(&self) -> bool {
        self.0.may_fetch()
    }
}

//! `_io`: the classes of file objects, and `open`.

use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};

use crate::errors::Exc;
use crate::files::layers;
use crate::files::open::Wishes;
use crate::files::stream::{Class, IoObject, unsupported_class};
use crate::object::{Native, Ref};
use crate::types::module::Module;
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Io::MODULE;

/// Declares module `_io`.
struct Io;

/// The io module provides the Python interfaces to stream handling.
#[native_module("_io", types = [IncrementalNewlineDecoder])]
impl Io {
    #[constant("DEFAULT_BUFFER_SIZE")]
    const DEFAULT_BUFFER_SIZE: i64 = 131_072;

    /// Open file and return a stream.  Raise OSError upon failure.
    #[function(
        "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "CPython's signature")]
    async fn open(
        vm: VmRef,
        file: Value,
        mode: String,
        buffering: i64,
        encoding: Value,
        errors: Value,
        newline: Value,
        closefd: bool,
        opener: Value,
    ) -> PyResult {
        crate::files::open::open(&vm, &file, &mode, Wishes { buffering, encoding, errors, newline, closefd, opener })
            .await
    }

    /// Opens the provided file with the intent to import the contents.
    #[function("open_code(path)")]
    async fn open_code(vm: VmRef, path: Value) -> PyResult {
        let none = || Value::NONE;
        let (closefd, opener) = (true, none());
        let wishes = Wishes { buffering: -1, encoding: none(), errors: none(), newline: none(), closefd, opener };
        crate::files::open::open(&vm, &path, "rb", wishes).await
    }

    /// A helper function to choose the text encoding.
    #[function("text_encoding(encoding, stacklevel=2, /)")]
    fn text_encoding(encoding: &Value, stacklevel: i64) -> Value {
        let _ = stacklevel;
        if encoding.is_none() { Value::from_str("utf-8") } else { encoding.clone() }
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let _ = vm;
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        module.dict.set_text("_IOBase", IoObject::type_object().into_value());
        for class in Class::ALL {
            let class = class.class();
            let name = crate::object::intern::intern_value(class.name.borrow());
            module.dict.set_str(&name, class.into_value());
        }
        module.dict.set_text("UnsupportedOperation", unsupported_class().into_value());
        module.dict.set_text("BlockingIOError", Exc::BlockingIOError.class().into_value());
        Ok(())
    }
}

/// The payload of decoders that translate line ends.
#[native_type(
    name = "IncrementalNewlineDecoder",
    module = "_io",
    doc = "Codec used when reading a file in universal newlines mode.",
    flags(subclassable)
)]
struct IncrementalNewlineDecoder {
    /// None, or the decoder whose output is translated.
    decoder: Value,
    translate: bool,
    pending_cr: Cell<bool>,
    /// Kinds of line ends seen: 1 `\r`, 2 `\n`, 4 `\r\n`.
    seen: Cell<u8>,
}

#[methods]
impl IncrementalNewlineDecoder {
    #[new("IncrementalNewlineDecoder(decoder, translate, errors='strict')", text = none)]
    fn new(vm: &Vm, cls: &Value, decoder: &Value, translate: bool, errors: &Value) -> PyResult {
        let _ = errors;
        let payload = IncrementalNewlineDecoder {
            decoder: decoder.clone(),
            translate,
            pending_cr: Cell::new(false),
            seen: Cell::new(0),
        };
        vm.new_instance(cls, payload)
    }

    /// Decode input, line ends translated.
    #[method("decode(self, /, input, final=False)")]
    async fn decode(vm: VmRef, this: Ref<IncrementalNewlineDecoder>, input: Value, is_final: bool) -> PyResult {
        let decoded = if this.decoder.is_none() {
            input
        } else {
            let decode = vm.attr(&this.decoder, "decode").await?;
            vm.call(&decode, vec![input, Value::bool(is_final)]).await?
        };
        let Some(text) = decoded.as_text() else {
            let got = vm.type_name(&decoded);
            return Err(vm.type_error(format!("decoder should return a string result, not '{got}'")));
        };
        let mut codes: Vec<u32> = Vec::new();
        vm.reserve(&mut codes, text.len() + 1)?;
        if this.pending_cr.replace(false) && (!text.is_empty() || is_final) {
            codes.push('\r' as u32);
        }
        codes.extend(text.iter());
        if codes.last() == Some(&('\r' as u32)) && !is_final {
            codes.pop();
            this.pending_cr.set(true);
        }
        let (mut out, mut at, mut seen) = (Vec::with_capacity(codes.len()), 0, this.seen.get());
        while at < codes.len() {
            let code = codes[at];
            at += 1;
            if code == '\r' as u32 {
                let pair = codes.get(at) == Some(&('\n' as u32));
                seen |= if pair { 4 } else { 1 };
                if this.translate {
                    out.push('\n' as u32);
                } else {
                    out.push(code);
                    if pair {
                        out.push('\n' as u32);
                    }
                }
                at += pair as usize;
            } else {
                seen |= if code == '\n' as u32 { 2 } else { 0 };
                out.push(code);
            }
        }
        this.seen.set(seen);
        vm.new_text(snakelet_text::Text::from_code_points(&out))
    }

    /// Back to the start.
    #[method("reset(self, /)")]
    async fn reset(vm: VmRef, this: Ref<IncrementalNewlineDecoder>) -> PyResult<()> {
        this.pending_cr.set(false);
        this.seen.set(0);
        if !this.decoder.is_none() {
            let reset = vm.attr(&this.decoder, "reset").await?;
            vm.call(&reset, Vec::new()).await?;
        }
        Ok(())
    }

    #[getter("newlines")]
    fn newlines(this: &IncrementalNewlineDecoder) -> Value {
        crate::files::text::kinds_of_ends(this.seen.get())
    }

    /// What `setstate` goes on from: bytes not used yet, and flags.
    #[method("getstate(self, /)")]
    async fn getstate(vm: VmRef, this: Ref<IncrementalNewlineDecoder>) -> PyResult {
        let (mut buffer, mut flags) = (crate::files::binary::bytes(Vec::new()), 0);
        if !this.decoder.is_none() {
            let state = layers::call(&vm, &this.decoder, "getstate", Vec::new()).await?;
            let Some([below, number]) = state.downcast::<Tuple>().map(Tuple::items) else {
                return Err(vm.type_error("illegal decoder state"));
            };
            (buffer, flags) = (below.clone(), number.to_i64().unwrap_or(0));
        }
        let flags = flags << 1 | this.pending_cr.get() as i64;
        Ok(Value::from_tuple(vec![buffer, Value::from_i64(flags)]))
    }

    /// Goes on from what `getstate` gave.
    #[method("setstate(self, state, /)")]
    async fn setstate(vm: VmRef, this: Ref<IncrementalNewlineDecoder>, state: Value) -> PyResult<()> {
        let items = state.downcast::<Tuple>().map(|items| items.items().to_vec());
        let Some([buffer, flags]) = items.as_deref() else {
            return Err(vm.type_error("state argument must be a tuple"));
        };
        let Some(flags) = flags.to_i64().filter(|_| flags.is_int()) else {
            return Err(vm.type_error("illegal state argument"));
        };
        this.pending_cr.set(flags & 1 != 0);
        if !this.decoder.is_none() {
            let below = Value::from_tuple(vec![buffer.clone(), Value::from_i64(flags >> 1)]);
            layers::call(&vm, &this.decoder, "setstate", vec![below]).await?;
        }
        Ok(())
    }
}

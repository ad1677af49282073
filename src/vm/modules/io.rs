//! `_io`: the classes of file objects, and `open`.

use snakelet_macros::native_module;

use crate::errors::Exc;
use crate::files::open::Wishes;
use crate::files::stream::{Class, IoObject, unsupported_class};
use crate::object::Native;
use crate::types::module::Module;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Io::MODULE;

/// Declares module `_io`.
struct Io;

/// The io module provides the Python interfaces to stream handling.
#[native_module("_io")]
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
        let _ = (closefd, opener);
        crate::files::open::open(&vm, &file, &mode, Wishes { buffering, encoding, errors, newline }).await
    }

    /// Opens the provided file with the intent to import the contents.
    #[function("open_code(path)")]
    async fn open_code(vm: VmRef, path: Value) -> PyResult {
        let none = || Value::NONE;
        let wishes = Wishes { buffering: -1, encoding: none(), errors: none(), newline: none() };
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

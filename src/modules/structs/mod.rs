//! Module `_struct`: values as bytes, by format strings.
//!
//! `layout` parses formats, `items` packs and unpacks single items. Values whose class has to be asked for a number are converted
//! before anything is packed.

mod items;
mod layout;

use std::borrow::Cow;
use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{Args, ModuleDef, Native};
use snakelet_vm::types::buffer;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmCell, VmRef};

pub use items::{TooLarge, pack_half, unpack_half};
use layout::Layout;

use crate::support::{ClassConstant, exception, raise_text};

pub const MODULE: ModuleDef = StructModule::MODULE;

exception!(error_class, "struct", "error", "", Exception);

#[cold]
fn error(vm: &Vm, message: impl AsRef<str>) -> Raised {
    raise_text(vm, &error_class(), message)
}

/// The payload of compiled formats.
#[native_type(
    name = "Struct",
    module = "_struct",
    doc = "Struct(fmt) --> compiled struct object",
    flags(subclassable, weak_references)
)]
pub struct Struct {
    #[skip_traverse]
    layout: VmCell<std::rc::Rc<Layout>>,
    format: VmCell<Value>,
}

/// The payload of iterators over the tuples in a buffer.
#[native_type(name = "unpack_iterator", module = "_struct")]
pub struct UnpackIterator {
    #[skip_traverse]
    layout: std::rc::Rc<Layout>,
    buffer: Value,
    at: Cell<usize>,
}

/// The layout that a format describes.
fn parse(vm: &Vm, format: &Value) -> PyResult<Layout> {
    let bytes = format_bytes(vm, format)?;
    if bytes.contains(&0) {
        return Err(error(vm, "embedded null character"));
    }
    Layout::parse(&bytes).map_err(|fault| error(vm, fault.message()))
}

fn format_bytes<'a>(vm: &Vm, format: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if let Some(bytes) = format.downcast::<Bytes>() {
        return Ok(Cow::Borrowed(bytes.as_slice()));
    }
    let Some(text) = format.as_text() else {
        let name = vm.type_name(format);
        return Err(vm.type_error(format!("Struct() argument 1 must be a str or bytes object, not {name}")));
    };
    match text.as_str_if_ascii() {
        Some(text) => Ok(Cow::Borrowed(text.as_bytes())),
        None => {
            let at = text.iter().position(|code| code >= 0x80).unwrap_or(0);
            let args = vec![
                Value::from_str("ascii"),
                format.clone(),
                Value::from_usize(at),
                Value::from_usize(at + 1),
                Value::from_str("ordinal not in range(128)"),
            ];
            Err(vm.error_with_args(Exc::UnicodeEncodeError, args))
        }
    }
}

/// The packed bytes, and the error of the first value that has none: what follows it is zero then.
fn pack_now(vm: &Vm, layout: &Layout, values: &[Value]) -> PyResult<(Vec<u8>, PyResult<()>)> {
    vm.check_size(layout.size)?;
    let mut bytes = Vec::new();
    vm.reserve(&mut bytes, layout.size)?;
    bytes.resize(layout.size, 0);
    let mut items = layout.items().zip(values);
    let outcome = items.try_for_each(|((code, at, size), value)| {
        items::pack(vm, code, value, &mut bytes[at..at + size], layout.big_endian)
    });
    drop(items);
    Ok((bytes, outcome))
}

/// Packs, then does `then` with the bytes and the outcome. Defers if values must be converted by Python code.
fn pack_then(
    vm: &Vm,
    layout: std::rc::Rc<Layout>,
    values: &[Value],
    then: impl FnOnce(&Vm, Vec<u8>, PyResult<()>) -> PyResult + 'static,
) -> PyResult {
    let mut pairs = layout.items().zip(values);
    if !pairs.any(|((code, _, _), value)| items::needs_conversion(vm, code, value)) {
        drop(pairs);
        let (bytes, outcome) = pack_now(vm, &layout, values)?;
        return then(vm, bytes, outcome);
    }
    drop(pairs);
    let (vm, mut values) = (vm.handle(), values.to_vec());
    Err(vm.defer(async move {
        for (index, value) in values.iter_mut().enumerate() {
            let Some((code, _, _)) = layout.items().nth(index) else { break };
            if items::needs_conversion(&vm, code, value) {
                *value = items::convert(&vm, code, value).await?;
            }
        }
        let (bytes, outcome) = pack_now(&vm, &layout, &values)?;
        then(&vm, bytes, outcome)
    }))
}

fn pack(vm: &Vm, layout: std::rc::Rc<Layout>, values: &[Value]) -> PyResult {
    if values.len() != layout.values {
        let (wanted, got) = (layout.values, values.len());
        return Err(error(vm, format!("pack expected {wanted} items for packing (got {got})")));
    }
    pack_then(vm, layout, values, |_vm, bytes, outcome| outcome.map(|()| Value::from_bytes(bytes)))
}

/// `pack_into(buffer, offset, *values)`
fn pack_into(vm: &Vm, layout: std::rc::Rc<Layout>, args: &[Value]) -> PyResult {
    let (buffer, offset, values) = match args {
        [] => return Err(error(vm, "pack_into expected buffer argument")),
        [_] => return Err(error(vm, "pack_into expected offset argument")),
        [buffer, offset, values @ ..] => (buffer, offset, values),
    };
    if values.len() != layout.values {
        let (wanted, got) = (layout.values, values.len());
        return Err(error(vm, format!("pack_into expected {wanted} items for packing (got {got})")));
    }
    if buffer::writable_length(buffer).is_none() {
        let name = vm.type_name(buffer);
        return Err(vm.type_error(format!("argument must be read-write bytes-like object, not {name}")));
    }
    let offset = match vm.index_now(offset) {
        Some(offset) => vm.index_sized(&offset?)?,
        None => {
            let (vm, args) = (vm.handle(), args.to_vec());
            return Err(vm.defer(async move {
                let mut args = args;
                args[1] = vm.index(&args[1]).await?;
                let result = pack_into(&vm, layout, &args);
                vm.settle(result).await
            }));
        }
    };
    check_pack_offset(vm, &layout, buffer, offset)?;
    let (target, size) = (buffer.clone(), layout.size);
    let again = layout.clone();
    pack_then(vm, layout, values, move |vm, bytes, outcome| {
        // What was packed before an error stays in the buffer, as in CPython.
        let at = check_pack_offset(vm, &again, &target, offset)?;
        buffer::write_at(&target, at, &bytes[..size]);
        outcome.map(|()| Value::NONE)
    })
}

fn check_pack_offset(vm: &Vm, layout: &Layout, buffer: &Value, offset: isize) -> PyResult<usize> {
    let length = buffer::writable_length(buffer).unwrap_or(0);
    let size = layout.size;
    let at = if offset < 0 {
        if offset + size as isize > 0 {
            return Err(error(vm, format!("no space to pack {size} bytes at offset {offset}")));
        }
        if offset + (length as isize) < 0 {
            return Err(error(vm, format!("offset {offset} out of range for {length}-byte buffer")));
        }
        (offset + length as isize) as usize
    } else {
        offset as usize
    };
    if length < at || length - at < size {
        let wanted = at + size;
        return Err(error(
            vm,
            format!(
                "pack_into requires a buffer of at least {wanted} bytes for packing {size} bytes at offset {at} (actual buffer size is {length})"
            ),
        ));
    }
    Ok(at)
}

/// The bytes-like argument's contents.
fn contents<'a>(vm: &Vm, buffer: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    buffer::contents(buffer).ok_or_else(|| {
        let name = vm.type_name(buffer);
        vm.type_error(format!("a bytes-like object is required, not '{name}'"))
    })
}

fn unpack_at(vm: &Vm, layout: &Layout, bytes: &[u8]) -> PyResult {
    let mut values = vm.vec_with_capacity(layout.values)?;
    for (code, at, size) in layout.items() {
        values.push(items::unpack(vm, code, &bytes[at..at + size], layout.big_endian)?);
    }
    Ok(Value::from_tuple(values))
}

fn unpack(vm: &Vm, layout: &Layout, buffer: &Value) -> PyResult {
    let bytes = contents(vm, buffer)?;
    if bytes.len() != layout.size {
        return Err(error(vm, format!("unpack requires a buffer of {} bytes", layout.size)));
    }
    unpack_at(vm, layout, &bytes)
}

fn unpack_from(vm: &Vm, layout: &Layout, buffer: &Value, offset: isize) -> PyResult {
    let bytes = contents(vm, buffer)?;
    let (size, length) = (layout.size, bytes.len());
    let at = if offset < 0 {
        if offset + size as isize > 0 {
            return Err(error(vm, format!("not enough data to unpack {size} bytes at offset {offset}")));
        }
        if offset + (length as isize) < 0 {
            return Err(error(vm, format!("offset {offset} out of range for {length}-byte buffer")));
        }
        (offset + length as isize) as usize
    } else {
        offset as usize
    };
    if length < at || length - at < size {
        let wanted = at.saturating_add(size);
        return Err(error(
            vm,
            format!(
                "unpack_from requires a buffer of at least {wanted} bytes for unpacking {size} bytes at offset {at} (actual buffer size is {length})"
            ),
        ));
    }
    unpack_at(vm, layout, &bytes[at..at + size])
}

fn iter_unpack(vm: &Vm, layout: std::rc::Rc<Layout>, buffer: &Value) -> PyResult {
    let length = contents(vm, buffer)?.len();
    if layout.size == 0 {
        return Err(error(vm, "cannot iteratively unpack with a struct of length 0"));
    }
    if !length.is_multiple_of(layout.size) {
        let size = layout.size;
        return Err(error(vm, format!("iterative unpacking requires a buffer of a multiple of {size} bytes")));
    }
    Ok(UnpackIterator { layout, buffer: buffer.clone(), at: Cell::new(0) }.into_value())
}

impl Struct {
    fn layout(&self) -> std::rc::Rc<Layout> {
        self.layout.borrow().clone()
    }
}

#[methods]
impl Struct {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
        vm.new_instance(cls, Struct { layout: VmCell::default(), format: VmCell::default() })
    }

    #[init("Struct(self, /, format)", family = "keywords")]
    fn init(vm: &Vm, this: &Struct, format: &Value) -> PyResult<()> {
        let layout = parse(vm, format)?;
        let bytes = format_bytes(vm, format)?;
        this.format.set(Value::from_str(&String::from_utf8_lossy(&bytes)));
        this.layout.set(std::rc::Rc::new(layout));
        Ok(())
    }

    /// S.pack(v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing values v1, v2, ... packed according to the format string S.format.
    #[method("pack(self, /, *values)", text = none)]
    fn pack(vm: &Vm, this: &Struct, values: &[Value]) -> PyResult {
        pack(vm, this.layout(), values)
    }

    /// S.pack_into(buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string S.format and write the packed bytes into the writable
    /// buffer starting at offset.
    #[method("pack_into(self, /, *args)", text = none)]
    fn pack_into(vm: &Vm, this: &Struct, args: &[Value]) -> PyResult {
        pack_into(vm, this.layout(), args)
    }

    /// Return a tuple containing unpacked values.
    ///
    /// The buffer's size in bytes must be Struct.size.
    #[method("unpack(self, buffer, /)")]
    fn unpack(vm: &Vm, this: &Struct, buffer: &Value) -> PyResult {
        unpack(vm, &this.layout(), buffer)
    }

    /// Return a tuple containing unpacked values.
    ///
    /// Values are unpacked according to the format string Struct.format, from the buffer's bytes at the offset.
    #[method("unpack_from(self, /, buffer, offset=0)")]
    fn unpack_from(vm: &Vm, this: &Struct, buffer: &Value, offset: isize) -> PyResult {
        unpack_from(vm, &this.layout(), buffer, offset)
    }

    /// Return an iterator yielding tuples.
    ///
    /// Tuples are unpacked from the given bytes source, like a repeated invocation of unpack_from().
    #[method("iter_unpack(self, buffer, /)")]
    fn iter_unpack(vm: &Vm, this: &Struct, buffer: &Value) -> PyResult {
        iter_unpack(vm, this.layout(), buffer)
    }

    /// struct format string
    #[getter("format")]
    fn format(this: &Struct) -> Value {
        this.format.get()
    }

    /// struct size in bytes
    #[getter("size")]
    fn size(this: &Struct) -> usize {
        this.layout.borrow().size
    }

    /// S.__sizeof__() -> size of S in memory, in bytes
    #[method("__sizeof__(self, /)", text = none)]
    fn sizeof(this: &Struct) -> usize {
        32 + 16 * (this.layout.borrow().fields.len() + 1)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Struct>) -> PyResult<String> {
        let name = vm.class_of(this.as_value()).name();
        let format = vm.repr(this.format.borrow()).await?.to_string_lossy();
        Ok(format!("{name}({format})"))
    }
}

#[methods]
impl UnpackIterator {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(iterator) = this.downcast::<UnpackIterator>() else { return Ok(Value::UNBOUND) };
        let bytes = contents(vm, &iterator.buffer)?;
        let (at, size) = (iterator.at.get(), iterator.layout.size);
        match bytes.get(at..at + size) {
            Some(bytes) => {
                iterator.at.set(at + size);
                unpack_at(vm, &iterator.layout, bytes)
            }
            None => Ok(Value::UNBOUND),
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__(self, /)", text = none)]
    fn length_hint(this: &UnpackIterator) -> usize {
        let length = buffer::contents(&this.buffer).map_or(0, |bytes| bytes.len());
        length.saturating_sub(this.at.get()) / this.layout.size
    }
}

/// Declares module `_struct`.
pub struct StructModule;

/// Functions to convert between Python values and C structs.
///
/// Bytes objects hold the data; format strings describe their layout. The first character may tell the byte order: @ for
/// native order, sizes and alignment (the default), = for native order with standard sizes, < for little-endian, > and !
/// for big-endian. The others are types, each with an optional repeat count: x pad byte, c char, b B signed and unsigned
/// byte, ? bool, h H short, i I int, l L long, q Q long long, e f d floats, F D complex numbers, s string, p Pascal
/// string; only in native mode n N ssize_t and size_t, P pointer.
#[native_module("_struct", types = [Struct])]
impl StructModule {
    #[constant("error")]
    const ERROR: ClassConstant = ClassConstant(error_class);

    /// Clear the internal cache.
    #[function("_clearcache()")]
    fn clearcache() {}

    /// Return size in bytes of the struct described by the format string.
    #[function("calcsize(format, /)")]
    fn calcsize(vm: &Vm, format: &Value) -> PyResult<usize> {
        Ok(parse(vm, format)?.size)
    }

    /// pack(format, v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing the values v1, v2, ... packed according to the format string.
    #[function("pack(*args)", text = none)]
    fn pack(vm: &Vm, args: &[Value]) -> PyResult {
        let Some((format, values)) = args.split_first() else {
            return Err(vm.type_error("missing format argument"));
        };
        pack(vm, std::rc::Rc::new(parse(vm, format)?), values)
    }

    /// pack_into(format, buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string and write the packed bytes into the writable buffer
    /// starting at offset.
    #[function("pack_into(*args)", text = none)]
    fn pack_into(vm: &Vm, args: &[Value]) -> PyResult {
        let Some((format, args)) = args.split_first() else {
            return Err(vm.type_error("missing format argument"));
        };
        pack_into(vm, std::rc::Rc::new(parse(vm, format)?), args)
    }

    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size in bytes must be calcsize(format).
    #[function("unpack(format, buffer, /)")]
    fn unpack(vm: &Vm, format: &Value, buffer: &Value) -> PyResult {
        unpack(vm, &parse(vm, format)?, buffer)
    }

    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size, minus offset, must be at least calcsize(format).
    #[function("unpack_from(format, /, buffer, offset=0)")]
    fn unpack_from(vm: &Vm, format: &Value, buffer: &Value, offset: isize) -> PyResult {
        unpack_from(vm, &parse(vm, format)?, buffer, offset)
    }

    /// Return an iterator yielding tuples unpacked from the given bytes.
    ///
    /// The bytes are unpacked according to the format string, like a repeated invocation of unpack_from().
    #[function("iter_unpack(format, buffer, /)")]
    fn iter_unpack(vm: &Vm, format: &Value, buffer: &Value) -> PyResult {
        iter_unpack(vm, std::rc::Rc::new(parse(vm, format)?), buffer)
    }
}

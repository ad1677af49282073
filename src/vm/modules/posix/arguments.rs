//! Paths and file descriptors as arguments.
//!
//! A path-like object is converted before the native runs (see `native::args`), so all natives here are plain.

use crate::files::Trail;
use crate::files::descriptors::Target;
use crate::files::errno::Errno;
use crate::native::args::{Convert, convert};
use crate::native::{ArgBytes, Cx, FromArg};
use crate::types::bytes::Bytes;
use crate::{Native, PyResult, Raised, Value, Vm};

/// A path.
pub struct Path {
    pub text: String,
    /// The str or bytes it was given as, for errors and to answer in kind.
    pub shown: Value,
}

/// A path or a file descriptor.
pub enum PathOrFd {
    Path(Path),
    Fd(i32),
}

fn path(cx: &Cx<'_>, value: &Value, number: usize, kinds: &str) -> PyResult<Path> {
    let vm = cx.vm;
    let mut shown = value.clone();
    if value.as_text().is_none() && value.downcast::<Bytes>().is_none() {
        let name = crate::name!(__fspath__);
        if vm.lookup_special(value, &name).is_none() {
            let (function, got) = (cx.def.name, vm.type_name(value));
            let parameter = cx.def.params.names.get(number).copied().unwrap_or("path");
            return Err(vm.type_error(format!("{function}: {parameter} should be {kinds}, not {got}")));
        }
        let (handle, object) = (vm.handle(), value.clone());
        let call = vm.defer(async move {
            match handle.call_special(&object, &name, Vec::new()).await {
                Some(path) => path,
                None => Ok(object),
            }
        });
        shown = convert(cx, value, Err(call), Convert::Path)?;
    }
    let text = match (shown.as_text(), ArgBytes::of(&shown)) {
        (Some(text), _) => text.to_utf8_lossy().into_owned(),
        (None, Some(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        (None, None) => String::new(),
    };
    if text.contains('\0') {
        let function = cx.def.name;
        let parameter = cx.def.params.names.get(number).copied().unwrap_or("path");
        return Err(vm.value_error(format!("{function}: embedded null character in {parameter}")));
    }
    Ok(Path { text, shown })
}

impl<'a> FromArg<'a> for Path {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        path(cx, value, number, "string, bytes or os.PathLike")
    }
}

fn path_or_fd(cx: &Cx<'_>, value: &Value, number: usize, kinds: &str) -> PyResult<PathOrFd> {
    if value.is_int() {
        return descriptor_number(cx.vm, value).map(PathOrFd::Fd);
    }
    path(cx, value, number, kinds).map(PathOrFd::Path)
}

impl<'a> FromArg<'a> for PathOrFd {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        path_or_fd(cx, value, number, "string, bytes, os.PathLike or integer")
    }

    fn from_arg_if_not_none(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        path_or_fd(cx, value, number, "string, bytes, os.PathLike, integer or None")
    }
}

fn descriptor_number(vm: &Vm, value: &Value) -> PyResult<i32> {
    let number = value.to_i64().and_then(|number| i32::try_from(number).ok());
    number.ok_or_else(|| {
        let negative = value.to_i64().is_some_and(|number| number < 0);
        vm.overflow_error(if negative { "fd is less than minimum" } else { "fd is greater than maximum" })
    })
}

/// The folder that a `dir_fd` argument names.
pub fn base_of(vm: &Vm, dir_fd: Option<&Value>) -> PyResult<Option<Trail>> {
    let Some(value) = dir_fd else { return Ok(None) };
    if !value.is_int() {
        let got = vm.type_name(value);
        return Err(vm.type_error(format!("argument should be integer or None, not {got}")));
    }
    let number = descriptor_number(vm, value)?;
    match &vm.descriptor(number)?.target {
        Target::Folder(trail) => Ok(Some(trail.clone())),
        _ => Err(vm.os_error(Errno::ENOTDIR, None)),
    }
}

impl Path {
    /// The OSError about it.
    #[cold]
    pub fn error(&self, vm: &Vm, error: Errno) -> Raised {
        vm.os_error(error, Some(&self.shown))
    }

    /// A str, or bytes where the path was bytes.
    pub fn like(&self, text: &str) -> Value {
        like(&self.shown, text)
    }
}

/// A str, or bytes if `shown` is bytes.
pub fn like(shown: &Value, text: &str) -> Value {
    if shown.downcast::<Bytes>().is_some() {
        Bytes::new(text.as_bytes().to_vec()).into_value()
    } else {
        Value::from_str(text)
    }
}

/// The OSError of an operation on two paths.
#[cold]
pub fn error_of_two(vm: &Vm, error: Errno, from: &Path, to: &Path) -> Raised {
    let message = Value::from_str(error.message());
    let number = Value::from_i64(error.number().into());
    vm.error_with_args(error.class(), vec![number, message, from.shown.clone(), Value::NONE, to.shown.clone()])
}

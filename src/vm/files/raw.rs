//! What `RawIOBase`, `BufferedIOBase` and `TextIOBase` give classes of programs that define some of their methods.

use snakelet_macros::methods;

use super::stream::{IoObject, unsupported};
use crate::types::buffer;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::{Native, PyResult, Value, Vm, VmRef};

/// How much `readall` reads at a time.
const CHUNK: i64 = 131_072;

#[methods(block = RAW)]
impl IoObject {
    /// Read up to size bytes, all of them if size is negative. None if there are none yet.
    #[method("read(self, size=-1, /)")]
    async fn raw_read(vm: VmRef, this: Value, size: Value) -> PyResult {
        let size = if size.is_none() { -1 } else { vm.to_index_isize(&size).await? };
        if size < 0 {
            let readall = vm.attr(&this, "readall").await?;
            return vm.call(&readall, Vec::new()).await;
        }
        vm.check_memory(size as usize)?;
        let mut space = Vec::new();
        space.try_reserve(size as usize).map_err(|_| vm.memory_error())?;
        space.resize(size as usize, 0);
        let buffer = ByteArray::new(space).into_object();
        let readinto = vm.attr(&this, "readinto").await?;
        let count = vm.call(&readinto, vec![buffer.value()]).await?;
        if count.is_none() {
            return Ok(count);
        }
        let bytes = buffer.bytes.borrow();
        match count.to_i64().and_then(|count| usize::try_from(count).ok()).and_then(|count| bytes.get(..count)) {
            Some(read) => Ok(Bytes::new(read.to_vec()).into_value()),
            None => {
                let shown = vm.repr(&count).await?.to_string_lossy();
                Err(vm.value_error(format!("readinto returned {shown} outside buffer size {size}")))
            }
        }
    }

    /// Read until the end.
    #[method("readall(self, /)")]
    async fn raw_readall(vm: VmRef, this: Value) -> PyResult {
        let mut all = Vec::new();
        loop {
            let read = vm.attr(&this, "read").await?;
            let piece = vm.call(&read, vec![Value::from_i64(CHUNK)]).await?;
            if piece.is_none() {
                return Ok(if all.is_empty() { Value::NONE } else { Bytes::new(all).into_value() });
            }
            let Some(bytes) = piece.downcast::<Bytes>() else {
                return Err(vm.type_error("read() should return bytes"));
            };
            if bytes.as_slice().is_empty() {
                return Ok(Bytes::new(all).into_value());
            }
            vm.check_memory(bytes.as_slice().len())?;
            all.extend_from_slice(bytes.as_slice());
        }
    }
}

/// `readinto` by `read`, and `readinto1` by `read1`.
async fn read_into(vm: VmRef, this: &Value, buffer: &Value, method: &'static str) -> PyResult {
    let Some(size) = buffer::writable_length(buffer) else {
        let got = vm.type_name(buffer);
        return Err(vm.type_error(format!("readinto() argument must be read-write bytes-like object, not {got}")));
    };
    let data = super::layers::call(&vm, this, method, vec![Value::from_usize(size)]).await?;
    let Some(bytes) = data.downcast::<Bytes>() else { return Err(vm.type_error("read() should return bytes")) };
    let count = bytes.as_slice().len();
    if count > size {
        let message = format!("read() returned too much data: {size} bytes requested, {count} returned");
        return Err(vm.value_error(message));
    }
    if buffer::writable_length(buffer).is_some_and(|length| length >= count) {
        buffer::write_at(buffer, 0, bytes.as_slice());
    }
    Ok(Value::from_usize(count))
}

#[methods(block = BUFFERED_BASE)]
impl IoObject {
    /// Disconnect this buffer from its underlying raw stream and return it.
    #[method("detach(self, /)")]
    fn no_detach(vm: &Vm, this: &IoObject) -> PyResult {
        let _ = this;
        Err(unsupported(vm, "detach"))
    }

    /// Read and return up to size bytes.
    #[method("read(self, size=-1, /)")]
    fn no_read(vm: &Vm, this: &IoObject, size: &Value) -> PyResult {
        let _ = (this, size);
        Err(unsupported(vm, "read"))
    }

    /// Read and return up to size bytes, with at most one read of the raw stream.
    #[method("read1(self, size=-1, /)")]
    fn no_read1(vm: &Vm, this: &IoObject, size: &Value) -> PyResult {
        let _ = (this, size);
        Err(unsupported(vm, "read1"))
    }

    /// Write bytes to the stream and return their number.
    #[method("write(self, b, /)")]
    fn no_write(vm: &Vm, this: &IoObject, b: &Value) -> PyResult {
        let _ = (this, b);
        Err(unsupported(vm, "write"))
    }

    /// Read bytes into a buffer and return their number.
    #[method("readinto(self, buffer, /)")]
    async fn base_readinto(vm: VmRef, this: Value, buffer: Value) -> PyResult {
        read_into(vm, &this, &buffer, "read").await
    }

    /// Read bytes into a buffer by `read1` and return their number.
    #[method("readinto1(self, buffer, /)")]
    async fn base_readinto1(vm: VmRef, this: Value, buffer: Value) -> PyResult {
        read_into(vm, &this, &buffer, "read1").await
    }
}

#[methods(block = TEXT_BASE)]
impl IoObject {
    /// Separate the underlying buffer from the stream and return it.
    #[method("detach(self, /)")]
    fn no_text_detach(vm: &Vm, this: &IoObject) -> PyResult {
        let _ = this;
        Err(unsupported(vm, "detach"))
    }

    /// Read at most size characters from the stream.
    #[method("read(self, size=-1, /)")]
    fn no_text_read(vm: &Vm, this: &IoObject, size: &Value) -> PyResult {
        let _ = (this, size);
        Err(unsupported(vm, "read"))
    }

    /// Read until newline or EOF.
    #[method("readline(self, size=-1, /)")]
    fn no_text_readline(vm: &Vm, this: &IoObject, size: &Value) -> PyResult {
        let _ = (this, size);
        Err(unsupported(vm, "readline"))
    }

    /// Write string s to the stream.
    #[method("write(self, s, /)")]
    fn no_text_write(vm: &Vm, this: &IoObject, s: &Value) -> PyResult {
        let _ = (this, s);
        Err(unsupported(vm, "write"))
    }

    /// Encoding of the text stream.
    #[getter("encoding")]
    fn no_encoding(this: &IoObject) -> Value {
        let _ = this;
        Value::NONE
    }

    /// Line endings translated so far.
    #[getter("newlines")]
    fn no_newlines(this: &IoObject) -> Value {
        let _ = this;
        Value::NONE
    }

    /// The error setting of the decoder or encoder.
    #[getter("errors")]
    fn no_errors(this: &IoObject) -> Value {
        let _ = this;
        Value::NONE
    }
}

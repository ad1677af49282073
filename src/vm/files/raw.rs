//! What `RawIOBase` gives classes of programs that define `readinto`.

use snakelet_macros::methods;

use super::stream::IoObject;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::{Native, PyResult, Value, VmRef};

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

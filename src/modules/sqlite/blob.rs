//! `Blob`: reads and writes parts of a value in the database.

use std::cell::Cell;
use std::rc::Rc;

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::Native;
use snakelet_vm::types::slice::Slice;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmRef};

use super::connection::Connection;
use super::engine::blob::{
    PRESENT, sqlite3_blob_bytes, sqlite3_blob_close, sqlite3_blob_open, sqlite3_blob_read, sqlite3_blob_write,
};
use super::engine::{Block, OK, Ptr, memory, vfs};
use super::errors::{self, Class};

/// An open blob of SQLite's.
pub struct Open {
    /// 0 when it is closed.
    at: Cell<Ptr>,
    session: vfs::Session,
}

impl Open {
    pub fn close(&self) {
        let at = self.at.replace(0);
        if at != 0 {
            vfs::enter(&self.session);
            sqlite3_blob_close(at);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.close();
    }
}

/// The payload of blobs.
#[native_type(name = "Blob", module = "sqlite3", flags(weak_references))]
pub struct Blob {
    connection: Ref<Connection>,
    #[skip_traverse]
    open: Rc<Open>,
    offset: Cell<i32>,
}

/// `Connection.blobopen`; `names` are those of the database, the table and the column.
pub async fn open(vm: &Vm, connection: &Ref<Connection>, names: [&str; 3], row: i64, readonly: bool) -> PyResult {
    if !PRESENT {
        let message = "blobopen() is not supported in web pages; read and write the whole value with SELECT and UPDATE";
        return Err(errors::raise(vm, Class::NotSupported, message));
    }
    let db = connection.check(vm)?;
    let [schema, table, column] = names.map(|name| Block::text(name.as_bytes()));
    let (Some(schema), Some(table), Some(column), Some(out)) = (schema, table, column, Block::zeroed(8)) else {
        return Err(vm.memory_error());
    };
    let places = [schema.0, table.0, column.0, out.0];
    let call = move || sqlite3_blob_open(db, places[0], places[1], places[2], row, (!readonly).into(), places[3]);
    if connection.code(vm, call).await? != OK {
        return Err(connection.error(vm));
    }
    let open = Rc::new(Open { at: Cell::new(out.pointer(0)), session: connection.session.get() });
    connection.add_blob(&open);
    Ok(Blob { connection: connection.clone(), open, offset: Cell::new(0) }.into_value())
}

impl Blob {
    /// SQLite's handle, if the blob can be used.
    fn check(&self, vm: &Vm) -> PyResult<Ptr> {
        self.connection.check(vm)?;
        match self.open.at.get() {
            0 => Err(errors::programming(vm, "Cannot operate on a closed blob.")),
            at => Ok(at),
        }
    }

    #[cold]
    fn error(&self, vm: &Vm, code: i32) -> Raised {
        if code & 0xff == 4 {
            return errors::raise(vm, Class::Operational, "Cannot operate on modified blob");
        }
        self.connection.error(vm)
    }

    fn read_at(&self, vm: &Vm, offset: i32, length: i32) -> PyResult<Vec<u8>> {
        let at = self.check(vm)?;
        vm.check_memory(length.max(0) as usize)?;
        let Some(out) = Block::zeroed(length.max(0) as usize + 1) else { return Err(vm.memory_error()) };
        match sqlite3_blob_read(at, out.0, length, offset) {
            OK => Ok(memory::read(out.0, length.max(0) as usize)),
            code => Err(self.error(vm, code)),
        }
    }

    fn write_at(&self, vm: &Vm, offset: i32, bytes: &[u8]) -> PyResult<()> {
        let at = self.check(vm)?;
        let length = sqlite3_blob_bytes(at);
        if bytes.len() as i64 > i64::from(length - offset) {
            return Err(vm.value_error("data longer than blob length"));
        }
        let Some(from) = Block::text(bytes) else { return Err(vm.memory_error()) };
        match sqlite3_blob_write(at, from.0, bytes.len() as i32, offset) {
            OK => Ok(()),
            code => Err(self.error(vm, code)),
        }
    }

    /// The position that an index of the program means.
    async fn position(&self, vm: &Vm, index: &Value) -> PyResult<i32> {
        let length = sqlite3_blob_bytes(self.check(vm)?);
        let index = vm.index(index).await?;
        let Some(index) = index.to_i64() else {
            return Err(vm.index_error("cannot fit 'int' into an index-sized integer"));
        };
        let index = if index < 0 { index + i64::from(length) } else { index };
        match i32::try_from(index) {
            Ok(index) if (0..length).contains(&index) => Ok(index),
            _ => Err(vm.index_error("Blob index out of range")),
        }
    }

    fn length(&self, vm: &Vm) -> PyResult<i32> {
        Ok(sqlite3_blob_bytes(self.check(vm)?))
    }
}

async fn plain_slice(vm: &Vm, key: &Value) -> PyResult {
    vm.plain_subscript(key).await
}

#[methods]
impl Blob {
    /// Close the blob.
    #[method("close(self, /)")]
    fn close(vm: &Vm, this: &Blob) -> PyResult<()> {
        this.connection.check(vm)?;
        this.open.close();
        Ok(())
    }

    /// The next bytes, at most so many; all that are left if the length is negative.
    #[method("read(self, length=-1, /)")]
    fn read(vm: &Vm, this: &Blob, length: i32) -> PyResult {
        let left = this.length(vm)? - this.offset.get();
        let length = if length < 0 || length > left { left } else { length };
        let bytes = this.read_at(vm, this.offset.get(), length)?;
        this.offset.set(this.offset.get() + length);
        Ok(Value::from_bytes(bytes))
    }

    /// Write bytes from the current position on. The length of the blob stays.
    #[method("write(self, data, /)")]
    fn write(vm: &Vm, this: &Blob, data: &Value) -> PyResult<()> {
        let Some(bytes) = super::buffer(vm, data)? else {
            let got = vm.type_name(data);
            return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
        };
        this.write_at(vm, this.offset.get(), &bytes)?;
        this.offset.set(this.offset.get() + bytes.len() as i32);
        Ok(())
    }

    /// Set the position: from the start (0), from the present one (1), or from the end (2).
    #[method("seek(self, offset, origin=0, /)")]
    fn seek(vm: &Vm, this: &Blob, offset: i32, origin: i32) -> PyResult<()> {
        let length = this.length(vm)?;
        let base = match origin {
            0 => 0,
            1 => this.offset.get(),
            2 => length,
            _ => {
                return Err(vm.value_error("'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END"));
            }
        };
        let Some(position) = base.checked_add(offset) else {
            return Err(vm.overflow_error("seek offset results in overflow"));
        };
        if !(0..=length).contains(&position) {
            return Err(vm.value_error("offset out of blob range"));
        }
        this.offset.set(position);
        Ok(())
    }

    /// The position.
    #[method("tell(self, /)")]
    fn tell(vm: &Vm, this: &Blob) -> PyResult<i32> {
        this.check(vm)?;
        Ok(this.offset.get())
    }

    /// The blob itself, which the end of the block closes.
    #[method("__enter__(self, /)")]
    fn enter(vm: &Vm, this: Ref<Blob>) -> PyResult {
        this.check(vm)?;
        Ok(this.into_value())
    }

    /// Closes the blob.
    #[method("__exit__(self, type, val, tb, /)")]
    fn exit(vm: &Vm, this: &Blob, _type: &Value, _val: &Value, _tb: &Value) -> PyResult<bool> {
        this.check(vm)?;
        this.open.close();
        Ok(false)
    }

    #[slot(len)]
    fn len(vm: &Vm, this: &Blob) -> PyResult<usize> {
        Ok(this.length(vm)?.max(0) as usize)
    }

    #[slot(getitem)]
    async fn getitem(vm: VmRef, this: Value, key: Value) -> PyResult {
        let Some(this) = this.to_ref::<Blob>() else { return Ok(Value::NONE) };
        this.check(&vm)?;
        if key.downcast::<Slice>().is_some() {
            let key = plain_slice(&vm, &key).await?;
            let Some(slice) = key.downcast::<Slice>() else { return Ok(Value::NONE) };
            let length = this.length(&vm)?;
            let bounds = slice.bounds(&vm, length.max(0) as usize)?;
            if bounds.count == 0 {
                return Ok(Value::from_bytes(Vec::new()));
            }
            let all = this.read_at(&vm, 0, length)?;
            return Ok(Value::from_bytes(bounds.positions().map(|at| all[at]).collect()));
        }
        if !key.is_int() && vm.type_of(&key).slots().index.is_none() {
            return Err(vm.type_error("Blob indices must be integers"));
        }
        let position = this.position(&vm, &key).await?;
        let byte = this.read_at(&vm, position, 1)?;
        Ok(Value::small_int(byte[0].into()))
    }

    #[slot(setitem)]
    async fn setitem(vm: VmRef, this: Value, key: Value, value: Option<Value>) -> PyResult {
        let Some(this) = this.to_ref::<Blob>() else { return Ok(Value::NONE) };
        this.check(&vm)?;
        let is_slice = key.downcast::<Slice>().is_some();
        let Some(value) = value else {
            let what = if is_slice { "slice" } else { "item" };
            return Err(vm.type_error(format!("Blob doesn't support {what} deletion")));
        };
        if is_slice {
            let key = plain_slice(&vm, &key).await?;
            let Some(slice) = key.downcast::<Slice>() else { return Ok(Value::NONE) };
            let length = this.length(&vm)?;
            let bounds = slice.bounds(&vm, length.max(0) as usize)?;
            let Some(bytes) = super::buffer(&vm, &value)? else {
                let got = vm.type_name(&value);
                return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
            };
            if bytes.len() != bounds.count {
                return Err(vm.index_error("Blob slice assignment is wrong size"));
            }
            if bounds.count > 0 {
                let mut all = this.read_at(&vm, 0, length)?;
                for (at, byte) in bounds.positions().zip(bytes) {
                    all[at] = byte;
                }
                this.write_at(&vm, 0, &all)?;
            }
            return Ok(Value::NONE);
        }
        if !key.is_int() && vm.type_of(&key).slots().index.is_none() {
            return Err(vm.type_error("Blob indices must be integers"));
        }
        let position = this.position(&vm, &key).await?;
        if !value.is_int() {
            let got = vm.type_name(&value);
            return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")));
        }
        match value.to_i64().and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => this.write_at(&vm, position, &[byte])?,
            None => return Err(vm.value_error("byte must be in range(0, 256)")),
        }
        Ok(Value::NONE)
    }
}

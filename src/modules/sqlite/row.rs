//! `Row`: a result row that is read by position and by column name.

use snakelet_macros::{methods, native_type};
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Ref, Value, Vm};

use super::cursor::Cursor;

/// The payload of rows.
#[native_type(name = "Row", module = "sqlite3", flags(subclassable, sequence))]
pub struct Row {
    data: Value,
    description: Value,
}

impl Row {
    fn items(&self) -> &[Value] {
        self.data.downcast::<Tuple>().map_or(&[], Tuple::items)
    }

    /// The columns' names.
    fn names(&self) -> Vec<Value> {
        let columns = self.description.downcast::<Tuple>().map_or(&[][..], Tuple::items);
        let name = |column: &Value| column.downcast::<Tuple>().and_then(|column| column.items().first().cloned());
        columns.iter().filter_map(name).collect()
    }
}

#[methods]
impl Row {
    #[new("Row(cursor, data, /)", text = none)]
    fn new(vm: &Vm, cls: &Value, cursor: Ref<Cursor>, data: &Value) -> PyResult {
        if data.downcast::<Tuple>().is_none() {
            let got = vm.type_name(data);
            return Err(vm.type_error(format!("Row() argument 2 must be tuple, not {got}")));
        }
        vm.new_instance(cls, Row { data: data.clone(), description: cursor.description() })
    }

    /// The names of the columns, as a list.
    #[method("keys(self, /)")]
    fn keys(this: &Row) -> Value {
        Value::from_list(this.names())
    }

    #[slot(len)]
    fn len(this: &Row) -> usize {
        this.items().len()
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Row, key: &Value) -> PyResult {
        if key.is_int() {
            let length = this.items().len() as i64;
            let Some(index) = key.to_i64() else {
                return Err(vm.index_error("cannot fit 'int' into an index-sized integer"));
            };
            let index = if index < 0 { index + length } else { index };
            let item = usize::try_from(index).ok().and_then(|index| this.items().get(index).cloned());
            return item.ok_or_else(|| vm.index_error("tuple index out of range"));
        }
        if let Some(wanted) = key.as_text() {
            let wanted = wanted.to_utf8_lossy();
            for (name, item) in this.names().iter().zip(this.items()) {
                let Some(name) = name.as_text() else { continue };
                let same = std::ptr::eq(key.as_text().unwrap_or(name), name);
                if same || name.to_utf8_lossy().eq_ignore_ascii_case(&wanted) {
                    return Ok(item.clone());
                }
            }
            if this.description.is_none() {
                let shown = vm.repr_now(key).map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
                return Err(vm.index_error(format!("No item with key {shown}")));
            }
            return Err(vm.index_error("No item with that key"));
        }
        if key.downcast::<snakelet_vm::types::slice::Slice>().is_some() {
            return vm.get_item(&this.data, key);
        }
        Err(vm.index_error("Index must be int or string"))
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &Row) -> PyResult {
        vm.get_iter(&this.data)
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Row) -> PyResult {
        let both = Value::from_pair(this.description.clone(), this.data.clone());
        vm.hash_of(&both)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        let (Some(left), Some(right)) = (this.downcast::<Row>(), other.downcast::<Row>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let pair = |row: &Row| Value::from_pair(row.description.clone(), row.data.clone());
        vm.rich_compare(&pair(left), &pair(right), op)
    }
}

//! The repr of containers: `[1, [2]]`, `{'a': (1,)}`, with "..." where a container contains itself.
//!
//! What consists of builtin objects only is written at once, nested containers included, to a small depth. Anything else
//! is written by an async native, which asks for each item's repr in a frame of its own, so that the recursion limit sees it.
//! A container that is being written is on a list, with the thread that writes it; meeting it again ends the recursion.

use std::borrow::Cow;
use std::cell::Cell;

use snakelet_number::int::small_to_decimal;
use snakelet_text::TextBuilder;

use super::compare::{PLAIN_DEPTH, set_table};
use crate::object::VmCell;
use crate::types::dict::Dict;
use crate::types::dict::views::{DictItems, DictKeys, DictValues};
use crate::types::frame_locals::FrameLocalsProxy;
use crate::types::list::List;
use crate::types::set::Set;
use crate::types::string::Str;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm, VmRef};

/// More items than this are written in slices.
const PLAIN_LENGTH: usize = 10_000;

/// The containers being written.
#[derive(Default)]
struct Active {
    /// Thread and identity.
    containers: VmCell<Vec<(u64, u64)>>,
    plain_depth: Cell<u32>,
}

/// An entry in the list of containers being written; gone when dropped.
pub struct Entered {
    vm: VmRef,
    entry: (u64, u64),
}

impl Entered {
    /// `None` if the container is being written already.
    pub fn new(vm: &Vm, container: &Value) -> Option<Entered> {
        let active = vm.extension::<Active>().containers.borrow_mut();
        let entry = (vm.threads.current_id(), container.bits());
        if active.contains(&entry) {
            return None;
        }
        active.push(entry);
        Some(Entered { vm: vm.handle(), entry })
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let active = self.vm.extension::<Active>().containers.borrow_mut();
        if let Some(at) = active.iter().rposition(|&entry| entry == self.entry) {
            active.remove(at);
        }
    }
}

/// How a container is written.
pub(crate) struct Layout {
    pub open: Cow<'static, str>,
    pub close: &'static str,
    /// What stands for the container within itself.
    pub cyclic: Cow<'static, str>,
    /// Items are keys and values in turn.
    pub pairs: bool,
    /// A single item is followed by a comma.
    pub comma: bool,
    pub items: Vec<Value>,
}

impl Layout {
    /// Items between two brackets.
    pub fn new(open: &'static str, items: Vec<Value>, close: &'static str) -> Layout {
        Layout { open: open.into(), close, cyclic: "...".into(), pairs: false, comma: false, items }
    }

    /// The layout of one of the containers of this crate.
    fn of(vm: &Vm, value: &Value) -> Option<Layout> {
        if let Some(list) = value.downcast::<List>() {
            return Some(Layout { cyclic: "[...]".into(), ..Layout::new("[", list.items.borrow().clone(), "]") });
        }
        if let Some(tuple) = value.downcast::<Tuple>() {
            let layout = Layout::new("(", tuple.items().to_vec(), ")");
            return Some(Layout { cyclic: "(...)".into(), comma: true, ..layout });
        }
        if let Some(dict) = value.downcast::<Dict>() {
            let layout = Layout::new("{", pairs(dict), "}");
            return Some(Layout { cyclic: "{...}".into(), pairs: true, ..layout });
        }
        if let Some(proxy) = value.downcast::<FrameLocalsProxy>() {
            let layout = Layout::new("{", pairs(&crate::types::frame_locals::snapshot(vm, &proxy.frame)), "}");
            return Some(Layout { cyclic: "{...}".into(), pairs: true, ..layout });
        }
        if let Some(table) = set_table(value) {
            let items: Vec<Value> = table.iter().map(|entry| entry.key.clone()).collect();
            let name = vm.type_name(value);
            if items.is_empty() {
                return Some(Layout { open: format!("{name}(").into(), ..Layout::new("", items, ")") });
            }
            let exact = value.downcast_exact::<Set>().is_some();
            let (open, close) = if exact { ("{".into(), "}") } else { (format!("{name}({{").into(), "})") };
            return Some(Layout { open, close, cyclic: format!("{name}(...)").into(), ..Layout::new("", items, "") });
        }
        if let Some(keys) = value.downcast::<DictKeys>() {
            let items = keys.dict.table.borrow().iter().map(|entry| entry.key.clone()).collect();
            return Some(Layout::new("dict_keys([", items, "])"));
        }
        if let Some(values) = value.downcast::<DictValues>() {
            let items = values.dict.table.borrow().iter().map(|entry| entry.value.clone()).collect();
            return Some(Layout::new("dict_values([", items, "])"));
        }
        let items = value.downcast::<DictItems>()?;
        let pair = |key: &Value, value: &Value| Value::from_tuple(vec![key.clone(), value.clone()]);
        let items = items.dict.table.borrow().iter().map(|entry| pair(&entry.key, &entry.value)).collect();
        Some(Layout::new("dict_items([", items, "])"))
    }

    fn separator(&self, index: usize) -> &'static str {
        match (index, self.pairs && index % 2 == 1) {
            (0, _) => "",
            (_, true) => ": ",
            _ => ", ",
        }
    }

    fn end(&self, out: &mut TextBuilder) {
        if self.comma && self.items.len() == 1 {
            out.push_str(",");
        }
        out.push_str(self.close);
    }
}

fn pairs(dict: &Dict) -> Vec<Value> {
    dict.table.borrow().iter().flat_map(|entry| [entry.key.clone(), entry.value.clone()]).collect()
}

/// The repr of a list, tuple, dict, set, frozenset or dict view. May defer.
pub(crate) fn repr_container(vm: &Vm, container: &Value) -> PyResult {
    match Layout::of(vm, container) {
        Some(layout) => repr_layout(vm, container, layout),
        None => Ok(Value::NONE),
    }
}

/// The repr of `container` by `layout`. May defer.
pub(crate) fn repr_layout(vm: &Vm, container: &Value, layout: Layout) -> PyResult {
    let mut out = TextBuilder::new();
    if push_layout(vm, &mut out, container, &layout) {
        return finish(vm, out);
    }
    Err(vm.defer(repr_later(vm.handle(), container.clone(), layout)))
}

/// The reprs of some values between two brackets. May defer.
pub(crate) fn repr_values(vm: &Vm, open: &'static str, items: Vec<Value>, close: &'static str) -> PyResult {
    // No container: nothing to recognise in a cycle but what the items are.
    repr_layout(vm, &Value::UNBOUND, Layout::new(open, items, close))
}

/// Writes the container, if it can be done at once.
fn push_layout(vm: &Vm, out: &mut TextBuilder, container: &Value, layout: &Layout) -> bool {
    let depth = &vm.extension::<Active>().plain_depth;
    if layout.items.len() > PLAIN_LENGTH || depth.get() >= PLAIN_DEPTH {
        return false;
    }
    let _entered = if layout.items.is_empty() || container.is_unbound() {
        None
    } else {
        match Entered::new(vm, container) {
            Some(entered) => Some(entered),
            None => {
                out.push_str(&layout.cyclic);
                return true;
            }
        }
    };
    depth.set(depth.get() + 1);
    out.push_str(&layout.open);
    let done = layout.items.iter().enumerate().all(|(index, item)| {
        out.push_str(layout.separator(index));
        push_now(vm, out, item)
    });
    layout.end(out);
    depth.set(depth.get() - 1);
    done
}

/// Writes a value's repr, if it can be done at once. If not, `out` may hold a part of it.
fn push_now(vm: &Vm, out: &mut TextBuilder, value: &Value) -> bool {
    if let Some(n) = value.as_small_int() {
        out.push_str(small_to_decimal(n, &mut [0; 20]));
        return true;
    }
    if let Some(string) = value.downcast_exact::<Str>()
        && let Ok(text) = snakelet_text::escape::repr(string.text())
    {
        out.push_text(&text);
        return true;
    }
    let ty = vm.type_of(value);
    if !vm.is_native_slot(ty, |slots| slots.repr.map(|slot| slot as usize)) {
        return false;
    }
    // Classes derived from containers natively write themselves in their own way.
    let repr = |ty: &Type| ty.slots().repr.map(|slot| slot as usize);
    let base = ty.mro.borrow().iter().rfind(|base| std::ptr::eq(base.table, ty.table)).map(|base| repr(base));
    if base == Some(repr(ty))
        && let Some(layout) = Layout::of(vm, value)
    {
        return push_layout(vm, out, value, &layout);
    }
    let depth = &vm.extension::<Active>().plain_depth;
    if depth.get() >= PLAIN_DEPTH {
        return false;
    }
    depth.set(depth.get() + 1);
    let result = vm.repr_of(value);
    depth.set(depth.get() - 1);
    match vm.now(result) {
        Some(text) => {
            if let Some(text) = text.as_text() {
                out.push_text(text);
            }
            true
        }
        None => false,
    }
}

async fn repr_later(vm: VmRef, container: Value, layout: Layout) -> PyResult {
    let entered = if container.is_unbound() { None } else { Entered::new(&vm, &container) };
    if entered.is_none() && !container.is_unbound() {
        return Ok(Value::from_str(&layout.cyclic));
    }
    let mut out = TextBuilder::new();
    out.push_str(&layout.open);
    for (index, item) in layout.items.iter().enumerate() {
        out.push_str(layout.separator(index));
        let mut part = TextBuilder::new();
        if push_now(&vm, &mut part, item) {
            out.push_text(part.text());
        } else {
            let text = vm.repr(item).await?;
            out.push_text(Str::text(&text));
        }
        if index % 512 == 511 {
            vm.check_memory(out.len())?;
            vm.breathe(512).await?;
        }
    }
    layout.end(&mut out);
    drop(entered);
    finish(&vm, out)
}

fn finish(vm: &Vm, out: TextBuilder) -> PyResult {
    out.finish().map(Value::from_text).map_err(|_| vm.memory_error())
}

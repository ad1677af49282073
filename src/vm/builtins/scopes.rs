//! `globals`, `locals`, `vars`, `dir`.

use snakelet_macros::functions;

use crate::exec::frame::Frame;
use crate::object::Ref;
use crate::types::cell::CellObject;
use crate::types::dict::Dict;
use crate::{PyResult, Value, Vm};

pub struct Scopes;

#[functions("builtins", FUNCTIONS)]
impl Scopes {
    /// Return the dictionary containing the current scope's global variables.
    ///
    /// Updates to this dictionary change the variables and vice versa.
    #[function("globals()")]
    fn globals(vm: &Vm) -> PyResult {
        globals(vm).map(Ref::into_value)
    }

    /// Return a dictionary containing the current scope's local variables.
    ///
    /// In a function it is a fresh copy; in a module or class body it is the namespace itself.
    #[function("locals()")]
    fn locals(vm: &Vm) -> PyResult {
        locals(vm)
    }

    /// vars([object]) -> dictionary
    ///
    /// Without arguments, equivalent to locals(). With an argument, equivalent to object.__dict__.
    #[function("vars(object=<unrepresentable>, /)", text = none)]
    fn vars(vm: &Vm, object: Option<Value>) -> PyResult {
        let Some(object) = object else { return locals(vm) };
        let vm = vm.handle();
        Err(vm.defer(async move {
            match vm.attr_opt(&object, &crate::name!(__dict__)).await? {
                Some(dict) => Ok(dict),
                None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
            }
        }))
    }

    /// dir([object]) -> list of strings
    ///
    /// Without an argument, the names in the current scope. Else an alphabetized list of names of attributes of the object and
    /// what can be reached from it; an object's method __dir__ decides if there is one.
    #[function("dir(object=<unrepresentable>, /)", text = none)]
    fn dir(vm: &Vm, object: Option<Value>) -> PyResult {
        let names = match &object {
            None => locals(vm)?,
            Some(_) => Value::NONE,
        };
        let vm = vm.handle();
        Err(vm.defer(async move {
            let names = match object {
                None => {
                    let keys = vm.attr(&names, "keys").await?;
                    vm.call(&keys, Vec::new()).await?
                }
                Some(object) => match vm.call_special(&object, &crate::name!(__dir__), Vec::new()).await {
                    Some(names) => names?,
                    None => return Err(vm.type_error("object does not provide __dir__")),
                },
            };
            let mut items = vm.collect(&names).await?;
            if items.iter().all(|name| name.as_text().is_some()) {
                snakelet_text::order::sort_by(&mut items, |a, b| a.as_text().cmp(&b.as_text()));
                return Ok(Value::from_list(items));
            }
            let list = Value::from_list(items);
            let sort = vm.attr(&list, "sort").await?;
            vm.call(&sort, Vec::new()).await?;
            Ok(list)
        }))
    }
}

/// The Python frame that is running; natives have no frame of their own here.
pub(crate) fn with_frame<T>(vm: &Vm, look: impl FnOnce(&mut crate::exec::Thread, usize) -> T) -> PyResult<T> {
    let thread = vm.threads.current();
    if !thread.is_null() {
        // SAFETY: the running thread lives, and a native that runs has it for itself.
        let thread = unsafe { &mut *thread };
        if let Some(index) = thread.frames.iter().rposition(|frame| !frame.is_native()) {
            return Ok(look(thread, index));
        }
    }
    Err(vm.runtime_error("no frame is running"))
}

/// The globals of the running frame; those of `__main__` if there is none.
pub(crate) fn globals(vm: &Vm) -> PyResult<Ref<Dict>> {
    with_frame(vm, |thread, index| thread.frames[index].function().globals.clone())
}

/// What `locals()` answers for the running frame.
pub(crate) fn locals(vm: &Vm) -> PyResult {
    with_frame(vm, |thread, index| {
        let frame = &thread.frames[index];
        if let Some(namespace) = frame.extra.as_ref().and_then(|extra| extra.namespace.clone()) {
            return namespace;
        }
        if !frame.code().has_flag(snakelet_bytecode::CodeFlags::OPTIMIZED) {
            return frame.function().globals.value();
        }
        let frame: *const Frame = frame;
        // SAFETY: reading registers moves no frame.
        let frame = unsafe { &*frame };
        let dict = Dict::new_object();
        for (register, name) in frame.code().varnames.iter().enumerate() {
            // SAFETY: the frame's window is live.
            let value = unsafe { &*thread.register(frame.base + register as u32) };
            set_variable(&dict, name, value);
        }
        for (name, cell) in frame.code().code.freevars.iter().zip(&frame.function().closure) {
            set_variable(&dict, &crate::object::intern::intern(name), cell);
        }
        if let Some(object) = frame.extra.as_ref().and_then(|extra| extra.frame_object.as_ref())
            && let Some(extra) = object.extra_locals.get()
        {
            for entry in extra.table.borrow().iter() {
                let _ = dict.set_now(vm, &entry.key, &entry.value);
            }
        }
        dict.into_value()
    })
}

fn set_variable(dict: &Dict, name: &Value, value: &Value) {
    let value = match value.downcast_exact::<CellObject>() {
        Some(cell) => cell.contents.get(),
        None => value.clone(),
    };
    let is_hidden = name.as_text().is_some_and(|name| name.get(0) == Some('.' as u32));
    if !value.is_unbound() && !is_hidden {
        dict.set_str(name, value);
    }
}

//! What of pickling needs Python code: reductions, global names, persistent ids, iterators, the file.

use snakelet_vm::errors::{Exc, fields};
use snakelet_vm::object::intern::{intern, intern_value};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::object::qualified_name;
use snakelet_vm::types::string::Str;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm};

use super::buffer::PickleBuffer;
use super::opcode::*;
use super::save::{Items, Place, Saver, Stop, Task, What, needs_protocol_5};
use super::{Pickler, library, pickling_error, pickling_error_class};

/// Writes everything that waits. On errors notes tell where it happened.
pub async fn drive(vm: &Vm, saver: &mut Saver, pickler: &Pickler) -> PyResult<()> {
    match proceed(vm, saver, pickler).await {
        Ok(()) => Ok(()),
        Err(raised) if vm.is_deferred() => Err(raised),
        Err(_) => {
            let exception = vm.take_raised();
            for Place { object, what } in saver.places() {
                let name = type_name(vm, &object);
                let part = match what {
                    What::Part(part) => part.to_string(),
                    What::Item(index) => format!("item {index}"),
                    What::Key(key) => {
                        let key = vm.repr(&key).await.map_or(String::new(), |key| key.to_string_lossy());
                        format!("item {key}")
                    }
                };
                fields::add_note(&exception, &format!("when serializing {name} {part}"));
            }
            Err(vm.raise(exception))
        }
    }
}

/// The type's name with its module.
pub fn type_name(vm: &Vm, object: &Value) -> String {
    qualified_name(vm, vm.type_of(object))
}

async fn proceed(vm: &Vm, saver: &mut Saver, pickler: &Pickler) -> PyResult<()> {
    loop {
        match saver.run(vm, pickler)? {
            Stop::Done => return Ok(()),
            Stop::Breathe => vm.breathe(1024).await?,
            Stop::Flush => flush(vm, saver, pickler).await?,
            Stop::Text(object, opcode, end) => {
                let text = vm.repr(&object).await?.to_string_lossy();
                saver.out.write(vm, opcode)?;
                saver.out.write(vm, text.as_bytes())?;
                saver.out.write(vm, end.as_bytes())?;
            }
            Stop::PersistentId(object) => persistent_id(vm, saver, object).await?,
            Stop::Override(object) => {
                let reduce = saver.reducer_override.clone().unwrap_or_default();
                let reduced = vm.call(&reduce, vec![object.clone()]).await?;
                if reduced.is_not_implemented() {
                    saver.tasks.push(Task::SavePlain(object));
                } else {
                    reduce_to(vm, saver, pickler, object, reduced).await?;
                }
            }
            Stop::Reduce(object) => reduce(vm, saver, pickler, object).await?,
            Stop::ReduceTo(object, reduced) => save_reduced(vm, saver, object, reduced).await?,
            Stop::Global(object) => global(vm, saver, pickler, object, None).await?,
            Stop::ByName(module, name) => by_name(vm, saver, &module, &name).await?,
            Stop::Items(items) => next_item(vm, saver, items).await?,
            Stop::Buffer(object) => buffer(vm, saver, pickler, object).await?,
            Stop::Encoded(object) => {
                let bytes = snakelet_vm::types::buffer::contents(&object).unwrap_or_default().into_owned();
                let mut text = snakelet_text::Text::default();
                bytes.iter().try_for_each(|&byte| text.push(byte.into())).map_err(|_| vm.memory_error())?;
                let reduced = if bytes.is_empty() {
                    vec![vm.class_of(&object).into_value(), Value::from_tuple(Vec::new())]
                } else {
                    let encode = library(vm, "codecs", "encode").await?;
                    vec![encode, Value::from_tuple(vec![Value::from_text(text), intern("latin1")])]
                };
                save_reduced(vm, saver, object, Value::from_tuple(reduced)).await?;
            }
        }
    }
}

/// Hands what is written over to the file.
pub async fn flush(vm: &Vm, saver: &mut Saver, pickler: &Pickler) -> PyResult<()> {
    let write = pickler.write.borrow().clone().unwrap_or_default();
    for chunk in std::mem::take(&mut saver.out.chunks) {
        vm.call(&write, vec![chunk]).await?;
    }
    Ok(())
}

async fn persistent_id(vm: &Vm, saver: &mut Saver, object: Value) -> PyResult<()> {
    let function = saver.persistent_id.clone().unwrap_or_default();
    let id = vm.call(&function, vec![object.clone()]).await?;
    if id.is_none() {
        saver.tasks.push(Task::SaveBare(object));
    } else if saver.proto > 0 {
        saver.tasks.push(Task::Write(&[BINPERSID]));
        saver.tasks.push(Task::SaveBare(id));
    } else {
        let text = vm.str(&id).await?;
        let Some(ascii) = text.text().as_str_if_ascii() else {
            return Err(pickling_error(vm, "persistent IDs in protocol 0 must be ASCII strings"));
        };
        saver.out.write(vm, &[PERSID])?;
        saver.out.write(vm, ascii.as_bytes())?;
        saver.out.write(vm, b"\n")?;
    }
    Ok(())
}

/// An object that a dispatch table or one of its methods reduces.
async fn reduce(vm: &Vm, saver: &mut Saver, pickler: &Pickler, object: Value) -> PyResult<()> {
    let class = vm.class_of(&object);
    let own = pickler.dispatch_table.borrow().clone();
    let function = match own {
        None => {
            let table = library(vm, "copyreg", "dispatch_table").await?;
            match table.to_ref::<Dict>() {
                Some(table) => Dict::get(vm, &table, class.as_value()).await?,
                None => None,
            }
        }
        Some(table) => match vm.item(&table, class.as_value()).await {
            Ok(function) => Some(function),
            Err(raised) => match vm.catch(Exc::KeyError) {
                Some(_) => None,
                None => return Err(raised),
            },
        },
    };
    let reduced = if let Some(function) = function {
        vm.call(&function, vec![object.clone()]).await?
    } else if object.downcast::<Type>().is_some() {
        return global(vm, saver, pickler, object, None).await;
    } else if let Some(method) = vm.attr_opt(&object, &intern("__reduce_ex__")).await? {
        vm.call(&method, vec![Value::small_int(saver.proto.into())]).await?
    } else if let Some(method) = vm.attr_opt(&object, &intern("__reduce__")).await? {
        vm.call(&method, Vec::new()).await?
    } else {
        return Err(pickling_error(vm, format!("Can't pickle {} object", type_name(vm, &object))));
    };
    reduce_to(vm, saver, pickler, object, reduced).await
}

fn part(object: &Value, what: &'static str) -> Box<Place> {
    Box::new(Place { object: object.clone(), what: What::Part(what) })
}

/// Has an object saved as what a reduction gave for it.
async fn reduce_to(vm: &Vm, saver: &mut Saver, pickler: &Pickler, object: Value, reduced: Value) -> PyResult<()> {
    if reduced.downcast::<Str>().is_some() {
        return global(vm, saver, pickler, object, Some(reduced)).await;
    }
    saver.tasks.push(Task::Doing(part(&object, "object")));
    save_reduced(vm, saver, object, reduced).await
}

/// The same for a tuple.
async fn save_reduced(vm: &Vm, saver: &mut Saver, object: Value, reduced: Value) -> PyResult<()> {
    let base = saver.tasks.len();
    let Some(items) = reduced.to_ref::<Tuple>() else {
        let name = type_name(vm, &reduced);
        return Err(pickling_error(vm, format!("__reduce__ must return a string or tuple, not {name}")));
    };
    let items = items.items();
    if !(2..=6).contains(&items.len()) {
        return Err(pickling_error(vm, "tuple returned by __reduce__ must contain 2 through 6 elements"));
    }
    let (function, args) = (&items[0], &items[1]);
    let item = |index: usize| items.get(index).filter(|item| !item.is_none());
    let wrong = |which: &str, what: &str, value: &Value| {
        let name = type_name(vm, value);
        pickling_error(vm, format!("{which} item of the tuple returned by __reduce__ must be {what}, not {name}"))
    };
    if vm.type_of(function).slots().call.is_none() {
        return Err(wrong("first", "callable", function));
    }
    let Some(arguments) = args.to_ref::<Tuple>() else { return Err(wrong("second", "a tuple", args)) };
    for (index, which) in [(3, "fourth"), (4, "fifth")] {
        if let Some(iterator) = item(index)
            && vm.type_of(iterator).slots().next.is_none()
        {
            return Err(wrong(which, "an iterator", iterator));
        }
    }
    if let Some(setter) = item(5)
        && vm.type_of(setter).slots().call.is_none()
    {
        return Err(wrong("sixth", "callable", setter));
    }
    let mut kind = 0;
    if saver.proto >= 2
        && let Some(name) = vm.attr_opt(function, &intern("__name__")).await?
        && let Some(name) = name.as_text()
    {
        kind = if *name == *"__newobj__" { 1 } else { 2 * u8::from(*name == *"__newobj_ex__") };
    }

    // The last tasks first: the state, the items, what follows the call.
    if let Some(state) = item(2) {
        let state_part = part(&object, "state");
        match item(5) {
            None => saver.tasks.extend([Task::Write(&[BUILD]), Task::Part(state.clone(), state_part)]),
            Some(setter) => saver.tasks.extend([
                Task::Write(&[TUPLE2, REDUCE, POP]),
                Task::Part(state.clone(), state_part),
                Task::Save(object.clone()),
                Task::Part(setter.clone(), part(&object, "state setter")),
            ]),
        }
    }
    for (index, pairs) in [(4, true), (3, false)] {
        if let Some(iterator) = item(index) {
            saver.tasks.push(Task::Items(Box::new(Items {
                iterator: iterator.clone(),
                object: object.clone(),
                pairs,
                ahead: None,
                ended: false,
                batch: 0,
                count: 0,
                started: false,
            })));
        }
    }
    saver.tasks.push(Task::AfterReduce(object.clone()));
    let result = match kind {
        1 => new_object(vm, saver, &object, arguments.items()).await,
        2 => new_object_ex(vm, saver, &object, arguments.items()).await,
        _ => {
            saver.tasks.extend([
                Task::Write(&[REDUCE]),
                Task::Part(args.clone(), part(&object, "reconstructor arguments")),
                Task::Part(function.clone(), part(&object, "reconstructor")),
            ]);
            Ok(())
        }
    };
    if result.is_err() {
        saver.tasks.truncate(base);
    }
    result
}

async fn new_object(vm: &Vm, saver: &mut Saver, object: &Value, args: &[Value]) -> PyResult<()> {
    let Some((class, rest)) = args.split_first() else {
        return Err(pickling_error(vm, "__newobj__ expected at least 1 argument, got 0"));
    };
    check_class(vm, object, class, "__newobj__").await?;
    saver.tasks.extend([
        Task::Write(&[NEWOBJ]),
        Task::Part(Value::from_tuple(rest.to_vec()), part(object, "__new__ arguments")),
        Task::Part(class.clone(), part(object, "class")),
    ]);
    Ok(())
}

async fn check_class(vm: &Vm, object: &Value, class: &Value, function: &str) -> PyResult<()> {
    if class.downcast::<Type>().is_none() {
        let name = type_name(vm, class);
        return Err(pickling_error(vm, format!("first argument to {function}() must be a class, not {name}")));
    }
    let own = vm.attr(object, "__class__").await?;
    if !own.is(class) {
        let (own, class) = (vm.repr(&own).await?.to_string_lossy(), vm.repr(class).await?.to_string_lossy());
        return Err(pickling_error(vm, format!("first argument to {function}() must be {own}, not {class}")));
    }
    Ok(())
}

async fn new_object_ex(vm: &Vm, saver: &mut Saver, object: &Value, args: &[Value]) -> PyResult<()> {
    let [class, arguments, keywords] = args else {
        let message = format!("__newobj_ex__ expected 3 arguments, got {}", args.len());
        return Err(pickling_error(vm, message));
    };
    check_class(vm, object, class, "__newobj_ex__").await?;
    let Some(positional) = arguments.to_ref::<Tuple>() else {
        let name = type_name(vm, arguments);
        return Err(pickling_error(vm, format!("second argument to __newobj_ex__() must be a tuple, not {name}")));
    };
    let Some(named) = keywords.to_ref::<Dict>() else {
        let name = type_name(vm, keywords);
        return Err(pickling_error(vm, format!("third argument to __newobj_ex__() must be a dict, not {name}")));
    };
    if saver.proto >= 4 {
        let new_arguments = "__new__ arguments";
        saver.tasks.extend([
            Task::Write(&[NEWOBJ_EX]),
            Task::Part(keywords.clone(), part(object, new_arguments)),
            Task::Part(arguments.clone(), part(object, new_arguments)),
            Task::Part(class.clone(), part(object, "class")),
        ]);
        return Ok(());
    }
    let partial = library(vm, "functools", "partial").await?;
    let mut values = vec![vm.attr(class, "__new__").await?, class.clone()];
    values.extend_from_slice(positional.items());
    let mut names = Vec::new();
    for entry in named.table.borrow().iter() {
        names.push(entry.key.clone());
        values.push(entry.value.clone());
    }
    let partial = vm.call_kw(&partial, values, names).await?;
    saver.tasks.extend([
        Task::Write(&[REDUCE]),
        Task::Save(Value::from_tuple(Vec::new())),
        Task::Part(partial, part(object, "reconstructor")),
    ]);
    Ok(())
}

/// Fetches and has saved the next of a reduction's items, in batches.
async fn next_item(vm: &Vm, saver: &mut Saver, mut items: Box<Items>) -> PyResult<()> {
    const BATCH: usize = 1000;
    let bin = saver.proto > 0;
    let [one, many]: [&'static [u8]; 2] = if items.pairs { [&[SETITEM], &[SETITEMS]] } else { [&[APPEND], &[APPENDS]] };
    if std::mem::replace(&mut items.started, true) && items.batch == 0 {
        saver.out.write(vm, one)?;
    }
    let item = match items.ahead.take() {
        Some(item) => Some(item),
        None if items.ended => None,
        None => vm.next(&items.iterator).await?,
    };
    let is_full = items.batch == BATCH;
    if items.batch > 0 && (is_full || item.is_none()) {
        saver.out.write(vm, many)?;
        items.batch = 0;
    }
    let Some(item) = item else { return Ok(()) };
    if bin && items.batch == 0 {
        items.ahead = vm.next(&items.iterator).await?;
        items.ended = items.ahead.is_none();
        if !items.ended {
            saver.out.write(vm, &[MARK])?;
        }
    }
    if bin && (items.batch > 0 || !items.ended) {
        items.batch += 1;
    }
    let index = items.count;
    items.count += 1;
    let object = items.object.clone();
    if !items.pairs {
        saver.tasks.push(Task::Items(items));
        saver.tasks.push(Task::Part(item, Box::new(Place { object, what: What::Item(index) })));
        return Ok(());
    }
    let pair = item.downcast::<Tuple>().map(Tuple::items);
    let Some([key, value]) = pair else {
        return Err(vm.type_error("dict items iterator must return 2-tuples"));
    };
    saver.tasks.push(Task::Items(items));
    saver.tasks.push(Task::Part(value.clone(), Box::new(Place { object, what: What::Key(key.clone()) })));
    saver.tasks.push(Task::Save(key.clone()));
    Ok(())
}

async fn buffer(vm: &Vm, saver: &mut Saver, pickler: &Pickler, object: Value) -> PyResult<()> {
    if saver.proto < 5 {
        return Err(needs_protocol_5(vm));
    }
    let Some(view) = object.downcast::<PickleBuffer>() else { return Ok(()) };
    let (contents, read_only) = view.parts(vm).await?;
    let Some(contents) = contents else {
        let message = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
        return Err(pickling_error(vm, message));
    };
    let callback = pickler.buffer_callback.borrow().clone();
    if let Some(callback) = callback {
        let answer = vm.call(&callback, vec![object.clone()]).await?;
        if !vm.truth(&answer).await? {
            saver.out.write(vm, &[NEXT_BUFFER])?;
            if read_only {
                saver.out.write(vm, &[READONLY_BUFFER])?;
            }
            return Ok(());
        }
    }
    saver.buffer(vm, &object, &contents, read_only)?;
    saver.put(vm, pickler, &object)
}

/// `obj.a.b`, or the AttributeError.
async fn follow(vm: &Vm, object: &Value, path: &[&str]) -> PyResult<Result<Value, Value>> {
    let mut object = object.clone();
    for name in path {
        match vm.attr(&object, name).await {
            Ok(next) => object = next,
            Err(raised) => return vm.catch(Exc::AttributeError).map(Err).ok_or(raised),
        }
    }
    Ok(Ok(object))
}

async fn global(vm: &Vm, saver: &mut Saver, pickler: &Pickler, object: Value, name: Option<Value>) -> PyResult<()> {
    let name = match name {
        Some(name) => name,
        None => match vm.attr_opt(&object, &intern("__qualname__")).await? {
            Some(name) => name,
            None => vm.attr(&object, "__name__").await?,
        },
    };
    let Some(path) = name.as_text().map(|name| name.to_utf8_lossy().into_owned()) else {
        return Err(vm.type_error("__qualname__ is not a str"));
    };
    let module = module_of(vm, &object, &path).await?;
    let (name, module) = (intern_value(&name), intern_value(&module));
    if saver.proto >= 2 {
        let registry = library(vm, "copyreg", "_extension_registry").await?;
        if let Some(registry) = registry.to_ref::<Dict>().filter(|registry| !registry.is_empty()) {
            let key = Value::from_tuple(vec![module.clone(), name.clone()]);
            if let Some(code) = Dict::get(vm, &registry, &key).await? {
                return extension(vm, saver, &object, &code).await;
            }
        }
    }
    if saver.proto >= 4 {
        saver.tasks.extend([Task::Memoize(object), Task::Write(&[STACK_GLOBAL]), Task::Save(name), Task::Save(module)]);
        return Ok(());
    }
    let Some((first, rest)) = path.split_once('.') else {
        by_name(vm, saver, &module, &name).await?;
        return saver.put(vm, pickler, &object);
    };
    // getattr(getattr(..., name), name)
    let getattr = vm.builtins.get_text("getattr").unwrap_or_default();
    let (mut tasks, mut after) = (Vec::new(), Vec::new());
    for part in rest.split('.') {
        tasks.push(Task::Save(getattr.clone()));
        if saver.proto < 2 {
            tasks.push(Task::Write(&[MARK]));
        }
        after.push(Task::Save(intern(part)));
        after.push(Task::Write(if saver.proto < 2 { &[TUPLE, REDUCE] } else { &[TUPLE2, REDUCE] }));
    }
    tasks.push(Task::ByName(module, intern(first)));
    tasks.extend(after);
    tasks.push(Task::Memoize(object));
    saver.tasks.extend(tasks.into_iter().rev());
    Ok(())
}

async fn extension(vm: &Vm, saver: &mut Saver, object: &Value, code: &Value) -> PyResult<()> {
    let Some(number) = code.as_small_int().filter(|_| code.is_int()) else {
        let shown = vm.repr(object).await?.to_string_lossy();
        let name = type_name(vm, code);
        return Err(pickling_error(vm, format!("Can't pickle {shown}: extension code must be int, not {name}")));
    };
    match number {
        1..=0xff => saver.out.write(vm, &[EXT1, number as u8]),
        0x100..=0xffff => saver.write_with(vm, EXT2, &(number as u16).to_le_bytes()),
        0x1_0000..=0x7fff_ffff => saver.write_with(vm, EXT4, &(number as u32).to_le_bytes()),
        _ => {
            let message = format!("extension code {number} is out of range");
            Err(if number == 0 { vm.runtime_error(message) } else { pickling_error(vm, message) })
        }
    }
}

/// GLOBAL with module and name in one line each.
async fn by_name(vm: &Vm, saver: &mut Saver, module: &Value, name: &Value) -> PyResult<()> {
    let (mut module, mut name) = (module.clone(), name.clone());
    if saver.fix_imports && saver.proto < 3 {
        let names = library(vm, "_compat_pickle", "REVERSE_NAME_MAPPING").await?;
        let imports = library(vm, "_compat_pickle", "REVERSE_IMPORT_MAPPING").await?;
        let key = Value::from_tuple(vec![module.clone(), name.clone()]);
        if let Some(pair) = in_dict(vm, &names, &key).await? {
            if let Some([to_module, to_name]) = pair.downcast::<Tuple>().map(Tuple::items) {
                (module, name) = (to_module.clone(), to_name.clone());
            }
        } else if let Some(to_module) = in_dict(vm, &imports, &module).await? {
            module = to_module;
        }
    }
    saver.out.write(vm, &[GLOBAL])?;
    for (value, what) in [(&module, "module"), (&name, "global")] {
        let text = value.as_text().and_then(|text| text.to_utf8().ok());
        match text.filter(|text| saver.proto >= 3 || text.is_ascii()) {
            Some(text) => {
                saver.out.write(vm, text.as_bytes())?;
                saver.out.write(vm, b"\n")?;
            }
            None => {
                let shown = vm.repr(value).await?.to_string_lossy();
                let proto = saver.proto;
                let message = format!("can't pickle {what} identifier {shown} using pickle protocol {proto}");
                return Err(pickling_error(vm, message));
            }
        }
    }
    Ok(())
}

pub async fn in_dict(vm: &Vm, dict: &Value, key: &Value) -> PyResult<Option<Value>> {
    match dict.to_ref::<Dict>() {
        Some(dict) => Dict::get(vm, &dict, key).await,
        None => Ok(None),
    }
}

/// The name of the module where an object is found under this name.
async fn module_of(vm: &Vm, object: &Value, name: &str) -> PyResult {
    let path: Vec<&str> = name.split('.').collect();
    let mut module_name = vm.attr_opt(object, &intern("__module__")).await?.filter(|name| !name.is_none());
    if path.contains(&"<locals>") {
        let shown = vm.repr(object).await?.to_string_lossy();
        return Err(pickling_error(vm, format!("Can't pickle local object {shown}")));
    }
    if module_name.is_none() {
        let modules: Ref<Dict> = vm.modules.copy(vm)?;
        let mut at = 0;
        loop {
            let entry = modules.table.borrow().entry(at).map(|entry| (entry.key.clone(), entry.value.clone()));
            let Some((key, module)) = entry else { break };
            at += 1;
            let is_main = key.as_text().is_some_and(|key| *key == *"__main__" || *key == *"__mp_main__");
            if key.is_unbound() || is_main || module.is_none() {
                continue;
            }
            if follow(vm, &module, &path).await?.is_ok_and(|found| found.is(object)) {
                return Ok(key);
            }
        }
        module_name = Some(intern("__main__"));
    }
    let module_name = module_name.unwrap_or_default();
    let shown_name = vm.str(&module_name).await?.to_string_lossy();
    let imported = match shown_name.as_str() {
        "" => Err(vm.value_error("Empty module name")),
        name => snakelet_vm::import::import_module(vm, name).await,
    };
    let module = match imported {
        Ok(module) => module,
        Err(raised) => {
            let caught =
                [Exc::ImportError, Exc::ValueError, Exc::KeyError].into_iter().find_map(|class| vm.catch(class));
            let Some(cause) = caught else { return Err(raised) };
            let shown = vm.repr(object).await?.to_string_lossy();
            let text = vm.str(&cause).await?.to_string_lossy();
            return Err(chained(vm, format!("Can't pickle {shown}: {text}"), &cause).await);
        }
    };
    let (problem, cause) = match follow(vm, &module, &path).await? {
        Ok(found) if found.is(object) => return Ok(module_name),
        Ok(_) => ("it's not the same object as", None),
        Err(cause) => ("it's not found as", Some(cause)),
    };
    let shown = vm.repr(object).await?.to_string_lossy();
    let message = format!("Can't pickle {shown}: {problem} {shown_name}.{name}");
    Err(match cause {
        Some(cause) => chained(vm, message, &cause).await,
        None => pickling_error(vm, message),
    })
}

/// A PicklingError because of another exception.
async fn chained(vm: &Vm, message: String, cause: &Value) -> Raised {
    let args = vec![Value::from_str(&message)];
    let exception = snakelet_vm::types::exception::instantiate(vm, &pickling_error_class(), args);
    if let Err(raised) = vm.store_attr(&exception, &intern("__context__"), cause).await {
        return raised;
    }
    vm.raise(exception)
}

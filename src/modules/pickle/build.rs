//! What of unpickling needs Python code: finding names, calling, setting state; and the file that is read.

use snakelet_vm::errors::Exc;
use snakelet_vm::native::{ArgBytes, GetSetDescriptor, Native};
use snakelet_vm::object::instance;
use snakelet_vm::object::intern::{intern, intern_value};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::set::{FrozenSet, Set};
use snakelet_vm::types::string::Str;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::typeobject::{Type, TypeFlags};
use snakelet_vm::{PyResult, Ref, Value, Vm};

use super::load::{Halt, Job, Loader};
use super::reduce::{in_dict, type_name};
use super::{Unpickler, library, unpickling_error};

/// Reads one pickle.
pub async fn drive(vm: &Vm, loader: &mut Loader, this: &Value, unpickler: &Unpickler) -> PyResult {
    loop {
        match loader.run(vm, unpickler)? {
            Halt::Done(value) => {
                unpickler.proto.set(loader.proto);
                return Ok(value);
            }
            Halt::Breathe => vm.breathe(2048).await?,
            Halt::Bytes(count) => fill(vm, loader, unpickler, count).await?,
            Halt::Line => fill_line(vm, loader, unpickler).await?,
            Halt::Do(job) => {
                if let Some(value) = perform(vm, loader, this, unpickler, job).await? {
                    loader.stack.push(value);
                }
            }
        }
    }
}

/// Reads what is missing of `count` bytes after the position.
async fn fill(vm: &Vm, loader: &mut Loader, unpickler: &Unpickler, count: usize) -> PyResult<()> {
    let have = loader.input.len() - loader.at;
    let at_opcode = have == 0;
    let truncated = |vm: &Vm| {
        if at_opcode {
            vm.error(Exc::EOFError, "Ran out of input")
        } else {
            unpickling_error(vm, "pickle data was truncated")
        }
    };
    let Some(read) = unpickler.read.borrow().clone() else { return Err(truncated(vm)) };
    drop_used(loader);
    skip_peeked(vm, loader, unpickler).await?;
    let missing = count - have;
    if let Some(peek) = unpickler.peek.borrow().clone() {
        // Some more at once, left in the file until it is used.
        let ahead = vm.call(&peek, vec![Value::small_int(1 << 17)]).await;
        match ahead {
            Ok(ahead) => {
                if let Some(bytes) = ArgBytes::of(&ahead).filter(|bytes| bytes.len() >= missing) {
                    vm.reserve(&mut loader.input, bytes.len())?;
                    loader.input.extend_from_slice(&bytes);
                    loader.peeked = bytes.len();
                    return Ok(());
                }
            }
            Err(raised) => {
                if vm.catch(Exc::NotImplementedError).is_none() {
                    return Err(raised);
                }
                unpickler.peek.set(None);
            }
        }
    }
    let data = vm.call(&read, vec![Value::from_usize(missing)]).await?;
    let Some(bytes) = ArgBytes::of(&data) else {
        return Err(vm.value_error("read() returned non-bytes object"));
    };
    vm.reserve(&mut loader.input, bytes.len())?;
    loader.input.extend_from_slice(&bytes);
    if bytes.len() < missing { Err(truncated(vm)) } else { Ok(()) }
}

async fn fill_line(vm: &Vm, loader: &mut Loader, unpickler: &Unpickler) -> PyResult<()> {
    let Some(readline) = unpickler.readline.borrow().clone() else {
        return Err(unpickling_error(vm, "pickle data was truncated"));
    };
    drop_used(loader);
    skip_peeked(vm, loader, unpickler).await?;
    let data = vm.call(&readline, Vec::new()).await?;
    let Some(bytes) = ArgBytes::of(&data) else {
        return Err(vm.value_error("readline() returned non-bytes object"));
    };
    vm.reserve(&mut loader.input, bytes.len())?;
    loader.input.extend_from_slice(&bytes);
    if bytes.last() == Some(&b'\n') { Ok(()) } else { Err(unpickling_error(vm, "pickle data was truncated")) }
}

fn drop_used(loader: &mut Loader) {
    loader.input.drain(..loader.at);
    loader.at = 0;
}

/// Takes from the file what was peeked at: all of it is used, or wanted again.
async fn skip_peeked(vm: &Vm, loader: &mut Loader, unpickler: &Unpickler) -> PyResult<()> {
    let peeked = std::mem::take(&mut loader.peeked);
    if let (true, Some(read)) = (peeked > 0, unpickler.read.borrow().clone()) {
        vm.call(&read, vec![Value::from_usize(peeked)]).await?;
    }
    Ok(())
}

/// After a pickle's end: the file's position is behind it.
pub async fn finish(vm: &Vm, loader: &mut Loader, unpickler: &Unpickler) -> PyResult<()> {
    let unused = loader.input.len() - loader.at;
    loader.peeked = loader.peeked.saturating_sub(unused);
    skip_peeked(vm, loader, unpickler).await
}

async fn perform(
    vm: &Vm,
    loader: &mut Loader,
    this: &Value,
    unpickler: &Unpickler,
    job: Job,
) -> PyResult<Option<Value>> {
    Ok(Some(match job {
        Job::Find { module, name } => find(vm, loader, this, unpickler, module, name).await?,
        Job::Instantiate { module, name, args } => {
            let class = find(vm, loader, this, unpickler, module, name).await?;
            instantiate(vm, class, args).await?
        }
        Job::Object { class, args } => instantiate(vm, class, args).await?,
        Job::Call { callable, args } => {
            let Some(args) = args.downcast::<Tuple>().map(|args| args.items().to_vec()) else {
                return Err(vm.type_error("argument list must be a tuple"));
            };
            vm.call(&callable, args).await?
        }
        Job::New { class, args, keywords } => new_object(vm, class, args, keywords).await?,
        Job::Build { object, state } => {
            set_state(vm, object, state).await?;
            return Ok(None);
        }
        Job::Append { list, items, many } => {
            if many && let Some(extend) = vm.attr_opt(&list, &intern("extend")).await? {
                vm.call(&extend, vec![Value::from_list(items)]).await?;
                return Ok(None);
            }
            let append = vm.attr(&list, "append").await?;
            for item in items {
                vm.call(&append, vec![item]).await?;
            }
            return Ok(None);
        }
        Job::SetItems { dict, items } => {
            for pair in items.chunks_exact(2) {
                vm.store_item(&dict, &pair[0], &pair[1]).await?;
            }
            return Ok(None);
        }
        Job::AddItems { set, items } => {
            if set.downcast_exact::<Set>().is_some()
                && let Some(set) = set.to_ref::<Set>()
            {
                Set::update(vm.handle(), &set, &Value::from_list(items)).await?;
                return Ok(None);
            }
            let add = vm.attr(&set, "add").await?;
            for item in items {
                vm.call(&add, vec![item]).await?;
            }
            return Ok(None);
        }
        Job::FrozenSet { items } => {
            let class = FrozenSet::type_object().into_value();
            vm.call(&class, vec![Value::from_list(items)]).await?
        }
        Job::Persistent { id } => {
            let load = vm.attr(this, "persistent_load").await?;
            vm.call(&load, vec![id]).await?
        }
        Job::Extension { code } => extension(vm, loader, this, unpickler, code).await?,
        Job::NextBuffer => {
            let Some(buffers) = unpickler.buffers.borrow().clone() else {
                let message = "pickle stream refers to out-of-band data but no *buffers* argument was given";
                return Err(unpickling_error(vm, message));
            };
            match vm.next(&buffers).await? {
                Some(buffer) => buffer,
                None => return Err(unpickling_error(vm, "not enough out-of-band buffers")),
            }
        }
        Job::ReadOnly => {
            let object = loader.stack.pop().unwrap_or_default();
            let view = library(vm, "builtins", "memoryview").await?;
            let view = vm.call(&view, vec![object.clone()]).await?;
            if vm.attr(&view, "readonly").await?.is_true() {
                object
            } else {
                let read_only = vm.attr(&view, "toreadonly").await?;
                vm.call(&read_only, Vec::new()).await?
            }
        }
        Job::Decode { bytes } => decode(vm, unpickler, Value::from_bytes(bytes)).await?,
        Job::Escaped { bytes } => {
            let unescape = library(vm, "codecs", "escape_decode").await?;
            let pair = vm.call(&unescape, vec![Value::from_bytes(bytes)]).await?;
            let bytes = pair.downcast::<Tuple>().and_then(|pair| pair.items().first().cloned()).unwrap_or_default();
            decode(vm, unpickler, bytes).await?
        }
        Job::Int { text } => {
            let class = library(vm, "builtins", "int").await?;
            match vm.call(&class, vec![text]).await {
                Ok(number) => number,
                Err(raised) if vm.catch(Exc::ValueError).is_none() => return Err(raised),
                Err(_) => return Err(vm.value_error("could not convert string to int")),
            }
        }
        Job::Float { text } => {
            let class = library(vm, "builtins", "float").await?;
            vm.call(&class, vec![text]).await?
        }
    }))
}

/// A str of Python 2 as the `encoding` argument wants it.
async fn decode(vm: &Vm, unpickler: &Unpickler, bytes: Value) -> PyResult {
    let (encoding, errors) = (unpickler.encoding.borrow().clone(), unpickler.errors.borrow().clone());
    if encoding.as_text().is_some_and(|encoding| *encoding == *"bytes") {
        return Ok(bytes);
    }
    let decode = vm.attr(&bytes, "decode").await?;
    vm.call(&decode, vec![encoding, errors]).await
}

/// Whether a method of an unpickler (or pickler) is the builtin one.
pub fn is_builtin(vm: &Vm, this: &Value, base: &Ref<Type>, name: &str) -> bool {
    let name = intern(name);
    match (vm.type_of(this).lookup(&name), base.lookup(&name)) {
        (Some(own), Some(builtin)) => own.is(&builtin),
        _ => false,
    }
}

async fn find(vm: &Vm, loader: &Loader, this: &Value, unpickler: &Unpickler, module: Value, name: Value) -> PyResult {
    unpickler.proto.set(loader.proto);
    if std::ptr::eq(vm.type_of(this), &*Unpickler::type_object()) {
        return find_class(vm, unpickler, module, name).await;
    }
    let find_class = vm.attr(this, "find_class").await?;
    vm.call(&find_class, vec![module, name]).await
}

/// `Unpickler.find_class`
pub async fn find_class(vm: &Vm, unpickler: &Unpickler, module: Value, name: Value) -> PyResult {
    let (mut module, mut name) = (module, name);
    let proto = unpickler.proto.get();
    if proto < 3 && unpickler.fix_imports.get() {
        let names = library(vm, "_compat_pickle", "NAME_MAPPING").await?;
        let imports = library(vm, "_compat_pickle", "IMPORT_MAPPING").await?;
        let key = Value::from_tuple(vec![module.clone(), name.clone()]);
        if let Some(pair) = in_dict(vm, &names, &key).await? {
            if let Some([to_module, to_name]) = pair.downcast::<Tuple>().map(Tuple::items) {
                (module, name) = (to_module.clone(), to_name.clone());
            }
        } else if let Some(to_module) = in_dict(vm, &imports, &module).await? {
            module = to_module;
        }
    }
    let (Some(module_name), Some(path)) = (module.as_text(), name.as_text()) else {
        return Err(vm.type_error("module and name must be str"));
    };
    let (module_name, path) = (module_name.to_utf8_lossy().into_owned(), path.to_utf8_lossy().into_owned());
    if module_name.is_empty() {
        return Err(vm.value_error("Empty module name"));
    }
    let object = snakelet_vm::import::import_module(vm, &module_name).await?;
    if proto < 4 || !path.contains('.') {
        return vm.attr(&object, &path).await;
    }
    let mut found = object;
    for part in path.split('.') {
        match vm.attr(&found, part).await {
            Ok(next) => found = next,
            Err(raised) => {
                let Some(cause) = vm.catch(Exc::AttributeError) else { return Err(raised) };
                let (path, module) =
                    (vm.repr(&name).await?.to_string_lossy(), vm.repr(&module).await?.to_string_lossy());
                let _ = vm.attribute_error(format!("Can't resolve path {path} on module {module}"));
                let exception = vm.take_raised();
                vm.store_attr(&exception, &intern("__context__"), &cause).await?;
                return Err(vm.raise(exception));
            }
        }
    }
    Ok(found)
}

async fn extension(vm: &Vm, loader: &Loader, this: &Value, unpickler: &Unpickler, code: i64) -> PyResult {
    if code <= 0 {
        return Err(unpickling_error(vm, "EXT specifies code <= 0"));
    }
    let key = Value::from_i64(code);
    let cache = library(vm, "copyreg", "_extension_cache").await?;
    if let Some(known) = in_dict(vm, &cache, &key).await? {
        return Ok(known);
    }
    let registry = library(vm, "copyreg", "_inverted_registry").await?;
    let pair = in_dict(vm, &registry, &key).await?;
    let Some(pair) = pair else {
        return Err(vm.value_error(format!("unregistered extension code {code}")));
    };
    let Some([module, name]) = pair.downcast::<Tuple>().map(Tuple::items) else {
        let message = format!("_inverted_registry[{code}] isn't a 2-tuple of strings");
        return Err(vm.value_error(message));
    };
    let object = find(vm, loader, this, unpickler, module.clone(), name.clone()).await?;
    vm.store_item(&cache, &key, &object).await?;
    Ok(object)
}

/// INST and OBJ: a class called, or only its `__new__`.
async fn instantiate(vm: &Vm, class: Value, args: Vec<Value>) -> PyResult {
    if args.is_empty()
        && class.downcast::<Type>().is_some()
        && vm.attr_opt(&class, &intern("__getinitargs__")).await?.is_none()
    {
        let new = vm.attr(&class, "__new__").await?;
        return vm.call(&new, vec![class]).await;
    }
    vm.call(&class, args).await
}

async fn new_object(vm: &Vm, class: Value, args: Value, keywords: Option<Value>) -> PyResult {
    let opcode = if keywords.is_some() { "NEWOBJ_EX" } else { "NEWOBJ" };
    if class.downcast::<Type>().is_none() {
        let name = type_name(vm, &class);
        return Err(unpickling_error(vm, format!("{opcode} class argument must be a type, not {name}")));
    }
    let Some(items) = args.downcast::<Tuple>().map(Tuple::items) else {
        let name = type_name(vm, &args);
        return Err(unpickling_error(vm, format!("{opcode} args argument must be a tuple, not {name}")));
    };
    let mut values = vec![class.clone()];
    values.extend_from_slice(items);
    let mut names = Vec::new();
    if let Some(keywords) = keywords {
        let Some(dict) = keywords.downcast::<Dict>() else {
            let name = type_name(vm, &keywords);
            return Err(unpickling_error(vm, format!("{opcode} kwargs argument must be a dict, not {name}")));
        };
        for entry in dict.table.borrow().iter() {
            names.push(intern_value(&entry.key));
            values.push(entry.value.clone());
        }
    }
    let new = vm.attr(&class, "__new__").await?;
    vm.call_kw(&new, values, names).await
}

/// BUILD
async fn set_state(vm: &Vm, object: Value, state: Value) -> PyResult<()> {
    if let Some(set) = vm.attr_opt(&object, &intern("__setstate__")).await? {
        vm.call(&set, vec![state]).await?;
        return Ok(());
    }
    let mut parts = (state.clone(), Value::NONE);
    if let Some([first, second]) = state.downcast::<Tuple>().map(Tuple::items) {
        parts = (first.clone(), second.clone());
    }
    let (state, slots) = parts;
    if !state.is_none() {
        let Some(state) = state.to_ref::<Dict>() else {
            return Err(unpickling_error(vm, "state is not a dictionary"));
        };
        set_dict(vm, &object, &state).await?;
    }
    if !slots.is_none() {
        let Some(slots) = slots.to_ref::<Dict>() else {
            return Err(unpickling_error(vm, "slot state is not a dictionary"));
        };
        for (key, value) in entries(&slots) {
            if key.as_text().is_none() {
                let name = vm.type_name(&key);
                return Err(vm.type_error(format!("attribute name must be string, not '{name}'")));
            }
            vm.store_attr(&object, &intern_value(&key), &value).await?;
        }
    }
    Ok(())
}

fn entries(dict: &Dict) -> Vec<(Value, Value)> {
    dict.table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect()
}

async fn set_dict(vm: &Vm, object: &Value, state: &Ref<Dict>) -> PyResult<()> {
    let entries = entries(state);
    let is_plain = entries.iter().all(|(key, _)| key.downcast_exact::<Str>().is_some());
    let class = vm.type_of(object);
    if is_plain
        && let Some(header) = object.header()
        && class.has_dict()
        && class.flags.get() & TypeFlags::HEAP != 0
        && class.lookup(&intern("__dict__")).is_none_or(|found| found.downcast::<GetSetDescriptor>().is_some())
    {
        for (key, value) in entries {
            instance::set(header, &intern_value(&key), value);
        }
        return Ok(());
    }
    let dict = vm.attr(object, "__dict__").await?;
    for (key, value) in entries {
        let key = if key.downcast_exact::<Str>().is_some() { intern_value(&key) } else { key };
        vm.store_item(&dict, &key, &value).await?;
    }
    Ok(())
}

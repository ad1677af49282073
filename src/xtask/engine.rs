//! SQLite for pages: the module that the npm package `@sqlite.org/sqlite-wasm` contains, made into one that the part of module
//! `_sqlite3` is linked with.
//!
//! As it comes it needs Emscripten's JavaScript around it. None of that is needed here: files, clock and random bytes come
//! through SQLite's own interface (`src/modules/sqlite/engine/vfs.rs`). So its imports become functions that fail, its memory
//! its own, and of its exports those remain that the runtime imports from `sqlite3`. A few functions are added: to read and
//! write its memory, and to put functions of the runtime's table (`m.t`) into its own, which SQLite then calls directly.
//! Binaryen's Asyncify (run by `package.rs`) then makes it possible to stop it in such a call; see `coroutine_page.rs`.

use std::collections::HashSet;

use walrus::ir::{BinaryOp, ExtendedLoad, LoadKind, MemArg, StoreKind, Value};
use walrus::{
    ConstExpr, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId, ImportKind, MemoryId, Module,
    ModuleConfig, RefType, TableId, ValType,
};

/// The name under which the runtime imports SQLite's functions.
pub const ENGINE: &str = "sqlite3";

/// What failing system calls answer: "function not implemented".
const NOT_IMPLEMENTED: i32 = 52;
/// The most memory it may have.
const HEAP_LIMIT: i32 = 0x4000_0000;

/// The module in the form that Asyncify is applied to. `wanted` are the names that the runtime imports.
pub fn prepare(wasm: &[u8], wanted: &HashSet<String>) -> Result<Vec<u8>, String> {
    let mut module = ModuleConfig::new()
        .generate_producers_section(false)
        .generate_name_section(false)
        .parse(wasm)
        .map_err(|error| format!("SQLite's module: {error:#}"))?;
    let memory = own_memory(&mut module)?;
    let ours = module.tables.main_function_table().map_err(|error| format!("{error:#}"))?;
    let ours = ours.ok_or("SQLite's module has no function table")?;
    module.tables.get_mut(ours).maximum = None;
    let (theirs, _) = module.add_import_table("m", "t", false, 0, None, RefType::FUNCREF);
    let local_time = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    replace_imports(&mut module, memory, ours, local_time)?;
    let constructors = exported(&module, "__wasm_call_ctors")?;
    let exports: Vec<_> = module.exports.iter().map(|export| (export.id(), export.name.clone())).collect();
    let mut missing: HashSet<&str> = wanted.iter().map(String::as_str).collect();
    for (id, name) in exports {
        if !missing.remove(name.as_str()) {
            module.exports.delete(id);
        }
    }
    add_access(&mut module, memory);
    add_install(&mut module, ours, theirs);
    add_setter(&mut module, local_time);
    for name in ["peek", "peek_byte", "poke", "poke_byte", "install", "set_local_time"] {
        missing.remove(name);
    }
    missing.retain(|name| !name.starts_with("asyncify_"));
    if !missing.is_empty() {
        return Err(format!("SQLite's module lacks {missing:?}"));
    }
    module.start = Some(constructors);
    let notes: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    notes.into_iter().for_each(|id| drop(module.customs.delete(id)));
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

fn exported(module: &Module, name: &str) -> Result<FunctionId, String> {
    let found = module.exports.iter().find(|export| export.name == name);
    match found.map(|export| export.item) {
        Some(ExportItem::Function(function)) => Ok(function),
        _ => Err(format!("SQLite's module has no function {name}")),
    }
}

/// Makes the imported memory the module's own.
fn own_memory(module: &mut Module) -> Result<MemoryId, String> {
    let found = module.imports.iter().find_map(|import| match import.kind {
        ImportKind::Memory(memory) => Some((import.id(), memory)),
        _ => None,
    });
    let (import, memory) = found.ok_or("SQLite's module imports no memory")?;
    module.imports.delete(import);
    module.memories.get_mut(memory).import = None;
    Ok(memory)
}

/// Gives every imported function a body.
fn replace_imports(module: &mut Module, memory: MemoryId, table: TableId, local_time: GlobalId) -> Result<(), String> {
    let imported: Vec<(String, FunctionId)> = module
        .imports
        .iter()
        .filter_map(|import| match import.kind {
            ImportKind::Function(function) => Some((import.name.clone(), function)),
            _ => None,
        })
        .collect();
    for (name, function) in imported {
        let ty = module.funcs.get(function).ty();
        let results = module.types.results(ty).to_vec();
        let replaced = module.replace_imported_func(function, |(body, args)| match name.as_str() {
            "emscripten_get_heap_max" => drop(body.i32_const(HEAP_LIMIT)),
            // Whether the memory has so many bytes now.
            "emscripten_resize_heap" => {
                body.local_get(args[0]).i32_const(65535).binop(BinaryOp::I32Add).i32_const(16);
                body.binop(BinaryOp::I32ShrU).memory_size(memory).binop(BinaryOp::I32Sub).memory_grow(memory);
                body.i32_const(-1).binop(BinaryOp::I32Ne);
            }
            // Asks the runtime, which knows the local time.
            "_localtime_js" => {
                body.local_get(args[0]).local_get(args[1]).global_get(local_time).call_indirect(ty, table);
            }
            _ => {
                for result in &results {
                    match result {
                        ValType::I32 => body.i32_const(NOT_IMPLEMENTED),
                        ValType::I64 => body.i64_const(-1),
                        _ => body.f64_const(0.0),
                    };
                }
            }
        });
        replaced.map_err(|error| format!("{name}: {error:#}"))?;
    }
    let left = module.funcs.iter().any(|function| matches!(function.kind, FunctionKind::Import(_)));
    if left { Err("SQLite's module still imports functions".to_string()) } else { Ok(()) }
}

/// Adds `peek`, `peek_byte`, `poke` and `poke_byte`.
fn add_access(module: &mut Module, memory: MemoryId) {
    let byte = LoadKind::I32_8 { kind: ExtendedLoad::ZeroExtend };
    let loads = [("peek", ValType::I64, LoadKind::I64 { atomic: false }), ("peek_byte", ValType::I32, byte)];
    for (name, result, kind) in loads {
        let at = module.locals.add(ValType::I32);
        let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[result]);
        builder.func_body().local_get(at).load(memory, kind, MemArg { align: 1, offset: 0 });
        let function = builder.finish(vec![at], &mut module.funcs);
        module.exports.add(name, function);
    }
    let stores = [
        ("poke", ValType::I64, StoreKind::I64 { atomic: false }),
        ("poke_byte", ValType::I32, StoreKind::I32_8 { atomic: false }),
    ];
    for (name, ty, kind) in stores {
        let (at, value) = (module.locals.add(ValType::I32), module.locals.add(ty));
        let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32, ty], &[]);
        builder.func_body().local_get(at).local_get(value).store(memory, kind, MemArg { align: 1, offset: 0 });
        let function = builder.finish(vec![at, value], &mut module.funcs);
        module.exports.add(name, function);
    }
}

/// Adds `install`: appends a function of the runtime's table to the module's own; its index there.
fn add_install(module: &mut Module, ours: TableId, theirs: TableId) {
    let index = module.locals.add(ValType::I32);
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    builder.func_body().local_get(index).table_get(theirs).i32_const(1).table_grow(ours);
    let function = builder.finish(vec![index], &mut module.funcs);
    module.exports.add("install", function);
}

/// Adds `set_local_time`: the index of the function that is asked for the local time.
fn add_setter(module: &mut Module, local_time: GlobalId) {
    let index = module.locals.add(ValType::I32);
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
    builder.func_body().local_get(index).global_set(local_time);
    let function = builder.finish(vec![index], &mut module.funcs);
    module.exports.add("set_local_time", function);
}

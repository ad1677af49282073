//! Splits the compiled module: what a page needs from the start, and parts that are loaded when they are needed.
//!
//! Rust links everything into one WebAssembly module, but few programs import `_decimal`, and most of them show no
//! traceback. The functions of some Rust modules (`src/modules/parts.txt`) therefore move into WebAssembly modules of their
//! own, which share the first one's memory, table and globals and are instantiated when the machine asks for them. What moves
//! is found in `data.rs`. No call crosses from the first module into a part except through the function table: until a part
//! fills the slots of its functions, they hold one that traps.

use std::collections::{BTreeMap, HashMap, HashSet};

use walrus::ir::{Visitor, VisitorMut, dfs_in_order, dfs_pre_order_mut};
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind,
    Module, ModuleConfig,
};

use crate::data::{self, Assignment, Range};
use crate::engine::ENGINE;

/// The name under which parts import from the first module.
const FIRST: &str = "m";

/// The modules that one was split into.
pub struct Split {
    pub first: Vec<u8>,
    /// The parts by name.
    pub parts: BTreeMap<String, Vec<u8>>,
    /// The names that the machine asks for (`HostRequest::Part`), and the part of each.
    pub part_of: BTreeMap<String, String>,
    /// What parts import from SQLite's module.
    pub of_engine: HashSet<String>,
}

/// Splits `wasm`, whose functions still have their mangled names; `linked` is what the linker wrote, before the glue was made.
/// `groups` is the content of `parts.txt`: the part of each path.
pub fn split(wasm: &[u8], linked: &[u8], groups: &HashMap<String, String>) -> Result<Split, String> {
    let whole = parse(wasm)?;
    let functions = ids(&whole);
    let linked = data::read(linked).ok_or("the linked module has no relocations that can be read")?;
    let Assignment { functions: homes, data } = data::assign(&linked, |name| Some(gate(name, groups)?.1));
    let plan = Plan::new(&whole, &functions, &homes)?;
    let mut names: Vec<Option<String>> = vec![None; functions.len()];
    let mut globals: Vec<GlobalId> = Vec::new();
    for index in (0..functions.len()).filter(|&index| plan.homes[index].is_some()) {
        let outside = |callee: usize| plan.homes[callee].is_none() && !plan.of_engine.contains(&callee);
        for &callee in plan.callees[index].iter().filter(|&&callee| outside(callee)) {
            names[callee] = Some(String::new());
        }
        for &global in &plan.globals[index] {
            if !globals.contains(&global) {
                globals.push(global);
            }
        }
    }
    for (number, name) in names.iter_mut().flatten().enumerate() {
        *name = format!("f{}", short(number));
    }
    let global_indices: Vec<usize> = whole
        .globals
        .iter()
        .enumerate()
        .filter_map(|(index, global)| globals.contains(&global.id()).then_some(index))
        .collect();
    let moved: Vec<Range> = data.values().flatten().copied().collect();
    let mut parts = BTreeMap::new();
    for part in plan.homes.iter().flatten().collect::<HashSet<_>>() {
        parts.insert(
            part.clone(),
            write_part(wasm, part, &plan, &names, &global_indices, data.get(part).map_or(&[], Vec::as_slice))?,
        );
    }
    let gates = whole.funcs.iter().filter_map(|function| gate(function.name.as_deref()?, groups));
    let part_of = gates.filter(|(_, part)| parts.contains_key(part)).collect();
    let of_engine =
        whole.funcs.iter().filter_map(|function| Some(engine_name(&whole, function)?.to_string())).collect();
    Ok(Split { first: write_first(wasm, &plan, &names, &global_indices, moved)?, parts, part_of, of_engine })
}

fn parse(wasm: &[u8]) -> Result<Module, String> {
    ModuleConfig::new()
        .generate_producers_section(false)
        .generate_name_section(std::env::var_os("SNAKELET_NAMES").is_some())
        .parse(wasm)
        .map_err(|error| format!("{error:#}"))
}

fn ids(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|function| function.id()).collect()
}

fn indices(functions: &[FunctionId]) -> HashMap<FunctionId, usize> {
    functions.iter().enumerate().map(|(at, id)| (*id, at)).collect()
}

/// The table of native function pointers.
fn function_table(module: &Module) -> Result<walrus::TableId, String> {
    module.tables.main_function_table().map_err(|error| format!("{error:#}"))?.ok_or("no function table".into())
}

/// Adds a segment that the instance begins with.
fn add_data(module: &mut Module, memory: walrus::MemoryId, address: u32, bytes: Vec<u8>) {
    let offset = ConstExpr::Value(walrus::ir::Value::I32(address as i32));
    let id = module.data.add(DataKind::Active { memory, offset }, bytes);
    module.memories.get_mut(memory).data_segments.insert(id);
}

/// A name of few bytes for the export table.
fn short(mut number: usize) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return text;
        }
    }
}

/// Which function goes where, by the function's index.
struct Plan {
    homes: Vec<Option<String>>,
    callees: Vec<Vec<usize>>,
    globals: Vec<Vec<GlobalId>>,
    /// Those that parts import from SQLite's module.
    of_engine: HashSet<usize>,
}

/// What one function's body names.
#[derive(Default)]
struct Mentions {
    functions: Vec<FunctionId>,
    globals: Vec<GlobalId>,
}

impl Visitor<'_> for Mentions {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.functions.push(*function);
    }

    fn visit_global_id(&mut self, global: &GlobalId) {
        self.globals.push(*global);
    }
}

impl Plan {
    /// `homes` are the parts of functions by their names. That no call leads from elsewhere into a part is checked.
    fn new(module: &Module, functions: &[FunctionId], homes: &HashMap<String, String>) -> Result<Plan, String> {
        let index = indices(functions);
        let mut plan = Plan {
            homes: vec![None; functions.len()],
            callees: vec![Vec::new(); functions.len()],
            globals: vec![Vec::new(); functions.len()],
            of_engine: HashSet::new(),
        };
        for function in module.funcs.iter() {
            let at = index[&function.id()];
            let FunctionKind::Local(local) = &function.kind else {
                if engine_name(module, function).is_some() {
                    plan.of_engine.insert(at);
                }
                continue;
            };
            let mut mentions = Mentions::default();
            dfs_in_order(&mut mentions, local, local.entry_block());
            let callees: HashSet<usize> = mentions.functions.iter().map(|id| index[id]).collect();
            plan.callees[at] = callees.into_iter().collect();
            plan.globals[at] = mentions.globals;
            plan.homes[at] = function.name.as_ref().and_then(|name| homes.get(name)).cloned();
        }
        for (caller, callees) in plan.callees.iter().enumerate() {
            for &callee in callees {
                if plan.homes[callee].is_some() && plan.homes[callee] != plan.homes[caller] {
                    let name = |at: usize| module.funcs.get(functions[at]).name.clone().unwrap_or_default();
                    return Err(format!("{} calls {}, which is in another part", name(caller), name(callee)));
                }
            }
        }
        Ok(plan)
    }
}

/// The name under which a function is imported from SQLite's module, if it is.
fn engine_name<'a>(module: &'a Module, function: &walrus::Function) -> Option<&'a str> {
    let FunctionKind::Import(import) = &function.kind else { return None };
    let import = module.imports.get(import.import);
    (import.module == ENGINE).then_some(import.name.as_str())
}

/// What the part is asked for by and its name, if the function opens one: it is the contents of a native module (of the
/// library's, or of those of the runtime that `parts.txt` names), or `parts.txt` names it.
fn gate(name: &str, groups: &HashMap<String, String>) -> Option<(String, String)> {
    let path = format!("{:#}", rustc_demangle::demangle(name));
    let last = path.rsplit("::").next()?;
    if let Some(part) = groups.get(&path).or_else(|| groups.get(&format!("*::{last}"))) {
        return Some((part.clone(), part.clone()));
    }
    let module = path.strip_suffix("::contents")?;
    for (owner, is_listed_only) in [("snakelet_modules::", false), ("snakelet_vm::modules::", true)] {
        let Some(rest) = module.strip_prefix(owner) else { continue };
        let asked = rest.split("::").next()?;
        return match groups.get(&format!("{owner}{asked}")) {
            Some(part) => Some((asked.to_string(), part.clone())),
            None if is_listed_only => None,
            None => Some((asked.to_string(), asked.to_string())),
        };
    }
    None
}

/// Every active element segment's slots: the first slot and the functions' indices.
fn slots(module: &Module, functions: &[FunctionId]) -> Result<Vec<(u32, Vec<usize>)>, String> {
    let index = indices(functions);
    let mut all = Vec::new();
    for element in module.elements.iter() {
        let ElementKind::Active { offset, .. } = &element.kind else { continue };
        let ElementItems::Functions(items) = &element.items else { continue };
        let ConstExpr::Value(walrus::ir::Value::I32(start)) = offset else {
            return Err("a table segment without a constant start".into());
        };
        all.push((*start as u32, items.iter().map(|id| index[id]).collect()));
    }
    Ok(all)
}

fn write_first(
    wasm: &[u8],
    plan: &Plan,
    names: &[Option<String>],
    globals: &[usize],
    moved: Vec<Range>,
) -> Result<Vec<u8>, String> {
    let mut module = parse(wasm)?;
    take_data(&mut module, moved)?;
    let functions = ids(&module);
    let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
    builder.func_body().unreachable();
    let absent = builder.finish(Vec::new(), &mut module.funcs);
    let index = indices(&functions);
    for element in module.elements.iter_mut() {
        let ElementItems::Functions(items) = &mut element.items else { continue };
        for item in items {
            if index.get(item).is_some_and(|&at| plan.homes[at].is_some()) {
                *item = absent;
            }
        }
    }
    for (at, name) in names.iter().enumerate() {
        if let Some(name) = name {
            module.exports.add(name, functions[at]);
        }
    }
    let all: Vec<GlobalId> = module.globals.iter().map(|global| global.id()).collect();
    for &at in globals {
        module.exports.add(&format!("g{at}"), all[at]);
    }
    let table = function_table(&module)?;
    module.exports.add("t", table);
    finish(module)
}

fn write_part(
    wasm: &[u8],
    part: &str,
    plan: &Plan,
    names: &[Option<String>],
    globals: &[usize],
    data: &[Range],
) -> Result<Vec<u8>, String> {
    let mut module = parse(wasm)?;
    let data = copy_data(&module, data)?;
    let functions = ids(&module);
    let slots = slots(&module, &functions)?;
    let is_ours = |at: usize| plan.homes[at].as_deref() == Some(part);
    let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    exports.into_iter().for_each(|id| module.exports.delete(id));
    module.start = None;
    let table = function_table(&module)?;
    let memory = module.memories.iter().next().ok_or("no memory")?.id();
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    segments.into_iter().for_each(|id| module.data.delete(id));
    module.memories.get_mut(memory).data_segments.clear();
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| module.elements.delete(id));
    module.tables.get_mut(table).elem_segments.clear();
    for (address, bytes) in data {
        add_data(&mut module, memory, address, bytes);
    }
    let import = module.imports.add(FIRST, "memory", memory);
    module.memories.get_mut(memory).import = Some(import);
    let import = module.imports.add(FIRST, "t", table);
    module.tables.get_mut(table).import = Some(import);
    let all: Vec<GlobalId> = module.globals.iter().map(|global| global.id()).collect();
    for &at in globals {
        let import = module.imports.add(FIRST, &format!("g{at}"), all[at]);
        module.globals.get_mut(all[at]).kind = GlobalKind::Import(import);
    }
    // Calls to functions of the first module become calls of imports.
    let mut imported: HashMap<FunctionId, FunctionId> = HashMap::new();
    for (at, &id) in functions.iter().enumerate() {
        if !is_ours(at) {
            continue;
        }
        for &callee in &plan.callees[at] {
            let callee_id = functions[callee];
            if is_ours(callee) || plan.of_engine.contains(&callee) || imported.contains_key(&callee_id) {
                continue;
            }
            let name = names[callee].as_deref().ok_or_else(|| format!("{id:?} calls into another part"))?;
            let ty = module.funcs.get(callee_id).ty();
            imported.insert(callee_id, module.add_import_func(FIRST, name, ty).0);
        }
    }
    let mut redirect = Redirect { imported: &imported };
    for (at, &id) in functions.iter().enumerate() {
        if is_ours(at) {
            let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
            let entry = function.entry_block();
            dfs_pre_order_mut(&mut redirect, function, entry);
        }
    }
    // Runs of table slots.
    for (start, items) in slots {
        let mut run: Vec<FunctionId> = Vec::new();
        for (offset, at) in items.iter().copied().map(Some).chain([None]).enumerate() {
            match at.filter(|&at| is_ours(at)) {
                Some(at) => run.push(functions[at]),
                None if run.is_empty() => {}
                None => {
                    let first = start as i32 + offset as i32 - run.len() as i32;
                    let offset = ConstExpr::Value(walrus::ir::Value::I32(first));
                    let items = ElementItems::Functions(std::mem::take(&mut run));
                    let id = module.elements.add(ElementKind::Active { table, offset }, items);
                    module.tables.get_mut(table).elem_segments.insert(id);
                }
            }
        }
    }
    finish(module)
}

/// Smaller ranges stay in the first module as well: to cut a segment in two would take more.
const GAP: u32 = 16;

/// The active segments: address and bytes.
fn segments(module: &Module) -> Result<Vec<(walrus::DataId, u32, Vec<u8>)>, String> {
    let segment = |data: &walrus::Data| match &data.kind {
        DataKind::Active { offset: ConstExpr::Value(walrus::ir::Value::I32(address)), .. } => {
            Ok((data.id(), *address as u32, data.value.clone()))
        }
        _ => Err("a data segment without a constant address".to_string()),
    };
    module.data.iter().map(segment).collect()
}

/// The bytes of the ranges, adjacent ones joined.
fn copy_data(module: &Module, ranges: &[Range]) -> Result<Vec<(u32, Vec<u8>)>, String> {
    let segments = segments(module)?;
    let mut runs: Vec<(u32, Vec<u8>)> = Vec::new();
    for range in ranges {
        let found = segments.iter().find_map(|(_, address, bytes)| {
            let start = range.address.checked_sub(*address)? as usize;
            bytes.get(start..start + range.size as usize)
        });
        // What is not in a segment is zero, as all memory is at first.
        let Some(bytes) = found else { continue };
        match runs.last_mut() {
            Some((address, run)) if *address + run.len() as u32 == range.address => run.extend_from_slice(bytes),
            _ => runs.push((range.address, bytes.to_vec())),
        }
    }
    Ok(runs)
}

/// Takes the ranges out of the module's segments.
fn take_data(module: &mut Module, mut ranges: Vec<Range>) -> Result<(), String> {
    ranges.sort_unstable();
    let memory = module.memories.iter().next().ok_or("no memory")?.id();
    for (id, address, bytes) in segments(module)? {
        let end = address + bytes.len() as u32;
        let mut kept: Vec<(u32, u32)> = Vec::new();
        let mut start = address;
        let inside = ranges.iter().filter(|range| range.address >= address && range.address + range.size <= end);
        for range in inside.filter(|range| range.size >= GAP) {
            kept.push((start, range.address));
            start = range.address + range.size;
        }
        kept.push((start, end));
        module.data.delete(id);
        module.memories.get_mut(memory).data_segments.remove(&id);
        for (start, end) in kept.into_iter().filter(|(start, end)| start < end) {
            let bytes = bytes[(start - address) as usize..(end - address) as usize].to_vec();
            add_data(module, memory, start, bytes);
        }
    }
    Ok(())
}

/// Replaces the callees of a function.
struct Redirect<'a> {
    imported: &'a HashMap<FunctionId, FunctionId>,
}

impl VisitorMut for Redirect<'_> {
    fn visit_function_id_mut(&mut self, function: &mut FunctionId) {
        if let Some(import) = self.imported.get(function) {
            *function = *import;
        }
    }
}

/// Leaves out what is not used.
fn finish(mut module: Module) -> Result<Vec<u8>, String> {
    let notes: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    notes.into_iter().for_each(|id| drop(module.customs.delete(id)));
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

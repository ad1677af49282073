//! Splits the compiled module: what a page needs from the start, and parts that are loaded when they are needed.
//!
//! Rust links everything into one WebAssembly module, but few programs import `_decimal`, and most of them show no
//! traceback. The functions of some Rust modules (`src/modules/parts.txt`) therefore move into WebAssembly modules of their
//! own, which share the first one's memory, table and globals and are instantiated when the machine asks for them. No call
//! crosses from the first module into a part except through the function table: the slots of a part's functions stay empty
//! until it fills them. A function that anything else calls directly stays in the first module.

use std::collections::{BTreeMap, HashMap, HashSet};

use walrus::ir::{Visitor, VisitorMut, dfs_in_order, dfs_pre_order_mut};
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId,
    GlobalKind, Module, ModuleConfig,
};

use crate::data::{self, Range};

/// The name under which parts import from the first module.
const FIRST: &str = "m";

/// The group of modules that stay in the first module.
const STAYS: &str = "first";

/// The first module, the parts by name, and what else they are asked for by: the last names of the Rust modules in them.
pub struct Split {
    pub first: Vec<u8>,
    pub parts: BTreeMap<String, Vec<u8>>,
    pub part_of: BTreeMap<String, String>,
}

/// Splits `wasm`, which the glue was made for and `linked` was before that. Its functions still have their mangled names. `groups` tells by their paths which part Rust modules
/// belong to ([`STAYS`]: none); those of `snakelet_modules` that it does not name are parts of their own.
pub fn split(wasm: &[u8], linked: &[u8], groups: &HashMap<String, String>) -> Result<Split, String> {
    let whole = parse(wasm)?;
    let functions = ids(&whole);
    let plan = Plan::new(&whole, &functions, groups)?;
    let mut names: Vec<Option<String>> = vec![None; functions.len()];
    let mut globals: Vec<GlobalId> = Vec::new();
    let mut needs: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, home) in plan.homes.iter().enumerate() {
        let Some(part) = home else { continue };
        for &callee in &plan.callees[index] {
            if plan.homes[callee].is_none() {
                needs.entry(part).or_default().push(callee);
                if names[callee].is_none() {
                    names[callee] = Some(String::new());
                }
            }
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
    let data = data::assign(linked, |name| plan.homes_by_name.get(name).map(Option::as_deref).ok_or(()))?;
    let moved: Vec<Range> = data.values().flatten().copied().collect();
    let mut parts = BTreeMap::new();
    for part in plan.homes.iter().flatten().collect::<HashSet<_>>() {
        parts.insert(
            part.clone(),
            write_part(wasm, part, &plan, &names, &global_indices, data.get(part).map_or(&[], Vec::as_slice))?,
        );
    }
    let part_of = plan.part_of.iter().filter(|(_, part)| parts.contains_key(*part));
    let part_of = part_of.map(|(module, part)| (module.clone(), part.clone())).collect();
    Ok(Split { first: write_first(wasm, &plan, &names, &global_indices, moved)?, parts, part_of })
}

fn parse(wasm: &[u8]) -> Result<Module, String> {
    ModuleConfig::new()
        .generate_producers_section(false)
        .generate_name_section(false)
        .parse(wasm)
        .map_err(|error| format!("{error:#}"))
}

fn ids(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|function| function.id()).collect()
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
    part_of: BTreeMap<String, String>,
    /// The homes by mangled names; a name that several functions have is at home in the first module.
    homes_by_name: HashMap<String, Option<String>>,
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
    fn new(module: &Module, functions: &[FunctionId], groups: &HashMap<String, String>) -> Result<Plan, String> {
        let index: HashMap<FunctionId, usize> = functions.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut callees = vec![Vec::new(); functions.len()];
        let mut globals = vec![Vec::new(); functions.len()];
        let mut callers = vec![Vec::new(); functions.len()];
        let mut named = vec![false; functions.len()];
        let mut homes = vec![None; functions.len()];
        let mut part_of = BTreeMap::new();
        for function in module.funcs.iter() {
            let at = index[&function.id()];
            let FunctionKind::Local(local) = &function.kind else { continue };
            let mut mentions = Mentions::default();
            dfs_in_order(&mut mentions, local, local.entry_block());
            callees[at] = mentions.functions.iter().map(|id| index[id]).collect::<HashSet<_>>().into_iter().collect();
            globals[at] = mentions.globals;
            for &callee in &callees[at] {
                callers[callee].push(at);
            }
            let name = format!("{:#}", rustc_demangle::demangle(function.name.as_deref().unwrap_or("")));
            named[at] = name.contains("snakelet_");
            // The state that a module keeps in the machine may be made and dropped before the module is imported.
            let drops_state = name.starts_with("core::ptr::drop_in_place<") && !name.contains("closure");
            if let Some((module, part)) = home(&name, groups).filter(|(_, part)| *part != STAYS && !drops_state) {
                homes[at] = Some(part.to_string());
                part_of.insert(module.to_string(), part.to_string());
                part_of.insert(part.to_string(), part.to_string());
            }
        }
        let mut fixed: HashSet<usize> = HashSet::new();
        for export in module.exports.iter() {
            if let ExportItem::Function(id) = export.item {
                fixed.insert(index[&id]);
            }
        }
        let mut in_table: HashSet<usize> = HashSet::new();
        for element in module.elements.iter() {
            if let ElementItems::Functions(items) = &element.items {
                in_table.extend(items.iter().map(|id| index[id]));
            }
        }
        let is_local = |at: usize| matches!(module.funcs.get(functions[at]).kind, FunctionKind::Local(_));
        // Generic code that calls a part's function was made for that part.
        loop {
            let mut changed = false;
            for at in 0..functions.len() {
                if homes[at].is_none() && !named[at] && !fixed.contains(&at) && is_local(at) {
                    let part = callees[at].iter().find_map(|&callee| homes[callee].clone());
                    changed |= part.is_some();
                    homes[at] = part;
                }
            }
            if !changed {
                break;
            }
        }
        // What others call stays.
        loop {
            let mut changed = false;
            for at in 0..functions.len() {
                let stays = |home: &String| {
                    fixed.contains(&at) || callers[at].iter().any(|&caller| homes[caller].as_ref() != Some(home))
                };
                if homes[at].as_ref().is_some_and(stays) {
                    homes[at] = None;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        // What only one part calls goes with it.
        loop {
            let mut changed = false;
            for at in 0..functions.len() {
                if homes[at].is_some() || fixed.contains(&at) || in_table.contains(&at) || !is_local(at) {
                    continue;
                }
                let Some(&first) = callers[at].first() else { continue };
                let part = homes[first].clone();
                if part.is_some() && callers[at].iter().all(|&caller| homes[caller] == part) {
                    homes[at] = part;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let mut homes_by_name: HashMap<String, Option<String>> = HashMap::new();
        for function in module.funcs.iter() {
            let home = &homes[index[&function.id()]];
            let name = function.name.clone().unwrap_or_default();
            let known = homes_by_name.entry(name).or_insert_with(|| home.clone());
            if known != home {
                *known = None;
            }
        }
        Ok(Plan { homes, callees, globals, part_of, homes_by_name })
    }
}

/// The part that a function's name speaks of, if it speaks of one alone, and the last name of the path that decided.
fn home<'a>(name: &'a str, groups: &'a HashMap<String, String>) -> Option<(&'a str, &'a str)> {
    let mut found: Option<(&str, &str)> = None;
    for owner in ["snakelet_modules::", "snakelet_vm::", "unicode_normalization::", "icu_"] {
        for (at, _) in name.match_indices(owner) {
            let path = &name[at..];
            let end = path.find(|c: char| c != '_' && c != ':' && !c.is_ascii_alphanumeric()).unwrap_or(path.len());
            let path = path[..end].trim_end_matches(':');
            // The longest path that is listed.
            let listed = std::iter::successors(Some(path), |path| path.rsplit_once("::").map(|(outer, _)| outer))
                .find_map(|path| Some((last(path), groups.get(path)?.as_str())));
            let here = match listed {
                Some(here) => here,
                None if owner == "snakelet_modules::" => {
                    let module = path[owner.len()..].split("::").next().unwrap_or("");
                    (module, module)
                }
                None => continue,
            };
            if found.is_some_and(|known| known.1 != here.1) {
                return None;
            }
            found = Some(here);
        }
    }
    found
}

/// The last name of a path.
fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Every active element segment's slots: the first slot and the functions' indices.
fn slots(module: &Module, functions: &[FunctionId]) -> Result<Vec<(u32, Vec<usize>)>, String> {
    let index: HashMap<FunctionId, usize> = functions.iter().enumerate().map(|(at, id)| (*id, at)).collect();
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
    let index: HashMap<FunctionId, usize> = functions.iter().enumerate().map(|(at, id)| (*id, at)).collect();
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
    let table =
        module.tables.main_function_table().map_err(|error| format!("{error:#}"))?.ok_or("no function table")?;
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
    let table =
        module.tables.main_function_table().map_err(|error| format!("{error:#}"))?.ok_or("no function table")?;
    let memory = module.memories.iter().next().ok_or("no memory")?.id();
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    segments.into_iter().for_each(|id| module.data.delete(id));
    module.memories.get_mut(memory).data_segments.clear();
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|id| module.elements.delete(id));
    module.tables.get_mut(table).elem_segments.clear();
    for (address, bytes) in data {
        let offset = ConstExpr::Value(walrus::ir::Value::I32(address as i32));
        let id = module.data.add(DataKind::Active { memory, offset }, bytes);
        module.memories.get_mut(memory).data_segments.insert(id);
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
            if is_ours(callee) || imported.contains_key(&callee_id) {
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

/// Gaps of fewer bytes than this are filled: a segment of its own would take more.
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

/// The bytes of the ranges, near ones joined.
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
            let offset = ConstExpr::Value(walrus::ir::Value::I32(start as i32));
            let id = module.data.add(DataKind::Active { memory, offset }, bytes);
            module.memories.get_mut(memory).data_segments.insert(id);
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

//! `exec`, `eval`, `compile`.

use snakelet_bytecode::CodeFlags;
use snakelet_compiler::{Futures, Mode, Options};
use snakelet_macros::functions;

use super::prepare;
use crate::import::trees::{TreeMode, TreeRequest};
use crate::native::ArgBytes;
use crate::object::Ref;
use crate::types::bytes::Bytes;
use crate::types::cell::CellObject;
use crate::types::code::CodeObject;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm, VmRef};

pub struct Evaluate;

#[functions("builtins", FUNCTIONS)]
impl Evaluate {
    /// Execute the given source in the context of globals and locals.
    ///
    /// The source may be a string representing one or more Python statements or a code object as returned by compile(). The
    /// globals must be a dictionary and locals can be any mapping, defaulting to the current globals and locals. If only globals
    /// is given, locals defaults to it. closure is a tuple of cells for a code object with free variables.
    #[function("exec(source, /, globals=None, locals=None, *, closure=None)")]
    fn exec(vm: &Vm, source: &Value, globals: &Value, locals: &Value, closure: &Value) -> PyResult {
        if prepare::is_needed(vm, source) {
            let mut args = [source, globals, locals].map(Value::clone).to_vec();
            args.extend((!closure.is_none()).then(|| closure.clone()));
            let keywords = if closure.is_none() { Vec::new() } else { vec![crate::name!(closure)] };
            return Err(prepare::then_again(vm, "exec", args, keywords));
        }
        let scope = Scope::new(vm, globals, locals, "exec")?;
        let code = match source.to_ref::<CodeObject>() {
            Some(code) => code,
            None if !closure.is_none() => {
                return Err(vm.type_error("closure can only be used when source is a code object"));
            }
            None => {
                let text = source_text(vm, source, "exec", "string, bytes or code", "<string>")?;
                with_warnings(vm, crate::import::compile_with(vm, &text, &options(vm, Mode::Exec)))?
            }
        };
        let cells = closure_cells(vm, &code, closure)?;
        let future = scope.run(vm, code, cells);
        let vm = vm.handle();
        Err(vm.defer(async move {
            crate::import::issue_syntax_warnings(vm).await?;
            future.await.map(|_| Value::NONE)
        }))
    }

    /// Evaluate the given source in the context of globals and locals.
    ///
    /// The source may be a string representing a Python expression or a code object as returned by compile(). The globals must be
    /// a dictionary and locals can be any mapping, defaulting to the current globals and locals.
    #[function("eval(source, /, globals=None, locals=None)")]
    fn eval(vm: &Vm, source: &Value, globals: &Value, locals: &Value) -> PyResult {
        if prepare::is_needed(vm, source) {
            let args = [source, globals, locals].map(Value::clone).to_vec();
            return Err(prepare::then_again(vm, "eval", args, Vec::new()));
        }
        let scope = Scope::new(vm, globals, locals, "eval")?;
        let code = match source.to_ref::<CodeObject>() {
            Some(code) if !code.code.freevars.is_empty() => {
                return Err(vm.type_error("code object passed to eval() may not contain free variables"));
            }
            Some(code) => code,
            None => {
                let text = source_text(vm, source, "eval", "string, bytes or code", "<string>")?;
                // Blanks before the expression do not matter here, unlike in `compile`.
                let text = text.trim_start_matches([' ', '\t']);
                with_warnings(vm, crate::import::compile_with(vm, text, &options(vm, Mode::Eval)))?
            }
        };
        let future = scope.run(vm, code, Vec::new());
        let vm = vm.handle();
        Err(vm.defer(async move {
            crate::import::issue_syntax_warnings(vm).await?;
            future.await
        }))
    }

    /// Compile source into a code object that can be executed by exec() or eval().
    ///
    /// The source code may represent a Python module, statement or expression. The filename will be used for run-time error
    /// messages. The mode must be 'exec' to compile a module, 'single' to compile a single (interactive) statement, or 'eval' to
    /// compile an expression. The flags argument, if present, controls which future statements influence the compilation.
    #[function("compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)")]
    #[expect(clippy::too_many_arguments, reason = "CPython's signature")]
    fn compile(
        vm: &Vm,
        source: &Value,
        filename: &Value,
        mode: &Value,
        flags: i64,
        dont_inherit: bool,
        optimize: i64,
        feature_version: i64,
    ) -> PyResult {
        if prepare::is_needed(vm, source) {
            let mut args = [source, filename, mode].map(Value::clone).to_vec();
            args.extend([flags, dont_inherit.into(), optimize, feature_version].map(Value::from_i64));
            return Err(prepare::then_again(vm, "compile", args, vec![crate::name!(_feature_version)]));
        }
        let name = match (filename.as_text(), filename.downcast::<Bytes>()) {
            (Some(text), _) => text.to_utf8_lossy().into_owned(),
            (None, Some(bytes)) => String::from_utf8_lossy(bytes.as_slice()).into_owned(),
            (None, None) => {
                // Something with `__fspath__`: once it has been asked, everything starts anew.
                let args: Vec<Value> = vec![source.clone(), filename.clone(), mode.clone()];
                let more = [flags, dont_inherit.into(), optimize, feature_version];
                let vm = vm.handle();
                return Err(vm.defer(async move { compile_at_path(vm, args, more).await }));
            }
        };
        let tree = crate::import::trees::tree_functions(vm).filter(|functions| (functions.is_node)(vm, source));
        let mut request = Compilation::check(vm, name, mode, flags, optimize, feature_version)?;
        if !dont_inherit {
            request.options.futures = inherited_futures(vm, request.options.futures);
        }
        if let Some(functions) = tree {
            (functions.check_mode)(vm, source, request.tree.mode)?;
            if flags & OPTIMIZED_AST == ONLY_AST {
                return Ok(source.clone());
            }
            if flags & ONLY_AST != 0 {
                return (functions.preprocess)(vm, source, &request.tree);
            }
            let code = (functions.compile)(vm, source, request.tree.mode, &request.options)?;
            return after_warnings(vm, code.into_value());
        }
        if source.downcast::<CodeObject>().is_some() {
            return Ok(source.clone());
        }
        let text = source_text(vm, source, "compile", "string, bytes or AST", &request.tree.filename)?;
        if flags & (ALLOW_INCOMPLETE_INPUT | DONT_IMPLY_DEDENT) != 0 {
            let mode = match request.tree.mode {
                TreeMode::Eval => snakelet_syntax::Mode::Eval,
                TreeMode::Single => snakelet_syntax::Mode::Single,
                _ => snakelet_syntax::Mode::Exec,
            };
            let (incomplete, dedent) = (flags & ALLOW_INCOMPLETE_INPUT != 0, flags & DONT_IMPLY_DEDENT == 0);
            let barry = request.options.futures.barry_as_flufl;
            let checked =
                crate::import::check_complete(vm, &text, mode, incomplete, dedent, barry, &request.tree.filename);
            with_warnings(vm, checked)?;
        }
        if flags & ONLY_AST == 0 {
            let code = with_warnings(vm, crate::import::compile_with(vm, &text, &request.options))?;
            return after_warnings(vm, code.into_value());
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            crate::import::import_module(&vm, "_ast").await?;
            let Some(functions) = crate::import::trees::tree_functions(&vm) else {
                return Err(vm.runtime_error("module _ast is not available"));
            };
            crate::import::with_syntax_warnings(vm, (functions.parse)(&vm, &text, &request.tree)).await
        }))
    }
}

/// The arguments of `compile`, checked.
struct Compilation {
    options: Options,
    tree: TreeRequest,
}

impl Compilation {
    fn check(
        vm: &Vm,
        filename: String,
        mode: &Value,
        flags: i64,
        optimize: i64,
        feature_version: i64,
    ) -> PyResult<Compilation> {
        let Some(text) = mode.as_text() else {
            let got = vm.type_name(mode);
            return Err(vm.type_error(format!("compile() argument 'mode' must be str, not {got}")));
        };
        if flags & !KNOWN_FLAGS != 0 {
            return Err(vm.value_error("compile(): unrecognised flags"));
        }
        if !(-1..=2).contains(&optimize) {
            return Err(vm.value_error("compile(): invalid optimize value"));
        }
        let (mode, tree_mode) = match &*text.to_utf8_lossy() {
            "exec" => (Mode::Exec, TreeMode::Exec),
            "eval" => (Mode::Eval, TreeMode::Eval),
            "single" => (Mode::Interactive, TreeMode::Single),
            "func_type" if flags & ONLY_AST == 0 => {
                return Err(vm.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
            }
            "func_type" => (Mode::Exec, TreeMode::FunctionType),
            _ if flags & ONLY_AST == 0 => {
                return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'"));
            }
            _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval', 'single' or 'func_type'")),
        };
        let level = optimize.max(0) as u8;
        let futures = Futures {
            annotations: flags & i64::from(CodeFlags::FUTURE_ANNOTATIONS) != 0,
            barry_as_flufl: flags & i64::from(CodeFlags::FUTURE_BARRY_AS_BDFL) != 0,
        };
        let options = Options {
            filename: filename.as_str().into(),
            mode,
            optimize: level,
            futures,
            allow_top_level_await: flags & TOP_LEVEL_AWAIT != 0,
        };
        let tree = TreeRequest {
            mode: tree_mode,
            filename,
            type_comments: flags & TYPE_COMMENTS != 0,
            barry: futures.barry_as_flufl,
            feature_version,
            optimize: (flags & OPTIMIZED_AST == OPTIMIZED_AST).then_some(level),
        };
        Ok(Compilation { options, tree })
    }
}

/// The second attempt of `compile` whose file name is an object with `__fspath__`.
async fn compile_at_path(vm: VmRef, mut args: Vec<Value>, more: [i64; 4]) -> PyResult {
    let got = vm.type_name(&args[1]);
    let wrong = format!("expected str, bytes or os.PathLike object, not {got}");
    let Some(path) = vm.call_special(&args[1].clone(), &crate::name!(__fspath__), Vec::new()).await else {
        return Err(vm.type_error(wrong));
    };
    args[1] = path?;
    if args[1].as_text().is_none() && ArgBytes::of(&args[1]).is_none() {
        return Err(vm.type_error(wrong));
    }
    let Some(compile) = vm.builtins.get_text("compile") else { return Err(vm.type_error(wrong)) };
    args.extend(more.map(Value::from_i64));
    vm.call_kw(&compile, args, vec![crate::name!(_feature_version)]).await
}

/// `futures` and those of the code that runs.
fn inherited_futures(vm: &Vm, mut futures: Futures) -> Futures {
    match super::scopes::with_frame(vm, |thread, index| thread.frames[index].code().code.flags) {
        Ok(flags) => {
            futures.annotations |= flags.has(CodeFlags::FUTURE_ANNOTATIONS);
            futures.barry_as_flufl |= flags.has(CodeFlags::FUTURE_BARRY_AS_BDFL);
        }
        Err(_) => drop(vm.take_raised()),
    }
    futures
}

/// A result; where it is an error, the warnings that wait are issued before it.
fn with_warnings<T>(vm: &Vm, result: PyResult<T>) -> PyResult<T> {
    if result.is_ok() || !crate::import::has_syntax_warnings(vm) {
        return result;
    }
    let (vm, exception) = (vm.handle(), vm.take_raised());
    Err(vm.defer(async move {
        crate::import::issue_syntax_warnings(vm).await?;
        Err(vm.raise(exception))
    }))
}

/// A result, after the warnings that wait have been issued.
fn after_warnings(vm: &Vm, result: Value) -> PyResult {
    if !crate::import::has_syntax_warnings(vm) {
        return Ok(result);
    }
    let vm = vm.handle();
    Err(vm.defer(async move {
        crate::import::issue_syntax_warnings(vm).await?;
        Ok(result)
    }))
}

/// `ast.PyCF_ONLY_AST`
const ONLY_AST: i64 = 0x400;
/// `ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`
const TOP_LEVEL_AWAIT: i64 = 0x2000;
/// `ast.PyCF_TYPE_COMMENTS`
const TYPE_COMMENTS: i64 = 0x1000;
/// `ast.PyCF_OPTIMIZED_AST`
const OPTIMIZED_AST: i64 = 0x8000 | ONLY_AST;
/// `codeop.PyCF_DONT_IMPLY_DEDENT`
const DONT_IMPLY_DEDENT: i64 = 0x200;
/// `codeop.PyCF_ALLOW_INCOMPLETE_INPUT`
const ALLOW_INCOMPLETE_INPUT: i64 = 0x4000;
/// Futures, and the flags of module `ast` and `codeop`.
const KNOWN_FLAGS: i64 = 0x01fe_0010 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x8000;

fn options(vm: &Vm, mode: Mode) -> Options {
    let futures = inherited_futures(vm, Futures::default());
    Options { filename: "<string>".into(), mode, futures, ..Options::default() }
}

/// The text of a str or bytes-like source; `expected` says what else would do.
pub fn source_text(vm: &Vm, source: &Value, function: &str, expected: &str, filename: &str) -> PyResult<String> {
    let text = if let Some(text) = source.as_text() {
        match text.to_utf8() {
            Ok(text) => text.into_owned(),
            Err(_) => crate::files::text::encodable(vm, source)?.into_owned(),
        }
    } else if let Some(bytes) = ArgBytes::of(source) {
        crate::import::decode_source(vm, &bytes, filename)?
    } else {
        return Err(vm.type_error(format!("{function}() arg 1 must be a {expected} object")));
    };
    if text.contains('\0') {
        let message = "source code string cannot contain null bytes";
        return Err(vm.error(crate::errors::Exc::SyntaxError, message));
    }
    Ok(text)
}

/// The cells that run a code object with free variables.
fn closure_cells(vm: &Vm, code: &CodeObject, closure: &Value) -> PyResult<Vec<Value>> {
    let count = code.code.freevars.len();
    if count == 0 {
        if !closure.is_none() {
            return Err(vm.type_error("cannot use a closure with this code object"));
        }
        return Ok(Vec::new());
    }
    match closure.downcast::<Tuple>() {
        Some(cells)
            if cells.items().len() == count
                && cells.items().iter().all(|cell| cell.downcast_exact::<CellObject>().is_some()) =>
        {
            Ok(cells.items().to_vec())
        }
        _ => Err(vm.type_error(format!("code object requires a closure of exactly length {count}"))),
    }
}

/// Where code runs.
struct Scope {
    globals: Ref<Dict>,
    /// Where its names live, if that is not the globals.
    namespace: Option<Value>,
}

impl Scope {
    fn new(vm: &Vm, globals: &Value, locals: &Value, function: &str) -> PyResult<Scope> {
        let (own_globals, namespace) = if globals.is_none() {
            let current = super::scopes::globals(vm)?;
            let namespace = if locals.is_none() { super::scopes::locals(vm)? } else { locals.clone() };
            (current, namespace)
        } else {
            let Some(dict) = globals.to_ref::<Dict>() else {
                let got = vm.type_name(globals);
                return Err(vm.type_error(match function {
                    "exec" => format!("exec() globals must be a dict, not {got}"),
                    _ if vm.type_of(globals).slots().getitem.is_some() => {
                        "globals must be a real dict; try eval(code, {}, mapping)".to_string()
                    }
                    _ => "globals must be a dict".to_string(),
                }));
            };
            let namespace = if locals.is_none() { globals.clone() } else { locals.clone() };
            (dict, namespace)
        };
        if vm.type_of(&namespace).slots().getitem.is_none() {
            let got = vm.type_name(&namespace);
            return Err(vm.type_error(match function {
                "exec" => format!("locals must be a mapping or None, not {got}"),
                _ => "locals must be a mapping".to_string(),
            }));
        }
        let name = crate::name!(__builtins__);
        if own_globals.get_str(&name).is_none() {
            let caller = vm.python_frame(0).map(|frame| frame.function().builtins.clone());
            own_globals.set_str(&name, caller.unwrap_or_else(|| vm.builtins.clone()).into_value());
        }
        // A dict that is more than one is asked for its items.
        let plain = namespace.is(own_globals.as_value()) && namespace.downcast_exact::<Dict>().is_some();
        let namespace = (!plain).then_some(namespace);
        Ok(Scope { globals: own_globals, namespace })
    }

    fn run(self, vm: &Vm, code: Ref<CodeObject>, cells: Vec<Value>) -> impl Future<Output = PyResult> + use<> {
        // A function's code has its own names.
        let namespace = self.namespace.filter(|_| !code.has_flag(snakelet_bytecode::CodeFlags::OPTIMIZED));
        let function = Function::for_code_with_closure(vm, code, self.globals.clone(), cells);
        let vm = vm.handle();
        async move {
            match namespace {
                None => vm.call(&function, Vec::new()).await,
                Some(namespace) => vm.execute(&function, &namespace).await,
            }
        }
    }
}

//! `exec`, `eval`, `compile`.

use snakelet_compiler::{Mode, Options};
use snakelet_macros::functions;

use crate::native::ArgBytes;
use crate::object::Ref;
use crate::types::cell::CellObject;
use crate::types::code::CodeObject;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm};

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
        let scope = Scope::new(vm, globals, locals, "exec")?;
        let code = match source.to_ref::<CodeObject>() {
            Some(code) => code,
            None if !closure.is_none() => {
                return Err(vm.type_error("closure can only be used when source is a code object"));
            }
            None => {
                let text = source_text(vm, source, "exec", "string, bytes or code", "<string>")?;
                crate::import::compile_with(vm, &text, &options(Mode::Exec))?
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
        let scope = Scope::new(vm, globals, locals, "eval")?;
        let code = match source.to_ref::<CodeObject>() {
            Some(code) if !code.code.freevars.is_empty() => {
                return Err(vm.type_error("code object passed to eval() may not contain free variables"));
            }
            Some(code) => code,
            None => {
                let text = source_text(vm, source, "eval", "string, bytes or code", "<string>")?;
                crate::import::compile_with(vm, &text, &options(Mode::Eval))?
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
        let _ = (dont_inherit, feature_version);
        let filename = match (filename.as_text(), ArgBytes::of(filename)) {
            (Some(text), _) => text.to_utf8_lossy().into_owned(),
            (None, Some(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
            (None, None) => {
                let got = vm.type_name(filename);
                return Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {got}")));
            }
        };
        let Some(mode) = mode.as_text() else {
            let got = vm.type_name(mode);
            return Err(vm.type_error(format!("compile() argument 'mode' must be str, not {got}")));
        };
        let mode = match &*mode.to_utf8_lossy() {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            "single" => Mode::Interactive,
            _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
        };
        if flags & !KNOWN_FLAGS != 0 {
            return Err(vm.value_error("compile(): unrecognised flags"));
        }
        if flags & ONLY_AST != 0 {
            return Err(
                vm.error(crate::errors::Exc::NotImplementedError, "compile() to a syntax tree is not available")
            );
        }
        if !(-1..=2).contains(&optimize) {
            return Err(vm.value_error("compile(): invalid optimize value"));
        }
        if source.downcast::<CodeObject>().is_some() {
            return Ok(source.clone());
        }
        let text = source_text(vm, source, "compile", "string, bytes or AST", &filename)?;
        let options = Options {
            filename: filename.as_str().into(),
            mode,
            optimize: optimize.max(0) as u8,
            allow_top_level_await: flags & TOP_LEVEL_AWAIT != 0,
            ..Options::default()
        };
        let code = crate::import::compile_with(vm, &text, &options)?;
        if !crate::import::has_syntax_warnings(vm) {
            return Ok(code.into_value());
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            crate::import::issue_syntax_warnings(vm).await?;
            Ok(code.into_value())
        }))
    }
}

/// `ast.PyCF_ONLY_AST`
const ONLY_AST: i64 = 0x400;
/// `ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`
const TOP_LEVEL_AWAIT: i64 = 0x2000;
/// Futures, and the flags of module `ast` and `codeop`.
const KNOWN_FLAGS: i64 = 0x01fe_0010 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x8000;

fn options(mode: Mode) -> Options {
    Options { filename: "<string>".into(), mode, ..Options::default() }
}

/// The text of a str or bytes-like source.
fn source_text(vm: &Vm, source: &Value, function: &str, expected: &str, filename: &str) -> PyResult<String> {
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
        if own_globals.get_text("__builtins__").is_none()
            && let Some(builtins) = vm.modules.get_text("builtins")
        {
            own_globals.set_text("__builtins__", builtins);
        }
        let namespace = (!namespace.is(own_globals.as_value())).then_some(namespace);
        Ok(Scope { globals: own_globals, namespace })
    }

    fn run(self, vm: &Vm, code: Ref<CodeObject>, cells: Vec<Value>) -> impl Future<Output = PyResult> + use<> {
        let function = Function::for_code_with_closure(vm, code, self.globals.clone(), cells);
        let vm = vm.handle();
        async move {
            match self.namespace {
                None => vm.call(&function, Vec::new()).await,
                Some(namespace) => vm.execute(&function, &namespace).await,
            }
        }
    }
}

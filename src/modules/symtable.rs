//! `_symtable`: the compiler's symbol tables, which module `symtable` shows.

use snakelet_compiler::BlockReport;
use snakelet_macros::{methods, native_module, native_type};
use snakelet_syntax::{Decoded, Mode, SyntaxError};
use snakelet_vm::errors::syntax_error;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::{Native, PyResult, Value, Vm};

/// The payload of blocks.
#[native_type(name = "symtable entry")]
pub struct Entry {
    name: Value,
    kind: i64,
    line: i64,
    nested: bool,
    symbols: Value,
    varnames: Value,
    children: Value,
}

fn entry(report: BlockReport) -> Value {
    let symbols = Dict::new_object();
    for symbol in &report.symbols {
        symbols.set_text(&symbol.name, Value::small_int(symbol.flags.into()));
    }
    let strs = |names: &[std::rc::Rc<str>]| Value::from_list(names.iter().map(|name| Value::from_str(name)).collect());
    Entry {
        name: Value::from_str(&report.name),
        kind: report.kind.into(),
        line: report.line.into(),
        nested: report.nested,
        symbols: symbols.into_value(),
        varnames: strs(&report.parameters),
        children: Value::from_list(report.children.into_iter().map(entry).collect()),
    }
    .into_value()
}

#[methods]
impl Entry {
    #[slot(repr)]
    fn repr(this: &Value) -> String {
        let Some(entry) = this.downcast::<Entry>() else { return String::new() };
        let name = entry.name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned());
        format!("<symtable entry {name}({}), line {}>", identity(this), entry.line)
    }

    #[getter("id")]
    fn id(this: &Value) -> i64 {
        identity(this)
    }

    #[getter("name")]
    fn name(this: &Entry) -> Value {
        this.name.clone()
    }

    #[getter("symbols")]
    fn symbols(this: &Entry) -> Value {
        this.symbols.clone()
    }

    #[getter("varnames")]
    fn varnames(this: &Entry) -> Value {
        this.varnames.clone()
    }

    #[getter("children")]
    fn children(this: &Entry) -> Value {
        this.children.clone()
    }

    #[getter("nested")]
    fn nested(this: &Entry) -> i64 {
        this.nested.into()
    }

    #[getter("type")]
    fn kind(this: &Entry) -> i64 {
        this.kind
    }

    #[getter("lineno")]
    fn lineno(this: &Entry) -> i64 {
        this.line
    }
}

/// A number that no other block has.
fn identity(this: &Value) -> i64 {
    this.header().map_or(0, |header| std::ptr::from_ref(header) as usize as i64)
}

macro_rules! numbers {
    ($($name:literal = $value:expr;)*) => {
        const NUMBERS: &[(&str, i64)] = &[$(($name, $value),)*];
    };
}

numbers! {
    "USE" = 16;
    "DEF_GLOBAL" = 1;
    "DEF_NONLOCAL" = 8;
    "DEF_LOCAL" = 2;
    "DEF_PARAM" = 4;
    "DEF_TYPE_PARAM" = 1024;
    "DEF_FREE_CLASS" = 64;
    "DEF_IMPORT" = 128;
    "DEF_BOUND" = 2 | 4 | 128;
    "DEF_ANNOT" = 256;
    "DEF_COMP_ITER" = 512;
    "DEF_COMP_CELL" = 2048;
    "TYPE_FUNCTION" = 0;
    "TYPE_CLASS" = 1;
    "TYPE_MODULE" = 2;
    "TYPE_ANNOTATION" = 3;
    "TYPE_TYPE_ALIAS" = 4;
    "TYPE_TYPE_PARAMETERS" = 5;
    "TYPE_TYPE_VARIABLE" = 6;
    "LOCAL" = 1;
    "GLOBAL_EXPLICIT" = 2;
    "GLOBAL_IMPLICIT" = 3;
    "FREE" = 4;
    "CELL" = 5;
    "SCOPE_OFF" = 12;
    "SCOPE_MASK" = 15;
}

/// Declares module `_symtable`.
pub struct SymbolTable;

#[native_module("_symtable")]
impl SymbolTable {
    /// Return symbol and scope dictionaries used internally by compiler.
    #[function("symtable(source, filename, startstr, /)")]
    fn symtable(vm: &Vm, source: &Value, filename: &Value, startstr: String) -> PyResult {
        let mode = match &*startstr {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => return Err(vm.value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'")),
        };
        let filename = match (filename.as_text(), filename.downcast::<Bytes>()) {
            (Some(text), _) => text.to_utf8_lossy().into_owned(),
            (None, Some(bytes)) => String::from_utf8_lossy(bytes.as_slice()).into_owned(),
            (None, None) => {
                let got = vm.type_name(filename);
                return Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {got}")));
            }
        };
        if let Some(bytes) = source.downcast::<Bytes>().map(Bytes::as_slice)
            && let Ok(Decoded::Needs(encoding)) = snakelet_syntax::decode(bytes, "")
        {
            let (vm, bytes) = (vm.handle(), bytes.to_vec());
            return Err(vm.defer(async move {
                let text = snakelet_vm::builtins::prepare::by_codec(vm, &encoding, bytes, &filename).await?;
                blocks(&vm, &text, &filename, mode)
            }));
        }
        blocks(vm, source, &filename, mode)
    }

    #[exec]
    fn exec(_vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<snakelet_vm::types::module::Module>() else { return Ok(()) };
        for &(name, value) in NUMBERS {
            module.dict.set_text(name, Value::small_int(value));
        }
        Ok(())
    }
}

/// The blocks of a text.
fn blocks(vm: &Vm, source: &Value, filename: &str, mode: Mode) -> PyResult {
    let text = snakelet_vm::builtins::source_text(vm, source, "symtable", "string or bytes", filename)?;
    let text = snakelet_syntax::normalize_newlines(&text);
    let raise = |error: SyntaxError| vm.raise(syntax_error(vm, &error, filename));
    let parsed = snakelet_syntax::parse(&text, mode).map_err(raise)?;
    Ok(entry(snakelet_compiler::symbol_report(&parsed, &text).map_err(raise)?))
}

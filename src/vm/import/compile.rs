//! From source text to a code object.

use snakelet_compiler::Options;
use snakelet_syntax::{Decoded, SyntaxError, SyntaxWarning, TextRange, TextSize};

use crate::errors::Exc;
use crate::object::Ref;
use crate::session::Mode;
use crate::types::code::CodeObject;
use crate::{PyResult, Raised, Vm, VmCell, VmRef};

/// Compiles a program of a session. SyntaxErrors are raised.
pub fn compile_source(vm: &Vm, source: &str, filename: &str, mode: Mode) -> PyResult<Ref<CodeObject>> {
    vm.remember_source(filename, source);
    // As in `eval`, blanks before an expression do not matter.
    let source = if mode == Mode::Eval { source.trim_start_matches([' ', '\t']) } else { source };
    let allow_top_level_await = mode == Mode::Interactive;
    let mode = match mode {
        Mode::Exec => snakelet_compiler::Mode::Exec,
        Mode::Eval => snakelet_compiler::Mode::Eval,
        Mode::Interactive => snakelet_compiler::Mode::Interactive,
        Mode::Notebook => snakelet_compiler::Mode::Notebook,
    };
    compile_with(vm, source, &Options { filename: filename.into(), mode, allow_top_level_await, ..Options::default() })
}

/// Warnings of compilations that have not been issued yet.
#[derive(Default)]
struct SyntaxWarnings(VmCell<Vec<Waiting>>);

/// A warning, and what it becomes where the filters make it an error.
struct Waiting {
    message: String,
    file: String,
    line: usize,
    error: Option<SyntaxError>,
}

/// Issues the warnings of what was compiled last. One may be turned into an error.
pub async fn issue_syntax_warnings(vm: VmRef) -> PyResult<()> {
    for warning in vm.extension::<SyntaxWarnings>().0.take() {
        let Waiting { message, file, line, error } = warning;
        let issued = crate::errors::warn::warn_explicit(vm, Exc::SyntaxWarning, &message, &file, line).await;
        if let Err(raised) = issued {
            let Some(mut error) = error else { return Err(raised) };
            if vm.catch(Exc::SyntaxWarning).is_none() {
                return Err(raised);
            }
            if error.text.is_none() {
                error.text = vm.source_line(&file, line).map(|line| line + "\n");
            }
            return Err(vm.raise(crate::errors::syntax_error(&vm, &error, &file)));
        }
    }
    Ok(())
}

/// The result of a compilation, good or not, after the warnings that wait have been issued.
pub async fn with_syntax_warnings<T>(vm: VmRef, result: PyResult<T>) -> PyResult<T> {
    if !has_syntax_warnings(&vm) {
        return result;
    }
    let raised = result.is_err().then(|| vm.take_raised());
    issue_syntax_warnings(vm).await?;
    match raised {
        Some(exception) => Err(vm.raise(exception)),
        None => result,
    }
}

/// Whether `issue_syntax_warnings` has something to do.
pub fn has_syntax_warnings(vm: &Vm) -> bool {
    !vm.extension::<SyntaxWarnings>().0.borrow().is_empty()
}

/// Puts warnings among those that wait; `line` finds the line of an offset.
pub fn queue_syntax_warnings(
    vm: &Vm,
    warnings: impl IntoIterator<Item = snakelet_syntax::SyntaxWarning>,
    filename: &str,
    line: impl Fn(u32) -> usize,
) {
    let waiting = vm.extension::<SyntaxWarnings>().0.borrow_mut();
    for warning in warnings {
        let line = line(warning.range.start().to_u32());
        waiting.push(Waiting { message: warning.message, file: filename.to_string(), line, error: None });
    }
}

/// Puts warnings about the text `source` among those that wait.
pub fn queue_parser_warnings(
    vm: &Vm,
    warnings: Vec<SyntaxWarning>,
    source: &str,
    mode: snakelet_syntax::Mode,
    filename: &str,
) {
    vm.extension::<SyntaxWarnings>().0.borrow_mut().extend(warnings.into_iter().map(|warning| {
        let error = as_error(source, mode, &warning);
        let (file, line) = (filename.to_string(), error.start.0 as usize);
        Waiting { message: warning.message, file, line, error: Some(error) }
    }));
}

/// Raises the error about the text `source`; what deserved a warning before the mistake waits for `issue_syntax_warnings`.
pub fn raise_syntax_error(
    vm: &Vm,
    mut error: SyntaxError,
    source: &str,
    mode: snakelet_syntax::Mode,
    filename: &str,
) -> Raised {
    let warnings = error.parser.as_mut().map(|parser| std::mem::take(&mut parser.warnings));
    queue_parser_warnings(vm, warnings.unwrap_or_default(), source, mode, filename);
    vm.raise(crate::errors::syntax_error_in(vm, &error, source, filename))
}

/// The error that a warning about `source` becomes, in CPython's words: those of the tokenizer and of string literals have the
/// text, the compiler's only what the file says.
fn as_error(source: &str, mode: snakelet_syntax::Mode, warning: &SyntaxWarning) -> SyntaxError {
    let range = warning.range;
    let message = warning.message.replace(" Such sequences will not work in the future.", "");
    if message.len() < warning.message.len() {
        let end = (range.start() + TextSize::new(2)).min(range.end());
        let mut error = SyntaxError::at(source, TextRange::new(range.start(), end), message);
        let ends_line = mode == snakelet_syntax::Mode::Exec;
        if let Some(text) = error.text.as_mut().filter(|text| ends_line && !text.ends_with('\n')) {
            text.push('\n');
        }
        return error;
    }
    let mut error = SyntaxError::at(source, range, message);
    if error.message.starts_with("invalid ") {
        let last = error.end.map_or(1, |end| end.1 - 1);
        error.start.1 = last.max(0) as u32;
        error.end = Some((error.start.0, last));
        error.text = error.text.map(|text| text.trim_end_matches('\n').to_string());
        return error;
    }
    error.text = None;
    error.with_byte_columns(source)
}

/// What the flags of module `codeop` ask of a text before it is parsed: that an incomplete one is told from a wrong one
/// (`_IncompleteInputError`), and that the end of the text does not end its blocks. Warnings wait for `issue_syntax_warnings`.
pub fn check_complete(
    vm: &Vm,
    source: &str,
    mode: snakelet_syntax::Mode,
    allow_incomplete: bool,
    imply_dedent: bool,
    barry: bool,
    filename: &str,
) -> PyResult<()> {
    let text = snakelet_syntax::normalize_newlines(source);
    match snakelet_syntax::check(&text, mode, allow_incomplete, imply_dedent, barry) {
        snakelet_syntax::Completeness::Complete => Ok(()),
        snakelet_syntax::Completeness::Incomplete => {
            Err(vm.error(crate::errors::Exc::_IncompleteInputError, "incomplete input"))
        }
        snakelet_syntax::Completeness::Invalid(error) => Err(raise_syntax_error(vm, error, &text, mode, filename)),
    }
}

/// Compiles with any options. Warnings wait for `issue_syntax_warnings`.
pub fn compile_with(vm: &Vm, source: &str, options: &Options) -> PyResult<Ref<CodeObject>> {
    let source = snakelet_syntax::normalize_newlines(source);
    let mode = match options.mode {
        snakelet_compiler::Mode::Eval => snakelet_syntax::Mode::Eval,
        snakelet_compiler::Mode::Interactive => snakelet_syntax::Mode::Single,
        _ => snakelet_syntax::Mode::Exec,
    };
    let text = &*source;
    let raise = |error| Err(raise_syntax_error(vm, error, text, mode, &options.filename));
    let parsed = snakelet_syntax::parse_with(text, mode, options.futures.barry_as_flufl);
    let limit = vm.int_max_str_digits();
    let mut parsed = match snakelet_syntax::forbid_long_literals(parsed, text, mode, limit) {
        Ok(parsed) => parsed,
        Err(mut error) => {
            if error.text.is_none() && error.start.0 > 0 {
                error.text = vm.source_line(&options.filename, error.start.0 as usize).map(|line| line + "\n");
            }
            return raise(error);
        }
    };
    let warnings = std::mem::take(&mut parsed.warnings);
    match snakelet_compiler::compile_with_warnings(&parsed, text, options) {
        Ok(compiled) => {
            queue_parser_warnings(vm, warnings, text, mode, &options.filename);
            queue_parser_warnings(vm, compiled.warnings, text, mode, &options.filename);
            CodeObject::new_object(vm, compiled.code)
        }
        Err(error) => {
            queue_parser_warnings(vm, warnings, text, mode, &options.filename);
            // CPython's compiler knows no text, only the file that it may come from.
            let mut error = error.with_byte_columns(text);
            if error.start.0 > 0 {
                error.text = vm.source_line(&options.filename, error.start.0 as usize).map(|line| line + "\n");
            }
            raise(error)
        }
    }
}

/// Source bytes as text: UTF-8, or what a coding declaration (PEP 263) says if that is a codec of the runtime's own. Others take
/// the library, see `builtins::prepare`.
pub fn decode_source(vm: &Vm, bytes: &[u8], filename: &str) -> PyResult<String> {
    let encoding = match snakelet_syntax::decode(bytes, "") {
        Ok(Decoded::Text(text)) => return Ok(text.into_owned()),
        Ok(Decoded::Needs(encoding)) => encoding,
        Err(error) => return Err(vm.raise(crate::errors::decoding_error(vm, &error, filename))),
    };
    Err(crate::builtins::prepare::cannot_decode(vm, &format!("unknown encoding: {encoding}"), filename))
}

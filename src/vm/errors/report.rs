//! An exception as data for embedders: what the traceback says as text, in fields.

use crate::errors::Exc;
use crate::errors::fields;
use crate::types::exception::BaseException;
use crate::types::frame::FrameObject;
use crate::types::traceback::Traceback;
use crate::{Value, VmRef};

/// An exception in fields.
#[derive(Clone, Debug, Default)]
pub struct ErrorReport {
    /// The name of its class.
    pub type_name: String,
    /// `str()` of it; for a SyntaxError its `msg`.
    pub message: String,
    /// The whole traceback as CPython prints it.
    pub traceback: String,
    /// Outermost first; after the frames of a SyntaxError the place of the mistake.
    pub frames: Vec<FrameReport>,
    /// What CPython suggests: "Did you mean: 'print'?".
    pub hint: Option<String>,
    /// For SystemExit, the status that a process would end with.
    pub exit_code: Option<i32>,
}

/// One level of a traceback. Lines count from 1, columns from 0 in characters; the end is exclusive.
#[derive(Clone, Debug, Default)]
pub struct FrameReport {
    pub file: String,
    pub line: u32,
    pub col: Option<u32>,
    pub end_line: Option<u32>,
    pub end_col: Option<u32>,
    pub name: String,
    /// The line of source text, if it is known.
    pub source: Option<String>,
}

/// Describes an exception. Its `__str__` may be Python code, so this may suspend.
pub async fn report(vm: VmRef, exception: &Value) -> ErrorReport {
    let type_name = vm.type_name(exception);
    let is_syntax_error = Exc::SyntaxError.matches(exception);
    let message = match text_of(&fields::get(exception, "msg")).filter(|_| is_syntax_error) {
        Some(message) => message,
        None => match vm.str(exception).await {
            Ok(text) => text.to_string_lossy(),
            Err(_) => {
                drop(vm.take_raised());
                String::new()
            }
        },
    };
    // Fetches the sources whose lines it shows, which the frames show too.
    let traceback = super::traceback::format_exception(vm, exception).await;
    let mut frames = frames_of(vm, exception);
    if is_syntax_error {
        frames.extend(mistake(exception));
    }
    let exit_code =
        if Exc::SystemExit.matches(exception) { Some(exit_code(&fields::get(exception, "code"))) } else { None };
    let hint = hint_in(&traceback, &message);
    ErrorReport { type_name, message, traceback, frames, hint, exit_code }
}

/// The levels of the exception's traceback.
fn frames_of(vm: VmRef, exception: &Value) -> Vec<FrameReport> {
    let mut frames = Vec::new();
    let Some(payload) = exception.downcast::<BaseException>() else { return frames };
    let mut entry = payload.traceback.get();
    while let Some(level) = entry.clone().downcast::<Traceback>() {
        if let Some(frame) = level.frame.downcast::<FrameObject>() {
            let object = frame.function.code.get();
            let file = text_of(&object.filename).unwrap_or_default();
            let mut report = FrameReport { name: text_of(&object.name).unwrap_or_default(), ..FrameReport::default() };
            let position = level.position(&object);
            let last = object.source_line(&vm, position.end_line as usize);
            report.source = object.source_line(&vm, position.line as usize);
            report.line = position.line;
            report.col = Some(characters(report.source.as_deref(), position.column));
            report.end_line = Some(position.end_line);
            report.end_col = Some(characters(last.as_deref(), position.end_column));
            report.file = file;
            frames.push(report);
        }
        entry = level.next.get();
    }
    frames
}

/// A column in characters from one in bytes.
fn characters(line: Option<&str>, column: u32) -> u32 {
    line.and_then(|line| line.get(..column as usize)).map_or(column, |start| start.chars().count() as u32)
}

/// Where a SyntaxError is.
fn mistake(exception: &Value) -> Option<FrameReport> {
    let number = |name: &str| fields::get(exception, name).to_i64().and_then(|n| u32::try_from(n).ok());
    let column = |name: &str| number(name).and_then(|n| n.checked_sub(1));
    Some(FrameReport {
        file: text_of(&fields::get(exception, "filename"))?,
        line: number("lineno")?,
        col: column("offset"),
        end_line: number("end_lineno"),
        end_col: column("end_offset"),
        name: "<module>".to_string(),
        source: text_of(&fields::get(exception, "text")).map(|text| text.trim_end_matches(['\n', '\r']).to_string()),
    })
}

/// What CPython adds to the message in the last line of the traceback.
fn hint_in(traceback: &str, message: &str) -> Option<String> {
    if message.is_empty() {
        return None;
    }
    let (_, rest) = traceback.trim_end().rsplit_once(message)?;
    let hint = rest.strip_prefix(". ")?;
    (!hint.contains('\n')).then(|| hint.to_string())
}

/// The status that a process ends with for `SystemExit(code)`.
fn exit_code(code: &Value) -> i32 {
    match code.to_i64() {
        _ if code.is_none() => 0,
        Some(n) => n as i32,
        None => 1,
    }
}

fn text_of(value: &Value) -> Option<String> {
    Some(value.as_text()?.to_utf8_lossy().into_owned())
}

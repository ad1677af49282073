//! The text of uncaught exceptions, as CPython prints it.

use crate::errors::Exc;
use crate::host::Stream;
use crate::types::exception::BaseException;
use crate::types::frame::FrameObject;
use crate::types::traceback::Traceback;
use crate::{PyResult, Value, Vm, VmRef};

/// The traceback and message of an exception with its causes and contexts.
pub async fn format_exception(vm: VmRef, exception: &Value) -> String {
    // Outermost cause first. A chain may end in itself.
    let mut chain: Vec<(Value, &str)> = vec![(exception.clone(), "")];
    while let Some(payload) = chain.last().and_then(|(last, _)| last.downcast::<BaseException>()) {
        let (cause, context) = (payload.cause.get(), payload.context.get());
        let (next, link) = if !cause.is_none() {
            (cause, "\nThe above exception was the direct cause of the following exception:\n\n")
        } else if !context.is_none() && !payload.suppress_context.get() {
            (context, "\nDuring handling of the above exception, another exception occurred:\n\n")
        } else {
            break;
        };
        if chain.iter().any(|(known, _)| known.is(&next)) {
            break;
        }
        if let Some(last) = chain.last_mut() {
            last.1 = link;
        }
        chain.push((next, ""));
    }
    let mut text = String::new();
    for (exception, link) in chain.iter().rev() {
        text.push_str(link);
        push_one(vm, &mut text, exception).await;
    }
    text
}

async fn push_one(vm: VmRef, text: &mut String, exception: &Value) {
    let Some(payload) = exception.downcast::<BaseException>() else { return };
    let mut entry = payload.traceback.get();
    if !entry.is_none() {
        text.push_str("Traceback (most recent call last):\n");
    }
    while let Some(traceback) = entry.downcast::<Traceback>() {
        push_frame(&vm, text, traceback);
        let next = traceback.next.get();
        entry = next;
    }
    if Exc::SyntaxError.matches(exception) {
        push_syntax_place(text, exception);
    }
    let class = vm.class_of(exception);
    let module = class.dict.get_text("__module__").and_then(|name| Some(name.as_text()?.to_utf8_lossy().into_owned()));
    if let Some(module) = module.filter(|module| module != "builtins" && module != "__main__") {
        text.push_str(&module);
        text.push('.');
    }
    let qualname = class.qualname.borrow().as_text().map(|name| name.to_utf8_lossy().into_owned());
    text.push_str(&qualname.unwrap_or_default());
    let shown = if Exc::SyntaxError.matches(exception) {
        super::fields::get(exception, "msg").as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
    } else {
        match vm.str(exception).await {
            Ok(shown) => shown.to_string_lossy(),
            Err(_) => {
                vm.take_raised();
                "<exception str() failed>".to_string()
            }
        }
    };
    if !shown.is_empty() {
        text.push_str(": ");
        text.push_str(&shown);
    }
    text.push('\n');
    if let Ok(Some(notes)) = vm.attr_opt(exception, &crate::name!(__notes__)).await
        && let Ok(notes) = vm.collect(&notes).await
    {
        for note in notes {
            if let Some(note) = note.as_text() {
                text.push_str(&note.to_utf8_lossy());
                text.push('\n');
            }
        }
    }
}

fn push_frame(vm: &Vm, text: &mut String, traceback: &Traceback) {
    let Some(frame) = traceback.frame.downcast::<FrameObject>() else { return };
    let code = frame.function.code.borrow();
    let line = code.code.positions.get(traceback.instruction as usize).map_or(0, |position| position.line);
    text.push_str(&format!("  File \"{}\", line {line}, in {}\n", code.code.filename, code.code.qualname));
    if let Some(line) = vm.source_line(&code.code.filename, line as usize) {
        text.push_str(&format!("    {}\n", line.trim()));
    }
}

fn push_syntax_place(text: &mut String, exception: &Value) {
    let field = |name| super::fields::get(exception, name);
    let string = |value: &Value| value.as_text().map(|text| text.to_utf8_lossy().into_owned());
    let Some(line) = field("lineno").to_i64() else { return };
    let file = string(&field("filename")).unwrap_or_else(|| "<string>".to_string());
    text.push_str(&format!("  File \"{file}\", line {line}\n"));
    let Some(source) = string(&field("text")) else { return };
    let shown = source.trim_start();
    let removed = source.chars().count() - shown.chars().count();
    text.push_str(&format!("    {}\n", shown.trim_end()));
    let Some(offset) = field("offset").to_i64().and_then(|offset| usize::try_from(offset - 1).ok()) else { return };
    let end = field("end_offset").to_i64().and_then(|end| usize::try_from(end - 1).ok()).unwrap_or(offset + 1);
    let same_line = field("end_lineno").to_i64().is_none_or(|end| end == line);
    let end = if same_line { end.max(offset + 1) } else { source.trim_end().chars().count() };
    let pad: String =
        shown.chars().take(offset.saturating_sub(removed)).map(|c| if c == '\t' { c } else { ' ' }).collect();
    text.push_str(&format!("    {pad}{}\n", "^".repeat(end.saturating_sub(offset).max(1))));
}

/// Hands an exception that nothing caught to `sys.excepthook`.
pub async fn show_uncaught(vm: &Vm, exception: Value) -> PyResult {
    let hook = vm.sys.get_text("excepthook").unwrap_or_default();
    let traceback = exception.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.traceback.get());
    let args = vec![vm.class_of(&exception).into_value(), exception.clone(), traceback];
    if vm.call(&hook, args).await.is_err() {
        let error = vm.take_raised();
        let text = format_exception(vm.handle(), &error).await;
        let original = format_exception(vm.handle(), &exception).await;
        vm.write_error(&format!("Error in sys.excepthook:\n{text}\nOriginal exception was:\n{original}"));
    }
    Ok(Value::NONE)
}

impl Vm {
    /// Writes to the error stream of the embedder.
    pub fn write_error(&self, text: &str) {
        self.write(Stream::Stderr, text);
    }

    /// File and line of the Python code that is running.
    pub fn current_position(&self) -> (String, usize) {
        let position = crate::builtins::scopes::with_frame(self, |thread, index| {
            let frame = &thread.frames[index];
            let code = &frame.code().code;
            let line = code.positions.get((frame.pc as usize).saturating_sub(1)).map_or(0, |position| position.line);
            (code.filename.to_string(), line as usize)
        });
        position.unwrap_or_else(|_| {
            self.raised.set(None);
            ("<sys>".to_string(), 0)
        })
    }
}

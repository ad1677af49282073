//! Exceptions as text, as CPython 3.14 prints them: frames with their source and carets, chained exceptions, groups, notes,
//! suggestions. Pages load this part of the runtime when the first exception is shown, so nothing but `traceback` may call it.

use std::collections::HashSet;

use super::anchors;
use super::{Exc, fields, group, suggest, typos};
use crate::object::instance;
use crate::types::code::CodeObject;
use crate::types::dict::Dict;
use crate::types::exception::BaseException;
use crate::types::frame::FrameObject;
use crate::types::list::List;
use crate::types::traceback::Traceback;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::vm::NativeFuture;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// One line of the "most recent call last" list.
pub struct FrameSummary {
    pub file: String,
    pub line: usize,
    pub end_line: usize,
    /// In bytes of the line, from 0.
    pub column: usize,
    pub end_column: usize,
    pub name: String,
    /// Where the source lines come from.
    pub code: Ref<CodeObject>,
}

/// The frames of an exception's traceback, outermost first.
pub fn frames(exception: &Value) -> Vec<FrameSummary> {
    let mut found = Vec::new();
    let mut link = exception.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.traceback.get());
    while let Some(entry) = link.clone().downcast::<Traceback>() {
        if let Some(frame) = entry.frame.downcast::<FrameObject>() {
            let code = frame.function.code.get();
            let position = entry.position(&code);
            found.push(FrameSummary {
                file: code.code.filename.to_string(),
                line: position.line as usize,
                end_line: position.end_line as usize,
                column: position.column as usize,
                end_column: position.end_column as usize,
                name: code.code.name.to_string(),
                code,
            });
        }
        link = entry.next.get();
    }
    found
}

/// How much of an exception is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Everything, ending in a newline.
    Whole,
    /// With its frames, but without carets and the exceptions that led to it: as it is shown where nobody can catch it.
    Unchained,
}

/// The exception's text, as a str.
pub fn render(vm: VmRef, exception: Value, style: Style) -> NativeFuture {
    Box::pin(async move {
        let mut printer = Printer::new(vm);
        match style {
            Style::Whole => printer.chain(exception, 0, "").await,
            Style::Unchained => {
                printer.plain = true;
                printer.one(&exception, 0, "").await;
            }
        }
        Ok(Value::from_str(&printer.out))
    })
}

struct Printer {
    vm: VmRef,
    out: String,
    seen: HashSet<u64>,
    /// Without carets, and only the first line of each place.
    plain: bool,
}

const CAUSE: &str = "The above exception was the direct cause of the following exception:";
const CONTEXT: &str = "During handling of the above exception, another exception occurred:";
const GROUP_WIDTH: usize = 15;
const GROUP_DEPTH: usize = 10;

impl Printer {
    fn new(vm: VmRef) -> Printer {
        Printer { vm, out: String::new(), seen: HashSet::new(), plain: false }
    }

    fn line(&mut self, margin: &str, text: &str) {
        for line in text.split('\n') {
            self.out.push_str(margin);
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// The exceptions that led to this one, then itself.
    async fn chain(&mut self, exception: Value, depth: usize, margin: &str) {
        let mut links = vec![(exception.clone(), None)];
        self.seen.insert(exception.bits());
        let mut current = exception;
        while let Some(payload) = current.clone().downcast::<BaseException>() {
            let (cause, context) = (payload.cause.get(), payload.context.get());
            let (next, sentence) = if !cause.is_none() {
                (cause, CAUSE)
            } else if !context.is_none() && !payload.suppress_context.get() {
                (context, CONTEXT)
            } else {
                break;
            };
            if self.seen.contains(&next.bits()) {
                break;
            }
            self.seen.insert(next.bits());
            links.push((next.clone(), Some(sentence)));
            current = next;
        }
        for (exception, sentence) in links.into_iter().rev() {
            self.one(&exception, depth, margin).await;
            if let Some(sentence) = sentence {
                self.line(margin, "");
                self.line(margin, sentence);
                self.line(margin, "");
            }
        }
    }

    async fn one(&mut self, exception: &Value, depth: usize, margin: &str) {
        let frames = frames(exception);
        let is_group = group::is_group(exception);
        let (first, inner) = match (is_group, depth) {
            (false, _) => (margin.to_string(), margin.to_string()),
            (true, 0) => (format!("{margin}  + "), format!("{margin}  | ")),
            (true, _) => (margin.to_string(), margin.to_string()),
        };
        if !frames.is_empty() {
            let heading = if is_group {
                "Exception Group Traceback (most recent call last):"
            } else {
                "Traceback (most recent call last):"
            };
            self.line(&first, heading);
            self.frames(&frames, &inner);
        }
        self.last_lines(exception, &inner).await;
        if is_group {
            Box::pin(self.members(exception, depth, margin)).await;
        }
    }

    /// The exceptions of a group, each under a numbered rule. Deep nesting is cut at `GROUP_DEPTH`, which bounds the recursion.
    async fn members(&mut self, exception: &Value, depth: usize, margin: &str) {
        let members = group::members(exception);
        let indent = if depth == 0 { format!("{margin}  ") } else { margin.trim_end_matches("| ").to_string() };
        let count = members.len().min(GROUP_WIDTH);
        if depth + 1 > GROUP_DEPTH {
            self.line(&format!("{indent}| "), &format!("... (max_group_depth is {GROUP_DEPTH})"));
            return;
        }
        for (at, member) in members.iter().take(count).enumerate() {
            let opening = if at == 0 { "+-" } else { "  " };
            self.line("", &format!("{indent}{opening}+---------------- {} ----------------", at + 1));
            let inner = format!("{indent}  | ");
            if self.seen.contains(&member.bits()) && group::is_group(member) {
                self.last_lines(member, &inner).await;
            } else {
                self.chain(member.clone(), depth + 1, &inner).await;
            }
        }
        if members.len() > count {
            self.line("", &format!("{indent}  +---------------- ... ----------------"));
            let more = members.len() - count;
            let plural = if more == 1 { "" } else { "s" };
            self.line(&format!("{indent}  | "), &format!("and {more} more exception{plural}"));
        }
        let nested_end = members.iter().take(count).next_back().is_some_and(group::is_group) && members.len() <= count;
        if !nested_end {
            self.line("", &format!("{indent}  +------------------------------------"));
        }
    }

    fn frames(&mut self, frames: &[FrameSummary], margin: &str) {
        let mut repeated = 0;
        let mut last: Option<(&str, usize, &str)> = None;
        let flush = |printer: &mut Printer, repeated: usize| {
            if repeated > 3 {
                let more = repeated - 3;
                let plural = if more == 1 { "" } else { "s" };
                printer.line(margin, &format!("  [Previous line repeated {more} more time{plural}]"));
            }
        };
        for frame in frames {
            let key = (frame.file.as_str(), frame.line, frame.name.as_str());
            if last == Some(key) {
                repeated += 1;
            } else {
                flush(self, repeated);
                repeated = 1;
                last = Some(key);
            }
            if repeated <= 3 {
                self.frame(frame, margin);
            }
        }
        flush(self, repeated);
    }

    fn frame(&mut self, frame: &FrameSummary, margin: &str) {
        self.line(margin, &format!("  File \"{}\", line {}, in {}", frame.file, frame.line, frame.name));
        let lines: Vec<String> = (frame.line..=frame.end_line.max(frame.line).min(frame.line + 1000))
            .map_while(|line| frame.code.source_line(&self.vm, line))
            .collect();
        if lines.iter().all(|line| line.trim().is_empty()) {
            return;
        }
        if self.plain {
            self.line(margin, &format!("    {}", lines[0].trim()));
            return;
        }
        for line in source_with_carets(&lines, frame.column, frame.end_column) {
            self.line(margin, &format!("    {line}"));
        }
    }

    /// Type and message, with suggestion and notes.
    async fn last_lines(&mut self, exception: &Value, margin: &str) {
        let vm = self.vm;
        let mut typo = None;
        if Exc::SyntaxError.matches(exception) {
            typo = typos::find(exception);
            self.syntax_error_place(exception, typo.as_ref(), margin);
        }
        let class = vm.class_of(exception);
        let name = qualified_name(vm, &class).await;
        let message = if Exc::SyntaxError.matches(exception) {
            let message = fields::get(exception, "msg");
            match (message.as_text(), typo) {
                (_, Some(typo)) => Ok(format!("invalid syntax. Did you mean '{}'?", typo.keyword)),
                (Some(text), _) => Ok(text.to_utf8_lossy().into_owned()),
                (None, _) => Ok("<no detail available>".to_string()),
            }
        } else {
            vm.str(exception).await.map(|text| text.to_string_lossy())
        };
        let mut message = match message {
            Ok(message) => message,
            Err(_) => {
                vm.take_raised();
                "<exception str() failed>".to_string()
            }
        };
        if let Some(hint) = suggestion(vm, exception).await {
            message.push_str(&hint);
        }
        let text = if message.is_empty() { name } else { format!("{name}: {message}") };
        self.line(margin, &text);
        self.notes(exception, margin).await;
    }

    async fn notes(&mut self, exception: &Value, margin: &str) {
        let Some(notes) = exception.header().and_then(|header| instance::get(header, &crate::name!(__notes__))) else {
            return;
        };
        let items = match (notes.downcast::<List>(), notes.downcast::<Tuple>()) {
            (Some(list), _) => list.items.borrow().clone(),
            (None, Some(tuple)) => tuple.items().to_vec(),
            (None, None) => {
                let shown = match self.vm.repr(&notes).await {
                    Ok(shown) => shown.to_string_lossy(),
                    Err(_) => {
                        self.vm.take_raised();
                        "<__notes__ repr() failed>".to_string()
                    }
                };
                self.line(margin, &shown);
                return;
            }
        };
        for note in items {
            let text = match note.as_text() {
                Some(text) => text.to_utf8_lossy().into_owned(),
                None => match self.vm.str(&note).await {
                    Ok(text) => text.to_string_lossy(),
                    Err(_) => {
                        self.vm.take_raised();
                        "<note str() failed>".to_string()
                    }
                },
            };
            self.line(margin, &text);
        }
    }

    /// File, source line and carets of a SyntaxError; a misspelt keyword takes the place of the mistake.
    fn syntax_error_place(&mut self, exception: &Value, typo: Option<&typos::Typo>, margin: &str) {
        let field = |name: &str| fields::get(exception, name);
        let Some(line) = field("lineno").to_i64() else { return };
        let filename = field("filename");
        let shown = if filename.is_none() { None } else { self.vm.now(self.vm.str_of(&filename)) };
        let filename = shown.and_then(|name| Some(name.as_text()?.to_utf8_lossy().into_owned()));
        let filename = filename.unwrap_or_else(|| "<string>".to_string());
        self.line(margin, &format!("  File \"{filename}\", line {line}"));
        let text = field("text");
        let Some(text) = text.as_text() else { return };
        let text = typo.map_or_else(|| text.to_utf8_lossy().into_owned(), |typo| typo.text.clone());
        let trimmed_end = text.trim_end_matches('\n');
        let stripped = trimmed_end.trim_start_matches([' ', '\n', '\x0c', '\t']);
        let removed = trimmed_end.chars().count() - stripped.chars().count();
        self.line(margin, &format!("    {stripped}"));
        let place = match typo {
            Some(typo) => Some((typo.start as i64 + 1, Some(typo.end as i64 + 1))),
            None => field("offset").to_i64().map(|offset| (offset, field("end_offset").to_i64())),
        };
        let Some((mut offset, end)) = place.filter(|(offset, _)| *offset >= 1) else { return };
        let end_line = field("end_lineno").to_i64().filter(|_| typo.is_none()).unwrap_or(line);
        let mut end = end.filter(|&end| end != 0 && end != -1).unwrap_or(offset);
        let length = text.chars().count() as i64;
        if end_line != line {
            end = trimmed_end.chars().count() as i64 + 1;
        }
        if offset > length {
            offset = trimmed_end.chars().count() as i64 + 1;
        }
        if length > 0 && end > length {
            end = trimmed_end.chars().count() as i64 + 1;
        }
        if offset >= end || end < 0 {
            end = offset + 1;
        }
        let first = offset - 1 - removed as i64;
        let last = end - 1 - removed as i64;
        if first < 0 {
            return;
        }
        let spaces: String =
            stripped.chars().take(first as usize).map(|char| if char.is_whitespace() { char } else { ' ' }).collect();
        let padding = " ".repeat((first as usize).saturating_sub(stripped.chars().count()));
        let carets = "^".repeat((last - first).clamp(1, 10_000) as usize);
        self.line(margin, &format!("    {spaces}{padding}{carets}"));
    }
}

async fn qualified_name(vm: VmRef, class: &Type) -> String {
    let qualname = class.qualname.borrow().as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
    match crate::types::typetype::module_of(&vm, class) {
        Some(module) if module != "builtins" && module != "__main__" => format!("{module}.{qualname}"),
        _ => qualname,
    }
}

/// The columns that characters take on a terminal.
fn display_width(text: &str) -> usize {
    text.chars()
        .map(|char| if char.is_ascii() { 1 } else { 1 + snakelet_text::unicode::is_wide(char as u32) as usize })
        .sum()
}

/// The source lines of an instruction, dedented, with lines of carets between them where they say something.
pub fn source_with_carets(original: &[String], column: usize, end_column: usize) -> Vec<String> {
    let blank = |line: &str| line.trim().is_empty();
    let indents = original.iter().filter(|line| !blank(line)).map(|line| line.len() - line.trim_start().len());
    let dedent = indents.min().unwrap_or(0);
    let lines: Vec<&str> = original.iter().map(|line| line.get(dedent..).unwrap_or("").trim_end()).collect();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Vec::new() };
    let start = column.saturating_sub(dedent).min(first.len());
    let end = end_column.saturating_sub(dedent).min(last.len());
    if !first.is_char_boundary(start) || !last.is_char_boundary(end) || (lines.len() == 1 && end <= start) {
        return lines.iter().map(|line| line.to_string()).collect();
    }
    let joined = lines.join("\n");
    let segment = &joined[start..joined.len() - (last.len() - end)];
    let found = anchors::find(segment);
    let show = !anchors::is_plain_call(&joined, start, end)
        && (found.is_some() || !first[..start].trim_start().is_empty() || !last[end..].trim_end().is_empty());
    let start_width = display_width(&first[..start]);
    let end_width = display_width(&last[..end]);
    // Anchors in display columns of their lines.
    let place = |(line, column): (usize, usize)| {
        let text = lines.get(line).copied().unwrap_or("");
        let column = if line == 0 { column + first[..start].chars().count() } else { column };
        let prefix: String = text.chars().take(column).collect();
        (line, display_width(&prefix))
    };
    let emphasised = found.map(|anchors| (place(anchors.start), place(anchors.end)));
    let mut significant = vec![0, lines.len() - 1];
    if let Some((from, to)) = emphasised {
        for line in [from.0, to.0] {
            significant.extend(line.saturating_sub(1)..=line + 1);
        }
    }
    significant.retain(|&line| line < lines.len());
    snakelet_text::order::sort(&mut significant);
    significant.dedup();
    let mut out = Vec::new();
    let output = |at: usize, out: &mut Vec<String>| {
        let line = lines[at];
        out.push(line.to_string());
        if !show {
            return;
        }
        let spaces = line.chars().count() - line.trim_start().chars().count();
        let width = if at == lines.len() - 1 { end_width } else { display_width(line) };
        let mut carets = String::new();
        for column in 0..width {
            if column < spaces || (at == 0 && column < start_width) {
                carets.push(' ');
                continue;
            }
            carets.push(match emphasised {
                None => '^',
                Some((from, to)) if (at, column) >= from && (at, column) < to => '^',
                Some(_) => '~',
            });
        }
        out.push(carets);
    };
    let mut previous: Option<usize> = None;
    for at in significant {
        if let Some(previous) = previous {
            match at - previous {
                2 => output(at - 1, &mut out),
                gap if gap > 2 => out.push(format!("...<{} lines>...", gap - 1)),
                _ => {}
            }
        }
        output(at, &mut out);
        previous = Some(at);
    }
    out
}

/// What "Did you mean" adds to the message of some errors.
async fn suggestion(vm: VmRef, exception: &Value) -> Option<String> {
    let name = fields::get(exception, "name");
    let wrong = |value: &Value| value.as_text().map(|text| text.to_utf8_lossy().into_owned());
    if Exc::NameError.matches(exception) {
        let wrong = wrong(&name)?;
        let (candidates, instance) = names_in_scope(exception);
        let found = match instance {
            Some(instance) if has_attribute(&vm, &instance, &wrong) => Some(format!("self.{wrong}")),
            _ => suggest::closest(&wrong, candidates.iter().map(String::as_str)),
        };
        let forgotten = crate::import::is_library_module(&vm, &wrong);
        return match (found, forgotten) {
            (Some(found), true) => Some(format!(". Did you mean: '{found}'? Or did you forget to import '{wrong}'?")),
            (Some(found), false) => Some(format!(". Did you mean: '{found}'?")),
            (None, true) => Some(format!(". Did you forget to import '{wrong}'?")),
            (None, false) => None,
        };
    }
    if Exc::AttributeError.matches(exception) {
        let wrong = wrong(&name)?;
        let object = fields::get(exception, "obj");
        let names = directory(vm, &object).await?;
        let hidden = wrong.starts_with('_');
        let candidates = names.iter().map(String::as_str).filter(|name| hidden || !name.starts_with('_'));
        return suggest::closest(&wrong, candidates).map(|found| format!(". Did you mean: '{found}'?"));
    }
    if Exc::ImportError.matches(exception) {
        let wrong = wrong(&fields::get(exception, "name_from"))?;
        let module = vm.modules.get_str(&name)?;
        let names = directory(vm, &module).await?;
        let hidden = wrong.starts_with('_');
        let candidates = names.iter().map(String::as_str).filter(|name| hidden || !name.starts_with('_'));
        return suggest::closest(&wrong, candidates).map(|found| format!(". Did you mean: '{found}'?"));
    }
    None
}

/// The names `dir(object)` lists.
async fn directory(vm: VmRef, object: &Value) -> Option<Vec<String>> {
    let found: PyResult<Vec<Value>> = async {
        let dir = vm.attr(object, "__dir__").await?;
        // A class's `__dir__` is its metaclass's.
        let list = match object.downcast::<Type>() {
            Some(_) => {
                let method = vm.lookup_special(object, &crate::name!(__dir__));
                match method {
                    Some(method) => {
                        let bound = vm.bind_special(&method, object).await?;
                        vm.call(&bound, Vec::new()).await?
                    }
                    None => vm.call(&dir, Vec::new()).await?,
                }
            }
            None => vm.call(&dir, Vec::new()).await?,
        };
        vm.collect(&list).await
    }
    .await;
    match found {
        Ok(names) => {
            let mut names: Vec<String> =
                names.iter().filter_map(|name| Some(name.as_text()?.to_utf8_lossy().into_owned())).collect();
            snakelet_text::order::sort(&mut names);
            Some(names)
        }
        Err(_) => {
            vm.take_raised();
            None
        }
    }
}

fn has_attribute(vm: &Vm, object: &Value, name: &str) -> bool {
    let name = crate::object::intern::intern(name);
    vm.lookup_special(object, &name).is_some()
        || object.header().is_some_and(|header| instance::get(header, &name).is_some())
}

/// The names visible where the exception was raised: locals, globals, builtins; and `self` if the frame has one.
fn names_in_scope(exception: &Value) -> (Vec<String>, Option<Value>) {
    let mut names = Vec::new();
    let mut instance = None;
    let mut link = exception.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.traceback.get());
    let mut innermost = None;
    while let Some(entry) = link.clone().downcast::<Traceback>() {
        innermost = Some(entry.frame.clone());
        link = entry.next.get();
    }
    let mut add = |dict: &Dict| {
        let keys = dict.table.borrow();
        names.extend(keys.iter().filter_map(|entry| Some(entry.key.as_text()?.to_utf8_lossy().into_owned())));
    };
    if let Some(frame) = innermost.as_ref().and_then(Value::downcast::<FrameObject>) {
        if let Some(locals) = crate::exec::inspect::locals_of(frame) {
            instance = locals.get_text("self");
            add(&locals);
        }
        add(&frame.function.globals);
        add(&frame.function.builtins);
    }
    (names, instance)
}

//! `input`.

use snakelet_macros::functions;

use crate::errors::Exc;
use crate::files::text::{is_standard_input, standard_output};
use crate::host::{HostReply, HostRequest};
use crate::{PyResult, Value, Vm, VmRef};

pub struct Input;

#[functions("builtins", FUNCTIONS)]
impl Input {
    /// Read a string from standard input.  The trailing newline is stripped.
    ///
    /// The prompt string, if given, is printed to standard output before reading. At the end of the input EOFError is raised.
    #[function("input(prompt='', /)")]
    async fn input(vm: VmRef, prompt: Option<Value>) -> PyResult {
        let stream = |name: &str| match vm.sys.get_text(name) {
            Some(stream) if !stream.is_none() => Ok(stream),
            _ => Err(vm.runtime_error(format!("lost sys.{name}"))),
        };
        let (stdin, stdout) = (stream("stdin")?, stream("stdout")?);
        if is_standard_input(&stdin) && standard_output(&stdout).is_some() {
            let prompt = match prompt {
                Some(prompt) => vm.str(&prompt).await?.to_string_lossy(),
                None => String::new(),
            };
            return line_of(&vm, read_line(&vm, prompt).await?);
        }
        if let Some(prompt) = prompt {
            let text = vm.str(&prompt).await?.into_value();
            super::print::write(&vm, &stdout, &text).await?;
        }
        if let Some(flush) = vm.attr_opt(&stdout, &crate::name!(flush)).await? {
            vm.call(&flush, Vec::new()).await?;
        }
        if is_standard_input(&stdin) {
            return line_of(&vm, read_line(&vm, String::new()).await?);
        }
        let method = vm.attr(&stdin, "readline").await?;
        let line = vm.call(&method, Vec::new()).await?;
        let Some(text) = line.as_text() else {
            return Err(vm.type_error("object.readline() returned non-string"));
        };
        if text.is_empty() {
            return Err(vm.error(Exc::EOFError, "EOF when reading a line"));
        }
        if text.get(text.len() - 1) == Some('\n' as u32) {
            let text = text.slice(0, text.len() - 1).map_err(|_| vm.memory_error())?;
            return Ok(Value::from_text(text));
        }
        Ok(line)
    }
}

fn line_of(vm: &Vm, line: Option<String>) -> PyResult {
    match line {
        Some(line) => Ok(Value::from_str(line.strip_suffix('\n').unwrap_or(&line))),
        None => Err(vm.error(Exc::EOFError, "EOF when reading a line")),
    }
}

/// Asks the embedder for a line; `None` at the end of the input.
pub(crate) async fn read_line(vm: &Vm, prompt: String) -> PyResult<Option<String>> {
    match vm.ask_host(HostRequest::ReadLine { prompt }).await? {
        HostReply::Line(line) => Ok(line.filter(|line| !line.is_empty())),
        HostReply::Failed(message) => Err(vm.error(Exc::OSError, &message)),
        _ => Ok(None),
    }
}

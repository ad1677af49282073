//! Running a program as a process of its own, with input and a time limit.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::record::Record;

/// Output beyond this many bytes is dropped: a runaway program must not fill the memory.
const OUTPUT_LIMIT: u64 = 16 << 20;

/// A command for this program that sees none of the machine's environment: pytest prints otherwise where `CI` is set, for one.
pub fn command(program: &Path) -> Command {
    let mut command = Command::new(std::path::absolute(program).unwrap_or_else(|_| program.to_path_buf()));
    command.env_clear();
    command
}

/// Runs a command with this text as standard input. `Err` holds what to tell when it ran into the time limit.
pub fn run(command: &mut Command, stdin: &[u8], limit: Duration) -> Result<Record, String> {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("cannot start {:?}: {error}", command.get_program()))?;
    let (mut input, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        // A program that ends without reading its input closes the pipe: that is its right.
        scope.spawn(move || input.as_mut().map(|pipe| pipe.write_all(stdin)));
        let stdout = scope.spawn(move || read(stdout));
        let stderr = scope.spawn(move || read(stderr));
        let exit = wait(&mut child, limit);
        let stdout = stdout.join().unwrap_or_default();
        let stderr = stderr.join().unwrap_or_default();
        match exit {
            Some(exit) => Ok(Record { stdout, stderr, exit }),
            None => Err(format!("did not end within {} s; it printed:\n{stdout}{stderr}", limit.as_secs())),
        }
    })
}

fn read(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What came before an error is what the program printed.
        let _ = pipe.take(OUTPUT_LIMIT).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The exit code (negative: minus the signal that ended it), or nothing when the time was up and the process was killed.
fn wait(child: &mut Child, limit: Duration) -> Option<i32> {
    let end = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.code().unwrap_or(-1)),
            Ok(None) if Instant::now() < end => std::thread::sleep(pause),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Removes a folder's path from a text, so that files in it are named relative to it.
pub fn without_folder(text: &str, folder: &Path) -> String {
    let mut prefix = folder.to_string_lossy().into_owned();
    prefix.push('/');
    text.replace(&prefix, "")
}

//! `cargo xtask serve`: a static file server for development, in plain `std::net`.
//!
//! It listens on localhost only, answers GET and HEAD for files below the repository's root, and closes each connection
//! after its answer. A file that lies beside as `NAME.br` is sent instead where the client accepts brotli.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};

use crate::package::{self, Options};
use crate::tools::{Outcome, flag, option, root};

/// Builds, then serves until the process is stopped.
pub fn serve(arguments: &[String]) -> Outcome {
    let port = match option(arguments, "--port") {
        Some(text) => text.parse().map_err(|_| format!("--port wants a number, not {text:?}"))?,
        None => 8000,
    };
    if !flag(arguments, "--no-build") {
        package::build(&Options::parse(arguments))?;
    }
    let listener = match TcpListener::bind(("127.0.0.1", port)) {
        Err(_) if option(arguments, "--port").is_none() => TcpListener::bind(("127.0.0.1", 0)),
        bound => bound,
    }
    .map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("serving http://localhost:{}/ (Ctrl-C ends)", address.port());
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || {
            // A client that went away is no fault of the server.
            let _ = answer(stream);
        });
    }
    Ok(())
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut brotli = false;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(accepted) = line.strip_prefix("accept-encoding:") {
            brotli = accepted.split(',').any(|name| name.split(';').next().is_some_and(|name| name.trim() == "br"));
        }
    }
    let mut words = request.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or("/"));
    if method != "GET" && method != "HEAD" {
        return send(&mut stream, "405 Method Not Allowed", "text/plain", "", b"only GET and HEAD", true);
    }
    let Some(file) = locate(target) else {
        return send(&mut stream, "404 Not Found", "text/plain", "", b"no such file", method == "GET");
    };
    let kind = media_type(&file);
    let mut packed = file.clone().into_os_string();
    packed.push(".br");
    let (file, encoding) = match Path::new(&packed).is_file() && brotli {
        true => (PathBuf::from(packed), "Content-Encoding: br\r\n"),
        false => (file, ""),
    };
    let body = fs::read(file)?;
    send(&mut stream, "200 OK", kind, encoding, &body, method == "GET")
}

fn send(
    stream: &mut TcpStream,
    status: &str,
    kind: &str,
    extra: &str,
    body: &[u8],
    with_body: bool,
) -> std::io::Result<()> {
    let length = body.len();
    // The page may sit in a sandboxed frame, whose origin is opaque: everything is open to every origin.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{extra}Cache-Control: no-cache\r\n\
         Access-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    if with_body {
        stream.write_all(body)?;
    }
    stream.flush()
}

/// The file that a request's target names, if it is one below the root.
fn locate(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?;
    let path = decode(path.trim_start_matches('/'))?;
    let path = Path::new(&path);
    if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
        return None;
    }
    let mut file = root().join(path);
    if file.is_dir() {
        file.push("index.html");
    }
    file.is_file().then_some(file)
}

/// Undoes the percent-encoding of a path.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "py" | "txt" | "md" | "ts" => "text/plain; charset=utf-8",
        "zip" | "whl" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_and_stay_inside() {
        assert_eq!(decode("a%20b.html").as_deref(), Some("a b.html"));
        assert_eq!(decode("%zz"), None);
        assert!(locate("/../Cargo.toml").is_none());
        assert!(locate("/%2e%2e/x").is_none());
        assert!(locate("/Cargo.toml?x=1").is_some());
    }

    #[test]
    fn wasm_has_its_media_type() {
        assert_eq!(media_type(Path::new("pkg/snakelet_bg.wasm")), "application/wasm");
        assert!(media_type(Path::new("a.mjs")).starts_with("text/javascript"));
    }
}

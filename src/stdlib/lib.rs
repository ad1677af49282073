//! The packed standard library: CPython's pure-Python modules, as published for RustPython, without those that `manifest.txt`
//! leaves out, and with those of `overlay/` in place of CPython's.
//!
//! Native programs link this crate and read modules from it; for pages `pack-stdlib` writes files of each module, fetched when it is
//! imported. The runtime asks for [`INDEX`] first, so that a name that is not there costs no request.

/// The path of the list of all paths, one a line.
pub const INDEX: &str = "index.txt";

static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The contents of a file of the library, by its path below the root, such as `json/decoder.py`; or of the index.
pub fn read(path: &str) -> Option<Vec<u8>> {
    if path == INDEX {
        return Some(index().into_bytes());
    }
    let at = FILES.binary_search_by_key(&path, |file| file.0).ok()?;
    Some(FILES[at].1.to_vec())
}

/// All files, sorted by path: path and contents.
pub fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    FILES.iter().copied()
}

fn index() -> String {
    files().fold(String::new(), |text, (path, _)| text + path + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found() {
        assert!(FILES.is_sorted_by_key(|file| file.0));
        assert!(read("keyword.py").is_some_and(|text| text.starts_with(b"\"\"\"Keywords")));
        assert!(read("json/decoder.py").is_some());
        assert!(read("tkinter/__init__.py").is_none());
        let index = String::from_utf8(read(INDEX).unwrap_or_default()).unwrap_or_default();
        assert!(index.lines().any(|line| line == "heapq.py"));
    }
}

//! What programs see of the machine's files: copies of those in the program's folder and the current one, taken before the run.
//!
//! Programs work on the session's own file system, as in a page; nothing they write reaches the disk.

use std::fs;
use std::path::Path;

use snakelet_vm::files::FileSystem;

/// Folders deeper than this below the start are not looked at.
const MAX_DEPTH: u32 = 8;
/// Larger files are left out.
const MAX_FILE: u64 = 4 << 20;
/// The copy stops at this many files.
const MAX_FILES: usize = 4000;

/// Copies what lies below `folder`.
pub fn copy_in(files: &FileSystem, folder: &Path) {
    let mut left = MAX_FILES;
    copy(files, folder, MAX_DEPTH, &mut left);
}

fn copy(files: &FileSystem, folder: &Path, depth: u32, left: &mut usize) {
    // What can't be read or named is not there for the program.
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in &entries {
        let Some(name) = path.to_str() else { continue };
        let Ok(about) = fs::metadata(path) else { continue };
        if about.is_file() && about.len() <= MAX_FILE && *left > 0 {
            *left -= 1;
            if let Ok(bytes) = fs::read(path) {
                let _ = files.write(name, bytes);
            }
        }
    }
    for path in &entries {
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if let Some(name) = path.to_str()
            && path.is_dir()
            && !hidden
        {
            let _ = files.make_folders(name);
            if depth > 0 && *left > 0 {
                copy(files, path, depth - 1, left);
            }
        }
    }
}

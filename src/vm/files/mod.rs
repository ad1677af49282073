//! The session's file system, which lives in memory, and the file objects over it.
//!
//! Paths are POSIX paths; relative ones start at the session's current folder. There are folders and files, no links and no
//! owners. Embedders fill it before a run and read it afterwards through [`FileSystem`]; nothing here reaches the machine's own
//! files. A file that is deleted while it is open goes on existing for those who have it open.

pub mod binary;
pub mod errno;
pub mod memory;
pub mod open;
pub mod stream;
pub mod text;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use self::errno::Errno;
use crate::object::VmCell;
use crate::{Raised, Value, Vm};

/// The contents of a file.
#[derive(Default)]
pub struct File {
    pub bytes: VmCell<Vec<u8>>,
    /// Seconds since the epoch of the last change.
    pub modified: Cell<f64>,
    /// Permission bits.
    pub mode: Cell<u32>,
    pub inode: u64,
}

/// A folder's entries by name.
#[derive(Default)]
pub struct Folder {
    pub entries: VmCell<BTreeMap<String, Node>>,
    pub modified: Cell<f64>,
    pub mode: Cell<u32>,
    pub inode: u64,
}

/// What a path leads to.
#[derive(Clone)]
pub enum Node {
    File(Rc<File>),
    Folder(Rc<Folder>),
}

/// All files of a session.
pub struct FileSystem {
    root: Rc<Folder>,
    current: VmCell<String>,
    next_inode: Cell<u64>,
    /// The clock's reading at the last change, kept by the interpreter.
    now: Cell<f64>,
}

/// The folder a session starts in, unless the embedder chooses another.
const HOME: &str = "/home/user";

impl Default for FileSystem {
    fn default() -> FileSystem {
        let files = FileSystem {
            root: Rc::new(Folder { mode: Cell::new(0o755), inode: 1, ..Folder::default() }),
            current: VmCell::new(HOME.to_string()),
            next_inode: Cell::new(2),
            now: Cell::new(0.0),
        };
        for folder in [HOME, "/tmp", "/lib"] {
            // An empty tree has nothing in the way.
            let _ = files.make_folders(folder);
        }
        files
    }
}

impl FileSystem {
    /// `path` as an absolute one without `.` and `..` and double slashes.
    pub fn absolute(&self, path: &str) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let current = self.current.borrow();
        let start = if path.starts_with('/') { "" } else { current };
        for part in start.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => _ = parts.pop(),
                part => parts.push(part),
            }
        }
        format!("/{}", parts.join("/"))
    }

    /// `os.getcwd()`
    pub fn current_folder(&self) -> String {
        self.current.get()
    }

    /// `os.chdir(path)`
    pub fn set_current_folder(&self, path: &str) -> Result<(), Errno> {
        match self.find(path)? {
            Node::Folder(_) => {
                let path = self.absolute(path);
                self.current.set(path);
                Ok(())
            }
            Node::File(_) => Err(Errno::ENOTDIR),
        }
    }

    /// Tells the time that changes are marked with.
    pub fn set_time(&self, now: f64) {
        self.now.set(now);
    }

    /// What is at `path`.
    pub fn find(&self, path: &str) -> Result<Node, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        let absolute = self.absolute(path);
        let mut node = Node::Folder(self.root.clone());
        for part in absolute.split('/').filter(|part| !part.is_empty()) {
            let Node::Folder(folder) = &node else { return Err(Errno::ENOTDIR) };
            let next = folder.entries.borrow().get(part).cloned();
            node = next.ok_or(Errno::ENOENT)?;
        }
        match node {
            Node::File(_) if path.ends_with('/') => Err(Errno::ENOTDIR),
            node => Ok(node),
        }
    }

    /// The folder that `path` lies in, and its last part.
    pub fn parent(&self, path: &str) -> Result<(Rc<Folder>, String), Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        let absolute = self.absolute(path);
        let (parent, name) = absolute.rsplit_once('/').unwrap_or(("", ""));
        if name.is_empty() {
            return Err(Errno::EBUSY);
        }
        match self.find(if parent.is_empty() { "/" } else { parent })? {
            Node::Folder(folder) => Ok((folder, name.to_string())),
            Node::File(_) => Err(Errno::ENOTDIR),
        }
    }

    fn new_inode(&self) -> u64 {
        self.next_inode.replace(self.next_inode.get() + 1)
    }

    /// A copy of a file's contents.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Errno> {
        match self.find(path)? {
            Node::File(file) => Ok(file.bytes.get()),
            Node::Folder(_) => Err(Errno::EISDIR),
        }
    }

    /// Writes a whole file; makes the folders above it.
    pub fn write(&self, path: &str, bytes: Vec<u8>) -> Result<(), Errno> {
        let absolute = self.absolute(path);
        if let Some((parent, _)) = absolute.rsplit_once('/') {
            self.make_folders(parent)?;
        }
        let file = self.create(&absolute)?;
        file.bytes.set(bytes);
        file.modified.set(self.now.get());
        Ok(())
    }

    /// The file at `path`, made if there is none.
    pub fn create(&self, path: &str) -> Result<Rc<File>, Errno> {
        if path.ends_with('/') {
            return Err(Errno::EISDIR);
        }
        let (parent, name) = match self.parent(path) {
            Err(Errno::EBUSY) => return Err(Errno::EISDIR),
            other => other?,
        };
        let known = parent.entries.borrow().get(&name).cloned();
        match known {
            Some(Node::File(file)) => Ok(file),
            Some(Node::Folder(_)) => Err(Errno::EISDIR),
            None => {
                let file = File {
                    modified: Cell::new(self.now.get()),
                    mode: Cell::new(0o644),
                    inode: self.new_inode(),
                    ..File::default()
                };
                let file = Rc::new(file);
                parent.entries.borrow_mut().insert(name, Node::File(file.clone()));
                parent.modified.set(self.now.get());
                Ok(file)
            }
        }
    }

    /// `os.mkdir(path)`
    pub fn make_folder(&self, path: &str) -> Result<(), Errno> {
        let (parent, name) = match self.parent(path) {
            Err(Errno::EBUSY) => return Err(Errno::EEXIST),
            other => other?,
        };
        if parent.entries.borrow().contains_key(&name) {
            return Err(Errno::EEXIST);
        }
        let folder = Folder {
            modified: Cell::new(self.now.get()),
            mode: Cell::new(0o755),
            inode: self.new_inode(),
            ..Folder::default()
        };
        parent.entries.borrow_mut().insert(name, Node::Folder(Rc::new(folder)));
        parent.modified.set(self.now.get());
        Ok(())
    }

    /// Makes a folder and those above it; it may exist.
    pub fn make_folders(&self, path: &str) -> Result<(), Errno> {
        let absolute = self.absolute(path);
        let mut end = 0;
        while end < absolute.len() {
            end = absolute[end + 1..].find('/').map_or(absolute.len(), |at| end + 1 + at);
            match self.make_folder(&absolute[..end]) {
                Ok(()) | Err(Errno::EEXIST) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// `os.unlink(path)`
    pub fn remove_file(&self, path: &str) -> Result<(), Errno> {
        let (parent, name) = self.parent(path)?;
        match parent.entries.borrow().get(&name) {
            Some(Node::File(_)) => {}
            Some(Node::Folder(_)) => return Err(Errno::EISDIR),
            None => return Err(Errno::ENOENT),
        }
        parent.entries.borrow_mut().remove(&name);
        parent.modified.set(self.now.get());
        Ok(())
    }

    /// `os.rmdir(path)`
    pub fn remove_folder(&self, path: &str) -> Result<(), Errno> {
        let (parent, name) = self.parent(path)?;
        match parent.entries.borrow().get(&name) {
            Some(Node::Folder(folder)) if !folder.entries.borrow().is_empty() => return Err(Errno::ENOTEMPTY),
            Some(Node::Folder(_)) => {}
            Some(Node::File(_)) => return Err(Errno::ENOTDIR),
            None => return Err(Errno::ENOENT),
        }
        parent.entries.borrow_mut().remove(&name);
        parent.modified.set(self.now.get());
        Ok(())
    }

    /// `os.rename(from, to)`: replaces a file, or an empty folder by a folder.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), Errno> {
        let (old_parent, old_name) = self.parent(from)?;
        let node = old_parent.entries.borrow().get(&old_name).cloned().ok_or(Errno::ENOENT)?;
        let (new_parent, new_name) = self.parent(to)?;
        let (from, to) = (self.absolute(from), self.absolute(to));
        if from == to {
            return Ok(());
        }
        if to.starts_with(&format!("{from}/")) {
            return Err(Errno::EINVAL);
        }
        let known = new_parent.entries.borrow().get(&new_name).cloned();
        match (&node, known) {
            (Node::File(_), Some(Node::Folder(_))) => return Err(Errno::EISDIR),
            (Node::Folder(_), Some(Node::File(_))) => return Err(Errno::ENOTDIR),
            (Node::Folder(_), Some(Node::Folder(folder))) if !folder.entries.borrow().is_empty() => {
                return Err(Errno::ENOTEMPTY);
            }
            _ => {}
        }
        old_parent.entries.borrow_mut().remove(&old_name);
        new_parent.entries.borrow_mut().insert(new_name, node);
        old_parent.modified.set(self.now.get());
        new_parent.modified.set(self.now.get());
        Ok(())
    }

    /// Whether there is a folder at `path`.
    pub fn is_folder(&self, path: &str) -> bool {
        matches!(self.find(path), Ok(Node::Folder(_)))
    }

    /// The names in a folder, sorted.
    pub fn list(&self, path: &str) -> Result<Vec<String>, Errno> {
        match self.find(path)? {
            Node::Folder(folder) => Ok(folder.entries.borrow().keys().cloned().collect()),
            Node::File(_) => Err(Errno::ENOTDIR),
        }
    }
}

impl Vm {
    /// The session's file system.
    pub fn files(&self) -> &FileSystem {
        self.extension::<FileSystem>()
    }

    /// The OSError of the right class for an error number, about `path`.
    #[cold]
    pub fn os_error(&self, error: Errno, path: Option<&Value>) -> Raised {
        let mut args = vec![Value::from_i64(error.number().into()), Value::from_str(error.message())];
        args.extend(path.cloned());
        self.error_with_args(error.class(), args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let files = FileSystem::default();
        assert_eq!(files.absolute("a/./b//../c"), "/home/user/a/c");
        assert_eq!(files.absolute("/../x/"), "/x");
        assert!(files.is_folder("."));
        assert_eq!(files.read("nothing"), Err(Errno::ENOENT));
        assert_eq!(files.write("a/b.txt", b"x".to_vec()), Ok(()));
        assert_eq!(files.read("/home/user/a/b.txt"), Ok(b"x".to_vec()));
        assert_eq!(files.read("a/b.txt/c"), Err(Errno::ENOTDIR));
        assert_eq!(files.read("a"), Err(Errno::EISDIR));
        assert_eq!(files.remove_folder("a"), Err(Errno::ENOTEMPTY));
        assert_eq!(files.rename("a", "a/c"), Err(Errno::EINVAL));
        assert_eq!(files.rename("a/b.txt", "c.txt"), Ok(()));
        assert_eq!(files.remove_folder("a"), Ok(()));
        assert_eq!(files.list("."), Ok(vec!["c.txt".to_string()]));
    }
}

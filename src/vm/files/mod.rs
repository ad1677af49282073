//! The session's file system, which lives in memory, and the file objects over it.
//!
//! Paths are POSIX paths; relative ones start at the session's current folder. There are folders, files (with hard links),
//! symbolic links, pipes and `/dev/null`. Everybody is the superuser: permission bits are kept and shown, and forbid nothing.
//! Embedders fill the file system before a run and read it afterwards through [`FileSystem`]; nothing here reaches the machine's
//! own files. A file that is deleted while it is open goes on existing for those who have it open.

pub mod binary;
pub mod descriptors;
pub mod errno;
pub mod layers;
pub mod memory;
pub mod open;
mod raw;
pub mod sockets;
pub mod stream;
pub mod text;
mod walk;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use self::errno::Errno;
pub use self::walk::{Found, Trail};
use crate::object::VmCell;
use crate::{Raised, Value, Vm};

/// What `stat` tells of a node. Times are nanoseconds since the epoch.
#[derive(Default)]
pub struct About {
    pub inode: u64,
    /// Permission bits.
    pub mode: Cell<u32>,
    pub owner: Cell<(u32, u32)>,
    /// Names that lead to it.
    pub links: Cell<u32>,
    pub accessed: Cell<i64>,
    pub modified: Cell<i64>,
    pub changed: Cell<i64>,
}

impl About {
    /// Marks a change of the contents.
    pub fn touch(&self, now: f64) {
        let now = (now * 1e9) as i64;
        self.modified.set(now);
        self.changed.set(now);
    }
}

/// The contents of a file.
#[derive(Default)]
pub struct File {
    pub bytes: VmCell<Vec<u8>>,
    /// How many memoryviews look at them; the length must not change meanwhile.
    pub exports: Cell<usize>,
    pub about: About,
    /// `/dev/null`: forgets what is written.
    pub is_null: bool,
    /// The contents are not here yet.
    pub absent: VmCell<Option<Absent>>,
}

/// Contents of a file that [`fetch`](crate::import::fetch) gets when somebody opens it: a source of the packed library.
#[derive(Clone)]
pub struct Absent {
    /// The path below the library's root.
    pub path: Rc<str>,
    /// In bytes.
    pub length: usize,
}

impl File {
    /// The length of the contents in bytes, wherever they are.
    pub fn size(&self) -> usize {
        self.absent.borrow().as_ref().map_or(self.bytes.borrow().len(), |absent| absent.length)
    }
}

/// A folder's entries by name.
#[derive(Default)]
pub struct Folder {
    pub entries: VmCell<BTreeMap<String, Node>>,
    pub about: About,
}

/// A symbolic link.
#[derive(Default)]
pub struct Link {
    pub target: String,
    pub about: About,
}

/// What a path leads to.
#[derive(Clone)]
pub enum Node {
    File(Rc<File>),
    Folder(Rc<Folder>),
    Link(Rc<Link>),
}

impl Node {
    pub fn about(&self) -> &About {
        match self {
            Node::File(file) => &file.about,
            Node::Folder(folder) => &folder.about,
            Node::Link(link) => &link.about,
        }
    }

    /// The bits of `st_mode` that say what it is.
    pub fn kind(&self) -> u32 {
        match self {
            Node::File(file) if file.is_null => 0o20_000,
            Node::File(_) => 0o100_000,
            Node::Folder(_) => 0o40_000,
            Node::Link(_) => 0o120_000,
        }
    }
}

/// All files of a session.
pub struct FileSystem {
    root: Rc<Folder>,
    current: VmCell<Trail>,
    next_inode: Cell<u64>,
    /// Permission bits that new files do not get.
    pub umask: Cell<u32>,
    /// The clock's reading at the last change, kept by the interpreter.
    now: Cell<f64>,
}

/// The folder a session starts in, unless the embedder chooses another.
const HOME: &str = "/home/user";

impl Default for FileSystem {
    fn default() -> FileSystem {
        let about = About { mode: Cell::new(0o755), inode: 1, links: Cell::new(1), ..About::default() };
        let files = FileSystem {
            root: Rc::new(Folder { about, ..Folder::default() }),
            current: VmCell::default(),
            next_inode: Cell::new(2),
            umask: Cell::new(0o022),
            now: Cell::new(0.0),
        };
        for folder in [HOME, "/tmp", "/lib", "/dev"] {
            // An empty tree has nothing in the way.
            let _ = files.make_folders(folder);
        }
        if let (Ok(temporary), Ok(Node::Folder(devices))) = (files.find("/tmp"), files.find("/dev")) {
            temporary.about().mode.set(0o1777);
            let null = File { about: files.new_about(0o666), is_null: true, ..File::default() };
            devices.entries.borrow_mut().insert("null".into(), Node::File(Rc::new(null)));
        }
        let _ = files.set_current_folder(HOME);
        files
    }
}

impl FileSystem {
    /// `path` as an absolute one without `.` and `..` and double slashes, links not looked at.
    pub fn absolute(&self, path: &str) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let current = if path.starts_with('/') { String::new() } else { self.current_folder() };
        for part in current.split('/').chain(path.split('/')) {
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
        self.current.borrow().path()
    }

    /// `os.chdir(path)`
    pub fn set_current_folder(&self, path: &str) -> Result<(), Errno> {
        let trail = self.folder_at(None, path)?;
        self.current.set(trail);
        Ok(())
    }

    /// The same by a folder that was found before.
    pub fn enter(&self, folder: Trail) {
        self.current.set(folder);
    }

    /// Tells the time that changes are marked with.
    pub fn set_time(&self, now: f64) {
        self.now.set(now);
    }

    fn new_about(&self, mode: u32) -> About {
        let about = About {
            inode: self.next_inode.replace(self.next_inode.get() + 1),
            mode: Cell::new(mode),
            links: Cell::new(1),
            ..About::default()
        };
        about.touch(self.now.get());
        about.accessed.set(about.modified.get());
        about
    }

    /// What is at `path`, links followed.
    pub fn find(&self, path: &str) -> Result<Node, Errno> {
        self.find_at(None, path, true)
    }

    /// What is at `path`, which starts at `base` or else at the current folder.
    pub fn find_at(&self, base: Option<&Trail>, path: &str, follow: bool) -> Result<Node, Errno> {
        self.walk(base, path, follow)?.node.ok_or(Errno::ENOENT)
    }

    /// A copy of a file's contents, if they are here.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Errno> {
        match self.find(path)? {
            Node::File(file) if file.absent.borrow().is_some() => Err(Errno::ENOENT),
            Node::File(file) => Ok(file.bytes.get()),
            _ => Err(Errno::EISDIR),
        }
    }

    /// Writes a whole file; makes the folders above it.
    pub fn write(&self, path: &str, bytes: Vec<u8>) -> Result<(), Errno> {
        let absolute = self.absolute(path);
        if let Some((parent, _)) = absolute.rsplit_once('/') {
            self.make_folders(parent)?;
        }
        let file = self.create(None, &absolute, 0o666, false)?;
        file.bytes.set(bytes);
        file.absent.set(None);
        file.about.touch(self.now.get());
        Ok(())
    }

    /// Makes a file whose contents come later, and the folders above it.
    pub fn place(&self, path: &str, absent: Absent) -> Result<(), Errno> {
        self.write(path, Vec::new())?;
        if let Node::File(file) = self.find(path)? {
            file.absent.set(Some(absent));
        }
        Ok(())
    }

    /// The file at `path`, made if there is none; `exclusive`: there must be none.
    pub fn create(&self, base: Option<&Trail>, path: &str, mode: u32, exclusive: bool) -> Result<Rc<File>, Errno> {
        let found = self.walk(base, path, !exclusive)?;
        match found.node {
            Some(_) if exclusive => Err(Errno::EEXIST),
            Some(Node::File(file)) => Ok(file),
            Some(_) => Err(Errno::EISDIR),
            None if path.ends_with('/') => Err(Errno::EISDIR),
            None => {
                let about = self.new_about(mode & 0o7777 & !self.umask.get());
                let file = Rc::new(File { about, ..File::default() });
                self.put(&found, Node::File(file.clone()));
                Ok(file)
            }
        }
    }

    /// Puts a node where nothing was found.
    fn put(&self, found: &Found, node: Node) {
        let parent = found.parent.folder(self);
        parent.entries.borrow_mut().insert(found.name.clone(), node);
        parent.about.touch(self.now.get());
    }

    /// Takes away what was found.
    fn take(&self, found: &Found) {
        let parent = found.parent.folder(self);
        let node = parent.entries.borrow_mut().remove(&found.name);
        if let Some(node) = node {
            let about = node.about();
            about.links.set(about.links.get().saturating_sub(1));
            about.changed.set((self.now.get() * 1e9) as i64);
        }
        parent.about.touch(self.now.get());
    }

    /// `os.mkdir(path)`
    pub fn make_folder(&self, base: Option<&Trail>, path: &str, mode: u32) -> Result<(), Errno> {
        let found = self.walk(base, path.trim_end_matches('/'), false);
        let found = if path.trim_end_matches('/').is_empty() && !path.is_empty() {
            self.walk(base, path, false)?
        } else {
            found?
        };
        if found.node.is_some() {
            return Err(Errno::EEXIST);
        }
        let about = self.new_about(mode & 0o1777 & !self.umask.get());
        self.put(&found, Node::Folder(Rc::new(Folder { about, ..Folder::default() })));
        Ok(())
    }

    /// Makes a folder and those above it; it may exist.
    pub fn make_folders(&self, path: &str) -> Result<(), Errno> {
        let absolute = self.absolute(path);
        let mut end = 0;
        while end < absolute.len() {
            end = absolute[end + 1..].find('/').map_or(absolute.len(), |at| end + 1 + at);
            match self.make_folder(None, &absolute[..end], 0o777) {
                Ok(()) | Err(Errno::EEXIST) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// `os.unlink(path)`
    pub fn remove_file(&self, base: Option<&Trail>, path: &str) -> Result<(), Errno> {
        let found = self.walk(base, path, false)?;
        match &found.node {
            Some(Node::Folder(_)) => Err(Errno::EISDIR),
            Some(_) => {
                self.take(&found);
                Ok(())
            }
            None => Err(Errno::ENOENT),
        }
    }

    /// `os.rmdir(path)`
    pub fn remove_folder(&self, base: Option<&Trail>, path: &str) -> Result<(), Errno> {
        let found = self.walk(base, path.trim_end_matches('/'), false)?;
        match &found.node {
            Some(Node::Folder(_)) if found.name.is_empty() => Err(if path.ends_with("..") {
                Errno::ENOTEMPTY
            } else if path.ends_with('.') {
                Errno::EINVAL
            } else {
                Errno::EBUSY
            }),
            Some(Node::Folder(folder)) if !folder.entries.borrow().is_empty() => Err(Errno::ENOTEMPTY),
            Some(Node::Folder(_)) => {
                self.take(&found);
                Ok(())
            }
            Some(_) => Err(Errno::ENOTDIR),
            None => Err(Errno::ENOENT),
        }
    }

    /// `os.rename(from, to)`: replaces a file, or an empty folder by a folder.
    pub fn rename(&self, from: (Option<&Trail>, &str), to: (Option<&Trail>, &str)) -> Result<(), Errno> {
        let old = self.walk(from.0, from.1.trim_end_matches('/'), false)?;
        let node = old.node.clone().ok_or(Errno::ENOENT)?;
        let is_folder = matches!(node, Node::Folder(_));
        if from.1.ends_with('/') && !is_folder {
            return Err(Errno::ENOTDIR);
        }
        let target = if is_folder { to.1.trim_end_matches('/') } else { to.1 };
        let new = self.walk(to.0, target, false)?;
        if old.name.is_empty() || new.name.is_empty() {
            return Err(Errno::EBUSY);
        }
        if let Node::Folder(moved) = &node
            && new.parent.contains(moved)
        {
            return Err(Errno::EINVAL);
        }
        match (&node, &new.node) {
            (Node::File(one), Some(Node::File(other))) if Rc::ptr_eq(one, other) => return Ok(()),
            (Node::Folder(one), Some(Node::Folder(other))) if Rc::ptr_eq(one, other) => return Ok(()),
            (Node::Folder(_), Some(Node::Folder(folder))) if !folder.entries.borrow().is_empty() => {
                return Err(Errno::ENOTEMPTY);
            }
            (Node::Folder(_), Some(Node::Folder(_)) | None) => {}
            (Node::Folder(_), Some(_)) => return Err(Errno::ENOTDIR),
            (_, Some(Node::Folder(_))) => return Err(Errno::EISDIR),
            _ => {}
        }
        if new.node.is_some() {
            self.take(&new);
        }
        let parent = old.parent.folder(self);
        parent.entries.borrow_mut().remove(&old.name);
        parent.about.touch(self.now.get());
        node.about().changed.set((self.now.get() * 1e9) as i64);
        self.put(&new, node);
        Ok(())
    }

    /// `os.symlink(target, path)`
    pub fn make_link(&self, target: &str, base: Option<&Trail>, path: &str) -> Result<(), Errno> {
        if target.is_empty() {
            return Err(Errno::ENOENT);
        }
        let found = self.walk(base, path, false)?;
        if found.node.is_some() {
            return Err(Errno::EEXIST);
        }
        if path.ends_with('/') {
            return Err(Errno::ENOENT);
        }
        let link = Link { target: target.to_string(), about: self.new_about(0o777) };
        self.put(&found, Node::Link(Rc::new(link)));
        Ok(())
    }

    /// `os.link(from, to)`
    pub fn add_name(
        &self,
        from: (Option<&Trail>, &str),
        to: (Option<&Trail>, &str),
        follow: bool,
    ) -> Result<(), Errno> {
        let node = self.find_at(from.0, from.1, follow)?;
        let new = self.walk(to.0, to.1, false)?;
        if new.node.is_some() {
            return Err(Errno::EEXIST);
        }
        if matches!(node, Node::Folder(_)) {
            return Err(Errno::EPERM);
        }
        let about = node.about();
        about.links.set(about.links.get() + 1);
        about.changed.set((self.now.get() * 1e9) as i64);
        self.put(&new, node);
        Ok(())
    }

    /// Whether there is a folder at `path`.
    pub fn is_folder(&self, path: &str) -> bool {
        matches!(self.find(path), Ok(Node::Folder(_)))
    }

    /// The names in a folder, sorted.
    pub fn list(&self, path: &str) -> Result<Vec<String>, Errno> {
        let folder = self.folder_at(None, path)?.folder(self);
        Ok(folder.entries.borrow().keys().cloned().collect())
    }
}

impl Vm {
    /// The session's file system.
    pub fn files(&self) -> &FileSystem {
        let first: *const Vm = &raw const *self.first();
        // SAFETY: the first interpreter of a session outlives the others.
        unsafe { (*first).extension::<FileSystem>() }
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
        assert_eq!(files.remove_folder(None, "a"), Err(Errno::ENOTEMPTY));
        assert_eq!(files.rename((None, "a"), (None, "a/c")), Err(Errno::EINVAL));
        assert_eq!(files.rename((None, "a/b.txt"), (None, "c.txt")), Ok(()));
        assert_eq!(files.remove_folder(None, "a"), Ok(()));
        assert_eq!(files.list("."), Ok(vec!["c.txt".to_string()]));
    }

    #[test]
    fn links() {
        let files = FileSystem::default();
        assert_eq!(files.write("a/b.txt", b"x".to_vec()), Ok(()));
        assert_eq!(files.make_link("a", None, "l"), Ok(()));
        assert_eq!(files.read("l/b.txt"), Ok(b"x".to_vec()));
        assert_eq!(files.read("l/../l/./b.txt"), Ok(b"x".to_vec()));
        assert_eq!(files.make_link("loop", None, "loop"), Ok(()));
        assert_eq!(files.read("loop"), Err(Errno::ELOOP));
        assert_eq!(files.add_name((None, "a/b.txt"), (None, "h"), true), Ok(()));
        assert_eq!(files.remove_file(None, "a/b.txt"), Ok(()));
        assert_eq!(files.read("h"), Ok(b"x".to_vec()));
    }
}

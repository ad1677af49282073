//! From a path to a node: the folders on the way, links followed.

use std::rc::Rc;

use super::errno::Errno;
use super::{FileSystem, Folder, Node};

/// More links than this on the way are a circle.
const MAX_LINKS: u32 = 40;
/// Folders deeper than this can't be made.
const MAX_DEPTH: usize = 1000;
const MAX_NAME: usize = 255;
const MAX_PATH: usize = 4096;

/// The folders from the root down to one, with their names; empty for the root.
#[derive(Clone, Default)]
pub struct Trail {
    steps: Vec<(String, Rc<Folder>)>,
}

impl Trail {
    /// The folder it leads to.
    pub fn folder(&self, files: &FileSystem) -> Rc<Folder> {
        self.steps.last().map_or_else(|| files.root.clone(), |(_, folder)| folder.clone())
    }

    /// Whether `folder` is on it.
    pub fn contains(&self, folder: &Rc<Folder>) -> bool {
        self.steps.iter().any(|(_, step)| Rc::ptr_eq(step, folder))
    }

    /// The absolute path.
    pub fn path(&self) -> String {
        if self.steps.is_empty() {
            return "/".to_string();
        }
        let mut path = String::new();
        for (name, _) in &self.steps {
            path.push('/');
            path.push_str(name);
        }
        path
    }
}

/// What a walk found.
pub struct Found {
    /// The folder that the last name is looked up in.
    pub parent: Trail,
    /// The last name; empty if the path ends in the root, `.` or `..`, and then `parent` is the folder itself.
    pub name: String,
    pub node: Option<Node>,
}

impl FileSystem {
    /// Follows `path` from `base` or else from the current folder. Everything but the last name must exist.
    pub fn walk(&self, base: Option<&Trail>, path: &str, follow: bool) -> Result<Found, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        if path.len() >= MAX_PATH {
            return Err(Errno::ENAMETOOLONG);
        }
        let mut trail = match base {
            _ if path.starts_with('/') => Trail::default(),
            Some(base) => base.clone(),
            None => self.current.get(),
        };
        let wants_folder = path.ends_with('/') || path.ends_with("/.");
        let mut pending: Vec<String> = Vec::new();
        push_parts(&mut pending, path);
        let mut links = 0;
        while let Some(part) = pending.pop() {
            if part == ".." {
                trail.steps.pop();
                continue;
            }
            if part.len() > MAX_NAME || trail.steps.len() >= MAX_DEPTH {
                return Err(Errno::ENAMETOOLONG);
            }
            let node = trail.folder(self).entries.borrow().get(&part).cloned();
            let is_last = pending.is_empty();
            match node {
                Some(Node::Link(link)) if !is_last || follow || wants_folder => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(Errno::ELOOP);
                    }
                    if link.target.starts_with('/') {
                        trail = Trail::default();
                    }
                    push_parts(&mut pending, &link.target);
                }
                Some(Node::File(_)) if is_last && wants_folder => return Err(Errno::ENOTDIR),
                node if is_last => return Ok(Found { parent: trail, name: part, node }),
                Some(Node::Folder(folder)) => trail.steps.push((part, folder)),
                Some(_) => return Err(Errno::ENOTDIR),
                None => return Err(Errno::ENOENT),
            }
        }
        let folder = trail.folder(self);
        Ok(Found { parent: trail, name: String::new(), node: Some(Node::Folder(folder)) })
    }

    /// The way to the folder at `path`.
    pub fn folder_at(&self, base: Option<&Trail>, path: &str) -> Result<Trail, Errno> {
        let Found { mut parent, name, node } = self.walk(base, path, true)?;
        match node {
            Some(Node::Folder(folder)) => {
                if !name.is_empty() {
                    parent.steps.push((name, folder));
                }
                Ok(parent)
            }
            Some(_) => Err(Errno::ENOTDIR),
            None => Err(Errno::ENOENT),
        }
    }
}

/// Puts the parts of a path on top, the first uppermost.
fn push_parts(pending: &mut Vec<String>, path: &str) {
    pending.extend(path.split('/').rev().filter(|part| !part.is_empty() && *part != ".").map(str::to_string));
}

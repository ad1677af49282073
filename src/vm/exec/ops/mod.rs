//! What the loop's arms call when their short path does not serve, by topic.

pub mod arithmetic;
pub mod asynchronous;
pub mod attr;
pub mod build;
pub mod compare;
pub mod import;
pub mod items;
pub mod names;
pub mod patterns;
pub mod raise;
pub mod rare;
pub mod with;

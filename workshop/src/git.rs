//! What git has of a file. A downloaded archive has no git, and nothing here fails because of that.

use std::process::Command;

use crate::files;
use crate::workspace::Workspace;

/// The text of a file in the last commit; none if there is no such file, or no git.
pub fn committed(workspace: &Workspace, path: &str) -> Option<String> {
    let mut git = Command::new("git");
    let output = git.current_dir(&workspace.root).args(["show", &format!("HEAD:./{path}")]).output().ok()?;
    output.status.success().then(|| files::text(&output.stdout))
}

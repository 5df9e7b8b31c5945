//! ARCHITECTURE.md tells of the tree as it is.

// A test fails by panicking.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn page() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// The text between each two backticks outside of code blocks.
fn quoted(page: &str) -> Vec<&str> {
    let outside = page.split("```").step_by(2);
    outside.flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

/// The folders of all packages of the workspace, but chapters.
fn packages() -> BTreeSet<String> {
    let root = root();
    let mut folders: Vec<PathBuf> =
        ["proto", "proto/rpc", "proto/codegen", "workshop"].map(PathBuf::from).into();
    for parent in ["kit", "stage", "solutions"] {
        for entry in fs::read_dir(root.join(parent)).unwrap() {
            folders.push(Path::new(parent).join(entry.unwrap().file_name()));
        }
    }
    folders.retain(|folder| root.join(folder).join("Cargo.toml").exists());
    folders.iter().map(|folder| folder.to_str().unwrap().replace('\\', "/")).collect()
}

fn manifest(folder: &str) -> toml::Table {
    fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap().parse().unwrap()
}

/// The folder that a dependency of `folder` stands in; none where it comes from elsewhere.
fn place(folder: &str, name: &str, dependency: &toml::Value, shared: &toml::Table) -> Option<String> {
    let path = dependency.get("path").and_then(toml::Value::as_str);
    if let Some(path) = path {
        let place = root().join(folder).join(path).canonicalize().unwrap();
        return Some(place.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"));
    }
    shared.get(name)?.get("path")?.as_str().map(str::to_owned)
}

/// The arrows of the manifests.
fn arrows(folders: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let root = manifest(".");
    let shared = root["workspace"]["dependencies"].as_table().unwrap();
    let of = |folder: &String| {
        let manifest = manifest(folder);
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
        let places =
            dependencies.into_iter().flatten().filter_map(|(name, it)| place(folder, name, it, shared));
        (folder.clone(), places.collect())
    };
    folders.iter().map(of).collect()
}

#[test]
fn every_path_exists() {
    let page = page();
    let paths = quoted(&page);
    let paths = paths
        .iter()
        .filter(|text| text.contains('/') && !text.contains([' ', '*', '(', ':']) && !text.contains("NN"));
    let (mut looked_at, mut missing) = (0, Vec::new());
    for path in paths {
        looked_at += 1;
        if !root().join(path).exists() {
            missing.push(path);
        }
    }
    assert!(looked_at > 30, "only {looked_at} paths were found");
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
}

#[test]
fn every_package_has_a_place_on_the_map() {
    let page = page();
    let named: BTreeSet<&str> = quoted(&page).into_iter().collect();
    let missing: Vec<_> = packages().into_iter().filter(|folder| !named.contains(folder.as_str())).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md leaves out {missing:?}");
}

#[test]
fn dependencies_go_the_ways_that_are_written_down() {
    let page = page();
    let block = page.split("<!-- dependencies -->\n```text\n").nth(1).unwrap().split("```").next().unwrap();
    let written: BTreeMap<String, BTreeSet<String>> = block
        .lines()
        .map(|line| {
            let (from, to) = line.split_once("->").unwrap();
            (from.trim().to_owned(), to.split_whitespace().map(str::to_owned).collect())
        })
        .collect();
    assert_eq!(written, arrows(&packages()));
}

#[test]
fn chapters_have_the_arrows_of_their_solutions() {
    let names =
        packages().into_iter().filter_map(|folder| Some(folder.strip_prefix("solutions/")?.to_owned()));
    for name in names {
        let of = |side: &str| {
            let folder = BTreeSet::from([format!("{side}/{name}")]);
            let arrows = arrows(&folder).into_values().next().unwrap();
            arrows.into_iter().map(|place| place.replace("chapters/", "solutions/")).collect::<BTreeSet<_>>()
        };
        assert_eq!(of("chapters"), of("solutions"), "{name}");
    }
}

//! What chapter 01 promises. `cargo workshop check 01` runs these tests on your code.

mod damage;
mod durable;
mod held;
mod input;
mod keys;
mod pages;
mod rules;
mod support;
mod writes;

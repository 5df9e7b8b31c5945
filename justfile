# Short forms of `cargo workshop`: `just check 01`, `just hint 1.2`.

set positional-arguments

# What to begin with
[no-exit-message]
@default:
    cargo workshop

# Prepare this machine, then show the map and the first exercise
[no-exit-message]
@start:
    cargo workshop start

# Look at the tools, the disk, the dependencies and the build
[no-exit-message]
@doctor *ARGS:
    cargo workshop doctor "$@"

# All chapters and exercises, and how each stands
[no-exit-message]
@list *ARGS:
    cargo workshop list "$@"

# Build and run the tests of a chapter (01) or an exercise (1.2)
[no-exit-message]
@check *ARGS:
    cargo workshop check "$@"

# Check at every save
[no-exit-message]
@watch *ARGS:
    cargo workshop watch "$@"

# Run what stands after a chapter: `just run 01 target/data dump`
[no-exit-message]
@run *ARGS:
    cargo workshop run "$@"

# The next exercise, where it is, and where to read about it
[no-exit-message]
@next:
    cargo workshop next

# One more step of help with an exercise
[no-exit-message]
@hint *ARGS:
    cargo workshop hint "$@"

# Your code of an exercise or a chapter beside the solution
[no-exit-message]
@diff *ARGS:
    cargo workshop diff "$@"

# Put the solutions of exercises (1.2) or whole chapters (03) in
[no-exit-message]
@solve *ARGS:
    cargo workshop solve "$@"

# Put an exercise or a whole chapter back as it was given
[no-exit-message]
@reset *ARGS:
    cargo workshop reset "$@"

# Put the solutions of all chapters before this one in
[no-exit-message]
@catch-up *ARGS:
    cargo workshop catch-up "$@"

# Cut, kill and heal three replicas of chapter 06: `just cluster`, `just cluster --seed 7`
[no-exit-message]
@cluster *ARGS:
    cargo workshop cluster "$@"

# Many fleets in one process, with schedules that nobody thought of: `just world`, `just world --seed 7`
[no-exit-message]
@world *ARGS:
    cargo workshop world "$@"

# Make the slides: one page for each deck, in target/slides; `just slides 05 --pdf`
[no-exit-message]
@slides *ARGS:
    cargo workshop slides "$@"

# Bring back what the last solve, reset or catch-up replaced
[no-exit-message]
@undo:
    cargo workshop undo

# To teach: a plan with clock times: `just timetable one-day`
[no-exit-message]
@timetable *ARGS:
    cargo workshop timetable "$@"

# The guides as a book in the browser, where mdbook is installed
[no-exit-message]
@book *ARGS:
    cargo workshop book "$@"

# Three replicas on a live page: `just demo`, `just demo --mine`
[no-exit-message]
@demo *ARGS:
    cargo workshop demo "$@"

# Authors: make all that is generated
[no-exit-message]
@sync *ARGS:
    cargo workshop sync "$@"

# Authors: prove that starters, solutions, tests and guides fit each other
[no-exit-message]
@verify *ARGS:
    cargo workshop verify "$@"

# Every test but those of the starters, which are meant to fail
test *ARGS:
    cargo test --locked "$@"

# What a replica costs while it grows: `just bench`, `just bench --objects 10000000`
[no-exit-message]
@bench *ARGS:
    cargo workshop cluster grow "$@"

# Format the code
fmt:
    cargo fmt

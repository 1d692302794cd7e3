# What people type.  `just` lists it; https://just.systems

set shell := ["bash", "-euo", "pipefail", "-c"]

ledge := "cargo run --quiet --release -p ledge --"

[private]
default:
    @just --list --unsorted

# a whole back office on a generated nation, in ./ledge-demo
demo *arguments:
    {{ ledge }} demo {{ arguments }}

# everything, as continuous integration runs it
test *stages:
    tests/run {{ stages }}

# before a commit: formatting, unit tests, journeys
quick:
    tests/run --quick

# does one crate still compile, and what does clippy say?
check crate:
    cargo clippy -p {{ crate }} --all-targets -- -D warnings

fmt:
    cargo fmt --all

lint:
    tests/run lint

# what comes in from outside, known vulnerabilities too (fetches the advisory database)
deny:
    cargo deny check

# every benchmark, or those of one crate: `just bench journal`
bench crate="":
    cargo bench {{ if crate == "" { "--workspace --exclude tests" } else { "-p " + crate } }}

# the documentation of the code, opened in a browser
docs:
    cargo doc --workspace --exclude tests --no-deps --open

# is everything that was recorded in ./ledge-data whole?
verify:
    {{ ledge }} verify

# the answers of the independent recount, from a folder of national files
recount folder="../shared/data":
    python3 -B tests/recount/recount.py {{ folder }} --no-schools

# the first year on real files: load, adopt, review, in ./ledge-data
year folder="../shared/data":
    {{ ledge }} import ks4 {{ folder }}/ks4/2017-18/final_base_feat_gcse_2018.csv --year 2017/18 --release final
    {{ ledge }} import ofsted {{ folder }}/ofsted/ofsted_ratings_2018.csv
    {{ ledge }} import links {{ folder }}/register/links_edubasealldata20250422.csv
    {{ ledge }} criteria adopt deploy/criteria/2018-19.toml
    {{ ledge }} review --year 2019-20 --results 2017/18 --as-at 2019-02-28

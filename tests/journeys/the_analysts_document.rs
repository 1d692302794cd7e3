//! `docs/analysts.md`: what it says the program prints is what the program prints, on the real files.

use std::path::Path;

use crate::program::{Program, national_files, repository};

/// In the document, what is left out: the rest of a line, or lines.
const LEFT_OUT: &str = "…";

/// A command as it is typed, and what the document says it prints.
struct Example {
    command: String,
    printed: Vec<String>,
}

#[test]
fn what_the_document_for_analysts_shows_is_what_the_program_prints() {
    let Some(files) =
        national_files("what_the_document_for_analysts_shows_is_what_the_program_prints")
    else {
        return;
    };
    let program = Program::on_an_empty_folder();
    let desk = tempfile::tempdir().unwrap();
    let examples = examples();
    assert!(examples.len() > 20, "{} commands", examples.len());
    for example in &examples {
        let words = words(&example.command, &files);
        let (ledge, arguments) = words.split_first().unwrap();
        assert_eq!(ledge, "ledge");
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = program.command(&arguments).current_dir(desk.path()).output().unwrap();
        assert!(
            output.status.success(),
            "{}\n{}",
            example.command,
            String::from_utf8_lossy(&output.stderr)
        );
        let printed = String::from_utf8(output.stdout).unwrap();
        let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
        assert!(
            is_as_shown(&example.printed, &printed),
            "{}\nprints\n{}",
            example.command,
            printed.join("\n")
        );
    }
}

/// The commands of the blocks of the document, in order.
fn examples() -> Vec<Example> {
    let text = std::fs::read_to_string(repository().join("docs/analysts.md")).unwrap();
    let mut examples: Vec<Example> = vec![];
    let mut inside = false;
    // A command goes on in lines that are set in, until it has printed something.
    for line in text.lines() {
        match (line, inside) {
            ("```console", _) => inside = true,
            ("```", _) => inside = false,
            (_, false) => {}
            (line, true) => match (line.strip_prefix("$ "), examples.last_mut()) {
                (Some(command), _) => {
                    examples.push(Example { command: command.to_owned(), printed: vec![] });
                }
                (None, Some(last)) if last.printed.is_empty() && line.starts_with("    ") => {
                    last.command += " ";
                    last.command += line.trim();
                }
                (None, Some(last)) => last.printed.push(line.to_owned()),
                (None, None) => panic!("no command prints `{line}`"),
            },
        }
    }
    examples
}

/// As a shell takes them: quotes hold together.
fn words(command: &str, files: &Path) -> Vec<String> {
    let mut words = vec![];
    for (number, part) in command.split('"').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    let criteria = repository().join("deploy").display().to_string() + "/";
    let place = |word: String| match word.strip_prefix("deploy/") {
        Some(rest) => criteria.clone() + rest,
        None => word.replace("$DATA", files.to_str().unwrap()),
    };
    words.into_iter().map(place).collect()
}

fn is_as_shown(shown: &[String], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first == LEFT_OUT => {
            (0..=printed.len()).any(|skipped| is_as_shown(rest, &printed[skipped..]))
        }
        Some((first, rest)) => printed
            .split_first()
            .is_some_and(|(line, others)| is_line(first, line) && is_as_shown(rest, others)),
    }
}

fn is_line(shown: &str, printed: &str) -> bool {
    match shown.split_once(LEFT_OUT) {
        Some((begin, end)) => {
            printed.len() >= begin.len() + end.len()
                && printed.starts_with(begin)
                && printed.ends_with(end)
        }
        None => shown == printed,
    }
}

use clap::CommandFactory;

use super::*;

#[test]
fn the_command_line_fits_together() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_shows_how_it_is_asked_and_says_a_sentence_of_every_argument() {
    let mut commands = vec![Cli::command()];
    while let Some(command) = commands.pop() {
        let name = command.get_name();
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(help.starts_with("Examples:"), "{name}");
        assert!(help.contains("ledge "), "{name}");
        assert!(help.contains(name), "{name}");
        // Wider, and a screen of eighty columns would break what is to be copied.
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{name}\n{help}");
        for argument in command.get_arguments() {
            let said = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(said.len() > 10, "{name} {}", argument.get_id());
        }
        commands.extend(command.get_subcommands().cloned());
    }
}

#[test]
fn the_help_of_ask_names_every_aggregate() {
    use cqrs_es::Aggregate;
    let command = Cli::command();
    let ask = command.find_subcommand("ask").unwrap().clone().render_long_help().to_string();
    for aggregate in [
        schools::School::TYPE,
        schools::NationalData::TYPE,
        membership::Criteria::TYPE,
        membership::Review::TYPE,
        membership::Membership::TYPE,
    ] {
        assert!(ask.contains(aggregate), "{aggregate}");
    }
}

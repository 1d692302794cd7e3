//! Tables for people, as wide as what they are shown on; no word is broken.

use std::borrow::Cow;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};

/// The width where nobody says how wide it is: a pipe or a file, and no `COLUMNS`.
const OTHERWISE: usize = 120;

/// Between two columns: the padding of the first, and what the style puts there.
const GAP: usize = 2;

/// A line below the head and nothing else: dense, and easily cut with `awk`.
const PLAIN: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table as wide as the screen; `right` are the columns of numbers.
pub(crate) fn table(
    head: &[&str],
    right: &[usize],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    arranged(head, right, &rows.into_iter().collect::<Vec<_>>(), screen())
}

/// How wide the screen is, in characters; where there is none, what `COLUMNS` says.
fn screen() -> usize {
    let said = || std::env::var("COLUMNS").ok()?.trim().parse().ok().filter(|width| *width > 0);
    terminal(&Table::new()).or_else(said).unwrap_or(OTHERWISE)
}

fn terminal(table: &Table) -> Option<usize> {
    table.width().map(usize::from)
}

/// Text for standard output, which a terminal would break in the middle of words, broken at spaces.
pub(super) fn for_output(text: &str) -> Cow<'_, str> {
    told(text, terminal(&Table::new()))
}

/// The same for standard error.
pub(super) fn for_errors(text: &str) -> Cow<'_, str> {
    let mut table = Table::new();
    table.use_stderr();
    told(text, terminal(&table))
}

/// What others wrote, and a terminal would take for a command, is shown as what it is.
fn told(text: &str, screen: Option<usize>) -> Cow<'_, str> {
    match visible(text) {
        Cow::Borrowed(text) => filled(text, screen),
        Cow::Owned(text) => Cow::Owned(filled(&text, screen).into_owned()),
    }
}

/// `\u{1b}` for a control character; lines stay lines.
fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |character: char| character.is_control() && character != '\n';
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Lines longer than the screen are broken at spaces, and go on below their beginning.
fn filled(text: &str, screen: Option<usize>) -> Cow<'_, str> {
    let Some(screen) = screen else { return Cow::Borrowed(text) };
    if text.lines().all(|line| length(line) <= screen) {
        return Cow::Borrowed(text);
    }
    let fill = |line: &str| {
        if length(line) <= screen {
            return line.to_owned();
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let parts = wrapped(line, screen.saturating_sub(indent.len()));
        parts.iter().map(|part| format!("{indent}{part}")).collect::<Vec<_>>().join("\n")
    };
    Cow::Owned(text.split('\n').map(fill).collect::<Vec<_>>().join("\n"))
}

/// Side by side where every column has room for its longest word, else row by row, one value a line.
fn arranged(head: &[&str], right: &[usize], rows: &[Vec<String>], screen: usize) -> String {
    let room = screen.saturating_sub(GAP * head.len().saturating_sub(1));
    match widths(head, rows, room) {
        Some(widths) => side_by_side(head, right, rows, &widths),
        None => row_by_row(head, rows, screen),
    }
}

/// The width of each column: what it needs, and where that is too much together, as much as there is for the widest, but
/// never less than the longest word.  `None`: not even the longest words fit.
fn widths(head: &[&str], rows: &[Vec<String>], room: usize) -> Option<Vec<usize>> {
    let columns: Vec<(usize, usize)> = head
        .iter()
        .enumerate()
        .map(|(column, title)| {
            let cells = || {
                let below = rows.iter().filter_map(move |row| row.get(column).map(String::as_str));
                std::iter::once(*title).chain(below)
            };
            let longest_word = cells().flat_map(str::split_whitespace).map(length).max();
            let longest_line = cells().flat_map(str::lines).map(length).max();
            (longest_word.unwrap_or(0), longest_line.unwrap_or(0))
        })
        .collect();
    let capped = |cap: usize| columns.iter().map(move |(word, line)| (*line).min(cap).max(*word));
    let widest = columns.iter().map(|(_, line)| *line).max()?;
    let cap = (0..=widest).rev().find(|cap| capped(*cap).sum::<usize>() <= room)?;
    Some(capped(cap).collect())
}

fn side_by_side(head: &[&str], right: &[usize], rows: &[Vec<String>], widths: &[usize]) -> String {
    let mut table = Table::new();
    table.load_style(PLAIN).set_content_arrangement(ContentArrangement::Dynamic).set_header(head);
    table.set_width(u16::MAX);
    for row in rows {
        table.add_row(row);
    }
    for (index, (column, width)) in table.column_iter_mut().zip(widths).enumerate() {
        let padding = u16::from(index + 1 < widths.len());
        let width = u16::try_from(*width).unwrap_or(u16::MAX).saturating_add(padding);
        column.set_padding((0, padding));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

/// For rows that are too wide: a block each, a line for each value that is there.
fn row_by_row(head: &[&str], rows: &[Vec<String>], screen: usize) -> String {
    let titles = head.iter().map(|title| length(title)).max().unwrap_or(0);
    let room = screen.saturating_sub(titles + GAP);
    let block = |row: &Vec<String>| {
        let mut lines = vec![];
        for (title, value) in head.iter().zip(row).filter(|(_, value)| !value.is_empty()) {
            for (index, part) in wrapped(value, room).into_iter().enumerate() {
                let title = if index == 0 { *title } else { "" };
                lines.push(format!("{title:<titles$}  {part}"));
            }
        }
        lines.join("\n")
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n\n")
}

/// Lines of at most `room` characters, broken at spaces; a longer word has a line to itself.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![];
    for line in text.lines() {
        let mut current = String::new();
        for word in line.split_whitespace() {
            if !current.is_empty() && length(&current) + 1 + length(word) > room {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        vec![
            row(["100003", "St Michael’s Church of England High School", "0.26"]),
            row(["100004", "Hill Top", "-1.10"]),
        ]
    }

    const HEAD: [&str; 3] = ["URN", "school", "Progress 8"];

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let name = "a\u{1b}[31mred\r.pdf\nnext";
        assert_eq!(told(name, None), "a\\u{1b}[31mred\\r.pdf\nnext");
        assert_eq!(told(name, Some(10)), told(name, None), "broken at spaces alone");
        assert_eq!(told("plain", None), "plain");
    }

    #[test]
    fn a_table_is_never_wider_than_the_screen_and_breaks_no_word() {
        for screen in 12..=90 {
            let shown = arranged(&HEAD, &[2], &rows(), screen);
            assert!(shown.lines().all(|line| length(line) <= screen.max(21)), "{screen}\n{shown}");
            for word in ["100003", "Michael’s", "England", "Progress", "-1.10"] {
                assert!(shown.split_whitespace().any(|it| it == word), "{screen} {word}\n{shown}");
            }
        }
    }

    #[test]
    fn where_there_is_room_a_row_is_a_line() {
        let shown = arranged(&HEAD, &[2], &rows(), 90);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0], "URN     school                                      Progress 8");
        assert_eq!(lines[3], "100004  Hill Top                                         -1.10");
    }

    #[test]
    fn the_longest_text_gives_way_first() {
        let shown = arranged(&HEAD, &[2], &rows(), 50);
        assert!(shown.lines().any(|line| line.starts_with("100004  Hill Top  ")), "{shown}");
        assert!(shown.contains("Progress 8"), "{shown}");
    }

    #[test]
    fn rows_that_do_not_fit_are_told_value_by_value() {
        let shown = arranged(&HEAD, &[2], &rows(), 20);
        assert!(shown.starts_with("URN         100003\nschool      St"), "{shown}");
        assert!(shown.ends_with("URN         100004\nschool      Hill Top\nProgress 8  -1.10"));
    }

    #[test]
    fn a_long_line_is_broken_at_spaces_on_a_terminal_and_left_alone_elsewhere() {
        let text = "  criteria of 2018-19, adopted 1 Nov 2017\nshort";
        assert_eq!(filled(text, None), text);
        assert_eq!(filled(text, Some(80)), text);
        assert_eq!(filled(text, Some(24)), "  criteria of 2018-19,\n  adopted 1 Nov 2017\nshort");
    }
}

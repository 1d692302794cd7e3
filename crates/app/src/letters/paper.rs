//! A letter as it is read: its subject and its paragraphs, once, and the two ways in which they are shown.
//!
//! A template is plain text.  Blank lines part its blocks; a block of lines that begin with `- ` is a list, one of lines
//! `| term | value | source` is a table of facts, a line that begins with `# ` is a heading, anything else is a paragraph,
//! however its lines are broken.

use askama::Template;

/// The columns of a line of plain text.
const WIDTH: usize = 72;

/// What a letter says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Paper {
    pub(super) subject: String,
    pub(super) blocks: Vec<Block>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Block {
    Heading(String),
    Paragraph(String),
    List(Vec<String>),
    Facts(Vec<Fact>),
}

/// Something that is so, and where that stands.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Fact {
    pub(super) term: String,
    pub(super) value: String,
    pub(super) source: String,
}

/// What stands around what a letter says.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// `Dear Dr Hill`.
    pub(super) greeting: String,
    pub(super) signature: Vec<String>,
    pub(super) foot: String,
}

#[derive(Template)]
#[template(path = "letters/layout.txt")]
struct AsText<'a> {
    greeting: &'a str,
    body: String,
    signature: &'a [String],
    foot: String,
}

#[derive(Template)]
#[template(path = "letters/layout.html")]
struct AsHtml<'a> {
    subject: &'a str,
    greeting: &'a str,
    blocks: &'a [Block],
    signature: &'a [String],
    foot: &'a str,
}

impl Paper {
    /// Reads what a template came to.
    pub(super) fn read(text: &str) -> Self {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let subject = one_line(first.strip_prefix("Subject:").unwrap_or(first));
        let mut blocks = vec![];
        for line in rest.lines().chain([""]) {
            take_in(&mut blocks, line.trim());
        }
        blocks.retain(|block| !matches!(block, Block::Paragraph(text) if text.is_empty()));
        Self { subject, blocks }
    }

    pub(super) fn text(&self, frame: &Frame) -> Result<String, askama::Error> {
        let mut body = String::new();
        for block in &self.blocks {
            match block {
                Block::Heading(text) => {
                    body.push_str(&wrapped(&text.to_uppercase(), "", ""));
                }
                Block::Paragraph(text) => body.push_str(&wrapped(text, "", "")),
                Block::List(items) => {
                    items.iter().for_each(|item| body.push_str(&wrapped(item, "  - ", "    ")));
                }
                Block::Facts(facts) => {
                    for Fact { term, value, source } in facts {
                        body.push_str(&wrapped(&format!("{term}: {value}"), "  ", "    "));
                        if !source.is_empty() {
                            body.push_str(&wrapped(source, "    ", "    "));
                        }
                    }
                }
            }
            body.push('\n');
        }
        let body = body.trim_end().to_owned();
        let Frame { greeting, signature, foot } = frame;
        AsText { greeting, body, signature, foot: wrapped(foot, "", "") }.render()
    }

    pub(super) fn html(&self, frame: &Frame) -> Result<String, askama::Error> {
        let Frame { greeting, signature, foot } = frame;
        AsHtml { subject: &self.subject, greeting, blocks: &self.blocks, signature, foot }.render()
    }
}

/// One more line of a template; an empty one ends a block.
fn take_in(blocks: &mut Vec<Block>, line: &str) {
    if line.is_empty() {
        // Whatever comes next begins anew.
        return blocks.push(Block::Paragraph(String::new()));
    }
    if let Some(heading) = line.strip_prefix("# ") {
        return blocks.push(Block::Heading(heading.to_owned()));
    }
    if let Some(item) = line.strip_prefix("- ") {
        return match blocks.last_mut() {
            Some(Block::List(items)) => items.push(item.to_owned()),
            _ => blocks.push(Block::List(vec![item.to_owned()])),
        };
    }
    if let Some(fact) = line.strip_prefix("| ") {
        let mut parts = fact.split('|').map(|part| part.trim().to_owned());
        let mut part = || parts.next().unwrap_or_default();
        let fact = Fact { term: part(), value: part(), source: part() };
        return match blocks.last_mut() {
            Some(Block::Facts(facts)) => facts.push(fact),
            _ => blocks.push(Block::Facts(vec![fact])),
        };
    }
    match blocks.last_mut() {
        Some(Block::Paragraph(text)) if text.is_empty() => text.push_str(line),
        Some(Block::Paragraph(text)) => {
            text.push(' ');
            text.push_str(line);
        }
        _ => blocks.push(Block::Paragraph(line.to_owned())),
    }
}

/// What people wrote, as it may stand in a template: in one line, and without the sign that parts a fact.
pub(super) fn one_line(text: &str) -> String {
    let shown = |c: char| match c {
        '|' => '/',
        c if c.is_control() => ' ',
        c => c,
    };
    let text: String = text.chars().map(shown).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// In lines of at most [`WIDTH`] columns, a longer word alone excepted.
fn wrapped(text: &str, first: &str, next: &str) -> String {
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let width = line.chars().count() + usize::from(!is_empty) + word.chars().count();
        if !is_empty && width > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line = next.to_owned();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read_as_it_is_meant() {
        let paper = Paper::read(
            "Subject: Hello  there\n\nOne\ntwo.\n\n\n- a\n- b\n\n# Next\n| Grade | 1 | file line 2\n| Fee | £5 |\n\nEnd.\n",
        );
        let fact = |term: &str, value: &str, source: &str| Fact {
            term: term.into(),
            value: value.into(),
            source: source.into(),
        };
        assert_eq!(
            paper,
            Paper {
                subject: "Hello there".into(),
                blocks: vec![
                    Block::Paragraph("One two.".into()),
                    Block::List(vec!["a".into(), "b".into()]),
                    Block::Heading("Next".into()),
                    Block::Facts(vec![fact("Grade", "1", "file line 2"), fact("Fee", "£5", "")]),
                    Block::Paragraph("End.".into()),
                ],
            }
        );
    }

    #[test]
    fn what_people_wrote_stays_in_its_line_and_what_html_means_by_it_is_escaped() {
        let reason = one_line("no | <b>room</b>\r\n- next\u{1b}[2J");
        assert_eq!(reason, "no / <b>room</b> - next [2J");
        let paper = Paper::read(&format!("Subject: S\n\n| Reasons | {reason} |\n"));
        let frame = Frame {
            greeting: "Dear <i>Head</i>".into(),
            signature: vec!["The office".into()],
            foot: "foot".into(),
        };
        let html = paper.html(&frame).unwrap();
        assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
        let text = paper.text(&frame).unwrap();
        assert!(text.contains("  Reasons: no / <b>room</b> - next [2J\n"), "{text}");
    }

    #[test]
    fn plain_text_is_wrapped_and_a_long_word_is_left_whole() {
        let text = format!("{} {}", "word ".repeat(40), "x".repeat(90));
        let wrapped = wrapped(&text, "  - ", "    ");
        assert!(wrapped.lines().rev().skip(1).all(|line| line.chars().count() <= WIDTH));
        assert!(wrapped.ends_with(&format!("    {}\n", "x".repeat(90))), "{wrapped}");
    }
}

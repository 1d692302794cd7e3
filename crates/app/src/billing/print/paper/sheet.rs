//! Text and tables, placed on pages one below the other, and told to those who cannot see them in the same order.

use super::face::Faces;

const TOP: f32 = 56.0;
const BOTTOM: f32 = 786.0;
/// Between a cell and the next.
const GAP: f32 = 6.0;
const HEADING: Style = Style { size: 19.0, bold: true, color: BLUE };
const INK: (u8, u8, u8) = (22, 32, 42);
const GREY: (u8, u8, u8) = (85, 97, 109);
const BLUE: (u8, u8, u8) = (11, 79, 138);
const LINE: (u8, u8, u8) = (196, 204, 212);

#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) color: (u8, u8, u8),
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Align {
    Left,
    Right,
}

#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) from: f32,
    pub(super) to: f32,
    pub(super) align: Align,
}

pub(super) struct Cell {
    text: String,
    style: Style,
    /// Whether it says what its row is.
    is_head: bool,
}

pub(super) struct Sheet {
    faces: Faces,
    pub(super) pages: Vec<Vec<Piece>>,
    /// How far down the page, in points.
    y: f32,
    pub(super) leaves: usize,
    pub(super) blocks: Vec<Block>,
}

/// What is drawn: text that is somebody's leaf, or a line that means nothing.
pub(super) enum Piece {
    Text { x: f32, y: f32, text: String, style: Style, leaf: usize },
    Rule { from: f32, to: f32, y: f32, color: (u8, u8, u8) },
}

/// What is told, in order; each by the leaves it is made of.
pub(super) enum Block {
    Heading { text: String, leaves: Vec<usize> },
    Paragraph(Vec<usize>),
    Table { head: Vec<Vec<usize>>, rows: Vec<Vec<(bool, Vec<usize>)>> },
}

impl Style {
    pub(super) const PLAIN: Self = Self { size: 9.5, bold: false, color: INK };
    pub(super) const BOLD: Self = Self { bold: true, ..Self::PLAIN };
    pub(super) const SOFT: Self = Self { color: GREY, ..Self::PLAIN };
    pub(super) const SMALL: Self = Self { size: 8.0, color: GREY, ..Self::PLAIN };
    pub(super) const TOTAL: Self = Self { size: 11.0, ..Self::BOLD };

    fn height(self) -> f32 {
        self.size * 1.4
    }
}

impl Column {
    pub(super) fn left(from: f32, to: f32) -> Self {
        Self { from, to, align: Align::Left }
    }

    pub(super) fn right(from: f32, to: f32) -> Self {
        Self { from, to, align: Align::Right }
    }
}

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::styled(text, Style::PLAIN)
    }

    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style, is_head: false }
    }

    pub(super) fn head(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style, is_head: true }
    }
}

impl Sheet {
    pub(super) fn new(faces: &Faces) -> Self {
        Self { faces: faces.clone(), pages: vec![vec![]], y: TOP, leaves: 0, blocks: vec![] }
    }

    /// How far down the page it has come.
    pub(super) fn place(&self) -> f32 {
        self.y
    }

    pub(super) fn go_to(&mut self, y: f32) {
        self.y = y;
    }

    pub(super) fn down(&mut self, points: f32) {
        self.y += points;
    }

    /// Begins a new page where so much does not fit on this one.
    pub(super) fn keep(&mut self, points: f32) {
        if self.y + points > BOTTOM {
            self.pages.push(vec![]);
            self.y = TOP;
        }
    }

    pub(super) fn heading(&mut self, text: &str, from: f32, to: f32) {
        let leaves = self.text(text, Column::left(from, to), HEADING);
        self.blocks.push(Block::Heading { text: text.to_owned(), leaves });
    }

    pub(super) fn paragraph(&mut self, text: &str, from: f32, to: f32, style: Style) {
        let leaves = self.text(text, Column::left(from, to), style);
        self.blocks.push(Block::Paragraph(leaves));
    }

    /// A line that ends at the right.
    pub(super) fn right(&mut self, text: &str, to: f32, style: Style) {
        let leaves = self.text(text, Column::right(to - 260.0, to), style);
        self.blocks.push(Block::Paragraph(leaves));
    }

    pub(super) fn rule(&mut self, from: f32, to: f32) {
        self.draw_rule(from, to, LINE);
    }

    /// Rows with a line below each, which is left out where the table has no head.
    pub(super) fn table(&mut self, head: Option<&[&str]>, rows: &[Vec<Cell>], columns: &[Column]) {
        let edges = columns.first().zip(columns.last()).map(|(first, last)| (first.from, last.to));
        let Some((from, to)) = edges else { return };
        let style = Style { bold: true, ..Style::SMALL };
        let mut told = vec![];
        if let Some(head) = head {
            let cells: Vec<Cell> = head.iter().map(|text| Cell::head(*text, style)).collect();
            told = self.row(&cells, columns);
            self.draw_rule(from, to, INK);
            self.down(3.0);
        }
        let mut body = vec![];
        for row in rows {
            let leaves = self.row(row, columns);
            body.push(row.iter().map(|cell| cell.is_head).zip(leaves).collect());
            if head.is_some() {
                self.down(1.5);
                self.draw_rule(from, to, LINE);
                self.down(2.5);
            }
        }
        self.blocks.push(Block::Table { head: told, rows: body });
    }

    /// The leaves of each cell.
    fn row(&mut self, cells: &[Cell], columns: &[Column]) -> Vec<Vec<usize>> {
        let lines = |cell: &Cell, column: &Column| {
            self.wrapped(&cell.text, column.to - column.from - GAP, cell.style).len() as f32
        };
        let heights = cells
            .iter()
            .zip(columns)
            .map(|(cell, column)| lines(cell, column) * cell.style.height());
        let height = heights.fold(0.0, f32::max);
        self.keep(height);
        let top = self.y;
        let mut leaves = vec![];
        for (place, (cell, column)) in cells.iter().zip(columns).enumerate() {
            self.y = top;
            // The last column ends at the edge.
            let last = place + 1 == columns.len();
            let inset = if last || column.align == Align::Right { 0.0 } else { GAP };
            let column = Column { to: column.to - inset, ..*column };
            leaves.push(self.text(&cell.text, column, cell.style));
        }
        self.y = top + height;
        leaves
    }

    /// Places text line by line, and answers its leaves.
    fn text(&mut self, text: &str, column: Column, style: Style) -> Vec<usize> {
        let mut leaves = vec![];
        for line in self.wrapped(text, column.to - column.from, style) {
            self.keep(style.height());
            let width = self.faces.of(style).width(&line, style.size);
            let x = match column.align {
                Align::Left => column.from,
                Align::Right => column.to - width,
            };
            let (y, leaf) = (self.y + style.size, self.leaves);
            self.leaves += 1;
            leaves.push(leaf);
            self.draw(Piece::Text { x, y, text: line, style, leaf });
            self.y += style.height();
        }
        leaves
    }

    /// Broken at spaces, and where a word alone is too wide, within it.
    fn wrapped(&self, text: &str, room: f32, style: Style) -> Vec<String> {
        let face = self.faces.of(style);
        let fits = |line: &str| face.width(line, style.size) <= room;
        let (mut lines, mut current) = (vec![], String::new());
        for word in face.legible(text).split_whitespace() {
            let longer =
                if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
            if fits(&longer) {
                current = longer;
                continue;
            }
            if !current.is_empty() {
                lines.push(std::mem::take(&mut current));
            }
            for letter in word.chars() {
                let mut longer = current.clone();
                longer.push(letter);
                if !fits(&longer) && !current.is_empty() {
                    lines.push(std::mem::take(&mut current));
                }
                current.push(letter);
            }
        }
        lines.push(current);
        lines.retain(|line| !line.is_empty());
        lines
    }

    fn draw_rule(&mut self, from: f32, to: f32, color: (u8, u8, u8)) {
        let y = self.y;
        self.draw(Piece::Rule { from, to, y, color });
    }

    fn draw(&mut self, piece: Piece) {
        if let Some(page) = self.pages.last_mut() {
            page.push(piece);
        }
    }
}

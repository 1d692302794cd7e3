//! Text and tables, placed on pages one below the other, and told to those who cannot see them in the same order.

use std::num::NonZeroU16;

use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagTree,
};
use krilla::{Document, SerializeSettings};

use super::face::Face;
use crate::Failure;

const A4: (f32, f32) = (595.0, 842.0);
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
    size: f32,
    bold: bool,
    color: (u8, u8, u8),
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
    regular: Face,
    bold: Face,
    pages: Vec<Vec<Piece>>,
    /// How far down the page, in points.
    y: f32,
    leaves: usize,
    blocks: Vec<Block>,
}

/// What is drawn: text that is somebody's leaf, or a line that means nothing.
enum Piece {
    Text { x: f32, y: f32, text: String, style: Style, leaf: usize },
    Rule { from: f32, to: f32, y: f32, color: (u8, u8, u8) },
}

/// What is told, in order; each by the leaves it is made of.
enum Block {
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
    pub(super) fn new() -> Result<Self, Failure> {
        Ok(Self {
            regular: Face::regular()?,
            bold: Face::bold()?,
            pages: vec![vec![]],
            y: TOP,
            leaves: 0,
            blocks: vec![],
        })
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
            let width = self.face(style).width(&line, style.size);
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
        let face = self.face(style);
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

    fn face(&self, style: Style) -> &Face {
        if style.bold { &self.bold } else { &self.regular }
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

    /// The PDF.
    pub(super) fn finish(self, title: &str) -> Result<Vec<u8>, Failure> {
        let failed = |why: String| Failure::Unprintable(why.into());
        let configuration = ConfigurationBuilder::new()
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|why| failed(format!("{why:?}")))?;
        let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        let mut identifiers = Vec::with_capacity(self.leaves);
        for (place, page) in self.pages.iter().enumerate() {
            let size = PageSettings::from_wh(A4.0, A4.1);
            let size = size.ok_or_else(|| failed("a page has no size".to_owned()))?;
            let mut on = document.start_page_with(size);
            let mut surface = on.surface();
            for piece in page {
                match piece {
                    Piece::Text { x, y, text, style, leaf } => {
                        let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                        self.draw_text(&mut surface, (*x, *y), text, *style);
                        surface.end_tagged();
                        identifiers.push((*leaf, identifier));
                    }
                    Piece::Rule { from, to, y, color } => {
                        let artifact = Artifact::new(ArtifactType::Other, None);
                        surface.start_tagged(ContentTag::Artifact(artifact));
                        draw_rule(&mut surface, (*from, *to), *y, *color);
                        surface.end_tagged();
                    }
                }
            }
            if self.pages.len() > 1 {
                let artifact = Artifact::new(ArtifactType::PageNumber, None);
                surface.start_tagged(ContentTag::Artifact(artifact));
                let number = format!("page {} of {}", place + 1, self.pages.len());
                self.draw_text(&mut surface, (51.0, 815.0), &number, Style::SMALL);
                surface.end_tagged();
            }
            surface.finish();
            on.finish();
        }
        identifiers.sort_by_key(|(leaf, _)| *leaf);
        let identifiers: Vec<Identifier> = identifiers.into_iter().map(|(_, it)| it).collect();
        document.set_tag_tree(tree(&self.blocks, &identifiers));
        let mut outline = Outline::new();
        let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
        outline.push_child(OutlineNode::new(title.to_owned(), top));
        document.set_outline(outline);
        let metadata = Metadata::new().title(title.to_owned()).language("en-GB".to_owned());
        document.set_metadata(metadata);
        document.finish().map_err(|why| failed(format!("{why:?}")))
    }

    fn draw_text(&self, surface: &mut Surface<'_>, (x, y): (f32, f32), text: &str, style: Style) {
        let face = self.face(style);
        surface.set_fill(Some(fill(style.color)));
        let glyphs = face.glyphs(text);
        let start = Point::from_xy(x, y);
        surface.draw_glyphs(start, &glyphs, face.font.clone(), text, style.size, false);
    }
}

fn draw_rule(surface: &mut Surface<'_>, (from, to): (f32, f32), y: f32, color: (u8, u8, u8)) {
    let mut path = PathBuilder::new();
    path.move_to(from, y);
    path.line_to(to, y);
    let Some(path) = path.finish() else { return };
    let (red, green, blue) = color;
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: rgb::Color::new(red, green, blue).into(),
        width: 0.6,
        ..Stroke::default()
    }));
    surface.draw_path(&path);
    surface.set_stroke(None);
}

fn fill((red, green, blue): (u8, u8, u8)) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::NonZero,
    }
}

fn tree(blocks: &[Block], identifiers: &[Identifier]) -> TagTree {
    let leaves = |group: &mut TagGroup, leaves: &[usize]| {
        for leaf in leaves {
            if let Some(identifier) = identifiers.get(*leaf) {
                group.push(*identifier);
            }
        }
    };
    let cell = |scope: Option<TableHeaderScope>, of: &[usize]| {
        let mut group = match scope {
            Some(scope) => TagGroup::new(Tag::TH(scope)),
            None => TagGroup::new(Tag::TD),
        };
        let mut paragraph = TagGroup::new(Tag::P);
        leaves(&mut paragraph, of);
        group.push(paragraph);
        group
    };
    let mut tree = TagTree::new().with_lang(Some("en-GB".to_owned()));
    for block in blocks {
        match block {
            Block::Heading { text, leaves: of } => {
                let mut group = TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(text.clone())));
                leaves(&mut group, of);
                tree.push(group);
            }
            Block::Paragraph(of) => {
                let mut group = TagGroup::new(Tag::P);
                leaves(&mut group, of);
                tree.push(group);
            }
            Block::Table { head, rows } => {
                let mut table = TagGroup::new(Tag::Table);
                if !head.is_empty() {
                    let mut row = TagGroup::new(Tag::TR);
                    head.iter().for_each(|of| row.push(cell(Some(TableHeaderScope::Column), of)));
                    let mut group = TagGroup::new(Tag::THead);
                    group.push(row);
                    table.push(group);
                }
                let mut body = TagGroup::new(Tag::TBody);
                for told in rows {
                    let mut row = TagGroup::new(Tag::TR);
                    for (is_head, of) in told {
                        row.push(cell(is_head.then_some(TableHeaderScope::Row), of));
                    }
                    body.push(row);
                }
                table.push(body);
                tree.push(table);
            }
        }
    }
    tree
}

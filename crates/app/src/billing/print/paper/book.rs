//! Sheets bound into one PDF that says what is a heading, a paragraph and a table (PDF/UA).

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

use super::face::Faces;
use super::sheet::{Block, Piece, Sheet, Style};
use crate::Failure;

const A4: (f32, f32) = (595.0, 842.0);

/// A PDF on its way, sheet by sheet; each begins on a page of its own, has its place in the outline and its pages counted.
pub(super) struct Book {
    faces: Faces,
    document: Document,
    outline: Outline,
    tree: TagTree,
    pages: usize,
}

impl Book {
    pub(super) fn new(faces: &Faces) -> Result<Self, Failure> {
        let configuration = ConfigurationBuilder::new()
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|why| failed(format!("{why:?}")))?;
        let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
        Ok(Self {
            faces: faces.clone(),
            document: Document::new_with(settings),
            outline: Outline::new(),
            tree: TagTree::new().with_lang(Some("en-GB".to_owned())),
            pages: 0,
        })
    }

    pub(super) fn bind(&mut self, sheet: &Sheet, title: &str) -> Result<(), Failure> {
        let top = XyzDestination::new(self.pages, Point::from_xy(0.0, 0.0));
        self.outline.push_child(OutlineNode::new(title.to_owned(), top));
        let mut identifiers = Vec::with_capacity(sheet.leaves);
        for (place, page) in sheet.pages.iter().enumerate() {
            let number = format!("page {} of {}", place + 1, sheet.pages.len());
            let number = Some(number).filter(|_| sheet.pages.len() > 1);
            self.page(page, number.as_deref(), &mut identifiers)?;
        }
        identifiers.sort_by_key(|(leaf, _)| *leaf);
        let identifiers: Vec<Identifier> = identifiers.into_iter().map(|(_, it)| it).collect();
        tell(&mut self.tree, &sheet.blocks, &identifiers);
        Ok(())
    }

    fn page(
        &mut self,
        pieces: &[Piece],
        number: Option<&str>,
        identifiers: &mut Vec<(usize, Identifier)>,
    ) -> Result<(), Failure> {
        let size = PageSettings::from_wh(A4.0, A4.1);
        let size = size.ok_or_else(|| failed("a page has no size".to_owned()))?;
        let mut on = self.document.start_page_with(size);
        let mut surface = on.surface();
        for piece in pieces {
            match piece {
                Piece::Text { x, y, text, style, leaf } => {
                    let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                    draw_text(&self.faces, &mut surface, (*x, *y), text, *style);
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
        if let Some(number) = number {
            let artifact = Artifact::new(ArtifactType::PageNumber, None);
            surface.start_tagged(ContentTag::Artifact(artifact));
            draw_text(&self.faces, &mut surface, (51.0, 815.0), number, Style::SMALL);
            surface.end_tagged();
        }
        surface.finish();
        on.finish();
        self.pages += 1;
        Ok(())
    }

    pub(super) fn finish(mut self, title: &str) -> Result<Vec<u8>, Failure> {
        self.document.set_tag_tree(self.tree);
        self.document.set_outline(self.outline);
        let metadata = Metadata::new().title(title.to_owned()).language("en-GB".to_owned());
        self.document.set_metadata(metadata);
        self.document.finish().map_err(|why| failed(format!("{why:?}")))
    }
}

fn failed(why: String) -> Failure {
    Failure::Unprintable(why.into())
}

fn draw_text(
    faces: &Faces,
    surface: &mut Surface<'_>,
    (x, y): (f32, f32),
    text: &str,
    style: Style,
) {
    let face = faces.of(style);
    surface.set_fill(Some(fill(style.color)));
    let glyphs = face.glyphs(text);
    let start = Point::from_xy(x, y);
    surface.draw_glyphs(start, &glyphs, face.font.clone(), text, style.size, false);
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

fn tell(tree: &mut TagTree, blocks: &[Block], identifiers: &[Identifier]) {
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
}

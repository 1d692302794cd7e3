//! The typeface: which glyph a letter is, and how wide.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use super::sheet::Style;
use crate::Failure;

/// Liberation Sans, which has every letter of the names of schools in these islands, and of their neighbours.
const REGULAR: &[u8] = include_bytes!("../../../../fonts/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../../fonts/LiberationSans-Bold.ttf");

/// The two that are printed in, read once.
#[derive(Clone)]
pub(super) struct Faces {
    regular: Face,
    bold: Face,
}

#[derive(Clone)]
pub(super) struct Face {
    pub(super) font: Font,
    metrics: FontRef<'static>,
    units: f32,
}

impl Faces {
    pub(super) fn read() -> Result<Self, Failure> {
        Ok(Self { regular: Face::regular()?, bold: Face::bold()? })
    }

    pub(super) fn of(&self, style: Style) -> &Face {
        if style.bold { &self.bold } else { &self.regular }
    }
}

impl Face {
    fn regular() -> Result<Self, Failure> {
        Self::of(REGULAR)
    }

    fn bold() -> Result<Self, Failure> {
        Self::of(BOLD)
    }

    fn of(bytes: &'static [u8]) -> Result<Self, Failure> {
        let unusable = || Failure::Unprintable("the typeface cannot be read".into());
        let metrics = FontRef::new(bytes).map_err(|why| Failure::Unprintable(Box::new(why)))?;
        let font = Font::new(bytes.into(), 0).ok_or_else(unusable)?;
        let units = font.units_per_em();
        Ok(Self { font, metrics, units })
    }

    /// The text with a question mark for every letter that the typeface lacks: a PDF may not show what nobody can read.
    pub(super) fn legible(&self, text: &str) -> String {
        let letters = self.metrics.charmap();
        text.chars().map(|it| if letters.map(it).is_some() { it } else { '?' }).collect()
    }

    /// One glyph a letter, side by side.  Widths are parts of the size.
    pub(super) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let letters = self.metrics.charmap();
        let widths = self.metrics.glyph_metrics(Size::unscaled(), LocationRef::default());
        text.char_indices()
            .filter_map(|(at, letter)| {
                let glyph = letters.map(letter)?;
                let advance = widths.advance_width(glyph).unwrap_or(0.0) / self.units;
                let range = at..at + letter.len_utf8();
                Some(KrillaGlyph::new(
                    GlyphId::new(glyph.to_u32()),
                    advance,
                    0.0,
                    0.0,
                    0.0,
                    range,
                    None,
                ))
            })
            .collect()
    }

    /// In points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        self.glyphs(text).iter().map(|glyph| glyph.x_advance * size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_accents_and_what_cannot_be_shown_is_a_question_mark() {
        for face in [Face::regular().unwrap(), Face::bold().unwrap()] {
            let names = "Ysgol Tŷ Gŵyr, Scoil Éinne, Àrd-sgoil, Łódź, Škoda, Zażółć, Ørsted, “O’Neill” – £5";
            assert_eq!(face.legible(names), names);
            assert_eq!(face.legible("学校 Ysgol"), "?? Ysgol");
            let width = face.width(names, 10.0);
            assert!((300.0..500.0).contains(&width), "{width}");
        }
    }
}

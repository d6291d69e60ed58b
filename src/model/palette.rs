//! Colours of keys: the first key that a job shows gets the first colour, and keeps it.

use std::sync::Arc;

/// The colours of the keys of one job, by first appearance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    first: Vec<Arc<str>>,
}

/// A key as people see it: text, colour, letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key as text; several columns are joined by `, `.
    pub text: Arc<str>,
    /// Which of the palette's colours, from 0.
    pub color: u8,
}

impl Palette {
    /// How many colours there are; keys past them share the last one and differ by their letter.
    pub const COLORS: usize = 8;

    /// The key with this text; gives it a colour if it is new.
    pub fn key(&mut self, text: &str) -> Key {
        if let Some(key) = self.find(text) {
            return key;
        }
        let text: Arc<str> = text.into();
        if self.first.len() < Self::COLORS {
            self.first.push(text.clone());
        }
        let color = self.color(&text).unwrap_or(Self::COLORS as u8 - 1);
        Key { text, color }
    }

    /// The colour of a key that already has one of its own.
    pub fn color(&self, text: &str) -> Option<u8> {
        self.first.iter().position(|known| &**known == text).map(|at| at as u8)
    }

    /// The keys that have a colour of their own, in order of appearance.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        (0..).zip(&self.first).map(|(color, text)| Key { text: text.clone(), color })
    }

    fn find(&self, text: &str) -> Option<Key> {
        let color = self.color(text)?;
        Some(Key { text: self.first[usize::from(color)].clone(), color })
    }
}

impl Key {
    /// What stands inside a record of the key: a short key whole, else its first letter.
    pub fn letter(&self) -> &str {
        let mut ends = self.text.char_indices().map(|(at, c)| at + c.len_utf8());
        let (first, second) = (ends.next(), ends.next());
        match (first, second, ends.next()) {
            (Some(_), Some(second), None) => &self.text[..second],
            (Some(first), ..) => &self.text[..first],
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_by_first_appearance_and_the_ninth_shares_the_last() {
        let mut palette = Palette::default();
        let colors: Vec<_> = ["b", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "a"]
            .map(|key| palette.key(key).color)
            .into();
        assert_eq!(colors, [0, 1, 0, 2, 3, 4, 5, 6, 7, 7, 7, 1]);
        assert_eq!((palette.color("c"), palette.color("i")), (Some(2), None));
    }

    #[test]
    fn letters_are_short_keys_or_first_letters() {
        let letters = ["a", "42", "137", "Ébano", ""].map(|text| {
            let key = Key { text: text.into(), color: 0 };
            key.letter().to_owned()
        });
        assert_eq!(letters, ["a", "42", "1", "É", ""]);
    }
}

//! The colours that a program itself chose for what it wrote (ECMA-48 SGR), free of any terminal library.

/// A colour as a program names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hue {
    /// One of xterm's 256; the first sixteen are the terminal's own.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// How a program wants text to look, over the tone it has. Nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ink {
    /// The colour of the text.
    pub fg: Option<Hue>,
    /// The colour behind it.
    pub bg: Option<Hue>,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underlined: bool,
    /// With both colours swapped.
    pub reversed: bool,
    /// Crossed out.
    pub crossed: bool,
}

impl Ink {
    /// Whether it asks for anything.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Takes in the parameters of one SGR sequence, such as `1;31` or `38:2::10:20:30`. What is unknown is passed over.
    pub fn apply(&mut self, parameters: &str) {
        let mut words = parameters
            .split([';', ':'])
            .map(|word| word.parse::<u16>().unwrap_or(0));
        while let Some(word) = words.next() {
            match word {
                0 => *self = Self::default(),
                1 => self.bold = true,
                2 => self.dim = true,
                3 => self.italic = true,
                4 => self.underlined = true,
                7 => self.reversed = true,
                9 => self.crossed = true,
                22 => (self.bold, self.dim) = (false, false),
                23 => self.italic = false,
                24 => self.underlined = false,
                27 => self.reversed = false,
                29 => self.crossed = false,
                38 => self.fg = hue(&mut words),
                39 => self.fg = None,
                48 => self.bg = hue(&mut words),
                49 => self.bg = None,
                30..=37 => self.fg = indexed(word - 30),
                40..=47 => self.bg = indexed(word - 40),
                90..=97 => self.fg = indexed(word - 90 + 8),
                100..=107 => self.bg = indexed(word - 100 + 8),
                _ => {}
            }
        }
    }
}

fn indexed(index: u16) -> Option<Hue> {
    u8::try_from(index).ok().map(Hue::Indexed)
}

/// `5;N` or `2;R;G;B`. The form with colons may have a colour space before red, which is empty in practice.
fn hue(words: &mut impl Iterator<Item = u16>) -> Option<Hue> {
    let byte = |word: Option<u16>| word.and_then(|word| u8::try_from(word).ok());
    match words.next()? {
        5 => byte(words.next()).map(Hue::Indexed),
        2 => Some(Hue::Rgb(byte(words.next())?, byte(words.next())?, byte(words.next())?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_add_up() {
        let mut ink = Ink::default();
        ink.apply("1;31");
        assert_eq!((ink.bold, ink.fg), (true, Some(Hue::Indexed(1))));
        ink.apply("48;2;10;20;30");
        assert_eq!(ink.bg, Some(Hue::Rgb(10, 20, 30)));
        ink.apply("38;5;208;22");
        assert_eq!((ink.bold, ink.fg), (false, Some(Hue::Indexed(208))));
        ink.apply("97;49;999");
        assert_eq!((ink.fg, ink.bg), (Some(Hue::Indexed(15)), None));
        ink.apply("");
        assert!(ink.is_plain());
        ink.apply("38;2;300;0;0");
        assert_eq!(ink.fg, None);
    }
}

//! Inputs made of those of a corpus: cut, joined, and with words where none belong. The same seed gives the same ones.
//! Coarser than libFuzzer, which looks at what the program does; but it needs nothing, and runs with every test.

/// A source of mutants.
#[derive(Debug)]
pub struct Mutants {
    corpus: Vec<Vec<u8>>,
    words: Vec<String>,
    chance: u64,
}

impl Iterator for Mutants {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut bytes = self.any_input();
        for _ in 0..=self.below(6) {
            self.change(&mut bytes);
        }
        bytes.truncate(LONGEST);
        Some(bytes)
    }
}

/// Nothing grows beyond this, in bytes.
const LONGEST: usize = 8192;
/// Bytes that mean something in every format here.
const MARKS: &[u8] = b"{}[]()\"'\\/#+.,:;=|%$@!-_ \n\t\0\xff\x80e9";

impl Mutants {
    /// Mutants of a corpus, which has at least one input, and of words.
    pub fn new(corpus: Vec<Vec<u8>>, words: Vec<String>, seed: u64) -> Self {
        Self { corpus, words, chance: seed }
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        let end = (at + self.below(24)).min(bytes.len());
        match self.below(8) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let part = bytes[at..end].to_vec();
                let to = self.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            2 | 3 if !self.words.is_empty() => {
                let word = self.below(self.words.len());
                bytes.splice(at..end, self.words[word].bytes());
            }
            4 => {
                let mark = MARKS[self.below(MARKS.len())];
                let times = if self.below(20) == 0 { 300 } else { 1 };
                bytes.splice(at..at, std::iter::repeat_n(mark, times));
            }
            5 => {
                let other = self.any_input();
                let from = self.below(other.len() + 1);
                let to = (from + self.below(200)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            6 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            _ => {
                let number = ["0", "-1", "1e999", "18446744073709551616", "0.1", "NaN", "99999999999"];
                let number = number[self.below(number.len())];
                bytes.splice(at..end, number.bytes());
            }
        }
    }

    fn any_input(&mut self) -> Vec<u8> {
        let number = self.below(self.corpus.len());
        self.corpus[number].clone()
    }

    /// A number below `below`, which is not 0. SplitMix64.
    fn below(&mut self, below: usize) -> usize {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.chance ^ (self.chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    }
}

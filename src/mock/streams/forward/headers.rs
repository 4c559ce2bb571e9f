//! The headers of SPDY streams: name and value pairs in one zlib stream for each direction, with SPDY's dictionary.

use bytes::{Buf, Bytes};
use flate2::{Decompress, FlushDecompress, Status};

/// What both sides know before the first header (SPDY/3, section 2.6.10.1).
const DICTIONARY: &[u8] = include_bytes!("dictionary.bin");
/// No block of headers is longer.
const MOST: usize = 1024 * 1024;

/// Reads the blocks of one direction.
pub struct Reader {
    /// None before the first block, which begins with the zlib header.
    inflate: Option<Decompress>,
}

impl Reader {
    /// A reader before the first block.
    #[must_use]
    pub fn new() -> Self {
        Self { inflate: None }
    }

    /// Reads one block: names in lower case, with their values.
    ///
    /// # Errors
    /// That it cannot be read; the connection is lost then.
    pub fn read(&mut self, block: &[u8]) -> Result<Vec<(String, String)>, &'static str> {
        let mut block = block;
        let inflate = match &mut self.inflate {
            Some(inflate) => inflate,
            none => {
                let flags = block.get(1).ok_or("no zlib header")?;
                let known = flags & 0x20 != 0;
                // With a dictionary, its checksum follows.
                block = block.get(if known { 6 } else { 2 }..).ok_or("no zlib header")?;
                none.insert(begin(known)?)
            }
        };
        pairs(Bytes::from(inflated(inflate, block)?))
    }
}

/// A raw inflater that has seen the dictionary: handed to it as a stored block, it stands in its window.
fn begin(known: bool) -> Result<Decompress, &'static str> {
    let mut inflate = Decompress::new(false);
    if known {
        inflated(&mut inflate, &stored(DICTIONARY))?;
    }
    Ok(inflate)
}

fn inflated(inflate: &mut Decompress, mut block: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut whole = Vec::new();
    loop {
        whole.reserve(4096);
        let (before, written) = (inflate.total_in(), whole.len());
        let status = inflate
            .decompress_vec(block, &mut whole, FlushDecompress::Sync)
            .map_err(|_| "headers cannot be decompressed")?;
        let taken = usize::try_from(inflate.total_in() - before).unwrap_or_default();
        block = block.get(taken..).unwrap_or_default();
        if whole.len() > MOST {
            return Err("headers are too long");
        }
        let full = whole.len() == whole.capacity();
        let stuck = taken == 0 && whole.len() == written;
        if status == Status::StreamEnd || stuck || (block.is_empty() && !full) {
            return Ok(whole);
        }
    }
}

/// Bytes as a block of deflate that is not compressed and not the last.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let mut block = vec![0];
    block.extend(length.to_le_bytes());
    block.extend((!length).to_le_bytes());
    block.extend(bytes.iter().take(usize::from(length)));
    block
}

/// A block without any header, for the answers to streams. The first of a connection begins the zlib stream.
#[must_use]
pub fn empty(first: bool) -> Vec<u8> {
    let head: &[u8] = if first { &[0x78, 0x01] } else { &[] };
    // Readers hand nothing on before an empty block flushes it.
    [head, &stored(&0_u32.to_be_bytes()), &stored(&[])].concat()
}

fn pairs(mut block: Bytes) -> Result<Vec<(String, String)>, &'static str> {
    let number = |block: &mut Bytes| block.try_get_u32().map_err(|_| "headers end too early");
    let count = number(&mut block)?;
    let mut pairs = Vec::new();
    for _ in 0..count {
        let mut text = || -> Result<String, &'static str> {
            let length = number(&mut block)? as usize;
            if block.len() < length {
                return Err("headers end too early");
            }
            Ok(String::from_utf8_lossy(&block.split_to(length)).into_owned())
        };
        pairs.push((text()?, text()?));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_the_one_that_clients_know() {
        // Adler-32, as the zlib header of every SPDY/3 client names it.
        let (mut low, mut high) = (1_u32, 0_u32);
        for byte in DICTIONARY {
            low = (low + u32::from(*byte)) % 65521;
            high = (high + low) % 65521;
        }
        assert_eq!(high << 16 | low, 0xe3c6_a7c2);
    }

    #[test]
    fn blocks_follow_each_other_in_one_stream() {
        let mut block = 1_u32.to_be_bytes().to_vec();
        for text in ["port", "80"] {
            block.extend(u32::try_from(text.len()).unwrap().to_be_bytes());
            block.extend(text.as_bytes());
        }
        let mut reader = Reader::new();
        let first = [&[0x78, 0xbb, 0, 0, 0, 0][..], &stored(&block)].concat();
        assert_eq!(reader.read(&first), Ok(vec![("port".to_owned(), "80".to_owned())]));
        assert_eq!(reader.read(&stored(&block)).map(|pairs| pairs.len()), Ok(1));
        assert_eq!(reader.read(&stored(&[0, 0, 0, 9])), Err("headers end too early"));
        assert_eq!(Reader::new().read(&empty(true)), Ok(Vec::new()));
    }
}

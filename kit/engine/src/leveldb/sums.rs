//! A checksum for every page of a file, kept in a second file beside it.

/// Bytes under one checksum: a read is checked whole pages at a time.
pub const PAGE: usize = 4096;

/// The length of a file and the CRC-32C of each of its pages.
///
/// LevelDB has checksums of its own, but skips in silence over what fails them, has none for the filters and the index
/// of a table, and takes a file that was cut for one that ends there.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sums {
    len: usize,
    pages: Vec<u32>,
}

impl Sums {
    pub fn of(bytes: &[u8]) -> Self {
        let mut sums = Self::default();
        sums.extend(bytes);
        sums
    }

    /// Takes in `bytes` that are appended to the file.
    pub fn extend(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let filled = self.len % PAGE;
            let (page, rest) = bytes.split_at(bytes.len().min(PAGE - filled));
            let so_far = if filled == 0 { 0 } else { self.pages.pop().unwrap_or_default() };
            self.pages.push(crc32c::crc32c_append(so_far, page));
            self.len += page.len();
            bytes = rest;
        }
    }

    /// Bytes in the file.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether `bytes`, which begin at page `first` and end at a page's end or the file's, are what was written.
    pub fn match_pages(&self, first: usize, bytes: &[u8]) -> bool {
        let pages = bytes.chunks(PAGE).map(crc32c::crc32c);
        self.pages
            .get(first..)
            .is_some_and(|sums| sums.len() >= pages.len() && pages.zip(sums).all(|(a, b)| a == *b))
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = (self.len as u64).to_le_bytes().to_vec();
        bytes.extend(self.pages.iter().flat_map(|sum| sum.to_le_bytes()));
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    /// None if `bytes` are not what `encode` gave.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (bytes, own) = bytes.split_last_chunk()?;
        let (len, pages) = bytes.split_first_chunk()?;
        let len = usize::try_from(u64::from_le_bytes(*len)).ok()?;
        let (pages, rest) = pages.as_chunks();
        let sound = crc32c::crc32c(bytes) == u32::from_le_bytes(*own)
            && rest.is_empty()
            && pages.len() == len.div_ceil(PAGE);
        sound.then(|| Self { len, pages: pages.iter().map(|sum| u32::from_le_bytes(*sum)).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flip_and_cut_is_found() {
        let data: Vec<u8> = (0..3 * PAGE + 100).map(|i| (i % 251) as u8).collect();
        let mut grown = Sums::default();
        data.chunks(333).for_each(|piece| grown.extend(piece));
        assert_eq!(grown, Sums::of(&data));
        assert_eq!(Sums::decode(&grown.encode()), Some(Sums::of(&data)));

        assert!(grown.match_pages(0, &data) && grown.match_pages(2, &data[2 * PAGE..]));
        for at in [0, PAGE, 3 * PAGE, data.len() - 1] {
            let mut bad = data.clone();
            bad[at] ^= 1;
            assert!(!grown.match_pages(0, &bad), "flip at {at}");
        }
        let encoded = grown.encode();
        for at in 0..encoded.len() {
            let mut bad = encoded.clone();
            bad[at] ^= 0x10;
            assert_eq!(Sums::decode(&bad), None, "flip at {at}");
            assert_eq!(Sums::decode(&encoded[..at]), None, "cut at {at}");
        }
    }
}

//! The format of LevelDB's logs and manifests: how far one is whole, and whether it was damaged later.

/// A log is a row of blocks; no piece of a record crosses the end of one.
const BLOCK: usize = 32 * 1024;
/// Before each piece: its checksum (4 bytes), its length (2), its kind (1).
const HEADER: usize = 7;
/// A record in one piece, and the first and last of several; those between are of kind 3.
const FULL: u8 = 1;
const FIRST: u8 = 2;
const LAST: u8 = 4;

/// One piece of a record.
struct Piece {
    kind: u8,
    end: usize,
}

/// The length of the whole records at the start of `log`.
///
/// A process that is killed leaves a torn record at the end; nobody was told that it was written, so it is left out.
///
/// # Errors
/// The place of a bad record with good ones after it: that is damage to what was once acknowledged.
pub fn whole(log: &[u8]) -> Result<usize, usize> {
    let mut whole = 0;
    let mut inside = false;
    let mut at = 0;
    loop {
        if BLOCK - at % BLOCK < HEADER {
            at = at.next_multiple_of(BLOCK);
        }
        match piece(log, at) {
            Some(piece) if inside == (piece.kind != FULL && piece.kind != FIRST) => {
                inside = piece.kind == FIRST || (inside && piece.kind != LAST);
                at = piece.end;
                if !inside {
                    whole = at;
                }
            }
            _ if (at + 1..log.len()).any(|later| begins_record(log, later)) => return Err(at),
            _ => return Ok(whole),
        }
    }
}

/// One batch is written and synced before the next begins, so no record can begin after a torn one.
fn begins_record(log: &[u8], at: usize) -> bool {
    // The kind first: a checksum for every byte of a long tail would take too long.
    matches!(log.get(at + HEADER - 1), Some(&(FULL | FIRST))) && piece(log, at).is_some()
}

/// The piece at `at`, if all of it is there and its checksum is right.
fn piece(log: &[u8], at: usize) -> Option<Piece> {
    let header = log.get(at..at + HEADER)?;
    let checksum = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    let len = usize::from(u16::from_le_bytes([header[4], header[5]]));
    let end = at + HEADER + len;
    let kind_and_data = log.get(at + HEADER - 1..end)?;
    let fits = at % BLOCK + HEADER + len <= BLOCK;
    (fits && masked(crc32c::crc32c(kind_and_data)) == checksum).then_some(Piece { kind: header[6], end })
}

/// LevelDB stores checksums turned and shifted, so that a checksum of data that holds checksums stays a good one.
fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(log: &mut Vec<u8>, kind: u8, data: &[u8]) {
        let kind_and_data = [&[kind], data].concat();
        log.extend(masked(crc32c::crc32c(&kind_and_data)).to_le_bytes());
        log.extend((data.len() as u16).to_le_bytes());
        log.extend(kind_and_data);
    }

    fn log() -> Vec<u8> {
        let mut log = Vec::new();
        push(&mut log, FULL, b"one");
        push(&mut log, FIRST, &vec![7; BLOCK - 10 - HEADER]);
        push(&mut log, LAST, b"the rest of two");
        push(&mut log, FULL, b"three");
        log
    }

    #[test]
    fn a_torn_end_is_left_out_at_every_cut() {
        let log = log();
        let ends = [0, 10, log.len() - 12, log.len()];
        // Around the ends of pieces every cut, elsewhere some: the search behind a torn end takes its time.
        let near = |cut: &usize| cut.is_multiple_of(997) || *cut < 30 || BLOCK.abs_diff(*cut) < 50;
        for cut in (0..=log.len()).filter(near) {
            let expected = ends.iter().rfind(|end| **end <= cut).copied().unwrap();
            assert_eq!(whole(&log[..cut]), Ok(expected), "cut at {cut}");
        }
    }

    #[test]
    fn a_flip_before_a_good_record_is_damage() {
        let log = log();
        for at in (0..10).chain([10, 15, 16, 17, BLOCK - 1, BLOCK, BLOCK + 10]) {
            let mut bad = log.clone();
            bad[at] ^= 0x20;
            assert!(whole(&bad).is_err(), "flip at {at}");
        }
    }

    #[test]
    fn zeros_after_the_end_are_torn() {
        let log = log();
        assert_eq!(whole(&[log.clone(), vec![0; 5000]].concat()), Ok(log.len()));
    }
}

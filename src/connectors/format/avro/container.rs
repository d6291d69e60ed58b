//! The container of an Avro file: where its header and its blocks begin and end.
//!
//! Source: "Object Container Files", Apache Avro specification.

/// The first bytes of every file.
pub(super) const MAGIC: &[u8] = b"Obj\x01";

/// The bytes between two blocks.
pub(super) const MARKER: usize = 16;

/// What is known of a part of the file from its first bytes.
pub(super) enum Extent {
    /// It has so many bytes.
    Known(usize),
    /// More bytes are needed to tell.
    Unknown,
    /// It is not such a part.
    Broken,
}

/// The header, with its marker.
pub(super) fn header(bytes: &[u8]) -> Extent {
    let known = bytes.len().min(MAGIC.len());
    if bytes[..known] != MAGIC[..known] {
        return Extent::Broken;
    }
    let mut cursor = Cursor { bytes, at: MAGIC.len() };
    loop {
        match cursor.long() {
            Err(extent) => return extent,
            Ok(0) => return Extent::Known(cursor.at + MARKER),
            Ok(count) => {
                // A negative count has the size of its entries behind it.
                let sized = if count < 0 { cursor.long().map(|_| ()) } else { Ok(()) };
                let mut entries = 0..count.unsigned_abs().saturating_mul(2);
                let skipped = sized.and_then(|()| entries.try_for_each(|_| cursor.skip()));
                if let Err(extent) = skipped {
                    return extent;
                }
            }
        }
    }
}

/// A block, with its marker; and how many rows it says it has.
pub(super) fn block(bytes: &[u8]) -> (Extent, u64) {
    let mut cursor = Cursor { bytes, at: 0 };
    let rows = match cursor.long() {
        Ok(rows) if rows >= 0 => rows.unsigned_abs(),
        Ok(_) => return (Extent::Broken, 0),
        Err(extent) => return (extent, 0),
    };
    match cursor.length() {
        Ok(length) => (Extent::Known(cursor.at + length + MARKER), rows),
        Err(extent) => (extent, rows),
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    /// A number of variable length, zigzag.
    fn long(&mut self) -> Result<i64, Extent> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or(Extent::Unknown)?;
            self.at += 1;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
            }
        }
        Err(Extent::Broken)
    }

    fn length(&mut self) -> Result<usize, Extent> {
        /// Nothing in a file is as long as this.
        const LONGEST: i64 = 1 << 30;
        match self.long()? {
            length @ 0..LONGEST => Ok(length as usize),
            _ => Err(Extent::Broken),
        }
    }

    /// Goes over bytes behind their length.
    fn skip(&mut self) -> Result<(), Extent> {
        self.at += self.length()?;
        if self.at > self.bytes.len() { Err(Extent::Unknown) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text((extent, rows): (Extent, u64)) -> String {
        match extent {
            Extent::Known(bytes) => format!("{rows} rows in {bytes}"),
            Extent::Unknown => "unknown".to_owned(),
            Extent::Broken => "broken".to_owned(),
        }
    }

    #[test]
    fn parts_tell_their_size() {
        for (bytes, expected) in [
            (&[4, 6][..], "2 rows in 21"),
            (&[0x80, 1, 0], "64 rows in 19"),
            (&[4], "unknown"),
            (&[0x80], "unknown"),
            (&[1, 6], "broken"),
            (&[4, 1], "broken"),
            (&[0x80; 12], "broken"),
        ] {
            assert_eq!(text(block(bytes)), expected, "{bytes:?}");
        }
        for (bytes, expected) in [
            (&b"Obj\x01\x00"[..], "0 rows in 21"),
            (b"Obj\x01\x02\x02a\x04bc\x00", "0 rows in 27"),
            (b"Obj\x01\x01\x0a\x02a\x04bc\x00", "0 rows in 28"),
            (b"Obj\x01\x02\x02a\x04b", "unknown"),
            (b"Ob", "unknown"),
            (b"PAR1", "broken"),
        ] {
            assert_eq!(text((header(bytes), 0)), expected, "{bytes:?}");
        }
    }
}

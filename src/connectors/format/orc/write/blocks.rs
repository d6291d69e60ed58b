//! Bytes in compressed blocks, each with its length before it.
//!
//! Source: "Compression", ORC specification v1.

use std::io::Write;

use flate2::write::DeflateEncoder;
use orc_rust::proto::CompressionKind;

use crate::base::Result;
use crate::connectors::format::columnar::unwritten;

/// Bytes that are compressed at once.
pub(super) const BLOCK: usize = 256 * 1024;

/// The bytes as they are written.
pub(super) fn blocks(bytes: &[u8], compression: CompressionKind) -> Result<Vec<u8>> {
    if compression == CompressionKind::None {
        return Ok(bytes.to_vec());
    }
    let mut out = Vec::new();
    for block in bytes.chunks(BLOCK) {
        let compressed = compressed(block, compression)?;
        // A block that does not become smaller is left as it is; the lowest bit tells.
        let (stored, original) = match compressed.len() < block.len() {
            true => (compressed.as_slice(), 0),
            false => (block, 1),
        };
        let header = (stored.len() << 1 | original) as u32;
        out.extend(&header.to_le_bytes()[..3]);
        out.extend(stored);
    }
    Ok(out)
}

fn compressed(block: &[u8], compression: CompressionKind) -> Result<Vec<u8>> {
    match compression {
        CompressionKind::Snappy => snap::raw::Encoder::new().compress_vec(block).map_err(unwritten),
        CompressionKind::Zstd => zstd::bulk::compress(block, 0).map_err(unwritten),
        _ => {
            let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(block).map_err(unwritten)?;
            encoder.finish().map_err(unwritten)
        }
    }
}

//! What Helm writes into a secret: JSON, compressed, in base64; the API puts base64 around it once more.

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;

/// The most that is unpacked, in bytes. A secret holds 1 MiB at most; manifests seldom shrink to less than a twentieth.
const MOST: u64 = 32 << 20;

/// How gzip begins. Helm's first releases were not compressed.
const MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];

/// What is wrong with a payload. Nothing of the payload itself is told: it holds values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// There is none.
    #[error("there is no release in it")]
    Missing,
    /// It is not base64.
    #[error("its release is not base64")]
    Base64,
    /// It is not gzip, or broken off.
    #[error("its release cannot be unpacked")]
    Gzip,
    /// It is too large.
    #[error("its release is larger than {} MiB", MOST >> 20)]
    TooLarge,
    /// It is not JSON.
    #[error("its release is not JSON")]
    Json,
}

/// Reads a payload, as it stands in the secret.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, PayloadError> {
    let json = unpack(text)?;
    serde_json::from_slice(&json).map_err(|_| PayloadError::Json)
}

fn unpack(text: &str) -> Result<Vec<u8>, PayloadError> {
    if text.is_empty() {
        return Err(PayloadError::Missing);
    }
    let inner = STANDARD.decode(text).map_err(|_| PayloadError::Base64)?;
    let bytes = STANDARD.decode(inner).map_err(|_| PayloadError::Base64)?;
    if !bytes.starts_with(MAGIC) {
        return Ok(bytes);
    }
    let mut json = Vec::new();
    let unpacked = GzDecoder::new(bytes.as_slice()).take(MOST + 1).read_to_end(&mut json);
    unpacked.map_err(|_| PayloadError::Gzip)?;
    if json.len() as u64 > MOST {
        return Err(PayloadError::TooLarge);
    }
    Ok(json)
}

//! The frames of SPDY/3.1, as far as port-forward needs them.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// The last piece of a stream's direction.
pub const FIN: u8 = 1;
/// More than a client ever sends in one frame.
const MOST: usize = 16 * 1024 * 1024;

/// What comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A stream is opened: its number, flags and compressed headers.
    Open(u32, u8, Bytes),
    /// A piece of a stream.
    Data(u32, u8, Bytes),
    /// A stream is given up.
    Reset(u32),
    /// To be sent back.
    Ping(u32),
    /// The client leaves.
    Leave,
    /// What port-forward has no use for.
    Other,
}

/// Takes the next whole frame off what has come.
///
/// # Errors
/// That the frame cannot be one.
pub fn take(buffer: &mut BytesMut) -> Result<Option<Frame>, &'static str> {
    let Some(head) = buffer.get(..8) else { return Ok(None) };
    let mut head = Bytes::copy_from_slice(head);
    let (first, second) = (head.get_u32(), head.get_u32());
    let (flags, length) = ((second >> 24) as u8, (second & 0x00FF_FFFF) as usize);
    if length > MOST {
        return Err("a frame is too long");
    }
    if buffer.len() < 8 + length {
        return Ok(None);
    }
    buffer.advance(8);
    let mut body = buffer.split_to(length).freeze();
    if first & 0x8000_0000 == 0 {
        return Ok(Some(Frame::Data(first, flags, body)));
    }
    if first >> 16 & 0x7FFF != 3 {
        return Err("not SPDY version 3");
    }
    let number = |body: &mut Bytes| {
        if body.len() >= 4 {
            body.get_u32() & 0x7FFF_FFFF
        } else {
            0
        }
    };
    Ok(Some(match first & 0xFFFF {
        1 if body.len() >= 10 => {
            let stream = number(&mut body);
            // The stream that it belongs to, its priority and slot.
            body.advance(6);
            Frame::Open(stream, flags, body)
        }
        3 => Frame::Reset(number(&mut body)),
        // A ping's number is whole, unlike a stream's.
        6 if body.len() >= 4 => Frame::Ping(body.get_u32()),
        7 => Frame::Leave,
        _ => Frame::Other,
    }))
}

fn control(kind: u16, flags: u8, body: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(8 + body.len());
    frame.put_u16(0x8003);
    frame.put_u16(kind);
    frame.put_u32(u32::from(flags) << 24 | u32::try_from(body.len()).unwrap_or_default());
    frame.extend_from_slice(body);
    frame.freeze()
}

/// A stream is taken; with its compressed headers.
#[must_use]
pub fn reply(stream: u32, headers: &[u8]) -> Bytes {
    control(2, 0, &[&stream.to_be_bytes(), headers].concat())
}

/// A stream is refused or given up: `INTERNAL_ERROR`.
#[must_use]
pub fn reset(stream: u32) -> Bytes {
    control(3, 0, &[stream.to_be_bytes(), 6_u32.to_be_bytes()].concat())
}

/// A ping's answer.
#[must_use]
pub fn ping(number: u32) -> Bytes {
    control(6, 0, &number.to_be_bytes())
}

/// A piece of a stream.
#[must_use]
pub fn data(stream: u32, flags: u8, bytes: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(8 + bytes.len());
    frame.put_u32(stream & 0x7FFF_FFFF);
    frame.put_u32(u32::from(flags) << 24 | u32::try_from(bytes.len()).unwrap_or_default());
    frame.extend_from_slice(bytes);
    frame.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_whole() {
        let mut buffer = BytesMut::from(&data(5, FIN, b"hello")[..7]);
        assert_eq!(take(&mut buffer), Ok(None));
        buffer.extend_from_slice(&data(5, FIN, b"hello")[7..]);
        buffer.extend_from_slice(&ping(0x8000_0001));
        buffer.extend_from_slice(&reset(3));
        assert_eq!(
            take(&mut buffer),
            Ok(Some(Frame::Data(5, FIN, Bytes::from_static(b"hello"))))
        );
        assert_eq!(take(&mut buffer), Ok(Some(Frame::Ping(0x8000_0001))));
        assert_eq!(take(&mut buffer), Ok(Some(Frame::Reset(3))));
        assert_eq!(take(&mut buffer), Ok(None));
        assert!(take(&mut BytesMut::from(&[0x80, 2, 0, 1, 0, 0, 0, 0][..])).is_err());
    }
}
